"""What a desk takes over from its counterparts in another staffing model: the desks that serve any of its channels.

One counterpart is copied. Of several, the main one, which has most paid hours, says what cannot be merged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from caresim.config.clock import Clock
from caresim.config.desk import Desk, Shift
from caresim.config.experiment import Experiment
from caresim.config.quantity import exactly
from caresim.scenario import roster
from caresim.tasks.explain.factors import ACCESS, HOURS, OF_DESK, POWERS, SKILLS

DAY = 1440


@dataclass(frozen=True)
class Counterpart:
    """A desk of the other model, with its paid hours."""

    desk: Desk
    hours: float


def taken(experiment: Experiment, factor: str, peers: Sequence[Counterpart]) -> dict[str, Any]:
    """The keys of `factor` (hours, access or skills) as a desk with these counterparts has them."""
    main = max(peers, key=lambda peer: peer.hours).desk
    keys = {key: getattr(main, key) for key in OF_DESK[factor]}
    return keys if len(peers) == 1 else keys | _MERGED[factor](experiment, main, peers)


def _hours(experiment: Experiment, main: Desk, peers: Sequence[Counterpart]) -> dict[str, Any]:
    """All shifts, on the main one's clock, each with the share of the people that its desk has."""
    people = {
        id(peer.desk): peer.hours / unit if (unit := hours_a_head(experiment, peer.desk)) else 0.0 for peer in peers
    }
    whole = people[id(main)] or 1.0
    shifts = [
        moved(experiment, shift, peer.desk.timezone, main.timezone, people[id(peer.desk)] / whole)
        for peer in peers
        for shift in peer.desk.shifts
    ]
    alike = all((peer.desk.opening, peer.desk.timezone) == (main.opening, main.timezone) for peer in peers)
    return {"shifts": tuple(shifts), "opening": main.opening if alike else "when staffed"}


def hours_a_head(experiment: Experiment, desk: Desk) -> float:
    """Paid hours if the desk had one person a shift throughout."""
    single = {"headcount": exactly(1, "count"), "headcount_before": None, "reinforced_from": None}
    return own_hours(experiment, desk.model_copy(update=single))


def own_hours(experiment: Experiment, desk: Desk) -> float:
    """Paid hours of the desk by itself, whatever its model says about paid hours."""
    return counted(experiment, roster.from_patterns(experiment, 0, desk))


def counted(experiment: Experiment, shifts: Sequence[roster.ShiftInstance]) -> float:
    """Hours paid within the window, or within a day where it is shorter.

    In an evening that begins an hour before a desk closes, the desk is paid for an hour. Spread over the week of a
    desk around the clock that hour would be next to nobody, and the hours would get the blame for the heads.
    """
    window = max(experiment.window.value, DAY)
    return math.fsum(shift.heads * shift.hours_within(0.0, window) for shift in shifts)


def moved(experiment: Experiment, shift: Shift, zone: str, to: str, factor: float) -> Shift:
    """The shift on the clocks of another zone (as they stand at the start of the run), its share times `factor`."""
    there, here = (experiment.start.astimezone(ZoneInfo(name)).utcoffset() or timedelta() for name in (to, zone))
    later, start = divmod(shift.start.minutes + round((there - here).total_seconds() / 60), DAY)
    end = start + shift.end.minutes - shift.start.minutes
    dates = {key: day + timedelta(days=later) if (day := getattr(shift, key)) else None for key in ("first", "last")}
    clock = {
        "start": Clock.at(start),
        "end": Clock.at(end),
        "days": tuple(sorted((day + later) % 7 for day in shift.days)),
    }
    return shift.model_copy(update=clock | dates | {"share": shift.share.at(shift.share.value * factor)})


def _access(experiment: Experiment, main: Desk, peers: Sequence[Counterpart]) -> dict[str, Any]:
    """A desk that does the work of several may do what any of them may."""
    return {power: _most([getattr(peer.desk, power) for peer in peers]) for power in POWERS}


def _most(powers: Sequence[bool | str]) -> bool | str:
    """Always, if any of them always may; else by the instruction of the first of them that waits for one."""
    return True in powers or next((power for power in powers if power), False)


def _skills(experiment: Experiment, main: Desk, peers: Sequence[Counterpart]) -> dict[str, Any]:
    """A team that does the work of several speaks the languages of all of them."""
    spoken = dict.fromkeys(main.languages)
    for peer in peers:
        spoken |= dict.fromkeys(peer.desk.languages)
    return {"languages": tuple(spoken)}


_MERGED: dict[str, Callable[[Experiment, Desk, Sequence[Counterpart]], dict[str, Any]]] = {
    HOURS: _hours,
    ACCESS: _access,
    SKILLS: _skills,
}
