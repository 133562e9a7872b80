"""docs/sensitivity.md: its defaults are those of the schema, its files and words those of the task."""

from __future__ import annotations

import re

import pytest
from tests.support.pages import page

import caresim
from caresim.tasks.sensitivity.assumptions import assumptions_of
from caresim.tasks.sensitivity.result import KNOWING, TORNADO
from caresim.tasks.sensitivity.runs import CHUNK, Runs
from caresim.tasks.sensitivity.settings import SensitivitySettings
from caresim.tasks.sensitivity.study import FIRST_LOOK, Asker

TEXT = " ".join(page("sensitivity.md").split())
WORDS = {2: "two", 8: "eight", 12: "twelve"}


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("the two that do best in a first look of eight worlds", (SensitivitySettings().most_models - 1, FIRST_LOOK)),
        ("The eight that move most are passed on", (SensitivitySettings().most,)),
        ("its blocks of twelve points", (CHUNK,)),
        (f"Each of {SensitivitySettings().rows} rows", ()),
    ],
)
def test_defaults_are_as_the_page_says(said: str, value: tuple[int, ...]) -> None:
    assert said in TEXT
    assert all(WORDS[number] in said for number in value)


def test_the_columns_of_two_files_are_described() -> None:
    tables = TEXT.partition("## What the columns say")[2].partition("## What the numbers")[0]
    described = set(re.findall(r"`(\w+)`", tables))
    assert set(KNOWING[1:]) <= described
    assert set(TORNADO[1:]) - {"metric"} <= described


def test_tokyo_takes_as_many_runs_as_the_page_says() -> None:
    tokyo = caresim.load("experiment=tokyo")
    runs = Runs(tokyo, tuple(assumptions_of(tokyo)), None, None)
    (said,) = re.findall(r"takes about ([\d,]+) runs of tokyo", TEXT)
    assert int(said.replace(",", "")) == pytest.approx(Asker(tokyo, runs).most, abs=50)
