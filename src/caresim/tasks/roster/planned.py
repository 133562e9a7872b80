"""A planned roster: how it comes from the demand for a desk and the hours that are paid, and how it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from caresim.config.clock import DAY_NAMES
from caresim.config.desk import Shift
from caresim.config.errors import MISSING, BadInput
from caresim.config.experiment import Experiment
from caresim.scenario.calendar import days
from caresim.scenario.patterns import EXTRA, pattern_of, patterns_of
from caresim.scenario.roster import build
from caresim.tasks.roster.demand import Demand, expected
from caresim.tasks.roster.rule import PlannedShift, as_seen, cost, kept, with_hindsight
from caresim.tasks.roster.settings import HINDSIGHT, SEEN, Planning

if TYPE_CHECKING:
    import pandas as pd

DAY = 1440.0
SHIFTS = """\
desks:
  {desk}:
    shifts: # task=roster: {how}
"""
CLOCKS = ("start", "end")
"""Keys whose times YAML would take for numbers."""


@dataclass(frozen=True)
class Plan:
    """A roster, and what it was planned from."""

    experiment: Experiment
    staffing: str
    desk: str
    since: float
    """From this moment on (minutes) the roster is planned; before, it is that of any other day."""
    hours: float
    """Paid within the window."""
    knows: str
    """Of the crisis: SEEN or HINDSIGHT."""
    weight: float
    """Square roots of the offered load on top of it."""
    shifts: tuple[PlannedShift, ...]
    """By start."""

    def table(self) -> pd.DataFrame:
        """A row a shift of a day: hours paid each, loads in erlangs (ordinary, crisis, crisis seen), people before and
        as planned.
        """
        import pandas as pd

        from caresim.measure.clock import wall_clock

        columns = {
            "start_min": "start", "end_min": "end", "paid_hours_each": "paid", "ordinary_load": "ordinary",
            "crisis_load": "crisis", "crisis_load_seen": "seen", "people_before": "before", "people": "people",
        }  # fmt: skip
        frame = pd.DataFrame({name: [getattr(s, field) for s in self.shifts] for name, field in columns.items()})
        for place, name in enumerate(("start", "end")):
            frame.insert(place, name, wall_clock(self.experiment, frame[f"{name}_min"]))
        return frame

    @property
    def text(self) -> str:
        """What a staffing model says to work this roster, as YAML."""
        knows = "the demand seen the day before" if self.knows == SEEN else "the demand that comes (hindsight)"
        how = f"by {knows}, {self.weight:.3g} roots, {self.hours:,.0f} paid hours"
        return SHIFTS.format(desk=self.desk, how=how) + "".join(f"      - {line(row)}\n" for row in self.rows())

    def rows(self) -> list[dict[str, Any]]:
        """The roster as the desk's `shifts` in conf/: shares of its headcount, rounded to hundredths."""
        desk = self.experiment.staffing[self.staffing].desks[self.desk]
        patterns = patterns_of(desk.shifts, desk)
        return [row for shift in desk.shifts for row in rows_of(self, patterns.index(pattern_of(shift, desk)), shift)]


def rows_of(plan: Plan, pattern: int, shift: Shift) -> list[dict[str, Any]]:
    """One row up to the last day before the plan, and one for each of its days after it; the last one goes on.

    Rows at the same hours of the same day are planned as one, and keep their shares of it.
    """
    these = [planned for planned in plan.shifts if planned.shift == pattern and planned.day.weekday() in shift.days]
    dated = [planned for planned in these if planned.start >= plan.since and planned.paid > 0]
    hours: dict[str, Any] = (
        {"days": f"[{', '.join(DAY_NAMES[day] for day in shift.days)}]"} if len(shift.days) < len(DAY_NAMES) else {}
    )
    if shift.timezone:
        hours["timezone"] = shift.timezone
    hours |= {"start": str(shift.start), "end": str(shift.end)}
    if not dated:
        return [hours | {"share": shift.share.value}]
    rows = [{"last": dated[0].day - timedelta(days=1)} | hours | {"share": shift.share.value}]
    for planned in dated:
        until = {} if planned is dated[-1] else {"last": planned.day}
        share = max(0.0, round(shift.share.value * planned.people / planned.before, 2))
        rows.append({"first": planned.day} | until | hours | {"share": share})
    return rows


def line(row: dict[str, Any]) -> str:
    """One shift, as YAML on one line."""
    parts = [
        f'{key}: "{value}"' if key in CLOCKS else f"{key}: {value}" for key, value in row.items() if key != "share"
    ]
    share = f'{{value: "{row["share"]:g} x", source: "task=roster", no_range: "follows from the demand"}}'
    return "{" + ", ".join([*parts, f"share: {share}"]) + "}"


