"""report.html of a plan: each sentence and cell is that of the judged runs; it needs nothing else."""

from __future__ import annotations

import shlex
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.support.on_axes import drawn_on_axes
from tests.support.read_page import Read, differing_lines

import caresim
from caresim.config.errors import BadInput
from caresim.inference.verdict import BETTER, SAME, UNDECIDED, WORSE
from caresim.report.page.document import PAGE
from caresim.run.spreadsheet import WORKBOOK
from caresim.tasks.plan import figure, page, tables
from caresim.tasks.plan.judging import BEFORE, BESIDE, PLAN
from caresim.tasks.plan.measures import label
from caresim.tasks.plan.words import NO_WORSE

WORDS = (
    "experiment=tokyo", "+staffing/tokyo@staffing.flat=call_center_24_7_flat", "plan.staffing=flat",
    "plan.beside=call_center_24_7", "population.scale=0.05", "plan.demand_runs=2", "plan.search_runs=2",
    "plan.judging_runs=8", "plan.most_people=30",
)  # fmt: skip
HEADINGS = [
    *("The answer", "What was planned", "Who works when", "What it buys", "What it costs"),
    "What it rests on",
    *("What less or more money buys", "The rules, and what other rules would be worth", "What would overturn it"),
    *("What is left out", "How to try it", "How to reproduce it", "For the analyst"),
]
COMMAND = "python -m caresim experiment=tokyo task=plan"
EVIL = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return caresim.plan(caresim.load(*WORDS, f"output_dir={tmp_path_factory.mktemp('plan')}"))


@pytest.fixture(scope="module")
def folder(planned, tmp_path_factory):
    place = tmp_path_factory.mktemp("page")
    (place / "figures").mkdir()
    figure.save(planned, place / "figures")
    page.save(planned, place, COMMAND)
    return place


