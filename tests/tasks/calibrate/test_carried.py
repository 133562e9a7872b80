"""A roster that is carried to other days: idle agents are still there, and agents on a break are not."""

from __future__ import annotations

import json
import math
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from tests.support.centre import CLOSED, OPEN, START, loaded, written

import caresim
from caresim.run.progress import Nobody
from caresim.tasks.calibrate.calibrate import calibrate
from caresim.tasks.calibrate.carried import CARRIED, GIVEN, ROSTER, carried
from caresim.tasks.calibrate.coming import last_week, next_week
from caresim.tasks.calibrate.command import lines, write
from caresim.tasks.calibrate.duty import hours_of, spells_of
from caresim.tasks.calibrate.rules import RESTS_MIN, Rules
from caresim.tasks.calibrate.settings import Calibrate
from caresim.tasks.calibrate.staffed_hours import staffed
from caresim.tasks.nowcast.rules import rules_of
from caresim.tasks.nowcast.settings import from_values

AGENTS, OCCUPANCY, HANDLING_MIN, PATIENCE_MIN = 4, 0.4, 6.0, 3.0
ALL_DAY = [[(OPEN, CLOSED)]] * AGENTS
LUNCH = [[(OPEN, 12), (13, CLOSED)]] * 2 + [[(OPEN, 13), (14, CLOSED)]] * 2
"""Hours of the day, by agent."""
DAYS = 28


def history(path, shifts, days: int = DAYS, seed: int = 3):
    """First come, first served, by any of those who are there and free; the last call is brought to its end."""
    luck = np.random.default_rng(seed)
    per_min = OCCUPANCY * AGENTS / HANDLING_MIN
    rows = []
    for day in range(days):
        free = [60.0 * shift[0][0] for shift in shifts]
        clock = 60.0 * OPEN
        while (clock := clock + luck.exponential(1.0 / per_min)) < 60.0 * CLOSED:
            patience, takes = luck.exponential(PATIENCE_MIN), luck.gamma(2.0, HANDLING_MIN / 2.0)
            moments = [
                (max(clock, free[n], 60.0 * begin), luck.random(), n)
                for n, shift in enumerate(shifts)
                for begin, end in shift
                if max(clock, free[n]) < 60.0 * end
            ]
            begins, _, agent = min(moments, default=(np.inf, 0.0, 0))
            moment = START + timedelta(days=day, minutes=clock)
            if begins - clock > patience:
                rows.append((moment, "", patience * 60.0, "abandoned", np.nan))
                continue
            free[agent] = begins + takes
            rows.append((moment, f"A{agent}", (begins - clock) * 60.0, "answered", takes * 60.0))
    table = pd.DataFrame(rows, columns=["arrival", "agent", "wait_s", "outcome", "service_s"])
    return loaded(written(table, path))


def settings(path) -> Calibrate:
    return Calibrate(contacts=str(path), draws=20, choosing=4, output_dir=str(path.parent / "outputs"))


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize(("shifts", "within"), [(ALL_DAY, 0.05), (LUNCH, 0.09)])
def test_the_hours_that_are_carried_are_nearly_those_that_were_worked(tmp_path, shifts, within, seed) -> None:
    """What is left is idle time before the first contact after a beginning or a break, and after the last one."""
    calls = history(tmp_path / "calls.csv", shifts, seed=seed)
    rules = Rules(rest_min=max(RESTS_MIN))
    found, rows = carried(calls, rules, 1, settings(tmp_path / "calls.csv"), Nobody())
    days = next_week(calls)
    truth = 7.0 * sum(end - begin for shift in shifts for begin, end in shift)
    assert hours_of(last_week(calls, days, found.rest_min)) == pytest.approx(truth, rel=within)
    assert hours_of(last_week(calls, days, rules.rest_min)) < (1.0 - within - 0.02) * truth
    assert rows["crps_wait_s"].idxmin() == rows["chosen"].idxmax()
    assert rows["rules"].tolist() == [
        *(f"carried to other days, a rest of {rest} min ends a spell of duty" for rest in (30, 45, 60, 120)),
        "carried to other days, an agent is there from their first to their last contact of the day",
    ]


