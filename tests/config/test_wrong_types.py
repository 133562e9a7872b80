"""A number, a word, a list or nothing in the place of a table: refused in one line at every level of every section."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest

from caresim.config.compose import validate
from caresim.config.composition import resolved
from caresim.config.errors import BadInput

WRONG = (5, None, [{}], {"same_as": "x.y"})
DEEP = 3
"""Levels below which a table has values that are tried elsewhere."""


@pytest.fixture(scope="module", params=["replay", "queue"])
def configuration(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("replay") / "contacts.csv"
    file.write_text("arrival\n1\n2\n", encoding="utf-8")
    files = [f"replay.contacts={file}"] if request.param == "replay" else []
    return resolved([f"experiment={request.param}", *files])


def tables(node: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where a table or a list stands."""
    if isinstance(node, dict | list) and way:
        yield way
    if isinstance(node, dict) and len(way) < DEEP:
        for key, member in node.items():
            yield from tables(member, (*way, key))


def with_another(whole: dict[str, Any], way: tuple[str, ...], value: Any) -> dict[str, Any]:
    changed = node = copy(whole)
    for key in way[:-1]:
        node[key] = copy(node[key])
        node = node[key]
    node[way[-1]] = value
    return changed


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_anything_else_in_place_of_a_table(configuration: dict[str, Any], value: Any) -> None:
    refusals = [refusal_of(with_another(configuration, way, value)) for way in tables(configuration)]
    said = [str(refusal) for refusal in refusals if refusal is not None]
    assert all(text.isprintable() for text in said)
    assert len(said) > 20


def refusal_of(whole: dict[str, Any]) -> BadInput | None:
    try:
        validate(whole)
    except BadInput as refusal:
        return refusal
    return None


@pytest.mark.parametrize("section", ["population", "operators", "staffing", "disruption", "behaviour", "study"])
def test_a_section_that_is_left_out_is_named(configuration: dict[str, Any], section: str) -> None:
    with pytest.raises(BadInput, match=section):
        validate({key: value for key, value in configuration.items() if key != section})


def test_a_wrong_value_is_not_hidden_by_what_follows_from_a_replay(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("arrival\n1\n", encoding="utf-8")
    whole = resolved(["experiment=replay", f"replay.contacts={tmp_path / 'c.csv'}"])
    with pytest.raises(BadInput, match=r"^population\.cohorts\.customers = 5: must be a table of keys$"):
        validate(with_another(whole, ("population", "cohorts", "customers"), 5))
