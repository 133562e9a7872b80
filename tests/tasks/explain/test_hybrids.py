"""Hybrids of two staffing models: what they take from each, and that the ends are the models themselves."""

from __future__ import annotations

import hashlib
import itertools
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.config.desk import Desk, Shift
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.on_call import Reserve
from caresim.run.uncertain import drawn
from caresim.scenario.build import build as build_world
from caresim.scenario.roster import build, paid_hours
from caresim.scenario.run import run
from caresim.tasks.explain.design import FactorialDesign, design_of, differing_factors
from caresim.tasks.explain.explanation import Explanation
from caresim.tasks.explain.factors import MEANING, OF_DESK, check
from caresim.tasks.explain.hybrid import Sides, effect, rebuilt, with_seats
from caresim.tasks.explain.merge import moved, own_hours

STAFFING = [factor for factor in MEANING if factor != "seats"]
PAIRS = [
    ("social_team", "call_center_24_7_funded"),
    ("call_center_24_7", "social_team"),
    ("social_team", "hybrid"),
    ("hybrid", "assistant_first"),
    ("call_center_24_7_funded", "notices_first"),
]
ROUNDING = 1e-9
"""Of hours that are scaled and summed up again."""


@pytest.fixture(scope="module")
def small() -> Any:
    more = [f"+staffing/tokyo@staffing.{name}={name}" for name in ("notices_first", "call_center_24_7_flat")]
    return caresim.load("experiment=tokyo", "replications=2", "population.scale=0.05", *more)


def digest(experiment: Any, model: Any) -> str:
    """Of every row that a run with this staffing model leaves."""
    of = run(experiment.model_copy(update={"staffing": {**experiment.staffing, "tried": model}}), "tried", 1)
    text = hashlib.sha256()
    for name in ("contacts", "passengers", "cases", "staff", "ticks", "desk_ticks", "flights"):
        table = getattr(of.world, name)
        for column in table.dtype.names:
            text.update(
                np.ascontiguousarray(table[column][: of.world.clock[0].contacts if name == "contacts" else None])
            )
    return text.hexdigest()


def with_models(experiment: Any, models: dict[str, Any]) -> Any:
    """The experiment with these staffing models, made anew: a copy would keep what it worked out of the old ones."""
    return Experiment.model_construct(**{**dict(experiment), "staffing": models})


def with_desk(experiment: Any, model: str, desk: str, **keys: Any) -> Any:
    """The experiment with other keys at one desk."""
    told = experiment.staffing[model]
    desks = {**told.desks, desk: told.desks[desk].model_copy(update=keys)}
    return with_models(experiment, {**experiment.staffing, model: told.model_copy(update={"desks": desks})})


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"heads": ()}, "reserve"),
        ({"heads": ("reserve", "kind")}, "kind"),
        ({"heads": ("reserve", "shoe_size")}, "shoe_size"),
        ({"luck": ()}, "luck"),
    ],
)
def test_a_key_of_a_desk_that_belongs_to_no_factor_or_to_two_is_refused(change, key):
    with pytest.raises(TypeError, match=key):
        check({**OF_DESK, **change}, tuple(Desk.model_fields))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_hybrid_with_all_of_one_model_is_that_model_to_the_last_bit(small, one, other):
    """By construction, not by looking up the model: the hybrid says the same in other words."""
    experiment = drawn(small, 0)
    sides = Sides(experiment, one, other)
    assert digest(experiment, sides.hybrid([])) == digest(experiment, experiment.staffing[one])
    assert digest(experiment, sides.hybrid(STAFFING)) == digest(experiment, experiment.staffing[other])
    assert digest(experiment, sides.hybrid([])) != digest(experiment, sides.hybrid(STAFFING))


def test_a_hybrid_that_another_model_describes_is_that_model(small):
    """The funded call centre with the heads of the social team is the call centre at the same paid hours."""
    experiment = drawn(small, 1)
    mixed = Sides(experiment, "social_team", "call_center_24_7_funded").hybrid(set(STAFFING) - {"heads"})
    assert digest(experiment, mixed) == digest(experiment, experiment.staffing["call_center_24_7"])


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_hybrids_pass_the_checks_of_the_schema(small, one, other):
    """All that take at most two factors from either model, and thirty others."""
    sides = Sides(small, one, other)
    every = [chosen for size in range(len(STAFFING) + 1) for chosen in itertools.combinations(STAFFING, size)]
    near = [chosen for chosen in every if min(len(chosen), len(STAFFING) - len(chosen)) <= 2]
    others = random.Random(f"{one} {other}").sample([chosen for chosen in every if chosen not in near], 30)
    for chosen in (*near, *others):
        model = sides.hybrid(chosen)
        assert effect(small, rebuilt(model)) == effect(small, model)


