"""What must hold of what people feel and of who is counted, whichever law rates."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import caresim
from caresim.config.compose import validate
from caresim.config.experiment import Experiment
from caresim.measure import observations
from caresim.measure.metrics import measure
from caresim.measure.sample import Sample
from caresim.model.codes import LAWS
from caresim.run.uncertain import drawn
from caresim.scenario.run import run

EVENINGS = 60
PAIRS = 16
COMPANIES = ("air_france", "sncf", "club_med")


@cache
def loaded(*words: str) -> Experiment:
    return caresim.load(*words)


def marks_of(experiment: Experiment) -> dict[str, np.ndarray]:
    """The traveller's mean mark of each company, by law: shape (evenings, companies)."""
    found: dict[str, list[list[float]]] = {law: [] for law in LAWS}
    for evening in range(EVENINGS):
        of = run(drawn(experiment, evening), "as_it_was", evening)
        sample = Sample(of)
        for law in LAWS:
            marks = np.asarray(of.world.cases[law])
            of_each = [observations.per_person(of, sample, name, "traveller", marks).mean() for name in COMPANIES]
            found[law].append(of_each)
    return {law: np.array(rows) for law, rows in found.items()}


@cache
def traveller() -> dict[str, np.ndarray]:
    return marks_of(loaded("experiment=compiegne"))


@pytest.mark.parametrize("law", LAWS)
def test_the_traveller_prefers_who_helped_to_who_talked_and_who_talked_to_who_was_deaf(law):
    airline, railway, village = traveller()[law].T
    assert (airline > railway).mean() >= 0.8
    assert (railway > village).mean() >= 0.6
    print(f"the whole order, {law}: {((airline > railway) & (railway > village)).mean():.0%} of the evenings")


@pytest.mark.parametrize("law", LAWS)
def test_a_broken_promise_costs_the_railway_a_third_of_a_mark(law):
    """Over the evenings on which one was broken, against the same evenings without any promise."""
    without = [f"staffing.as_it_was.desks.{desk}.promise=0 %" for desk in promising()]
    honest = silent_evenings(*without)[law]
    told = traveller()[law][:, COMPANIES.index("sncf")]
    broken = broken_evenings()
    assert broken.sum() >= 10
    assert (honest[broken] - told[broken]).mean() >= 0.3


def promising() -> list[str]:
    """The railway's desks that promise."""
    desks = loaded("experiment=compiegne").staffing["as_it_was"].desks
    return [name for name, desk in desks.items() if desk.operator == "sncf" and desk.promise.value > 0]


@cache
def silent_evenings(*without: str) -> dict[str, np.ndarray]:
    found = marks_of(loaded("experiment=compiegne", *without))
    return {law: rows[:, COMPANIES.index("sncf")] for law, rows in found.items()}


@cache
def broken_evenings() -> np.ndarray:
    """On which evenings the railway broke a promise to the traveller."""
    experiment, flags = loaded("experiment=compiegne"), []
    for evening in range(EVENINGS):
        of = run(drawn(experiment, evening), "as_it_was", evening)
        mine = observations.matters(of, Sample(of), "sncf", "traveller")
        flags.append(bool(np.asarray(of.world.cases["broken"])[mine].any()))
    return np.array(flags)


def differences(experiment: Experiment, other: Experiment, staffing: str, metrics: tuple[str, ...]) -> np.ndarray:
    """Other less first, paired over draws and luck: shape (pairs, metrics)."""
    rows = []
    for replication in range(PAIRS):
        first, second = (measure(run(drawn(each, replication), staffing, replication)) for each in (experiment, other))
        rows.append([second[name] - first[name] for name in metrics])
    return np.array(rows)


JUDGED = ("csat_all_additive", "csat_all_justice", "csat_additive", "csat_justice", "useful_60", "resolved_in_time")


@pytest.mark.parametrize(
    ("experiment", "staffing", "earlier"),
    [
        ("tokyo", "social_team", "disruption.notices.web_notice.at=2011-03-12 10:00 Europe/Paris"),
        ("compiegne", "as_it_was", "disruption.notices.announcement.at=2016-01-16 20:50 Europe/Paris"),
    ],
)
def test_an_earlier_true_notice_is_not_worse(experiment, staffing, earlier):
    first, other = loaded(f"experiment={experiment}"), loaded(f"experiment={experiment}", earlier)
    gaps = differences(first, other, staffing, JUDGED)
    upper = gaps.mean(axis=0) + 2.13 * gaps.std(axis=0, ddof=1) / np.sqrt(PAIRS)  # 95 %, 15 degrees of freedom
    worse = [name for name, end in zip(JUDGED, upper, strict=True) if end < 0]
    assert worse == []
    assert gaps[:, 0].mean() > 0


FRIDAY, AN_HOUR_LATER, MONDAY = (f"2011-03-{when} Europe/Paris" for when in ("11 13:00", "11 14:00", "14 12:15"))


def announced(how: str) -> Experiment:
    """tokyo, whose waiver is never announced, announced on Friday, or announced wrongly and put right an hour later."""
    text = loaded("experiment=tokyo").as_text()
    told = text["disruption"]
    facts, waiver = told["facts"], told["facts"]["waiver"]
    notice = told["notices"].pop("web_notice") | {
        "media": ["sms"], "delay": "10 min", "meets": {}, "reach": dict.fromkeys(FOLLOWING, "50 %")
    }  # fmt: skip
    for model in text["staffing"].values():
        model["notices"] = {}
    if how == "never":
        facts["waiver"] = waiver | {"at": MONDAY}
    elif how == "right":
        told["notices"]["first"] = notice | {"at": FRIDAY, "says": ["waiver"]}
    else:
        facts["mistake"] = waiver | {"what": "What is not so", "wrong": True}
        facts["waiver"] = waiver | {"corrects": ["mistake"]}
        told["notices"]["first"] = notice | {"at": FRIDAY, "says": ["mistake"]}
        told["notices"]["second"] = notice | {"at": AN_HOUR_LATER, "says": ["waiver"]}
    return validate(text)


FOLLOWING = ("seekers", "visitors", "residents", "booked_abroad", "families")


def test_a_wrong_notice_that_is_soon_corrected_lies_between_none_and_the_right_one():
    metrics = ("csat_all_additive", "csat_all_justice", "csat_additive", "csat_justice")
    never, wrong, right = (announced(how) for how in ("never", "wrong", "right"))
    assert (differences(never, wrong, "social_team", metrics).mean(axis=0) > 0).all()
    assert (differences(wrong, right, "social_team", metrics).mean(axis=0) > 0).all()


def test_more_people_at_first_come_desks_never_lower_the_share_helped():
    words = ("experiment=tokyo", *(f"staffing.social_team.desks.{desk}.routing=first_come" for desk in ("social",)))
    more = ("staffing.social_team.desks.social.headcount=6", "staffing.social_team.desks.paris_phone.headcount=40")
    gaps = differences(loaded(*words), loaded(*words, *more), "social_team", ("useful_60",))[:, 0]
    assert gaps.mean() > 0
    assert (gaps > -0.005).all()
