"""The shifts that the rosters of one plan may have: those of the desk, and the starts that a plan may use.

Rosters of one template differ in how many people each shift has. Who they are depends on the hours of their shift alone
(scenario/patterns.py), so that all these rosters share their people, with each other and with the desk as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.config.clock import DAY_NAMES, Clock
from caresim.config.desk import Desk, Shift
from caresim.config.quantity import Quantity, exactly
from caresim.scenario.calendar import days
from caresim.scenario.patterns import EXTRA, Pattern, pattern_of, patterns_of
from caresim.scenario.roster import ShiftInstance, build, from_patterns, in_whole_people, pay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from caresim.config.experiment import Experiment
    from caresim.config.staffing import Staffing

    People = NDArray[Any]
    Floats = NDArray[np.float64]

SOURCE = "task=plan"
ONE = Quantity(1, None, None, f"{SOURCE}: the shares of its shifts are whole people", "1 people", "count", "a decision")
STYLE: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "width": 10_000}
"""How YAML is written: in the order of the keys, and a line is not broken."""


@dataclass(frozen=True)
class Slot:
    """One shift of one day: how many people it has before, and whether a plan may change that."""

    pattern: int
    day: date
    start: float
    end: float
    """Minutes since the start."""
    hours: float
    """Of one person, paid within the window."""
    cost: float
    """EUR for one person within the window: the loaded cost, nights and Sundays at theirs."""
    before: int
    free: bool


@dataclass(frozen=True)
class Template:
    """The shifts of a desk over a run: those it has, and those that it may have."""

    experiment: Experiment
    staffing: str
    desk: str
    patterns: tuple[Shift, ...]
    """One row each, without dates, by their hours."""
    slots: tuple[Slot, ...]
    """By pattern, then by day."""

    @cached_property
    def before(self) -> People:
        """People in each slot as the staffing model has them at central values, in whole people."""
        return np.array([slot.before for slot in self.slots], dtype=np.int64)

    @cached_property
    def free(self) -> NDArray[np.bool_]:
        """Which slots a plan may change."""
        return np.array([slot.free for slot in self.slots], dtype=bool)

    @cached_property
    def paid(self) -> NDArray[np.float64]:
        """Hours of one person in each slot, paid within the window."""
        return np.array([slot.hours for slot in self.slots])

    @cached_property
    def rates(self) -> NDArray[np.float64]:
        """EUR for one person in each slot, within the window."""
        return np.array([slot.cost for slot in self.slots])

    def present(self, edges: NDArray[np.float64]) -> NDArray[np.float64]:
        """The part of each stretch between edges that a slot covers, shape (stretches, slots)."""
        starts, ends = (np.array([getattr(slot, name) for slot in self.slots]) for name in ("start", "end"))
        first, last = edges[:-1, None], edges[1:, None]
        covered = np.minimum(ends, last) - np.maximum(starts, first)
        return np.clip(covered / (last - first), 0.0, 1.0)

    def model(self, people: People, staffing: Staffing | None = None) -> Staffing:
        """A staffing model that works this roster, from the template's own model or the same one as drawn.

        The people are whole and the same whatever is drawn: shares of one person, neither reinforced nor scaled.
        """
        model = staffing or self.experiment.staffing[self.staffing]
        desk = model.desks[self.desk]
        planned = desk.model_copy(
            update={
                "headcount": ONE, "headcount_before": None, "reinforced_from": None,
                "reinforcement": False, "scale_with_hours": False, "shifts": self.shifts(people),
            }
        )  # fmt: skip
        return model.model_copy(update={"desks": {**model.desks, self.desk: planned}, "paid_hours": None})

    def shifts(self, people: People) -> tuple[Shift, ...]:
        """The rows of this roster as a desk has them."""
        return tuple(
            self.patterns[pattern].model_copy(
                update={"first": first, "last": last, "share": exactly(float(count), "number")}
            )
            for pattern, first, last, count in self.stretches(people)
        )

    def stretches(self, people: People) -> list[tuple[int, date | None, date | None, int]]:
        """Pattern, first and last day (None: from the beginning, to the end), people; a row as long as these stay."""
        rows: list[tuple[int, date | None, date | None, int]] = []
        for pattern in range(len(self.patterns)):
            these = [(slot.day, int(n)) for slot, n in zip(self.slots, people, strict=True) if slot.pattern == pattern]
            for first, last, count in runs_of(these):
                if count:
                    begins = None if first == these[0][0] else first
                    ends = None if last == these[-1][0] else last
                    rows.append((pattern, begins, ends, count))
        return rows

    def rows(self, people: People) -> list[str]:
        """The shifts of this roster, each as YAML on one line."""
        return [self.line(*row) for row in self.stretches(people)]

    def text(self, people: People, differs: str, notes: Sequence[str] = ()) -> str:
        """The roster as the file of a staffing model that stands alone: every number of the template's own, too."""
        model = self.model(people).model_dump(mode="json", by_alias=True)
        desks = model.pop("desks")
        lines = [f"# {note}" for note in notes]
        model |= {"differs": differs, "label": None}  # the template's own label would be that of two models
        lines += [as_yaml(key, value) for key, value in model.items() if value]
        lines.append("desks:")
        for name, desk in desks.items():
            others = [in_a_line(row) for row in without_nothing(desk.pop("shifts"))]
            lines.append(f"  {name}:")
            lines += [as_yaml(key, value, 4) for key, value in desk.items()]
            lines.append("    shifts:")
            lines += [f"      - {row}" for row in (self.rows(people) if name == self.desk else others)]
        return "\n".join(lines) + "\n"

    def line(self, pattern: int, first: date | None, last: date | None, count: int) -> str:
        """One row, as YAML on one line."""
        shift = self.patterns[pattern]
        parts: dict[str, Any] = {"first": first, "last": last}
        if len(shift.days) < len(DAY_NAMES):
            parts["days"] = f"[{', '.join(DAY_NAMES[day] for day in shift.days)}]"
        parts |= {"timezone": shift.timezone, "start": f'"{shift.start}"', "end": f'"{shift.end}"'}
        parts["share"] = f'{{value: "{count} x", source: "{SOURCE}", no_range: "a decision"}}'
        return "{" + ", ".join(f"{key}: {value}" for key, value in parts.items() if value is not None) + "}"