@pytest.mark.parametrize("organisation", [(), ("organisation",)])
@pytest.mark.parametrize("hours", [(), ("hours",)])
def test_heads_alone_decide_the_paid_hours(small, organisation, hours):
    experiment = drawn(small, 0)
    sides = Sides(experiment, "social_team", "call_center_24_7_funded")

    def paid(*heads: str) -> float:
        desks = sides.hybrid([*organisation, *hours, *heads]).desks.values()
        return sum(own_hours(experiment, desk) for desk in desks)

    few, many = (
        sum(paid_hours(experiment, desk) for desk in build(experiment, name)) for name in (sides.one, sides.other)
    )
    assert paid() == pytest.approx(few, rel=ROUNDING)
    assert paid("heads") == pytest.approx(many, rel=ROUNDING)
    assert many == pytest.approx(1.5 * few, rel=ROUNDING)


def test_a_split_of_heads_keeps_the_proportions_of_its_organisation(small):
    sides = Sides(small, "social_team", "call_center_24_7_funded")
    desks = sides.hybrid(["heads"]).desks
    grown = {name: own_hours(small, desk) / sides.hours["social_team"][name] for name, desk in desks.items()}
    assert grown["paris_phone"] == pytest.approx(grown["social"], rel=ROUNDING)
    assert grown["paris_phone"] > 1.5  # the counters do not grow, the rest does for them
    assert grown["narita_counter"] == 1


def test_one_counterpart_is_copied_and_several_are_merged(small):
    sides = Sides(small, "social_team", "call_center_24_7_flat")
    spread = sides.hybrid(["hours"]).desks["social"]
    assert [shift.start for shift in spread.shifts] == ["06:30", "14:30", "22:30"]
    assert not spread.rebooks  # access is another factor
    assert sides.hybrid(["access"]).desks["social"].rebooks
    pooled = sides.hybrid(["organisation"]).desks["contact_center"]
    assert [shift.start for shift in pooled.shifts] == ["06:30", "09:30", "14:30", "01:00", "09:00"]  # Tokyo's in Paris
    assert pooled.rebooks  # as the phone desks may
    assert set(pooled.languages) == {"fr", "en", "ja"}
    assert pooled.serves == ("phone_paris", "phone_tokyo", "twitter", "messages")


def test_a_night_in_one_zone_is_the_evening_before_in_another(small):
    early = Shift(days=["mon"], start="07:00", end="15:00", first="2011-03-14")
    there = moved(small, early, "Asia/Tokyo", "Europe/Paris", 0.5)
    assert (there.start, there.end, there.days) == ("23:00", "07:00+1", (6,))  # Sunday
    assert (str(there.first), there.share.value) == ("2011-03-13", 0.5)
    back = moved(small, there, "Europe/Paris", "Asia/Tokyo", 2)
    assert (back.start, back.end, back.days, back.first, back.share.value) == ("07:00", "15:00", (0,), early.first, 1)


def test_a_desk_without_counterpart_comes_whole_with_the_organisation(small):
    told = small.staffing["social_team"]
    silent = told.model_copy(
        update={
            "desks": {name: desk for name, desk in told.desks.items() if name != "social"},
            "unanswered": ("twitter", "messages"),
        }
    )
    experiment = with_models(small, {"silent": silent, "social_team": told})
    assert differing_factors(experiment, "silent", "social_team") == ("organisation",)
    assert Sides(experiment, "silent", "social_team").hybrid(["organisation"]).desks["social"] == told.desks["social"]
    for one, other in (("silent", "social_team"), ("social_team", "silent")):
        explanation = Explanation(experiment, FactorialDesign(one, other, ("organisation",)), pd.DataFrame())
        assert explanation.unmatched == ["social"]
    assert Explanation(small, FactorialDesign("social_team", "hybrid", ("hours",)), pd.DataFrame()).unmatched == []


