"""The page about performance: its tables are what was measured, its bytes are those of the records."""

from __future__ import annotations

import re
import shlex

import performance_page
import pytest
import readme_speed
from figure import HISTORY, read
from tests.support.pages import ROOT, codes, page, table

from caresim.model import spill
from caresim.model.records import DTYPES

TEXT = page("performance.md")
MADE = performance_page.tables()


@pytest.mark.parametrize("marker", MADE)
def test_tables_are_what_was_measured(marker):
    """Made again from the files in benchmarks/, they are the same text."""
    shown = TEXT.split(f"<!-- {marker} -->\n")[1].split(f"<!-- end of {marker} -->")[0]
    assert shown == MADE[marker]


def test_what_the_readme_says_of_speed_is_what_was_measured():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.split(f"<!-- {readme_speed.MARKER} -->\n")[1].split("<!-- end of")[0]
    assert shown == readme_speed.paragraph(performance_page.latest(read(HISTORY)))


def test_records_have_the_bytes_that_the_page_says():
    told = {codes(row[1])[0]: int(row[2]) for row in table(TEXT, "records")}
    assert {"passengers", "cases", "medium_experience", "contacts"} <= set(told)
    assert told == {name: DTYPES[name].itemsize for name in told}


def test_the_sums_of_bytes_are_right():
    people = 10_000_000 * (DTYPES["passengers"].itemsize + DTYPES["cases"].itemsize)
    assert f"Ten million passengers and their cases with one operator are {people / 1e9:.2f} GB" in TEXT
    contacts = 47_000_000 * DTYPES["contacts"].itemsize
    assert f"{DTYPES['contacts'].itemsize} bytes each: {contacts / 1e9:.1f} GB for the 47 million" in TEXT
    assert f"more than a million contacts ({spill.FROM:,})" in TEXT


@pytest.mark.parametrize("command", re.findall(r"^    python (\S+(?: --\w+)?)  ", TEXT, flags=re.M))
def test_commands_exist(command):
    program, *words = shlex.split(command)
    text = (ROOT / program).read_text(encoding="utf-8")
    assert all(word in text for word in words)


def test_files_in_the_text_exist():
    named = re.findall(r"`((?:tests|benchmarks|docs|conf)/[\w/.]+)`", TEXT)
    assert named
    for name in named:
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("place", ["README.md", "CONTRIBUTING.md"])
def test_the_page_is_linked(place):
    assert "(docs/performance.md)" in (ROOT / place).read_text(encoding="utf-8")
