"""What today says of a roster holds for a while; then agents work as on the last same weekday."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.support.centre import loaded, written
from tests.tasks.nowcast.conftest import NOW

from caresim.tasks.calibrate.duty import Spell
from caresim.tasks.calibrate.fit import fit
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.nowcast import people
from caresim.tasks.nowcast.known import known_at
from caresim.tasks.nowcast.people import Roster, as_last_week, of_today, roster_ahead

MOMENT = datetime.fromisoformat(NOW).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def state(whole, tmp_path_factory):
    """Known and fitted: five days, of which the first four are fitted to."""
    known = known_at(loaded(written(whole, tmp_path_factory.mktemp("people") / "a.csv")), MOMENT, 180.0)
    train = known.history.between(known.history.start.date(), known.today - timedelta(days=1))
    return known, fit(train, Rules(after_call=False), 0)


def test_at_once_it_is_todays_and_at_the_end_last_weeks(state) -> None:
    known, fitted = state
    until = known.now + 600.0
    today, usual = of_today(known, fitted, until), as_last_week(known, fitted, until)
    assert roster_ahead(known, fitted, until, math.inf) == today
    assert roster_ahead(known, fitted, until, 1e-9) == usual


def test_agents_turn_from_today_to_last_week_one_by_one(monkeypatch, state) -> None:
    """Four hundred agents: after t minutes a share of exp(-t / holds) still follows today, to within one in fifty."""
    known, fitted = state
    now, many, holds = known.now, 400, 200.0
    names = tuple(f"A{n}" for n in range(many))
    monkeypatch.setattr(people, "of_today", lambda *_: Roster(names, [Spell(n, now, now + 900.0) for n in range(many)]))
    monkeypatch.setattr(people, "as_last_week", lambda *_: Roster(names, []))
    roster = roster_ahead(known, fitted, now + 900.0, holds)
    ends = np.array([spell.end for spell in roster.spells]) - now
    for minutes in (50.0, 200.0, 600.0):
        assert (ends > minutes).sum() / many == pytest.approx(math.exp(-minutes / holds), abs=0.02)
