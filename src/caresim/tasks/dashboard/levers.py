"""The switches of the dashboard, and the experiment that follows from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from caresim.config.clock import DAY_WORDS
from caresim.config.compose import validate
from caresim.config.desk import Desk
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.model.media import Medium
from caresim.scenario.roster import build, from_patterns

SOURCE = "as set in the live view"
PLANNED, OFFICE, ALWAYS = "planned", "office", "always"
HOURS = (PLANNED, OFFICE, ALWAYS)
"""Hours of a desk: as its staffing model has them; one shift from opening to closing; around the clock."""
THREE_SHIFTS = (("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00+1"))
MOST = 500
"""People per shift that the page has room for."""


@dataclass(frozen=True)
class Levers:
    """Of the desk in focus: `team` people a shift, its hours (opening and closing for `office`), access to the booking;
    and an automated assistant in front.
    """

    team: int
    hours: str = PLANNED
    opens: str = "09:00"
    closes: str = "18:00"
    weekdays: bool = True
    access: bool = False
    assistant: bool = False

    def as_mapping(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def times(self) -> dict[str, Any]:
        """The switches that make the shifts."""
        return {name: getattr(self, name) for name in ("hours", "opens", "closes", "weekdays")}

    @property
    def duty(self) -> tuple[tuple[str, str, bool], ...]:
        """Start and end of each shift, and whether on weekdays only; none where they are as planned."""
        if self.hours == OFFICE:
            return ((self.opens, self.closes, self.weekdays),)
        return tuple((start, end, False) for start, end in THREE_SHIFTS) if self.hours == ALWAYS else ()


def adjustable(experiment: Experiment, staffing: str) -> bool:
    """There is a desk whose people can be set. In a queue or a replay the input sets them."""
    return experiment.queue is None and experiment.replay is None and bool(experiment.staffing[staffing].desks)


def focus_desk(experiment: Experiment, staffing: str) -> str | None:
    """The desk that answers what is public, else the first one; None: nobody answers."""
    model = experiment.staffing[staffing]
    public = {
        name
        for operator in experiment.operators.values()
        for name, channel in operator.channels.items()
        if Medium.of_word(channel.medium).row.public
    }
    answering = [name for name, desk in model.desks.items() if public & set(desk.serves)]
    return next(iter([*answering, *model.desks]), None)


def levers_of(experiment: Experiment, staffing: str) -> Levers | None:
    """Where the switches stand in a staffing model as it is configured; None where there are none to move."""
    name = focus_desk(experiment, staffing)
    if name is None or not adjustable(experiment, staffing):
        return None
    desk = experiment.staffing[staffing].desks[name]
    standing = Levers(
        team=max(1, round(desk.headcount.value * scale(experiment, staffing))),
        access=desk.sees_booking and desk.rebooks is not False and desk.refunds is not False,
        assistant=experiment.staffing[staffing].assistant is not None,
    )
    one = desk.shifts[0]
    plain = len(desk.shifts) == 1 and one.days in (DAY_WORDS["daily"], DAY_WORDS["weekdays"])
    if not plain or one.first or one.last or one.timezone or one.share.value != 1:
        return standing
    weekdays = one.days == DAY_WORDS["weekdays"]
    return replace(standing, hours=OFFICE, opens=str(one.start), closes=str(one.end), weekdays=weekdays)


def has_assistant(experiment: Experiment) -> bool:
    """There is a staffing model to take an assistant from."""
    return any(model.assistant for model in experiment.staffing.values())


def scale(experiment: Experiment, staffing: str) -> float:
    """The factor on heads that gives a model the paid hours of another one (1 where its paid hours are its own)."""
    model = experiment.staffing[staffing]
    for d, (desk, planned) in enumerate(zip(model.desks.values(), build(experiment, staffing), strict=True)):
        before = (
            math.fsum(shift.heads for shift in from_patterns(experiment, d, desk)) if desk.scale_with_hours else 0.0
        )
        if before:
            return math.fsum(shift.heads for shift in planned) / before
    return 1.0


def read(raw: Mapping[str, Any], standing: Levers) -> Levers:
    """The switches as the page sends them; BadInput where a value is not possible."""
    switches = {field.name for field in fields(Levers)}
    for name in raw:
        if name not in switches:
            raise BadInput(name, raw[name], f"is no switch; allowed: {', '.join(sorted(switches))}")
    wanted = replace(standing, **raw)
    if isinstance(wanted.team, bool) or not isinstance(wanted.team, int) or not 1 <= wanted.team <= MOST:
        raise BadInput("team size", wanted.team, f"must be a whole number of people from 1 to {MOST}")
    if wanted.hours not in HOURS:
        raise BadInput("hours", wanted.hours, f"allowed: {', '.join(HOURS)}")
    for name in ("weekdays", "access", "assistant"):
        if not isinstance(getattr(wanted, name), bool):
            raise BadInput(name, getattr(wanted, name), "must be true or false")
    return wanted


def varied(experiment: Experiment, staffing: str, wanted: Levers) -> Experiment:
    """The experiment with `staffing` as `wanted`; the very same one where nothing is asked for that is not so already.

    BadInput names what cannot be. Once team size or hours are set by hand, the paid hours follow from them.
    """
    standing, name = levers_of(experiment, staffing), focus_desk(experiment, staffing)
    if standing is None or name is None:
        raise BadInput("levers", staffing, "has no desk whose people can be set")
    other_hours = wanted.hours != PLANNED and wanted.duty != standing.duty
    if not other_hours and replace(wanted, **standing.times) == standing:
        return experiment
    text = experiment.as_text()
    model = text["staffing"][staffing]
    configured, desk = experiment.staffing[staffing].desks[name], model["desks"][name]
    if wanted.team != standing.team or other_hours:
        unscale(model, experiment, staffing)
        staff_with(desk, configured, wanted.team / configured.headcount.value, wanted.team)
    if other_hours:
        desk["shifts"] = [shift(*times) for times in wanted.duty]
    if wanted.access != standing.access:
        desk["sees_booking"] = wanted.access
        if wanted.access:
            desk |= {"rebooks": True, "refunds": True, "waitlists": True}
    if wanted.assistant != standing.assistant:
        model["assistant"] = assistant(text, staffing) if wanted.assistant else None
    return validate(text)


def unscale(model: dict[str, Any], experiment: Experiment, staffing: str) -> None:
    """Write into the desks the heads that equal paid hours give, and drop the equality."""
    factor = scale(experiment, staffing)
    model["paid_hours"] = None
    for name, desk in experiment.staffing[staffing].desks.items():
        if desk.scale_with_hours:
            staff_with(model["desks"][name], desk, factor, desk.headcount.value * factor)


def staff_with(desk: dict[str, Any], configured: Desk, factor: float, heads: float) -> None:
    """So many people per shift, and in proportion before the reinforcement."""
    desk["headcount"] = {"value": f"{heads!r} people", "source": SOURCE}
    if configured.headcount_before is not None:
        before = min(configured.headcount_before.value * factor, heads)
        desk["headcount_before"] = {"value": f"{before!r} people", "source": SOURCE}


def shift(start: str, end: str, weekdays: bool) -> dict[str, Any]:
    return {"start": start, "end": end, "days": "weekdays" if weekdays else "daily"}


def assistant(text: dict[str, Any], staffing: str) -> dict[str, Any]:
    """The assistant of another staffing model, on the channels that this one answers."""
    copied = next((model["assistant"] for model in text["staffing"].values() if model.get("assistant")), None)
    if copied is None:
        raise BadInput("assistant", True, "no staffing model of this experiment has one to take over")
    served = {channel for desk in text["staffing"][staffing]["desks"].values() for channel in desk["serves"]}
    return {**copied, "channels": [channel for channel in copied["channels"] if channel in served]}
