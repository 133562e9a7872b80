"""report.html of a requirement: it says what the table says, needs nothing else, and half hours are folded."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from tests.support.read_page import Read

import caresim
from caresim.__main__ import command
from caresim.report.page.document import PAGE
from caresim.run.spreadsheet import WORKBOOK
from caresim.tasks.require import page
from caresim.tasks.require.requirement import staff_needed
from caresim.tasks.require.what_if import what_if

REPORT = Path(__file__).parents[3] / "experiments" / "require" / "report.csv"
WORDS = (
    "task=require", "experiment=replay", f"replay.intervals={REPORT}", "replay.format.medium=phone",
    "replay.format.desk=phone", "replay.patience_mean=6 min", "require.shrinkage=30 %",
)  # fmt: skip
HEADINGS = [
    *("The answer", "Who is needed when", "Hours", "The target, and how sure it is", "What would overturn it"),
    *("What is left out", "Beside this page", "How to reproduce it", "For the analyst"),
]
EVIL = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def needed():
    return staff_needed(caresim.load(*WORDS))


@pytest.fixture(scope="module")
def text(needed, tmp_path_factory) -> str:
    place = tmp_path_factory.mktemp("page")
    page.save(needed, place, "python -m caresim task=require")
    return (place / PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def read(text) -> Read:
    return Read(text)


def test_it_says_in_this_order_what_a_director_asks(read):
    assert read.headings[0] == (1, "How many people does it take? Target: at least 80 % answered within 20 s, with a"
                                   " probability of 90 %.")  # fmt: skip
    assert [words for level, words in read.headings if level == 2] == HEADINGS
    assert "python -m caresim task=require" in read.words


def test_a_mean_day_has_the_contacts_of_the_file(needed):
    """Quiet and busy days are weighed so that they are those of the file on average."""
    offered = len(needed.experiment.replay.traffic.contacts)
    assert needed.table()["attempts"].sum() == pytest.approx(offered, abs=1e-6)


def test_the_answer_is_that_of_the_table(read, needed):
    table = needed.table()
    people, hours = table["people"], table["people"].sum() / 2
    assert f"Phone: {people.min()} to {people.max()} people on duty" in read.words
    when = table["start"][people.idxmax()]
    assert f"most on {when:%a} {when.day} {when:%B} at {when:%H:%M}" in read.words
    assert f"{hours:,.0f} hours on duty in all ({table['people_on_roster'].sum() / 2:,.0f} on the roster" in read.words


def test_every_half_hour_stands_in_the_folded_part(text, needed):
    folded = text[text.index("every interval") :]
    numbers = [int(number) for number in re.findall(r"<td>(\d+)</td>", folded)]
    assert sorted(numbers) == sorted(needed.table()["people"])


def test_it_needs_nothing_else_and_is_well_ordered(read, text):
    assert read.outside(text) == []
    assert read.is_well_ordered()
    assert all(table["aria-label"] for table in read.all("table"))


def test_what_would_overturn_it_is_what_another_report_would_need(tmp_path):
    """Ten percent more calls in the file ask for just the hours that the page says."""
    rows = pd.read_csv(REPORT)
    tens = 10 * (rows["offered"] // 10 + 1)
    asked = []
    for name, offered in (("usual", tens), ("more", 11 * tens // 10)):
        path = tmp_path / f"{name}.csv"
        rows.assign(offered=offered).to_csv(path, index=False)
        asked.append(staff_needed(caresim.load(*WORDS, f"replay.intervals={path}")))
    usual, busier = (one.table()["people"].sum() / 2 for one in asked)
    more, longer, half, impatient = what_if(asked[0])
    assert more.hours == busier
    assert more.apart == f"+{100 * (busier / usual - 1):.0f} %"
    assert half.hours < usual < min(more.hours, longer.hours)
    assert impatient.hours < usual


def test_words_from_files_are_words(needed, tmp_path):
    from dataclasses import replace

    evil = needed.experiment.model_copy(update={"name": EVIL})
    page.save(replace(needed, experiment=evil, notes=(EVIL,)), tmp_path, f"python {EVIL}")
    read = Read((tmp_path / PAGE).read_text(encoding="utf-8"))
    assert read.words.count(EVIL) >= 3
    assert not read.all("script")


def test_the_workbook_sums_up_days(needed, tmp_path):
    page.save(needed, tmp_path, "")
    sheets = pd.read_excel(tmp_path / WORKBOOK, sheet_name=None)
    assert list(sheets) == ["requirement", "days", "assumptions"]
    days = sheets["days"]
    assert len(days) == 2
    assert days["hours_on_duty"].sum() == pytest.approx(needed.table()["people"].sum() / 2)


def test_page_none_writes_none(tmp_path):
    assert command([*WORDS, "page=none", f"output_dir={tmp_path}"]) == 0
    assert {PAGE, WORKBOOK}.isdisjoint(path.name for path in (tmp_path / "latest").iterdir())