def plan(experiment: Experiment, settings: Planning) -> Plan:
    """The roster of a desk by the rule above, with the paid hours that its staffing model has as configured.

    BadInput where no desk scales with hours, where shifts overlap, or where the hours do not pay for ordinary days.
    """
    staffing, name = chosen(experiment, settings)
    desk = experiment.staffing[staffing].desks[name]
    since = experiment.minutes(desk.reinforced_from) if desk.reinforced_from else 0.0
    demand = expected(experiment, staffing, name, settings.contacts.value)
    shifts = laid_out(experiment, staffing, name, demand)
    check_apart(shifts, f"staffing.{staffing}.desks.{name}.shifts")
    paid = cost(shifts, lambda shift: shift.before)
    ahead = [shift for shift in shifts if shift.start >= since and shift.paid > 0]
    left = paid - cost([shift for shift in shifts if shift.start < since], lambda shift: shift.before)
    on_duty = 1.0 - desk.shrinkage.value
    floor, weight = settings.floor.value, settings.weight.value
    if left < cost(ahead, lambda shift: kept(shift, floor, on_duty)):
        raise BadInput(
            "roster.floor",
            settings.floor.text,
            f"the {paid:.0f} paid hours do not pay for ordinary days; write less, or give the desk more hours",
        )
    if settings.knows == HINDSIGHT:
        if left < cost(ahead, lambda shift: (shift.ordinary + shift.crisis) / on_duty):
            raise BadInput("roster.knows", HINDSIGHT, f"{paid:.0f} paid hours do not even pay for the work that comes")
        weight, ahead = with_hindsight(ahead, left, on_duty)
    else:
        ahead = as_seen(ahead, left, on_duty, weight, floor)
    planned = {(shift.shift, shift.day): shift for shift in ahead}
    return Plan(
        experiment, staffing, name, since, paid, settings.knows, weight,
        tuple(planned.get((shift.shift, shift.day), replace(shift, people=shift.before)) for shift in shifts),
    )  # fmt: skip


def check_apart(shifts: Sequence[PlannedShift], key: str) -> None:
    """BadInput where two shifts are worked at the same time: each would be planned for all that comes in its hours."""
    for one, other in pairwise(shifts):
        if other.start < one.end:
            hours = f"{(one.end - other.start) / 60:g} h"
            allowed = "the shifts of a day overlap by so much; this task plans shifts that follow each other"
            raise BadInput(key, hours, allowed)


def chosen(experiment: Experiment, settings: Planning) -> tuple[str, str]:
    """The staffing model and the desk that are planned."""
    models = [settings.staffing] if settings.staffing else list(experiment.staffing)
    why = ""
    for model in models:
        for name, desk in experiment.staffing[model].desks.items():
            if name == settings.desk or (settings.desk is None and desk.scale_with_hours):
                those = f"; those of staffing.{model}.desks.{name} are"
                if desk.roster == "given":
                    why = f"{those} given by the replay's files: plan without replay.staff"
                elif any(shift.first or shift.last for shift in desk.shifts):
                    why = f"{those} dated already (first, last): plan from the roster without dates"
                else:
                    return model, name
    allowed = "a staffing model with a desk that has scale_with_hours, or one named under roster.desk, and plain shifts"
    raise BadInput("roster.staffing", settings.staffing or MISSING, allowed + why)


def laid_out(experiment: Experiment, staffing: str, name: str, demand: Demand) -> list[PlannedShift]:
    """All shifts of the desk over the run, by start, as its staffing model has them, with what comes in their hours.

    People on top of the shifts (`extra`) stay as they are, and are not in it.
    """
    desk = experiment.staffing[staffing].desks[name]
    roster = build(experiment, staffing)[list(experiment.staffing[staffing].desks).index(name)]
    by_number = [list(days(experiment, pattern.zone)) for pattern in patterns_of(desk.shifts, desk)]
    return [
        PlannedShift(
            shift=shift.pattern,
            day=by_number[shift.pattern][shift.day],
            start=shift.start,
            end=shift.end,
            paid=shift.hours_within(0.0, experiment.window.value),
            ordinary=demand.load(shift.start, shift.end, ordinary=True),
            crisis=demand.load(shift.start, shift.end, ordinary=False),
            seen=demand.load(shift.start - DAY, shift.end - DAY, ordinary=False),
            before=shift.heads,
        )
        for shift in roster
        if shift.pattern < EXTRA
    ]
