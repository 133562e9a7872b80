"""Shifts, seats and days of duty of a staffing model, counted from its configuration before anything is laid out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caresim.config.desk import Dated, Desk
    from caresim.config.experiment import Experiment

DAY = 1440.0
EXTRA = ".extra["
"""In the key of people who come on top of a roster."""


def length_of(experiment: Experiment) -> float:
    """Minutes from the beginning of the warm-up to the end of the drain."""
    return experiment.ends - experiment.begins


def staff_of(experiment: Experiment, staffing: str) -> tuple[float, dict[str, float], dict[str, float]]:
    """Shifts of a staffing model, and the seats and days of duty behind each key that says how many people there are.

    A model with the paid hours of another one has as many days of duty as that one, times the factor.
    """
    model = experiment.staffing[staffing]
    shifts, seats, duties = 0.0, {}, {}
    for name, desk in model.desks.items():
        key = f"staffing.{staffing}.desks.{name}"
        for place, more in enumerate(desk.extra):
            extra = key_of_extra(experiment, staffing, name, place)
            days = _days_worked(experiment, more)
            shifts += days
            seats[extra] = more.headcount.value
            duties[extra] = days * more.headcount.value
        if desk.roster == "given" and experiment.replay is not None:
            people = experiment.replay.seats(name)
            seats[key], duties[key] = float(len(people)), math.fsum(len(seat.spells) for seat in people)
            shifts += len([crew for crew in experiment.replay.traffic.crews if crew.desk == name])
            continue
        patterns = list(_patterns(experiment, desk))
        shifts += math.fsum(days for days, _ in patterns)
        seats[f"{key}.headcount"] = math.fsum(heads for _, heads in patterns)
        duties[f"{key}.headcount"] = math.fsum(days * heads for days, heads in patterns)
        if desk.reserve:
            seats[f"{key}.reserve.headcount"] = heads = desk.reserve.headcount.value
            rounds = length_of(experiment) / (desk.reserve.delay.value + desk.reserve.length.value)
            duties[f"{key}.reserve.headcount"] = heads * rounds
    if model.paid_hours and (followed := experiment.staffing.get(model.paid_hours.as_)) and not followed.paid_hours:
        _, _, theirs = staff_of(experiment, model.paid_hours.as_)
        wanted = model.paid_hours.factor.value * math.fsum(theirs.values())
        own = math.fsum(duties.values()) or 1.0
        key = f"staffing.{staffing}.paid_hours.factor"
        duties[key] = max(0.0, wanted - own)
        seats[key] = math.fsum(seats.values()) * duties[key] / own
    return shifts, seats, duties


def _patterns(experiment: Experiment, desk: Desk) -> Iterator[tuple[float, float]]:
    """Days on which each shift is worked, about, and its people: as many as there may be.

    A desk that plans anew has in every shift the whole people of its bound, and a seat more (scenario/replanning.py).
    """
    added = (desk.headcount.value - desk.before.value) if desk.reinforced_from else 0.0
    more = added * (experiment.reinforcement.value - 1.0) if desk.reinforcement else 0.0
    for shift in desk.shifts:
        heads = (desk.headcount.value + more) * shift.share.value
        if desk.replans and heads > 0:
            heads = math.ceil(desk.replans.between[1].value * math.ceil(heads)) + 1.0
        yield _days_worked(experiment, shift), heads


def _days_worked(experiment: Experiment, dated: Dated) -> float:
    """Days of the run that have such hours, about."""
    days = length_of(experiment) / DAY + 2
    if dated.first and dated.last:
        days = min(days, (dated.last - dated.first).days + 1.0)
    return days * len(dated.days) / 7


def key_of_extra(experiment: Experiment, staffing: str, desk: str, place: int) -> str:
    """The key of so many people on top: that of the replay, where it is a replay that has put them there."""
    of_replay = _added_by_replay(experiment, staffing, desk)
    own = len(experiment.staffing[staffing].desks[desk].extra) - len(of_replay)
    if place >= own:
        return f"replay{EXTRA}{of_replay[place - own]}].headcount"
    return f"staffing.{staffing}.desks.{desk}{EXTRA}{place}].headcount"


def _added_by_replay(experiment: Experiment, staffing: str, desk: str) -> list[int]:
    """Which of `replay.extra` are at this desk, where they come last."""
    from caresim.config.replay import PLUS

    if experiment.replay is None or staffing != PLUS:
        return []
    added = enumerate(experiment.replay.extra)
    return [number for number, more in added if (more.desk or next(iter(experiment.staffing[PLUS].desks))) == desk]
