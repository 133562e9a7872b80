"""The named measures that a plan is judged by: metrics of the registry, and what becomes of ordinary customers by day.

A comparison measures everything; a plan makes thousands of runs and measures what it was asked about.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from caresim.config.errors import BadInput, choice

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.measure.sample import Sample

MINUTE, WORST_DAY, DAYS = "ordinary_minute", "ordinary_worst_day", "ordinary_days"
OWN = {
    MINUTE: "Ordinary customers: answered within a minute",
    WORST_DAY: "Ordinary customers: answered, on their worst day",
}
"""Measures that are no metrics of the registry; both are shares, and higher is better."""
GUARDS = ("csat_all_additive", "csat_all_justice", "ordinary_answered", MINUTE, WORST_DAY)
"""What a plan may not make worse, unasked."""
MONEY = ("cost", "paid_hours")
BEFORE = "before"
DAY, HALF_HOUR = "on every day", "in every half hour"
"""Behind a condition: of which parts of the window it is."""
PARTED = ("ordinary_answered", MINUTE, "phone_service_level", "phone_answered", "phone_abandonment", "phone_asa")
"""Measures that are known by day and half hour: of those who come then."""
BOUND_BEFORE = re.compile(rf"{BEFORE}(?:\s*(?P<sign>[+-])\s*(?P<more>.+))?")
CONDITION = re.compile(rf"\s*([a-z][a-z0-9_]*)\s*(>=|<=)\s*(.+?)(?:\s+({DAY}|{HALF_HOUR}))?\s*")


@dataclass(frozen=True)
class Condition:
    """What must hold in a run: a measure at least (or at most) so much, or as good as in the same run before."""

    measure: str
    at_least: bool
    value: float | None
    """None: as in the same run with the roster before."""
    text: str
    more: float = 0.0
    """Of a condition against the roster before: so much more than it has; below 0: so much less."""
    each: str = ""
    """DAY or HALF_HOUR: of the expected value in each of them; empty: of the whole window, run by run."""

    @property
    def is_met_before(self) -> bool:
        """Does the roster before meet it, because it asks for no more than that has?"""
        return self.value is None and (self.more <= 0.0 if self.at_least else self.more >= 0.0)

    def holds(self, value: float, before: float) -> bool:
        """False where it is not defined."""
        bound = before + self.more if self.value is None else self.value
        return value >= bound if self.at_least else value <= bound


def condition_of(text: str) -> Condition:
    """`useful_60 >= 60 %`, `ordinary_wait <= 90`, `ordinary_answered >= before - 2 % on every day`; else BadInput."""
    from caresim.measure.metrics import REGISTRY

    match = CONDITION.fullmatch(text)
    if not match:
        raise BadInput("plan.must", text, "write a measure, >= or <=, and a value: useful_60 >= 60 %")
    name, sign, bound, each = match.groups()
    names = (*REGISTRY, *OWN)
    if name not in names:
        raise BadInput("plan.must", text, f"unknown measure, {choice(names, name)}")
    if each and name not in PARTED:
        raise BadInput("plan.must", text, f"{name} is not known {each}; these are: {', '.join(PARTED)}")
    value, more = None, 0.0
    if (against := BOUND_BEFORE.fullmatch(bound)) is None:
        value = _number(text, name, bound)
    elif against["more"]:
        more = float(f"{against['sign']}1") * _number(text, name, against["more"])
    told = " ".join(filter(None, (name, sign, bound, each)))
    return Condition(name, sign == ">=", value, told, more, each or "")


def _number(text: str, name: str, bound: str) -> float:
    """`60 %` as 0.6, `3.4` as it is. BadInput for other words, or those of another unit."""
    number, percent = re.fullmatch(r"([0-9.]+)\s*(%?)", bound), is_share(name)
    try:
        value = float(number[1]) / (100.0 if number[2] else 1.0) if number else math.nan
    except ValueError:
        value = math.nan
    if number is None or not math.isfinite(value) or (bool(number[2]) != percent):
        example, apart = ("60 %", "2 %") if percent else ("3.4", "0.1")
        allowed = (
            f"the value must be such as {example}, or the word before, or before - {apart}; behind it may stand {DAY} "
            f"or {HALF_HOUR}"
        )
        raise BadInput("plan.must", text, allowed)
    return value


def is_share(name: str) -> bool:
    """Is the measure a share, from 0 to 1?"""
    from caresim.measure.metrics import REGISTRY
    from caresim.measure.metrics.metric import SHARE

    return name in OWN or REGISTRY[name].unit == SHARE


def bounds(name: str) -> tuple[float, float]:
    """Values that a measure can take; intervals do not reach beyond them."""
    from caresim.measure.metrics import REGISTRY

    return (0.0, 1.0) if name in OWN else REGISTRY[name].bounds


def label(name: str) -> str:
    """What a measure is called in tables and sentences."""
    from caresim.measure.metrics import REGISTRY

    return OWN[name] if name in OWN else REGISTRY[name].label


def is_better_high(name: str) -> bool:
    """Is more of it better? Of measures of which neither way is better, more is told."""
    from caresim.measure.metrics import REGISTRY

    return name in OWN or REGISTRY[name].better != "lower"


def meaning(name: str) -> str:
    """What a measure is, in a sentence."""
    from caresim.measure.metrics import REGISTRY

    return OWN[name] if name in OWN else REGISTRY[name].formula


def aims(experiment: Experiment) -> tuple[str, ...]:
    """What a plan is for: the first headline metric of which more is better."""
    from caresim.measure.metrics import REGISTRY

    return tuple(name for name in experiment.study.headline if REGISTRY[name].better == "higher")[:1]


def wanted(experiment: Experiment, conditions: Sequence[Condition]) -> tuple[str, ...]:
    """The measures that a plan for this experiment needs, each once."""
    names = (*aims(experiment), *GUARDS, *(condition.measure for condition in conditions), *MONEY)
    return tuple(dict.fromkeys(names))


def measured(sample: Sample, names: Sequence[str]) -> dict[str, Any]:
    """Value by name, and DAYS: the share of ordinary customers answered by the day on which they come (NaN: none)."""
    from caresim.measure.metrics import REGISTRY

    waits, came = ordinary_waits(sample)
    days = by_day(sample.run.experiment, waits, came)
    own = {
        MINUTE: float((waits <= 1.0).mean()) if len(waits) else math.nan,
        WORST_DAY: float(np.nanmin(days)) if np.isfinite(days).any() else math.nan,
    }
    values = {name: own[name] if name in own else REGISTRY[name].of(sample) for name in names}
    return {**values, DAYS: days.tolist()}


def ordinary_waits(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Minutes from the first attempt to the first answer of each ordinary customer (NaN: none), and when they came."""
    from caresim.model import standing

    count = len(sample.passengers)
    helped, news, replied = (np.empty(count) for _ in range(3))
    standing.since_affected(sample.passengers, sample.cases, helped, news, replied)
    ordinary = sample.people("ORDINARY")
    return replied[ordinary], sample.passengers["affected"][ordinary]


def by_day(experiment: Experiment, waits: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Share answered by local day of the window; NaN for a day on which nobody comes."""
    edges = np.array(midnights(experiment.start, experiment.window.value, experiment.timezone))
    place = np.searchsorted(edges, came, side="right")
    answered = np.bincount(place, weights=np.isfinite(waits), minlength=len(edges) + 1)
    all_of_them = np.bincount(place, minlength=len(edges) + 1)
    return np.divide(answered, all_of_them, out=np.full(len(answered), np.nan), where=all_of_them > 0)


@lru_cache(maxsize=8)
def midnights(start: datetime, window: float, zone: str) -> list[float]:
    """Minutes from the start to each local midnight within the window."""
    where = ZoneInfo(zone)
    day = start.astimezone(where).date() + timedelta(days=1)
    found: list[float] = []
    while (minutes := (datetime(day.year, day.month, day.day, tzinfo=where) - start).total_seconds() / 60.0) < window:
        found.append(minutes)
        day += timedelta(days=1)
    return found
