"""Calls that other people take late: of histories that the engine played, the calibration finds who helps and when."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from tests.support.centre import loaded
from tests.support.two_desks import BUSY, OVERFLOW, OWN, QUIET, SHARED, history

import caresim
from caresim.config.errors import BadInput
from caresim.run.progress import Nobody
from caresim.run.uncertain import drawn
from caresim.scenario.build import build
from caresim.tasks.backtest.history import predict
from caresim.tasks.backtest.history.settings import OfHistory
from caresim.tasks.calibrate.calibrate import calibrate
from caresim.tasks.calibrate.command import lines, write
from caresim.tasks.calibrate.desks import overflows
from caresim.tasks.calibrate.fit import fit
from caresim.tasks.calibrate.given import score_of
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.calibrate.settings import Calibrate
from caresim.tasks.nowcast.nowcast import nowcast
from caresim.tasks.nowcast.settings import from_values

AFTER_MIN = 2.0
LAST = date(2026, 3, 7)
"""Of six training days; a seventh is not looked at."""
HELPS = f"agents serve their main kinds, and those who serve {QUIET} take {BUSY} after 2 min"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("overflow")
    path = history(folder / "history.csv", OVERFLOW, 0, 7)
    return calibrate(
        Calibrate(contacts=str(path), draws=20, choosing=2, train_to=LAST, output_dir=str(folder / "outputs"))
    )[0]


@pytest.fixture(scope="module")
def place(found):
    return write(found)


@pytest.fixture(scope="module")
def later(found):
    """The day after."""
    return loaded(found.settings.contacts).between(LAST + timedelta(days=1), LAST + timedelta(days=1))


def test_the_overflow_is_found_and_named(found) -> None:
    assert HELPS in found.fit.rules.text
    assert any(HELPS in line for line in lines(found))


def test_the_experiments_have_its_desks_and_people(place) -> None:
    staff = pd.read_csv(place / "staff.csv")
    assert staff.groupby("desk")["agent"].unique().map(sorted).to_dict() == {
        f"calls_{BUSY}": ["R0", "R1", "R2"], f"calls_{QUIET}": ["O0", "O1", "O2", "O3", "O4"],
    }  # fmt: skip
    for name in ("calibrated", "calibrated_next_week"):
        experiment = caresim.load(f"experiment={name}", config_dir=place)
        overflow = experiment.staffing["as_given"].desks[f"calls_{BUSY}"].overflow
        assert (overflow.to, overflow.after.value) == (f"calls_{QUIET}", AFTER_MIN)
        told = f"The staff of the file; those who serve {QUIET} take {BUSY} after 2 min"
        assert experiment.staffing["as_given"].differs == told  # beside the model's name in terminal and report
        contacts = caresim.simulate(drawn(experiment, 0)).contacts
        moved = contacts[(contacts["channel"] == BUSY) & (contacts["desk"] == f"calls_{QUIET}")]
        assert len(moved) > 30
        assert moved["wait_min"].min() >= AFTER_MIN
        assert set(contacts.loc[contacts["channel"] == QUIET, "desk"]) == {f"calls_{QUIET}"}


def test_worlds_live_in_draws_of_the_posterior(place) -> None:
    experiment = caresim.load("experiment=calibrated", config_dir=place)
    speeds = [build(drawn(experiment, n), "as_given", n)[0].staff["speed"] for n in (0, 1, 2)]
    assert speeds[0].tolist() == speeds[1].tolist()
    assert not np.isclose(speeds[0], speeds[2]).any()


def test_nobody_is_away_after_contacts_because_of_calls_that_are_not_theirs_yet(found) -> None:
    """Free people of the quiet desk let calls of the other wait for two minutes; at one desk it looks like a break."""
    rules = Rules(after_call=True, desks=found.fit.rules.desks)
    assert fit(found.fit.history, rules, 0).away_min < 0.01
    assert fit(found.fit.history, rules.at_one_desk, 0).away_min > 0.1


def test_both_tracks_of_a_backtest_run_with_it(found, later) -> None:
    settings = OfHistory(
        contacts=found.settings.contacts, train_to=LAST, test_to=LAST + timedelta(days=1), draws=20, replications=20,
        workers=1,
    )  # fmt: skip
    given = predict.given(found.fit, later, settings, Nobody())
    assert given.wait_s.shape == (len(later), 20)
    assert predict.forecast(found.fit, found.carried.rest_min, later.days, settings, Nobody()).wait_s.shape[1] == 20


def at_noon(found, place, **more):
    words = {"contacts": found.settings.contacts, "now": "2026-03-08T12:00", "calibration": str(place), "hours": 2}
    return from_values({**words, "draws": 20, "replications": 20, "workers": 1, "page": "none", **more})


def test_a_nowcast_takes_it_from_the_folder(found, place) -> None:
    people = {"headcount": "2 people", "start": "12:00", "end": "14:00", "desk": f"calls_{BUSY}"}
    ahead = nowcast(at_noon(found, place, alternatives={"two_more": people}))
    assert ahead.fitted.rules == found.fit.rules
    waits = ahead.table[ahead.table["quantity"] == "first_response_s"].groupby("alternative")["mean"].mean()
    assert waits["two_more"] < waits["as_given"]


def test_people_on_top_say_at_which_desk_they_are(found, place) -> None:
    people = {"headcount": "2 people", "start": "12:00", "end": "14:00"}
    with pytest.raises(BadInput, match=rf"is required, as the calibration found several desks; .*calls_{BUSY}"):
        nowcast(at_noon(found, place, alternatives={"two_more": people}))


def test_desks_that_were_changed_are_refused(found, place, tmp_path) -> None:
    for name in ("candidates.csv", "contacts.csv"):
        (tmp_path / name).write_bytes((place / name).read_bytes())
    (tmp_path / "desks.csv").write_text("kind,desk,overflows_to,after_min\na,calls_a,calls_b,2\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"has a desks\.csv that was changed"):
        nowcast(at_noon(found, tmp_path))


@pytest.mark.parametrize("after", [1.0, 2.0, 3.0])
def test_the_time_is_told_from_waits(tmp_path, after) -> None:
    """Of four histories each, the one candidate is the truth."""
    for seed in range(1, 5):
        (desks,) = overflows(loaded(history(tmp_path / "history.csv", OVERFLOW, seed, 4, after)), ())
        assert [(desk.kinds, desk.after_min) for desk in desks if desk.after_min] == [((BUSY,), after)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_scores_better_than_everybody_and_than_those_who_have_had_the_kind(tmp_path, seed) -> None:
    calls = loaded(history(tmp_path / "history.csv", OVERFLOW, seed, 6, AFTER_MIN))
    early, late = calls.of(calls.day < calls.days[4].toordinal()), calls.of(calls.day >= calls.days[4].toordinal())
    rules = [Rules(desks=overflows(early, ())[0]), Rules(), Rules(shared=True), Rules(after_call=False)]
    settings = Calibrate(contacts="not read", draws=20, choosing=12, workers=1)
    scores = [score_of(early, late, one, settings, Nobody())[0] for one in rules]
    assert min(scores) == scores[0]


@pytest.mark.parametrize("truth", [OWN, SHARED])
def test_where_nobody_takes_calls_late_none_is_looked_at(tmp_path, truth) -> None:
    for seed in range(3):
        calls = loaded(history(tmp_path / "history.csv", truth, seed, 6))
        assert overflows(calls, ()) == []
        assert fit(calls, Rules(), 0).skills.all() == (truth == SHARED)
