"""Both laws of satisfaction on evenings written down by hand: what must be worth more than what, whatever the law."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.support.evenings import LONG, MISSING, Evening, Rater, waited

import caresim
from caresim.model.codes import LAWS
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.run.uncertain import drawn

RATING = ("news", "due", "unasked", "additive", "justice", "studies")
"""Groups of behaviour that nothing but satisfaction depends on."""
EXPERIMENT = caresim.load("experiment=tokyo")
RATER = Rater(EXPERIMENT)
TRAIN = Rater(caresim.load("experiment=tokyo", "behaviour.news.life=15 min"))
"""Whoever sits in a stopped train wants news every quarter of an hour."""
CALM = 0.3
"""Anger to begin with."""


def soothed(anger: float, quality: float = 0.5) -> float:
    """Anger after a first fitting reply."""
    return anger * (1 - 0.5 * quality)


def worse(anger: float, *shares: float) -> float:
    for share in shares:
        anger += share * (1 - anger)
    return anger


def solved(minutes: float, anger: float = CALM, **known) -> Evening:
    """A person settled it after so many minutes, on the first reply."""
    counts = {"replies": 1, "useful_replies": 1, "contacts": 1} | known.pop("counts", {})
    times = {"first_person": minutes, "first_help": minutes, "resolved": minutes}
    return Evening(angers=(anger, soothed(anger)), counts=counts, **(times | known))


def unasked(**known) -> Evening:
    return Evening(asked=MISSING, angers=(CALM, CALM), **known)


def silent(first: float, fresh: float, last: float, anger: float) -> Evening:
    """A stopped train for two hours and a half, and nothing that anybody needs: when one was told, and how long."""
    return Evening(
        no_need=True, asked=MISSING, over=150.0, first_news=first, news_fresh=fresh, news_at=last, angers=(anger, anger)
    )


ANGRY = worse(soothed(CALM), 0.08, 0.08, 0.25, 0.25)
EVENINGS = {
    # an empty reply after a minute, two more, the conversation dropped, a promise broken
    "1": Evening(
        first_person=1, angers=(ANGRY, ANGRY), counts={"replies": 3, "empties": 3, "dropped": 1, "broken": 1}
    ),
    "1b": Evening(first_person=1, angers=(CALM, soothed(CALM)), counts={"replies": 1, "empties": 1}),
    "2": solved(5, medium=Medium.PHONE, need=Need.INFORMATION, first_news=5),
    "3": solved(70, waited(CALM, 70, 60)),
    "4": solved(720, waited(CALM, 720, 60), counts={"contacts": 3}),
    "4b": solved(
        180, first_person=20, first_help=20, first_news=20, quality=0.8,
        counts={"replies": 2, "useful_replies": 2, "kept": 1},
    ),
    # an open account never answers three posts
    "5": Evening(angers=2 * (waited(CALM, 480, 60),), counts={"contacts": 3, "deaf": 1}),
    "6": unasked(),
    "7a": unasked(first_help=20, first_news=20, resolved=20),
    "7b": unasked(first_help=1200, first_news=1200, resolved=1200),
    "8": unasked(first_help=40, resolved=40, counts={"contacts": 1, "visits": 1}),
    "9": solved(40, waited(CALM, 40, 5), medium=Medium.PHONE),
    "10": solved(33, worse(CALM, 0.02, 0.02, 0.02), medium=Medium.PHONE, counts={"contacts": 4, "tones": 3}),
    "11": solved(120, waited(CALM, 120, 20), medium=Medium.COUNTER),
    # a machine answers wrongly at once, which is found out after six hours; then 20 minutes on hold
    "12": Evening(angers=2 * (worse(CALM, 0.25),), counts={"replies": 1, "wrong": 1}),
    "12b": solved(380, worse(CALM, 0.25), counts={"replies": 2, "contacts": 2, "wrong": 1}),
    "14": Evening(
        first_person=10, first_help=10, first_news=10, missed=True, deadline=600.0, angers=(CALM, CALM),
        counts={"replies": 1, "useful_replies": 1},
    ),
}  # fmt: skip
TRAINS = {
    "13a": silent(MISSING, 0, MISSING, waited(CALM, 150, 15)),
    "13b": silent(10, 130, 140, waited(CALM, 150, 15, explained=True)),
    "13c": silent(60, 0, 60, worse(0, waited(CALM, 150, 15) - 0.05)),
}
OTHERS = {
    "assistance": solved(90, need=Need.ASSISTANCE),
    "acknowledged": solved(90, need=Need.ACKNOWLEDGEMENT),
    "refunded late": solved(3 * 1440.0, need=Need.REFUND),
    "passed on": solved(60, counts={"hand_overs": 1, "doors": 1}),
    "empty words": Evening(first_person=1, counts={"replies": 3, "empties": 3}),
    "after ten days": solved(10 * 1440.0),
    "told after all": solved(100, need=Need.INFORMATION),
    "told late": unasked(first_help=900, first_news=900),
}
"""More evenings, in which numbers count that are nothing to the others."""
# Of the design of both laws; the constants that are solved differ by a tenth, because its people of the studies do.
DESIGN = {
    "1": (2.14, 2.03), "1b": (2.93, 2.87), "2": (4.64, 4.51), "3": (4.53, 4.51), "4": (3.78, 3.77), "4b": (4.83, 4.79),
    "5": (2.07, 2.21), "6": (2.80, 2.93), "7a": (4.81, 4.72), "7b": (3.90, 3.87), "8": (4.74, 4.60), "9": (4.48, 4.23),
    "10": (4.44, 4.30), "11": (4.37, 4.17), "12": (2.18, 2.27), "12b": (3.62, 3.50), "13a": (2.46, 2.60),
    "13b": (3.51, 3.35), "13c": (3.04, 3.01), "14": (3.40, 3.57),
}  # fmt: skip


@pytest.fixture(scope="module", params=range(len(LAWS)), ids=LAWS)
def marks(request) -> dict[str, float]:
    """The mark of each evening by one law."""
    rated = {name: RATER(evening) for name, evening in EVENINGS.items()}
    rated |= {name: TRAIN(evening) for name, evening in TRAINS.items()}
    return {name: both[request.param] for name, both in rated.items()}


def test_evenings_are_rated_as_designed():
    for name, expected in DESIGN.items():
        rater, evening = (TRAIN, TRAINS[name]) if name in TRAINS else (RATER, EVENINGS[name])
        assert rater(evening) == pytest.approx(expected, abs=0.35), name


def test_a_solution_however_late_is_worth_more_than_words(marks):
    worst = min(marks[name] for name in ("3", "4", "4b", "9", "10", "11", "12b"))
    assert worst > max(marks[name] for name in ("1", "1b", "5", "6", "12"))


def test_deeds_are_worth_more_than_quick_words_by_a_mark(marks):
    assert marks["4"] - marks["1"] >= 1
    assert marks["3"] - marks["1b"] >= 1


def test_sooner_solved_is_better(marks):
    assert marks["3"] > marks["4"]


def test_a_broken_promise_after_empty_words_costs_half_a_mark(marks):
    assert marks["1b"] - marks["1"] >= 0.5


def test_a_reply_is_noticed(marks):
    assert marks["1b"] > marks["5"]


def test_better_absent_than_deaf(marks):
    assert marks["6"] - marks["5"] >= 0.3


def test_information_counts_by_whatever_means(marks):
    assert marks["7a"] - marks["7b"] >= 0.5
    assert marks["7a"] >= marks["2"] - 0.3


def test_who_only_wants_to_know_thanks_for_being_told_soon_and_again(marks):
    assert marks["13b"] > marks["13c"] > marks["13a"]
    assert marks["13b"] - marks["13a"] >= 0.6


def test_a_wrong_answer_is_worse_than_none(marks):
    assert marks["12"] < marks["6"]
    assert marks["12b"] < marks["9"]


def test_the_evening_of_three_desks(marks):
    """Kind, useful, as promised and settled is as good as it gets; empty words and deaf ears are what they are."""
    assert marks["4b"] >= max(marks.values()) - 0.2
    assert marks["4b"] - marks["1"] >= 1.5
    assert max(marks["1"], marks["5"]) < 2.6


def test_at_the_defaults_empty_words_are_below_the_middle(marks):
    assert max(marks[name] for name in ("1", "1b", "5", "12")) < 3
    assert marks["14"] < 4
    assert marks["8"] >= marks["9"]


WORSE = {
    "useful later": lambda e, by: e.but(first_help=e.first_help + by, first_person=e.first_person + by),
    "first reply later": lambda e, by: e.but(first_person=e.first_person + by),
    "news later": lambda e, by: e.but(first_news=e.first_news + by, news_at=e.news_at + by),
    "less fresh": lambda e, by: e.but(news_fresh=max(0.0, e.news_fresh - by)),
    "solved later": lambda e, by: e.but(resolved=e.resolved + by),
    "another empty reply": lambda e, by: e.but(counts={"empties": 1, "replies": 1}),
    "another contact": lambda e, by: e.but(counts={"contacts": 1}),
    "another busy tone": lambda e, by: e.but(counts={"tones": 1, "contacts": 1}),
    "another closed door": lambda e, by: e.but(counts={"doors": 1}),
    "another visit": lambda e, by: e.but(counts={"visits": 1, "contacts": 1}),
    "another hand-over": lambda e, by: e.but(counts={"hand_overs": 1}),
    "less kind": lambda e, by: e.but(quality=e.quality * 0.8),
    "angrier": lambda e, by: e.but(angers=tuple(worse(anger, 0.2) for anger in e.angers)),
}


@pytest.mark.parametrize("change", WORSE)
def test_what_is_worse_never_earns_more(change):
    for name, evening in {**EVENINGS, **TRAINS}.items():
        if change == "another empty reply" and not evening.counts.get("replies"):
            continue  # a first reply is noticed, whatever it says
        rater = TRAIN if name in TRAINS else RATER
        before = rater(evening)
        for by in (1.0, 10.0, 100.0, 600.0):
            after = rater(WORSE[change](evening, by))
            for law, was, now in zip(LAWS, before, after, strict=True):
                assert now <= was + 1e-12, f"evening {name}, {change} by {by:g} min, {law}"


def test_a_solution_later_never_earns_more_whenever_the_news_came():
    generator = np.random.default_rng(7)
    for _ in range(200):
        news, first, second = np.sort(generator.uniform(0.5, LONG, 3))
        marks = [RATER(solved(at, first_news=news, first_person=news, first_help=news)) for at in (first, second)]
        assert np.all(np.array(marks[1]) <= np.array(marks[0]) + 1e-12)


def draws(number: int) -> list[Rater]:
    """The laws with every number drawn of its range."""
    return [Rater(drawn(EXPERIMENT, draw)) for draw in range(1, number + 1)]


def test_marks_lie_on_the_scale_and_a_solution_is_worth_more_than_any_speed_in_every_draw():
    for rater in [RATER, *draws(20)]:
        for evening in EVENINGS.values():
            assert all(1 < mark < 5 for mark in rater(evening))
        behaviour = rater.world.behaviour[0]
        assert behaviour.outcome + (1 - behaviour.unsolved) * behaviour.prompt > behaviour.prompt >= 0


def test_nothing_about_a_mark_is_chance():
    assert [RATER(evening) for evening in EVENINGS.values()] == [RATER(evening) for evening in EVENINGS.values()]
    assert math.isfinite(sum(sum(RATER(evening)) for evening in EVENINGS.values()))


PREFIXES = tuple(f"behaviour.{group}." for group in RATING)
NOISE = "behaviour.additive.noise"
"""Moves no mark, but how stars scatter about it (tests/measure/test_other_metrics.py)."""
NUMBERS = [path for path, _ in EXPERIMENT.uncertain() if path.startswith(PREFIXES) and path != NOISE]


@pytest.mark.parametrize("path", NUMBERS)
def test_every_uncertain_number_of_the_laws_moves_some_mark(path):
    quantity = dict(EXPERIMENT.uncertain())[path]
    low, high = (Rater(EXPERIMENT.with_values({path: end})) for end in (quantity.low, quantity.high))
    assert any(low(evening) != high(evening) for evening in (*EVENINGS.values(), *TRAINS.values(), *OTHERS.values()))