def test_hours_of_a_short_window_are_counted_over_a_day():
    """An evening of two hours, of which the desk works one, is counted with a day's hours; two days with those of
    two.
    """
    evening = caresim.load("experiment=compiegne", "window='2 h'")
    desk = evening.staffing["as_it_was"].desks["sncf"]
    turns = build(evening, "as_it_was")[list(evening.staffing["as_it_was"].desks).index("sncf")]
    within = sum(turn.heads * turn.hours_within(0.0, evening.window.value) for turn in turns)
    day = sum(turn.heads * turn.hours_within(0.0, 1440.0) for turn in turns)
    assert within < day
    assert own_hours(evening, desk) == pytest.approx(day)
    longer = caresim.load("experiment=compiegne", "window='48 h'")
    assert own_hours(longer, desk) > 1.5 * day


def test_who_is_on_call_belongs_to_heads_and_comes_once(small):
    reserve = Reserve(headcount=4, call_in={"posts": "60 posts/h"}, delay="2 h", length="8 h")
    experiment = with_desk(small, "call_center_24_7", "contact_center", reserve=reserve)
    sides = Sides(experiment, "social_team", "call_center_24_7")
    assert "heads" in differing_factors(experiment, "social_team", "call_center_24_7")
    assert [name for name, desk in sides.hybrid(["heads"]).desks.items() if desk.reserve] == ["paris_phone"]
    assert not any(desk.reserve for desk in sides.hybrid(["organisation"]).desks.values())
    assert sides.hybrid(["organisation", "heads"]).desks["contact_center"].reserve == reserve


@pytest.mark.parametrize(
    ("other", "factors"),
    [
        ("call_center_24_7", ("organisation", "hours", "access", "skills")),  # the same paid hours
        ("call_center_24_7_funded", ("organisation", "hours", "heads", "access", "skills")),
        ("notices_first", ("notice", "dates")),
        ("assistant_first", ("assistant",)),
    ],
)
def test_a_factor_in_which_two_models_do_not_differ_is_left_out(small, other, factors):
    assert differing_factors(small, "social_team", other) == factors


def test_dates_of_notices_and_instructions_are_apart_from_what_is_announced(small):
    early = caresim.load("experiment=tokyo", "+staffing/tokyo@staffing.early=notice_and_waiver_friday")
    models = {**small.staffing, "early": early.staffing["early"]}
    experiment = with_models(small, models)
    assert differing_factors(experiment, "social_team", "early") == ("notice", "dates")
    assert differing_factors(experiment, "notices_first", "early") == ("dates",)
    sides = Sides(experiment, "social_team", "early")
    dated, told = sides.hybrid(["dates"]), sides.hybrid(["notice"])
    assert dated.instructions["waiver"].at == dated.notices["web_notice"].at == models["early"].notices["web_notice"].at
    assert dated.notices["web_notice"].reach is None
    assert told.notices["web_notice"].reach == models["early"].notices["web_notice"].reach
    assert told.notices["web_notice"].at is None
    assert not told.instructions


def test_a_desk_may_always_where_one_of_those_it_stands_for_always_may(small):
    always = with_desk(small, "social_team", "tokyo_phone", refunds=True)
    for experiment, refunds in ((small, "waiver"), (always, True)):
        pooled = Sides(experiment, "social_team", "call_center_24_7").hybrid(["organisation"]).desks["contact_center"]
        assert (pooled.refunds, pooled.rebooks) == (refunds, "waiver")


def test_a_headcount_written_otherwise_is_no_difference(small):
    desk = small.staffing["social_team"].desks["social"]
    halved = tuple(shift.model_copy(update={"share": shift.share.at(0.5)}) for shift in desk.shifts)
    twice = with_desk(small, "social_team", "social", headcount=desk.headcount.at(4), shifts=halved)
    models = {"two": small.staffing["social_team"], "half_of_four": twice.staffing["social_team"]}
    experiment = with_models(small, models)
    assert differing_factors(experiment, "two", "half_of_four") == ()
    with pytest.raises(BadInput, match="does not differ from two"):
        design_of(experiment, "two", "half_of_four")


def test_more_seats_are_free_ones_and_nobody_loses_his(small):
    as_is, twice = (build_world(each, "social_team", 0)[0].flights for each in (small, with_seats(small, 2)))
    assert list(twice["booked"]) == list(as_is["booked"])
    assert list(twice["free"]) == list(2 * as_is["free"])
    assert as_is["free"].min() > 0
    assert digest(with_seats(small, 1), small.staffing["hybrid"]) == digest(small, small.staffing["hybrid"])
