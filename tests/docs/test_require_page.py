"""docs/require.md: its commands compose, the first one prints what stands below it, its columns are those that come."""

from __future__ import annotations

import re
import shlex

import pytest
from tests.support.pages import ROOT, cells, codes, page

import caresim
from caresim.__main__ import command
from caresim.tasks.require.search import REPAIRS, ROUNDS, TRIMS
from caresim.tasks.require.settings import TARGETS

TEXT = page("require.md")
COMMANDS = [shlex.split(words) for words in re.findall(r"^    python -m caresim (.*)$", TEXT, re.MULTILINE)]


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)


def said() -> str:
    """What the page says that the first command prints."""
    block = TEXT.split("<!-- printed by the first command -->\n\n")[1].split("\nThe two queues")[0]
    return "\n".join(line.removeprefix("    ") for line in block.splitlines())


def test_the_first_command_prints_what_the_page_says(tmp_path, capsys):
    assert command([*COMMANDS[0], f"output_dir={tmp_path}"]) == 0
    assert capsys.readouterr().out.startswith(said().rstrip() + "\n")


def test_queues_apart_take_the_hours_that_the_page_says():
    apart = [word for word in COMMANDS[0] if word != "replay.format.desk=phone" and not word.startswith("task=")]
    needed = caresim.staff_needed(caresim.load(*apart))
    hours = [f"{needs.hours(needs.people, needed.grid.width):.0f}" for needs in needed.desks]
    pooled = re.search(r"([\d,]+) h on duty", said())
    assert f"they need {' and '.join(hours)} hours on duty instead of {pooled[1]}" in " ".join(TEXT.split())


@pytest.mark.parametrize("words", COMMANDS[1:])
def test_every_command_composes(words):
    assert caresim.load(*words).task == "require"


def test_targets_and_columns_are_all_there():
    rows = [cells(line) for line in TEXT.splitlines() if line.startswith("| `")]
    names = [name for row in rows for name in codes(row[0])]
    assert [name for name in names if name in TARGETS] == list(TARGETS)
    table = caresim.staff_needed(caresim.load(*COMMANDS[0])).table()
    columns = {"load_CHANNEL" if name.startswith("load_") else name for name in table.columns}
    assert columns == set(names) - set(TARGETS)


def test_the_number_of_runs_is_the_searchs():
    assert f"At most {3 + ROUNDS + 2 * len(TRIMS) + REPAIRS} times `replications` runs" in " ".join(TEXT.split())
