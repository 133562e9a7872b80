"""Did anybody say who works now? People of a replay who are there around the clock are no roster to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.config.errors import BadInput

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

DAY = 1440
"""Minutes."""
WEEK = 7
"""Days."""


def nobody_gave(experiment: Experiment, staffing: str, desk: str) -> bool:
    """Is the roster of the desk that of `replay.servers` (or of its default) alone, so many people around the clock?

    False where a file has staff, where the desk has shifts or people of its own, and where nothing is replayed.
    """
    replay = experiment.replay
    if replay is None or replay.traffic.crews:
        return False
    one = experiment.staffing[staffing].desks[desk]
    if one.extra or len(one.shifts) != 1:
        return False
    (shift,) = one.shifts
    always = shift.first is None and shift.last is None and len(shift.days) == WEEK
    return always and shift.end.minutes - shift.start.minutes == DAY


def way_to_give(desk: str) -> str:
    """The words of a command by which a planner gives the shifts that there are now."""
    shifts = '[{start: "06:00", end: "14:00"}, {start: "14:00", end: "22:00"}]'
    return f"'staffing.as_given.desks.{desk}.shifts={shifts}'"


def nobody_said(experiment: Experiment, staffing: str, desk: str) -> list[str]:
    """That no saving is said, and how to give the roster that there is; empty where somebody gave one."""
    if not nobody_gave(experiment, staffing, desk):
        return []
    assert experiment.replay is not None
    there = (experiment.replay.servers or experiment.replay.default_servers).text
    return [
        f"Nobody said who works now: {there} around the clock (replay.servers) are only where the search begins, and"
        " the plan is not compared with them. To compare it with your own roster, write its shifts, with"
        f" replay.servers as the people of each: {way_to_give(desk)}."
    ]


def check_length(experiment: Experiment, staffing: str, desk: str, is_named: bool) -> None:
    """BadInput where neither a roster nor `plan.shift_length` says how long a shift is."""
    if not is_named and nobody_gave(experiment, staffing, desk):
        allowed = "is required where nobody gave a roster (replay.servers are there around the clock); such as '8 h'"
        raise BadInput("plan.shift_length", None, allowed)
