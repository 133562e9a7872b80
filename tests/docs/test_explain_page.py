"""The page about explain names every factor and every key of a desk that belongs to it."""

from __future__ import annotations

from tests.support.pages import cells, codes, page

from caresim.config.desk import StaffTraits
from caresim.tasks.explain.factors import MEANING, OF_DESK


def rows() -> dict[str, list[str]]:
    """The keys that the page names for each factor."""
    part = page("explain.md").split("| factor | what it is | keys |\n|---|---|---|\n")[1].split("\n\n")[0]
    return {name: codes(keys) for name, _, keys in map(cells, part.splitlines())}


def test_every_factor_is_listed_in_order():
    assert list(rows()) == list(MEANING)


def test_every_key_of_a_desk_stands_with_its_factor():
    traits = set(StaffTraits.model_fields)  # the page says "all traits"
    missing = {name: [key for key in keys if key not in {*rows()[name], *traits}] for name, keys in OF_DESK.items()}
    assert not any(missing.values()), missing