@pytest.fixture(scope="module")
def text(folder) -> str:
    return (folder / PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def read(text) -> Read:
    return Read(text)


def test_it_says_in_this_order_what_a_director_asks(read):
    assert read.headings[0][1].startswith(
        "With no more paid hours than now: when should the people of the desk Contact centre"
    )
    assert [words for level, words in read.headings if level == 2] == HEADINGS
    assert COMMAND in read.words
    assert len(read.all("img")) == 2
    assert all(len(image["alt"] or "") > 30 for image in read.all("img"))


def test_it_needs_nothing_else_and_is_well_ordered(read, text):
    assert read.outside(text) == []
    assert read.is_well_ordered()
    assert all(table["aria-label"] for table in read.all("table"))


def test_equal_plans_give_equal_bytes_but_for_one_line(planned, folder, text, tmp_path):
    (tmp_path / "figures").symlink_to(folder / "figures")
    page.save(replace(planned, durations={"plan_s": 99.0}), tmp_path, COMMAND)
    differs = differing_lines(text, (tmp_path / PAGE).read_text(encoding="utf-8"))
    assert len(differs) == 1
    assert all("<!-- durations -->" in line for line in differs[0])


def test_people_by_day_are_those_of_the_roster(planned):
    """Each cell times its hours, summed: the hours of the roster within the window, before and planned."""
    heads, rows = tables.day_rows(planned)
    spans = [(int(b[:2]) * 60 + int(b[3:]) - int(a[:2]) * 60 - int(a[3:])) % 1440 for a, b in
             (head.split("–") for head in heads)]  # fmt: skip
    whole = [pair for _, cells in rows[1:-1] for pair in zip(cells, spans, strict=True)]
    table = planned.table()
    first = pd.Timestamp(f"{rows[1][0].split(' ', 1)[1]} 2011 {heads[0][:5]}", tz=table["start"].dt.tz)
    last = pd.Timestamp(f"{rows[-1][0].split(' ', 1)[1]} 2011 {heads[0][:5]}", tz=table["start"].dt.tz)
    within = table[(table["start"] >= first) & (table["start"] < last)]
    for place, name in enumerate(("before", "planned")):
        minutes = (within[name] * (within["end_min"] - within["start_min"])).sum()
        assert sum(cell[place] * span for cell, span in whole) == pytest.approx(minutes)


def test_worlds_are_counted_by_the_means_of_their_runs(planned):
    runs = planned.judged.pivot(index="replication", columns="staffing", values=planned.aim)
    draws = planned.judged.drop_duplicates("replication").set_index("replication")["draw"]
    apart = runs[PLAN] - runs[BEFORE]
    means = apart.groupby(draws).mean()
    counts = planned.judging.counts(PLAN, BEFORE, planned.aim, 0.001)
    assert (counts.more, counts.matter, counts.worlds, counts.runs_more) == (
        (means > 0).sum(), (means >= 0.001).sum(), len(means), (apart > 0).sum(),
    )  # fmt: skip


def test_what_happens_to_everybody_else_is_told_by_verdict(planned, read):
    effects = list(tables.effects(planned))
    assert {effect.verdict for effect in effects} <= {BETTER, WORSE, SAME, NO_WORSE, UNDECIDED}
    (told,) = page.others(planned)
    assert told in read.words
    for effect in effects:
        if effect.measure != planned.aim:
            part = next(part for part in told.removeprefix("Everybody else: ").split("; ") if effect.brief in part)
            assert part.startswith(effect.verdict)
            assert ("margin" in part) == (effect.verdict in (SAME, NO_WORSE))


def test_the_day_on_which_most_is_lost_has_its_values(planned):
    day, fall = planned.judging.largest_fall(PLAN, BEFORE)
    apart = planned.judging.on_day(PLAN, day).value - planned.judging.on_day(BEFORE, day).value
    assert apart == pytest.approx(fall.value)


def test_a_gap_that_may_be_none_is_not_closed(planned, read):
    """At a twentieth of the passengers nobody waits long: there is nothing to close."""
    whole = planned.judging.difference(BESIDE, BEFORE, planned.aim)
    assert ("There is no gap to Call centre 24/7" in read.words) == (not whole.low > 0)


def test_money_is_told_from_the_cheapest_to_the_dearest(planned):
    table = tables.money(planned)
    costs = [planned.judging.mean(name, "cost").value for name in planned.rosters if name not in
             ("earlier", "more_people")]  # fmt: skip
    assert len(table.rows) == len(costs)
    hours = [float(row[1].text.replace("\u00a0", "").removesuffix("h")) for row in table.rows]
    assert hours[0] == min(hours)
    assert np.argmax(hours) == len(hours) - 1


def test_words_from_files_are_words(planned, tmp_path):
    evil = planned.experiment.model_copy(update={"name": EVIL, "question": EVIL})
    page.save(replace(planned, experiment=evil), tmp_path, shlex.join([*COMMAND.split(), EVIL]))
    read = Read((tmp_path / PAGE).read_text(encoding="utf-8"))
    assert read.words.count(EVIL) >= 4
    assert not read.all("script")
    assert not read.all("img")


def test_the_workbook_has_the_roster_and_every_figure(planned, folder):
    sheets = pd.read_excel(folder / WORKBOOK, sheet_name=None)
    assert list(sheets) == ["shifts", "roster", "days", "figures", "frontier", "assumptions"]
    assert sheets["roster"]["As planned"].tolist() == planned.table()["planned"].tolist()
    assert set(sheets["figures"]["Roster"]) >= {"As it was", "As planned", "Planned likewise, 0.8 of the hours before"}
    assert {"Mean, interval from", "Against as it was, to"} <= set(sheets["figures"])
    assert "Mean wait of the answered, s" in sheets["days"]
    assert len(sheets["figures"]) == len(planned.figures())


def test_figures_are_drawn_on_axes(planned):
    people = drawn_on_axes(planned.plot)
    assert "Contact centre" in people.get_title(loc="left")
    assert "as planned" in [text.get_text() for text in people.get_legend().get_texts()]
    money = drawn_on_axes(planned.plot_frontier)
    assert money.get_title(loc="left") == label(planned.aim)
    other = drawn_on_axes(lambda ax: planned.plot_frontier("paid_hours", ax=ax))
    assert other.get_title(loc="left") == label("paid_hours")
    assert len(planned.plot_frontier(["cost", "paid_hours"]).axes) == 2
    with pytest.raises(BadInput, match="unknown measure, did you mean paid_hours"):
        planned.plot_frontier("paid_hour")
    with pytest.raises(BadInput, match="must be one Axes"):
        planned.plot(ax="here")
    without = replace(planned, settings=planned.settings.model_copy(update={"frontier": False}))
    with pytest.raises(BadInput, match=r"allowed: plan\.frontier=true"):
        without.plot_frontier()
