"""Choosing and judging where the truth is known: what is reported of a winner is not flattered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caresim.tasks.plan.judging import Judging
from caresim.tasks.plan.search import LEVELS, best, cheapest, finer, held

GUARD = "ordinary_answered"
NOISE = 0.05


def runs(random, truths: dict[str, float], first: int, count: int, guard: dict[str, float] | None = None):
    """Replications in pairs that share a world: its luck is common to all candidates, and each has some of its own."""
    common = np.repeat(random.normal(0.0, 0.2, -(-count // 2)), 2)[:count]
    frames = []
    for name, truth in truths.items():
        values = truth + common + random.normal(0.0, NOISE, count)
        other = np.full(count, 0.9 + (guard or {}).get(name, 0.0))
        number = np.arange(first, first + count)
        frames.append(
            pd.DataFrame(
                {
                    "staffing": name, "replication": number, "draw": number // 2, "useful_60": values, GUARD: other,
                    "ordinary_days": [[0.9 + (guard or {}).get(name, 0.0)]] * count,
                }
            )
        )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def test_what_is_reported_of_the_winner_is_not_flattered():
    """8 candidates that change nothing: the search flatters its winner, fresh replications do not.

    30 searches: the mean of the fresh differences is zero within three of its own standard errors, and the interval
    covers the truth in 95 % of them, within three standard errors of such a share.
    """
    searches = 30
    random = np.random.default_rng(7)
    truths = {"before": 0.6} | {f"candidate {n}": 0.6 for n in range(8)}
    seen, fresh, covered = [], [], 0
    for _ in range(searches):
        searched = runs(random, truths, 0, 16)
        winner = best(searched, "before", "useful_60", margin=0.05)
        seen.append(Judging(searched, 0.95).difference(winner, "before", "useful_60").value)
        judged = Judging(runs(random, {name: truths[name] for name in ("before", winner)}, 16, 16), 0.95)
        apart = judged.difference(winner, "before", "useful_60")
        fresh.append(apart.value)
        covered += apart.low <= 0.0 <= apart.high
    assert np.mean(seen) > 0.01
    assert abs(np.mean(fresh)) < 3.0 * np.std(fresh) / np.sqrt(searches)
    assert covered / searches > 0.95 - 3.0 * np.sqrt(0.95 * 0.05 / searches)


def test_the_best_candidate_is_found_where_it_stands_out():
    random = np.random.default_rng(3)
    found = runs(random, {"before": 0.6, "worse": 0.5, "better": 0.7, "best": 0.8}, 0, 32)
    assert best(found, "before", "useful_60", 0.05) == "best"


def test_a_candidate_that_costs_others_is_passed_over():
    random = np.random.default_rng(3)
    truths = {"before": 0.6, "better": 0.7, "at a price": 0.8}
    found = runs(random, truths, 0, 32, {"at a price": -0.02})
    assert best(found, "before", "useful_60", 0.05) == "better"
    nobody_keeps = runs(random, truths, 0, 32, {"at a price": -0.02, "better": -0.01})
    assert best(nobody_keeps, "before", "useful_60", 0.05) == "at a price"  # it is said beside the result


def test_nothing_is_changed_for_no_gain():
    random = np.random.default_rng(3)
    assert best(runs(random, {"before": 0.6, "one": 0.5, "other": 0.4}, 0, 32), "before", "useful_60", 0.05) == "before"


def test_the_gap_that_is_closed_has_an_interval_of_its_own():
    """A roster that closes three quarters of a gap, in 100 judgings: covered as often as an interval should."""
    random, covered = np.random.default_rng(11), 0
    for _ in range(100):
        judging = Judging(runs(random, {"before": 0.6, "plan": 0.675, "beside": 0.7}, 0, 64), 0.95)
        closed = judging.gap_closed("plan", "before", "beside", "useful_60")
        covered += closed.low <= 0.75 <= closed.high
    assert covered / 100 > 0.95 - 3.0 * np.sqrt(0.95 * 0.05 / 100)


@pytest.mark.parametrize(("needed", "expected", "reached"), [(0.72, 0.75, True), (0.1, 0.5, True), (2.0, 1.5, False)])
def test_the_cheapest_level_that_does_is_found_by_halving(needed, expected, reached):
    tried = []

    def share(level: float) -> dict[str, float]:
        tried.append(level)
        return {"one": 0.4, "other": 1.0 if level >= needed else 0.5}

    levels = [round(0.5 + 0.05 * step, 2) for step in range(21)]
    level, name, did = cheapest(levels, share, probability=0.8)
    assert (level, name, did) == (expected, "other", reached)
    assert len(tried) <= 6


def test_the_cheapest_level_is_looked_for_again_in_finer_steps():
    """Of the step of 5 % that does, only the finer steps that lead to it are tried."""
    tried = []

    def share(level: float) -> dict[str, float]:
        tried.append(level)
        return {"one": 1.0 if level >= 0.7215 else 0.5}

    (wide, _, _) = cheapest(LEVELS, share, probability=0.8)
    tried.clear()
    assert wide == 0.75
    assert cheapest(finer(wide), share, probability=0.8) == (0.7225, "one", True)
    assert all(0.70 < level <= 0.75 for level in tried)
    assert len(tried) <= 6
    assert finer(LEVELS[0])[0] > 0.0


def test_conditions_hold_run_by_run_all_at_once():
    from caresim.tasks.plan.measures import condition_of

    before = pd.DataFrame({"replication": [0, 1, 2], "useful_60": [0.5, 0.5, 0.5], GUARD: [0.9, 0.9, 0.9]})
    after = pd.DataFrame({"replication": [0, 1, 2], "useful_60": [0.7, 0.7, 0.5], GUARD: [0.9, 0.8, 0.95]})
    conditions = [condition_of("useful_60 >= 60 %"), condition_of("ordinary_answered >= before")]
    assert held(after, before, conditions).tolist() == [True, False, False]
