"""What must hold of an overflow: another desk of the same operator, no way back, and people who can serve who comes."""

from __future__ import annotations

from caresim.config.desk import Desk
from caresim.config.errors import BadInput, choice, known
from caresim.config.experiment import Experiment
from caresim.config.references import channel_of
from caresim.config.staffing import Staffing


def check_overflows(experiment: Experiment) -> None:
    """Whoever has waited for long moves to people who can serve them, and never comes round again."""
    for model, staffing in experiment.staffing.items():
        overflowing = {name: desk.overflow.to for name, desk in staffing.desks.items() if desk.overflow}
        for name, to in overflowing.items():
            check_target(staffing, name, to, f"staffing.{model}.desks.{name}.overflow.to")
        for name in overflowing:
            check_callers(experiment, staffing, name, f"staffing.{model}.desks.{name}.overflow")


def check_target(staffing: Staffing, name: str, to: str, key: str) -> None:
    """Another desk of the same operator, from which no way leads back."""
    desk = staffing.desks[name]
    known(to, staffing.desks, key, "desk")
    if to == name:
        raise BadInput(key, to, f"is the desk itself; {choice(other for other in staffing.desks if other != name)}")
    if staffing.desks[to].operator != desk.operator:
        own = [other for other, one in staffing.desks.items() if one.operator == desk.operator and other != name]
        raise BadInput(key, to, f"is a desk of {staffing.desks[to].operator}, not of {desk.operator}; {choice(own)}")
    if circle := way_back(staffing, name, to):
        allowed = f"goes round in a circle, {' -> '.join(circle)}; allowed: no overflow or hand_over that leads back"
        raise BadInput(key, to, allowed)


def way_back(staffing: Staffing, name: str, to: str) -> list[str]:
    """The desks from `name` by way of `to` back to it, by overflow and hand_over; empty: no way leads back."""
    paths, seen = [[name, to]], {to}
    while paths:
        path = paths.pop(0)
        for following in onwards(staffing.desks[path[-1]]) if path[-1] in staffing.desks else ():
            if following == name:
                return [*path, following]
            if following not in seen:
                seen.add(following)
                paths.append([*path, following])
    return []


def check_callers(experiment: Experiment, staffing: Staffing, name: str, key: str) -> None:
    """Somebody waits on the spot at the desk, and those to whom they move speak their languages."""
    desk = staffing.desks[name]
    on_the_spot = [channel for channel in desk.serves if channel_of(experiment, channel).traits.synchronous]
    if not on_the_spot and not any(name in onwards(other) for other in staffing.desks.values()):
        allowed = (
            "is for callers and visitors, and this desk serves none; allowed: null, or a phone or counter in serves"
        )
        raise BadInput(key, desk.overflow.to if desk.overflow else None, allowed)
    at = desk
    while at.overflow is not None:
        to = at.overflow.to
        at = staffing.desks[to]
        for channel in on_the_spot:
            for language in channel_of(experiment, channel).languages:
                if language in desk.languages and language not in at.languages:
                    allowed = f"nobody at {to} speaks {language}, which callers of {channel} may speak"
                    raise BadInput(f"{key}.to", to, f"{allowed}; allowed: desks that do")


def onwards(desk: Desk) -> list[str]:
    """The desks to which contacts move from this one."""
    return [to for to in (desk.overflow.to if desk.overflow else None, desk.hand_over) if to is not None]
