"""The configuration page names every key there is, with its type and default, and its example runs."""

from __future__ import annotations

import inspect
import re
import shlex
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from tests.support.pages import cells, codes, fenced, page, table

from caresim.config import (
    behaviour,
    checks,
    desk,
    disruption,
    experiment,
    feeds,
    on_call,
    operators,
    population,
    premium,
    queue,
    replanning,
    replay,
    replay_files,
    staffing,
    study,
    travels,
    turnover,
)
from caresim.config.clock import Clock
from caresim.config.compose import compose
from caresim.config.errors import BadInput
from caresim.config.exports import file_format
from caresim.config.quantity import Dimension, Duration, Number, PositiveCount, Quantity, Rate
from caresim.tasks.dashboard import settings as dashboard
from caresim.tasks.explain import settings as explain
from caresim.tasks.plan import settings as plan
from caresim.tasks.require import settings as require
from caresim.tasks.roster import settings as roster
from caresim.tasks.sensitivity import settings as sensitivity

MODULES = (
    *(experiment, queue, replay, population, travels, disruption, operators, desk, feeds, on_call, premium),
    *(
        replanning,
        turnover,
        staffing,
        behaviour,
        study,
        explain,
        roster,
        require,
        plan,
        sensitivity,
        dashboard,
        file_format,
    ),
)
SCHEMA = {
    name: found
    for module in MODULES
    for name, found in vars(module).items()
    if inspect.isclass(found) and issubclass(found, BaseModel) and found.__module__ == module.__name__
}


def keys(name: str) -> dict[str, Any]:
    """Fields by the key that is written; a desk's traits have a table of their own."""
    inherited = set(desk.StaffTraits.model_fields) if name == "Desk" else set()
    fields = SCHEMA[name].model_fields.items()
    return {field.alias or key: field for key, field in fields if key not in inherited}


def dimension(annotation: Any, metadata: Any = ()) -> str | None:
    """The kind of quantity a key takes, wherever it stands in the annotation."""
    for part in (*metadata, annotation):
        if isinstance(part, Dimension):
            return part.name
    inner = (dimension(part) for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ())))
    return next((found for found in inner if found), None)


@pytest.mark.parametrize("name", SCHEMA)
def test_every_key_is_listed_and_no_other(name):
    listed = [codes(row[0])[0] for row in table(page("configuration.md"), f"keys of {name}")]
    assert sorted(listed) == sorted(keys(name))


@pytest.mark.parametrize("name", SCHEMA)
def test_types_and_defaults_are_those_of_the_schema(name):
    fields = keys(name)
    for key, kind, default, meaning in table(page("configuration.md"), f"keys of {name}"):
        field = fields[codes(key)[0]]
        wanted = dimension(field.annotation, field.metadata)
        if wanted is not None:
            assert kind in (wanted, f"table of {wanted}s"), f"{name}.{key}"
        assert (default == "required") == field.is_required(), f"{name}.{key}"
        value = None if field.is_required() else field.get_default(call_default_factory=True)
        if isinstance(value, Quantity):
            assert dimension_of(value).number(default) == value.value, f"{name}.{key}"
        elif isinstance(value, bool | str) and value:
            assert default == str(value).lower(), f"{name}.{key}"
        assert meaning, f"{name}.{key}"


def dimension_of(quantity: Quantity) -> Dimension:
    kinds = {"share": study.Share, "number": Number, "duration": Duration, "count": PositiveCount}
    return get_args(kinds[quantity.dimension])[1]


def test_quantities_are_written_as_the_page_says():
    read = get_args(Duration)[1].number
    assert [read(text) for text in ("90 s", "11 min", "36 h", "2 d", "9 d 17 h")] == [1.5, 11, 2160, 2880, 13980]
    assert get_args(Rate)[1].number("30 /day") == pytest.approx(30 / 1440)
    for text in ("90 s", "9 d 17 h", "30 /day"):
        assert f"`{text}`" in page("configuration.md")
    assert [Clock.read(text).minutes for text in ("08:30", "24:00", "06:30+1")] == [510, 1440, 1830]


def examples() -> list[tuple[list[str], str]]:
    """Words of each command on tokyo, and why it is refused ("" where it is not)."""
    lines = re.findall(r"^    python -m caresim (experiment=tokyo.*)$", page("configuration.md"), flags=re.M)
    parted = [line.partition("# refused: ") for line in lines]
    return [(shlex.split(words), reason) for words, _, reason in parted]


def test_commands_on_the_page_compose_or_are_refused_as_it_says():
    found = examples()
    assert {bool(reason) for _, reason in found} == {True, False}
    for words, reason in found:
        if not reason:
            compose(words)
            continue
        with pytest.raises(BadInput) as refusal:
            compose(words)
        names = re.findall(r"\w*[\d_]\w*", reason)  # what is peculiar to it: a name or a number
        assert names, reason
        assert [name for name in names if name not in str(refusal.value)] == []


def test_keys_set_in_passing_compose():
    part = page("configuration.md").split("## How a run is put together")[1].split("\n## ")[0]
    words = [word for code in codes(part) if re.match(r"~|[\w.]+=", code) for word in shlex.split(code)]
    assert len(words) >= 8
    for word in words:
        compose([word] if word.startswith("experiment=") else ["experiment=tokyo", word])


def test_a_copy_of_a_staffing_model_leaves_the_baseline_as_it_is():
    words = next(words for words, _ in examples() if any(".like=" in word for word in words))
    models = compose(words).staffing
    assert models["four_people"].desks["social"].headcount.value == 4
    assert models["social_team"] == compose(["experiment=tokyo"]).staffing["social_team"]


def test_limits_are_those_that_are_checked():
    (sentence,) = re.findall(r"^At most .*?refused\.$", page("configuration.md"), flags=re.M | re.S)
    told = [int(number) for number in re.findall(r"\d+", sentence)]
    assert told == [*checks.MOST.values(), population.MOST_LANGUAGES, population.MOST_PULSES, population.LARGEST_PARTY]


def test_every_column_of_the_files_of_a_replay_is_named():
    part = page("configuration.md").split("### Replay")[1].split("\n### ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| ")]
    for file, (columns, _) in replay_files.COLUMNS.items():
        told = [code for row in rows if file in cells(row)[0].split(", ") for code in codes(cells(row)[1])]
        assert [column for column in columns if column not in told] == []


def test_every_yaml_block_is_yaml():
    import yaml

    text = page("configuration.md")
    assert isinstance(yaml.safe_load(fenced(text, "patience:"))["patience"], dict)
    assert cells("| a | b |") == ["a", "b"]


def test_the_example_is_found_by_its_question(harbour_folder):
    from caresim.config.paths import experiments

    assert "harbour" in dict(experiments(harbour_folder))


def test_the_example_runs_and_says_something(harbour):
    assert harbour.staffings == ["phone_only", "with_social"]
    mean = harbour.summary().pivot(index="metric", columns="staffing", values="mean")
    assert mean.loc["phone_offered"].min() > 100
    assert mean.loc["social_answered_60", "phone_only"] == 0  # nobody answers the account
    assert mean.loc["response_rate_post", "with_social"] > 0.2
    # Equal money, to the rounding of hours.
    assert mean.loc["paid_hours", "with_social"] == pytest.approx(mean.loc["paid_hours", "phone_only"], rel=1e-9)
