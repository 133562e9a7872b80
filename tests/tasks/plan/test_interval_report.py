"""A plan for an interval report: the demand is that of the file, shifts are those of the roster, days those of runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.measure.sample import Sample
from caresim.scenario.run import run
from caresim.tasks.plan import day_table, figure, shift_table
from caresim.tasks.plan.demand import offered
from caresim.tasks.plan.judging import BEFORE, PLAN
from caresim.tasks.plan.words import rules_in_words

TARGET = 0.8
LENGTH_H = 8.0
ROWS = [
    # date, half hour, calls, mean handling time (s)
    *((f"2026-03-0{day}", f"{hour:02d}:{minute:02d}", 6 + 2 * (hour % 5), 120 + 60 * (hour % 4) + minute)
      for day in (2, 3) for hour in range(8, 20) for minute in (0, 30)),
]  # fmt: skip


@pytest.fixture(scope="module")
def report() -> pd.DataFrame:
    table = pd.DataFrame(ROWS, columns=["date", "time", "offered", "aht_s"])
    return table.assign(interval_start=table["date"] + "T" + table["time"], channel="line")


def loaded(report: pd.DataFrame, folder: Path, *words: str):
    report[["interval_start", "channel", "offered", "aht_s"]].to_csv(folder / "report.csv", index=False)
    return caresim.load(
        "experiment=replay", f"replay.intervals={folder / 'report.csv'}", "replay.timezone=Europe/Paris",
        "replay.patience_mean=6 min", "replay.servers=12 people", "replay.format.medium=phone",
        "replay.format.desk=phone", "staff.call_center_agent.shrinkage=30 %", "window=48 h", *words,
    )  # fmt: skip


@pytest.fixture(scope="module")
def planned(report, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    words = (
        "plan.hours=cheapest", f"plan.must=['phone_service_level >= {100 * TARGET:g} %']", "plan.at_least=0 people",
        "plan.shift_starts=['08:00','10:00','12:00']", "plan.shift_length=8 h", "plan.frontier=false",
        "plan.price_rules=false", "plan.demand_runs=1", "plan.search_runs=2", "plan.judging_runs=8",
        f"output_dir={folder}",
    )  # fmt: skip
    return caresim.plan(loaded(report, folder, *words), workers=1)


def erlangs(report: pd.DataFrame) -> np.ndarray:
    return (report["offered"] * report["aht_s"] / 1800.0).to_numpy()


@pytest.mark.parametrize("times", [1, 2])
def test_the_demand_is_that_of_the_handling_times_of_the_file(report, tmp_path, times):
    """With all of them doubled it doubles: calls times mean handling time, half hour by half hour."""
    longer = report.assign(aht_s=times * report["aht_s"])
    experiment = loaded(longer, tmp_path, "replay.servers=60 people")  # so many that nobody calls again
    parts = offered(Sample(run(experiment, "as_given", 0)), 0)
    load = (np.array(parts["ordinary"]) + np.array(parts["crisis"])) / 30.0
    assert load[load > 0] == pytest.approx(times * erlangs(report), rel=1e-9)


def test_the_shifts_are_all_hours_of_the_roster(planned):
    table = planned.shifts()
    assert list(table.columns) == list(shift_table.COLUMNS)
    assert not table.duplicated(["date", "start", "end"]).any()
    assert (table["heads"] > 0).all()
    assert set(table["date"]) == {"2026-03-02", "2026-03-03"}  # nothing that lies after the window
    starts = pd.to_datetime(table["date"] + " " + table["start"]).dt.tz_localize("Europe/Paris")
    hours = planned.table()
    there = [
        int(table["heads"][(starts <= moment) & (moment < starts + pd.Timedelta(hours=LENGTH_H))].sum())
        for moment in hours["start"]
    ]
    assert there == hours["planned"].tolist()
    assert shift_table.ended(starts[0], starts[0] + pd.Timedelta(hours=20)).endswith("+1")


def test_shifts_after_the_window_are_explained_where_the_staffing_model_has_them(planned):
    slots, people = planned.rules.template.slots, planned.choice.roster.people
    beyond = any(count for slot, count in zip(slots, people, strict=True) if slot.start >= 2880.0)
    assert ("shifts that begin after the window (Wed 4 March 00:00)" in planned.text) == beyond


def test_the_days_are_those_of_the_runs_that_are_judged(planned, report):
    """All half hours together have the service level of each run, and each day the calls of the file."""
    for roster in (BEFORE, PLAN):
        runs = planned.judged[planned.judged["staffing"] == roster].sort_values("replication")
        half_hours = planned.half_hours[roster]
        within, waited = half_hours.counts["within_target"].sum(axis=1), half_hours.waited.sum(axis=1)
        assert within / waited == pytest.approx(runs["phone_service_level"].to_numpy())
    days = planned.days().set_index(["roster", "date"])
    came = report.groupby("date")["offered"].sum()
    for date, calls in came.items():
        day = days.loc[(BEFORE, date)]
        assert day["offered"] >= calls  # calls again are offered, too
        assert day["service_level_low"] <= day["service_level"] <= day["service_level_high"] <= 1.0
        assert day["worst_half_hour"] <= day["service_level"] + 0.05
    assert len(days) == 4


def test_it_says_how_many_half_hours_fall_short_of_what_holds_on_the_whole(planned):
    half_hours = planned.half_hours[PLAN]
    shares = half_hours.counts["within_target"].sum(axis=0) / np.maximum(half_hours.waited.sum(axis=0), 1.0)
    came = half_hours.waited.sum(axis=0) > 0
    (told,) = day_table.of_the_whole(planned)
    assert "is of the whole window, not of each day or half hour" in told
    assert f"below 80 % in {np.count_nonzero(shares[came] < TARGET)} of {came.sum()} half hours" in told
    levels = planned.days().query("roster == 'plan'")["service_level"]
    assert f"on {(levels < TARGET).sum()} of 2 days" in told
    table = day_table.half_hours(planned).query("roster == 'plan'")
    assert table["service_level"].to_numpy()[came] == pytest.approx(shares[came])
    worst = half_hours.worst(3)
    assert shares[worst].tolist() == sorted(shares[came & (half_hours.waited.mean(axis=0) >= 1.0)])[:3]


def test_the_cheapest_is_looked_for_in_fine_steps_of_the_cost_before(planned):
    searched = planned.choice.searched
    levels = {name.rsplit(", ", 1)[1].split()[0] for name in searched["staffing"] if name.endswith("of the cost")}
    assert any(round(100 * float(level)) % 5 for level in levels)
    assert any("steps of 5 % and then 0.25 %" in line for line in rules_in_words(planned))


def test_the_orange_line_is_a_column_of_the_table(planned):
    drawn, table = figure.plan(planned), planned.table()
    curves = [patch.get_data().values for axes in drawn.axes for patch in axes.patches if hasattr(patch, "get_data")]
    assert any(np.array_equal(values, table["busy_people"]) for values in curves)
    assert table["busy_people"].to_numpy() == pytest.approx(table["offered_erlangs"].to_numpy() / 0.7)
    assert figure.shrunk(planned.rules) == ", with 30 % shrinkage"
