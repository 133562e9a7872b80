"""A plan for an interval report of one's own: what is said where nobody gave a roster, and what the plan rests on."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.support.pages import ROOT
from tests.support.read_page import Read

import caresim
from caresim.config.errors import BadInput
from caresim.report.page.document import PAGE
from caresim.run.spreadsheet import WORKBOOK
from caresim.tasks.plan import page, rests_on, terminal
from caresim.tasks.plan.baseline import way_to_give
from caresim.tasks.plan.judging import BEFORE, PLAN
from caresim.tasks.plan.rules import rules_of
from caresim.tasks.plan.varies import TEN_PERCENT_MORE, varies

REPORT = (
    *("experiment=replay", f"replay.intervals={ROOT / 'experiments/require/report.csv'}", "replay.format.medium=phone"),
    *("replay.format.desk=phone", "replay.timezone=Europe/Paris", "replay.patience_mean=6 min", "window=48 h"),
    *("replay.servers=20 people", "staff.call_center_agent.shrinkage=30 %"),
)
RULES = (
    *("plan.shift_starts=['08:00', '10:00', '12:00']", "plan.shift_length=8 h", "plan.at_least=0 people"),
    *("plan.hours=cheapest", "plan.must=['phone_service_level >= 80 %']", "plan.price_rules=false"),
    *("plan.demand_runs=1", "plan.search_runs=2", "plan.judging_runs=4"),
)
OWN_SHIFTS = way_to_give("phone").strip("'")
COMMAND = "python -m caresim task=plan experiment=replay"


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return caresim.plan(caresim.load(*REPORT, *RULES, f"output_dir={tmp_path_factory.mktemp('plan')}"), workers=1)


@pytest.fixture(scope="module")
def folder(planned, tmp_path_factory):
    place = tmp_path_factory.mktemp("page")
    page.save(planned, place, COMMAND)
    return place


@pytest.fixture(scope="module")
def words(folder) -> str:
    return Read((folder / PAGE).read_text(encoding="utf-8")).words


def test_people_around_the_clock_whom_nobody_gave_work_no_shift_of_a_plan(planned):
    """The plan has the starts that its rules name, and in the window no shift of 24 hours."""
    used = np.array(planned.rules.template.slots)[
        (planned.choice.roster.people > 0) & (planned.rules.template.paid > 0)
    ]
    assert {round(slot.end - slot.start) for slot in used} == {480}
    told = next(line for line in planned.text.splitlines() if "Shifts begin at" in line)
    assert told.removeprefix("# ") == "Shifts begin at 08:00, 10:00, 12:00 and take 8 h."


def test_no_saving_is_said_against_a_roster_that_nobody_gave(planned, words, capsys):
    terminal.show(planned)
    for text in (words, capsys.readouterr().out):
        assert "as it was" not in text.lower()
        assert "nobody said who works now" in " ".join(text.split()).lower()
    cost, paid = (planned.judging.mean(PLAN, name).value for name in ("cost", "paid_hours"))
    answer = page.answer(planned)[0].replace("\u202f", " ")
    assert f"{paid:.0f} h paid" in answer
    assert cost == pytest.approx(30.0 * paid, rel=0.02)
    assert BEFORE in planned.rosters


def test_the_planned_roster_is_run_alone_where_nobody_gave_another(planned, words):
    assert "differs: Phone rostered by a plan from" in planned.text
    command = "+staffing/replay@staffing.planned=plan 'only=[planned]' baseline=planned"
    assert f"{command} {TEN_PERCENT_MORE}" in words


def test_a_plan_is_compared_with_the_shifts_that_a_planner_gives():
    """The words are those of the page and of docs/plan.md."""
    experiment = caresim.load(*REPORT, *RULES, OWN_SHIFTS)
    assert rules_of(experiment, experiment.setting("plan")).is_given
    assert OWN_SHIFTS in (ROOT / "docs/plan.md").read_text(encoding="utf-8")


def test_without_a_roster_the_length_of_a_shift_has_to_be_said():
    experiment = caresim.load(*REPORT, *(word for word in RULES if "shift_length" not in word))
    with pytest.raises(BadInput, match=r"plan\.shift_length.*is required where nobody gave a roster.*such as '8 h'"):
        rules_of(experiment, experiment.setting("plan"))


def test_people_of_a_file_are_refused_with_a_way_out(tmp_path):
    staff = tmp_path / "staff.csv"
    staff.write_text("start,end,desk,headcount\n2026-03-02 08:00,2026-03-02 16:00,phone,20\n", encoding="utf-8")
    experiment = caresim.load(*(word for word in REPORT if "servers" not in word), f"replay.staff={staff}", *RULES)
    with pytest.raises(BadInput) as refused:
        rules_of(experiment, experiment.setting("plan"))
    assert way_to_give("phone") in str(refused.value)


def test_the_share_of_runs_says_what_differs_between_them_and_what_does_not(planned, words):
    contacts = len(planned.experiment.replay.traffic.contacts)
    told = f"The same {contacts:,} contacts of the file come in every run: busier days are not in it."
    assert told in words
    assert f"replay.servers as the people of each: {way_to_give('phone')}" in words
    assert words.count(TEN_PERCENT_MORE) >= 2
    days = caresim.load(*REPORT, "replay.resample=days")
    assert "days of the file are played" in varies(SimpleNamespace(experiment=days, judged=planned.judged))


def test_ten_percent_more_contacts_are_played(planned):
    experiment = caresim.load(*REPORT, TEN_PERCENT_MORE.replace("'", ""))
    before, more = (one.replay.traffic.contacts for one in (planned.experiment, experiment))
    assert len(more) == pytest.approx(1.1 * len(before), abs=2)
    counted = [np.bincount((one.arrival // 30).astype(int), minlength=96) for one in (before, more)]
    assert (abs(counted[1] - 1.1 * counted[0]) <= 2).all()
    with pytest.raises(BadInput, match=r"replay\.volume.*write replay\.resample=days"):
        caresim.load(
            "experiment=replay", f"replay.contacts={ROOT / 'experiments/replay/contacts.csv'}", "replay.volume=2 x"
        )


def test_what_the_plan_rests_on_stands_on_the_page_and_in_the_workbook(planned, folder, words):
    sheet = pd.read_excel(folder / WORKBOOK, sheet_name="assumptions").set_index("key")
    for key in ("staff.call_center_agent.cost_per_hour", "staff.call_center_agent.shrinkage", "replay.patience_mean"):
        assert key in words
        assert sheet.loc[key, "unit"]
    assert sheet.loc["staff.call_center_agent.shrinkage", "value"] == pytest.approx(0.3)
    assert sheet.loc["staff.call_center_agent.shrinkage", "source"].endswith(": as given")
    report = pd.read_csv(ROOT / "experiments/require/report.csv")
    assert sheet.loc["replay.intervals", "value"] == report["offered"].sum()
    mean = (report["aht_s"] * report["offered"]).sum() / report["offered"].sum()
    assert f"{mean:,.0f} s on average" in words
    assert "every hour alike: no premium" in words
    assert "premiums for nights" not in words


def test_paid_hours_are_told_as_full_time_people_and_against_the_work(planned):
    paid = float(planned.rules.template.paid @ planned.choice.roster.people)
    assert f"as much as {paid / 38:.1f} full-time people" in rests_on.full_time(planned)
    ((_, told),) = rests_on.why_more(planned)
    work = float(re.search(r"takes ([\d.]+) h", told)[1])
    least = float(re.search(r": ([\d.]+) h paid", told)[1])
    assert least == pytest.approx(work / 0.7, abs=1.5)
    assert least < paid