def runs_of(people: Sequence[tuple[date, int]]) -> list[tuple[date, date, int]]:
    """First and last day and number of each run of days with as many people."""
    runs: list[tuple[date, date, int]] = []
    for day, count in people:
        if runs and runs[-1][2] == count:
            runs[-1] = (runs[-1][0], day, count)
        else:
            runs.append((day, day, count))
    return runs


def without_nothing(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without the keys that hold nothing."""
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def as_yaml(key: str, value: Any, columns: int = 0) -> str:
    """A key and its value, so many columns from the left: short tables on one line."""
    import yaml

    flat = not isinstance(value, dict | list)
    text = yaml.safe_dump({key: value}, default_flow_style=False if flat else None, **STYLE)
    if not flat and text.startswith("{"):  # a table of nothing but words, which YAML would put on one line with its key
        text = f"{key}: {in_a_line(value)}"
    return "\n".join(" " * columns + line for line in text.rstrip().splitlines())


def in_a_line(value: Any) -> str:
    """A value as YAML on one line."""
    import yaml

    return yaml.safe_dump(value, default_flow_style=True, **STYLE).strip()


def template_of(
    experiment: Experiment,
    staffing: str,
    name: str,
    starts: Sequence[Clock],
    length: float,
    changes_from: float,
) -> Template:
    """The template of a desk: shifts that begin before `changes_from` or end after the window are held still.

    `length` of the shifts that begin at `starts`, and `changes_from`, are in minutes.
    """
    model = experiment.staffing[staffing]
    d, desk = list(model.desks).index(name), model.desks[name]
    patterns = patterns_with(desk, starts, length)
    laid_out = from_patterns(experiment, d, as_patterns(desk, patterns))
    there = people_before(experiment, staffing, d, patterns)
    zones = [list(days(experiment, shift.timezone or desk.timezone)) for shift in patterns]
    window = experiment.window.value
    slots = [
        Slot(
            pattern=shift.pattern,
            day=zones[shift.pattern][shift.day],
            start=shift.start,
            end=shift.end,
            hours=shift.hours_within(0.0, window),
            cost=pay(experiment, as_patterns(desk, patterns), [shift.of(1.0)]),
            before=there.get((shift.pattern, shift.day), 0),
            free=shift.start >= changes_from and shift.end <= window,
        )
        for shift in sorted(laid_out, key=lambda shift: (shift.pattern, shift.day))
    ]
    return Template(experiment, staffing, name, patterns, tuple(slots))


def patterns_with(desk: Desk, starts: Sequence[Clock], length: float) -> tuple[Shift, ...]:
    """A row for each pattern of the desk, on the days on which any of its rows has it, and of the starts, on all days.

    By their hours: the n-th is the pattern n of a desk that has them all. `length` is in minutes.
    """
    added = [Shift(start=start, end=Clock.at(start.minutes + round(length))) for start in starts]
    rows = (*desk.shifts, *added)
    days_with: dict[Pattern, set[int]] = {pattern: set() for pattern in patterns_of(rows, desk)}
    for row in rows:
        days_with[pattern_of(row, desk)].update(row.days)
    return tuple(
        Shift(
            start=Clock.at(pattern.start),
            end=Clock.at(pattern.end),
            timezone=None if pattern.zone == desk.timezone else pattern.zone,
            days=tuple(sorted(there)),
        )
        for pattern, there in days_with.items()
    )


def as_patterns(desk: Desk, patterns: Sequence[Shift]) -> Desk:
    """The desk with these shifts of one person each."""
    return desk.model_copy(
        update={
            "headcount": exactly(1, "count"), "headcount_before": None, "reinforced_from": None, "shifts": patterns,
        }
    )  # fmt: skip


def people_before(
    experiment: Experiment, staffing: str, d: int, patterns: Sequence[Shift]
) -> dict[tuple[int, int], int]:
    """Whole people by pattern and day that the desk has as configured, at central values; nobody who comes on top."""
    desk = list(experiment.staffing[staffing].desks.values())[d]
    numbers = {pattern_of(shift, desk): number for number, shift in enumerate(patterns)}
    own = [numbers[pattern] for pattern in patterns_of(desk.shifts, desk)]
    roster: list[ShiftInstance] = in_whole_people(build(experiment, staffing)[d])
    return {(own[shift.pattern], shift.day): int(shift.heads) for shift in roster if shift.pattern < EXTRA}