def test_an_infinite_rest_ends_with_the_local_day(tmp_path) -> None:
    path = tmp_path / "calls.csv"
    rows = ["03-02 09:00:00", "03-02 16:00:00", "03-02 23:00:00", "03-03 09:00:00"]
    text = "\n".join(f"2026-{row},Ann,0,answered,60" for row in rows)
    path.write_text(f"arrival,agent,wait_s,outcome,service_s\n{text}\n", encoding="utf-8")
    spells = spells_of(loaded(path), math.inf)
    assert [(spell.start, spell.end) for spell in spells] == [(540.0, 1381.0), (1980.0, 1981.0)]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    path = tmp_path_factory.mktemp("carried") / "calls.csv"
    history(path, ALL_DAY, days=11)
    return calibrate(settings(path).model_copy(update={"choosing": 2}))[0]


def test_the_staffed_hours_are_said_and_written(found) -> None:
    calls, hours = found.fit.history, staffed(found)
    there = spells_of(calls, found.fit.rules.rest_min)
    assert hours.training == pytest.approx(sum(s.end - s.start for s in there) / 60.0 * 7 / 11)
    place = write(found)
    staff = pd.read_csv(place / "next_week_staff.csv", parse_dates=["start", "end"])
    assert hours.next_week == pytest.approx((staff["end"] - staff["start"]).dt.total_seconds().sum() / 3600, abs=0.01)
    said = (place / "found.txt").read_text(encoding="utf-8")
    assert (
        f"Staffed hours a week, told from contacts: {hours.training:.0f} on the training days, {hours.next_week:.0f} "
        "in the week after them. Contacts do not tell who is idle from who has gone; where you know the roster, "
        "give it: experiment=calibrated_next_week replay.staff=FILE.csv (columns start, end, desk, agent; the desk is "
        "calls)."
    ) in said
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["staffed_hours_a_week"] == {
        "training": round(hours.training, 1), "next_week": round(hours.next_week, 1),
    }  # fmt: skip


def test_a_roster_of_ones_own_takes_the_place_of_the_carried_one(found, tmp_path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("start,end,desk,agent\n2026-03-13T09:00,2026-03-13T17:00,calls,A0\n", encoding="utf-8")
    name = staffed(found).experiment
    experiment = caresim.load(f"experiment={name}", f"replay.staff={own}", config_dir=write(found))
    contacts = caresim.simulate(experiment).contacts
    assert (contacts["outcome"] == "answered").any()


def test_the_table_of_candidates_says_of_which_roster_each_is(found) -> None:
    table = found.candidates
    assert table.groupby(ROSTER)["chosen"].sum().to_dict() == {GIVEN: 1, CARRIED: 1}
    assert table[table["chosen"]][ROSTER].tolist() == [GIVEN, CARRIED]  # a nowcast reads the first
    assert any(line.startswith("Roster of other days, the best of 5 on the last third") for line in lines(found))


def test_a_nowcast_reads_the_rules_of_a_folder_with_both_rosters(found) -> None:
    asked = {"contacts": "calls.csv", "now": "2026-03-20T12:00", "calibration": str(write(found))}
    assert rules_of(from_values(asked)) == found.fit.rules


def test_too_short_a_history_keeps_the_rest_of_the_rules_and_says_so(tmp_path) -> None:
    history(tmp_path / "calls.csv", ALL_DAY, days=8)
    short = calibrate(settings(tmp_path / "calls.csv").model_copy(update={"choosing": 2}))[0]
    assert short.carried == (short.fit.rules.rest_min, False)
    assert set(short.candidates[ROSTER]) == {GIVEN}
    assert (
        "The roster that is carried to other days keeps the rest of the rules: fewer than 3 days of the last third "
        "have a same weekday in the first two thirds."
    ) in lines(short)
