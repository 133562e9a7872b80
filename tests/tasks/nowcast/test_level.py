"""How many will come: what is learnt from today's hours, and how surely."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from benchmarks.nowcast import history_of

from caresim.inference.scores import crps
from caresim.tasks.nowcast.level import DAY, FILTERS, HOUR, NOTHING, counts_in, rates_ahead, rhythm_of, stretches

DAYS, PER_HOUR = 15, 30.0


def drawn_history(luck: np.random.Generator, spread: float):
    """Two weeks and a day of an even stream from 8 to 20 h, whose level is drawn anew on each day."""
    level = np.exp(spread * luck.standard_normal(DAYS))
    open_hours = (np.arange(24) >= 8) & (np.arange(24) < 20)
    counts = luck.poisson(PER_HOUR * level[:, None] * open_hours).ravel()
    times = pd.Series(pd.date_range("2026-01-05", periods=24 * DAYS, freq="h", tz="America/New_York"))
    return history_of(times, counts)


@pytest.fixture(scope="module")
def scored() -> pd.DataFrame:
    """CRPS of the contacts of the last afternoon, of each way to learn, in 24 histories; and whether bands hold."""
    luck, rows = np.random.default_rng(2), []
    for number in range(24):
        history = drawn_history(luck, 0.3)
        train = history.between(history.days[0], history.days[-2])
        now = 1440.0 * (DAYS - 1) + 60.0 * 14
        passed, ahead = stretches(history, now, now + 360.0)
        seen, rhythm = counts_in(history, ahead).sum(), rhythm_of(train)
        for learns in FILTERS:
            rates = rates_ahead(history, rhythm, now, ahead, passed, 400, np.random.default_rng(number), learns)
            total = luck.poisson(rates).sum(axis=0).astype(float)
            low, high = np.quantile(total, [0.05, 0.95])
            rows.append((learns, float(crps([seen], total[None, :])[0]), low <= seen <= high))
    return pd.DataFrame(rows, columns=["learns", "crps", "inside"]).groupby("learns").mean()


def test_a_day_whose_morning_was_seen_is_better_known(scored) -> None:
    assert scored.loc[HOUR, "crps"] < 0.6 * scored.loc[NOTHING, "crps"]
    assert scored.loc[DAY, "crps"] < 0.6 * scored.loc[NOTHING, "crps"]


def test_the_bands_hold_what_they_say(scored) -> None:
    assert scored.loc[HOUR, "inside"] >= 0.8


def test_hours_are_those_of_the_local_clock_and_meet_at_now() -> None:
    history = drawn_history(np.random.default_rng(0), 0.1)
    passed, ahead = stretches(history, 1440.0 + 630.0, 1440.0 + 630.0 + 720.0)
    assert [cell.hour for cell in passed] == list(range(11))
    assert [cell.hour for cell in ahead] == list(range(10, 23))
    assert passed[-1].ends == ahead[0].begins == 1440.0 + 630.0
    assert sum(cell.share for cell in ahead) == pytest.approx(12.0)
    today = history.day == history.days[1].toordinal()
    assert counts_in(history, passed).sum() == (today & (history.arrival < 2070.0)).sum()


def test_a_higher_count_lets_expect_more() -> None:
    history = drawn_history(np.random.default_rng(0), 0.3)
    train = history.between(history.days[0], history.days[-2])
    rhythm, now = rhythm_of(train), 1440.0 * (DAYS - 1) + 60.0 * 14
    passed, ahead = stretches(history, now, now + 360.0)
    today = history.day == history.days[-1].toordinal()
    busy = history.of(np.sort(np.concatenate((np.arange(len(history)), np.flatnonzero(today)))))
    usual, more = (
        rates_ahead(one, rhythm, now, ahead, passed, 400, np.random.default_rng(1)).sum(axis=0).mean()
        for one in (history, busy)
    )
    assert 1.2 * usual < more < 2.1 * usual
