"""The page about routing rules lists the rules there are, and the module that it shows can be used as it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.pages import codes, page

import caresim
from caresim.model import own_rules
from caresim.model.codes import NEVER, NOBODY
from caresim.model.records import DTYPES
from caresim.model.routing import RULES
from caresim.run.plugins import load
from caresim.scenario.run import run

TEXT = page("routing.md")
SMALL = (
    "population.scale=0.02",
    "drain='2 h'",
    "replications=2",
    "only=[social_team]",
)


def rules_in_words() -> str:
    """The table of rules as the page shows it."""
    rows = [f"| `{rule.name}` | {rule.meaning} |" for rule in RULES.values()]
    return "\n".join(["| rule | whose turn is next |", "|---|---|", *rows])


def command() -> list[str]:
    """The words of the command on the page, without `python -m caresim`."""
    (line,) = re.findall(r"^    python -m caresim (--plugin .+)$", TEXT, flags=re.M)
    return shlex.split(line)


@pytest.fixture
def module(tmp_path, monkeypatch) -> Iterator[str]:
    """The page's module in the current folder, and no rule known yet: its name."""
    monkeypatch.setattr(own_rules, "OWN", {})
    monkeypatch.setattr(own_rules, "_addresses", {})
    monkeypatch.setattr(own_rules, "_sources", {})
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    (text,) = re.findall(r"```python\n(.*?)```", TEXT, flags=re.S)
    name = command()[1]
    (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    yield name
    sys.modules.pop(name, None)


def test_the_table_of_rules_is_that_of_the_model():
    """What comes out here is what to put into the page."""
    wanted = rules_in_words()
    shown = TEXT.split("<!-- rules -->\n")[1].split("\n\n")[0]
    assert shown == wanted, f"put this table below <!-- rules --> in docs/routing.md:\n{wanted}"


def test_fields_that_a_rule_may_read_are_there():
    part = TEXT.split("## What a rule may read\n")[1].split("\n## ")[0]
    found = 0
    for code in [code for line in part.splitlines() if line.startswith("| `") for code in codes(line.split("|")[1])]:
        if match := re.fullmatch(r"world\.(\w+)\[\w+\]\.(\w+)", code):
            name = match[1]
        field = match[2] if match else code.removeprefix(".")
        assert field in DTYPES[name].names, code
        found += 1
    assert found > 10


def test_larger_parties_have_smaller_ranks(module):
    load([module])
    world = run(caresim.load(*command()[2:], *SMALL), "social_team", 0).world
    contacts = world.contacts[: world.clock[0].contacts]
    ranked = contacts[(world.desks["routing"][contacts["desk"]] == len(RULES)) & (contacts["staff"] != NOBODY)]
    by_bystanders = ranked["passenger"] == NOBODY
    posts = ranked[~by_bystanders]
    assert len(posts) > 10
    parties = world.passengers["party"][posts["passenger"]]
    assert (posts["rank"] == posts["arrival"] - 100_000.0 * parties).all()
    assert (ranked["rank"][by_bystanders] == NEVER).all()


def test_the_command_runs(module):
    done = subprocess.run(
        [sys.executable, "-m", "caresim", *command(), *SMALL],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_python_below_the_command_runs(module):
    (block,) = re.findall(rf"^    import caresim\n    import {module}\n\n(?:    .+\n)+", TEXT, flags=re.M)
    assert block.count('_first")') == 1
    small = ", ".join(map(repr, SMALL))
    space: dict[str, Any] = {}
    exec(textwrap.dedent(block).replace('_first")', f'_first", {small})'), space)
    assert space["results"].staffings[0] == "social_team"
