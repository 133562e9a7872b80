"""activism: what feeds the wave is a demand, so that care moves it little and an announcement ends it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from caresim.config.compose import compose
from caresim.scenario.run import run

CARE = ("office_hours", "around_the_clock", "enough_for_everybody", "nobody")
REPLICATIONS = range(3)
ANNOUNCED = 27 * 60.0
"""Thursday 18 March 2010 12:00, in minutes after Wednesday 09:00."""


@lru_cache(maxsize=1)
def activism():
    return compose(["experiment=activism"])


@lru_cache(maxsize=16)
def campaign(staffing: str, replication: int):
    return run(activism(), staffing, replication)


def unprompted(of):
    """When bystanders posted who followed nobody."""
    table = of.world.contacts[: of.world.clock[0].contacts]
    fresh = (table["passenger"] < 0) & (table["first_contact"] == np.arange(len(table)))
    return np.sort(table["arrival"][fresh])


def mood_area(of) -> float:
    ticks = of.world.ticks[: of.world.clock[0].ticks]
    return float(ticks["mood"][(ticks["time"] > 0) & (ticks["time"] <= of.experiment.window.value)].sum())


@pytest.mark.parametrize("replication", REPLICATIONS)
def test_the_fresh_posts_of_the_campaign_do_not_depend_on_care(replication):
    first = unprompted(campaign(CARE[0], replication))
    for staffing in CARE[1:]:
        assert np.array_equal(unprompted(campaign(staffing, replication)), first)


@pytest.mark.parametrize("replication", REPLICATIONS)
def test_an_announcement_that_grants_the_demand_leaves_any_other_days_posts(replication):
    care, granted = (unprompted(campaign(name, replication)) for name in ("office_hours", "announcement"))
    assert np.array_equal(granted[granted < ANNOUNCED], care[care < ANNOUNCED])
    later = granted[granted >= ANNOUNCED]
    hours = (activism().ends - ANNOUNCED) / 60.0
    usual = activism().disruption.bystanders.base.value * 60.0 * hours
    assert abs(len(later) - usual) <= 3.3 * np.sqrt(usual)  # 99.9 % of a Poisson number
    assert len(care[care >= ANNOUNCED]) > 20 * usual
    assert set(later) <= set(care)


def test_a_statement_that_grants_nothing_ends_nothing():
    word = "staffing.announcement.notices.statement.ends_wave=false"
    of = run(compose(["experiment=activism", word]), "announcement", 0)
    assert np.array_equal(unprompted(of), unprompted(campaign("office_hours", 0)))


def test_care_moves_the_mood_within_the_margin_and_the_announcement_by_half():
    margin = activism().study.margins.ratio.value
    base = np.array([mood_area(campaign("office_hours", r)) for r in REPLICATIONS])
    for staffing in ("around_the_clock", "enough_for_everybody", "nobody"):
        ratio = np.mean(np.array([mood_area(campaign(staffing, r)) for r in REPLICATIONS]) / base)
        assert 1 / margin < ratio < margin
    announced = np.mean(np.array([mood_area(campaign("announcement", r)) for r in REPLICATIONS]) / base)
    assert announced < 0.5


def test_a_staffing_model_may_have_no_desk_at_all():
    assert campaign("nobody", 0).names.desks == []
