"""People on top of a roster: at their hours, paid, and without moving anybody else."""

from __future__ import annotations

import pandas as pd
import pytest

import caresim
from caresim.config.errors import BadInput

CONTACTS = "arrival,service_s\n" + "".join(f"{minute},600\n" for minute in range(480, 960, 4))
PLAN = "start,end,headcount\n480,960,2\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "contacts.csv").write_text(CONTACTS)
    (tmp_path / "plan.csv").write_text(PLAN)
    return f"replay.contacts={tmp_path / 'contacts.csv'}", f"replay.staff={tmp_path / 'plan.csv'}"


def compared(*words):
    return caresim.compare(caresim.load("experiment=replay", *words), workers=1)


def test_a_second_staffing_model_has_them_and_the_first_is_as_it_was(files):
    extra = 'replay.extra=[{start: "10:00", end: "12:00", headcount: 3}]'
    alone, both = compared(*files, "record=all"), compared(*files, extra, "record=all")
    assert both.staffings == ["as_given", "as_given_plus"]
    assert both.baseline == "as_given"
    given = both.contacts[both.contacts["staffing"] == "as_given"]
    pd.testing.assert_series_equal(given["wait_min"], alone.contacts["wait_min"], check_index=False, check_exact=True)
    waits = both.contacts.groupby("staffing", observed=True)["wait_min"].mean()
    assert waits["as_given_plus"] < waits["as_given"]


def test_they_are_paid_for_their_hours_and_on_duty_in_them(files):
    extra = 'replay.extra=[{start: "10:00", end: "12:00", headcount: 3}]'
    results = compared(*files, extra)
    paid = results.summary().query("metric == 'paid_hours'").set_index("staffing")["mean"]
    assert paid["as_given_plus"] - paid["as_given"] == pytest.approx(6.0)
    report = results.intervals[results.intervals["staffing"] == "as_given_plus"]
    report = report[report["interval_start"].astype(str).str.startswith("2026-01-01")]
    hour = report["interval_start"].astype(str).str[11:16]
    assert set(report.loc[hour.isin(["10:00", "10:30", "11:00", "11:30"]), "staff"]) == {5.0}
    assert set(report.loc[hour.isin(["09:30", "12:00"]), "staff"]) == {2.0}


def test_a_desk_of_any_experiment_takes_them():
    words = ("experiment=tokyo", "population.scale=0.01", "only=[social_team]", "replications=2")
    extra = 'staffing.social_team.desks.social.extra=[{start: "20:00", end: "02:00+1", headcount: 2, days: weekend}]'
    hours = [compared_hours(caresim.compare(caresim.load(*words, *more), workers=1)) for more in ((), (extra,))]
    # Two people, on the 12th, 13th and 19th of March for six hours, on the 20th for four: the window ends at midnight.
    assert hours[1] - hours[0] == pytest.approx(2 * (6 + 6 + 6 + 4))


def compared_hours(results):
    return results.summary().query("metric == 'paid_hours'")["mean"].item()


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ('replay.extra=[{start: "10:00", end: "09:00", headcount: 3}]', "replay.extra.*must be after the start"),
        ('replay.extra=[{start: "10:00", end: "12:00"}]', "replay.extra.*headcount.*required"),
        ('replay.extra=[{start: "10:00", end: "12:00", headcount: 1, desk: fone}]', "did you mean phone"),
        ('replay.extra=[{start: "10:00", end: "12:00", headcount: 1, first: 2031-01-01}]', "2031-01-01"),
    ],
)
def test_people_who_cannot_come_are_refused(files, word, told):
    with pytest.raises(BadInput, match=told):
        caresim.load("experiment=replay", *files, word)
