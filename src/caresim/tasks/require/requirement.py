"""How many people are needed: desk by desk by formulas where they hold, and by simulation where they do not."""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.config import price
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.labels import spoken_of
from caresim.model.media import Medium
from caresim.run.progress import Watch
from caresim.run.resume import prepare
from caresim.run.store import Store
from caresim.tasks.require.formula import required
from caresim.tasks.require.grid import Floats, Grid, Present, Truths, grid_of, present
from caresim.tasks.require.reading import Listed
from caresim.tasks.require.search import Problem, searched
from caresim.tasks.require.settings import AUTO, SERVICE_LEVEL, SIMULATION, THEORY, USEFUL, Requirement
from caresim.tasks.require.traffic import calls_of, objection, opening

if TYPE_CHECKING:
    import pandas as pd

FIGURE, TERMINAL = "caresim.tasks.require.figure", "caresim.tasks.require.terminal"
ASKED = "is to be simulated"
MOST_LOAD = 5_000
"""Erlangs of an interval up to which formulas are used: a half hour of them takes some seconds."""


@dataclass(frozen=True)
class Needs:
    """What one desk needs, by interval of the grid."""

    desk: str
    method: str
    open: Truths
    people: Floats
    """On duty."""
    now: Floats
    """On duty as configured, absence and breaks taken off; NaN where nobody says who is there."""
    attempts: Floats
    fresh: Floats
    """First contacts among them."""
    load: dict[str, Floats]
    """Work by channel, erlangs."""
    level: Floats
    probability: Floats
    reached: Truths
    shrinkage: float

    @property
    def on_roster(self) -> Floats:
        """People on the roster: those on duty and those who are absent or on a break. Not rounded: a shift has it."""
        return self.people / (1.0 - self.shrinkage)

    def hours(self, people: Floats, width: float) -> float:
        """Hours of so many people in the intervals that are planned."""
        return float(people[self.open].sum()) * width / 60.0


@dataclass(frozen=True)
class StaffNeeded:
    """The requirement of a staffing model: `.table()`, `.text`, `.plot()`."""

    experiment: Experiment
    settings: Requirement
    staffing: str
    grid: Grid
    desks: tuple[Needs, ...]
    notes: tuple[str, ...]
    """What was taken for granted, in sentences."""

    def table(self) -> pd.DataFrame:
        """A row an interval of a desk that is open in it, by desk and time.

        `start` and `end` are local. `attempts` and `first_contacts` are those of the interval, on an average day;
        `load` and `load_CHANNEL` are erlangs. `people` are on duty, `people_on_roster` (not rounded) has absence and
        breaks with them, `people_now` are on duty as configured. `level` is a share, or minutes where the target is a
        wait; `probability` is that of the target, `reached` says whether it was found. A simulation's are of the block.
        """
        import pandas as pd

        from caresim.measure.clock import wall_clock

        channels = list(dict.fromkeys(channel for needs in self.desks for channel in needs.load))
        parts = []
        for needs in self.desks:
            rows = np.flatnonzero(needs.open)
            loads = {f"load_{name}": needs.load[name][rows] if name in needs.load else np.nan for name in channels}
            columns = {
                "start": wall_clock(self.experiment, self.grid.edges[rows]),
                "end": wall_clock(self.experiment, self.grid.edges[rows + 1]),
                "desk": needs.desk,
                "attempts": needs.attempts[rows],
                "first_contacts": needs.fresh[rows],
                "load": np.sum([load[rows] for load in needs.load.values()], axis=0),
                **loads,
                "people": needs.people[rows].astype(np.int64),
                "people_on_roster": needs.on_roster[rows],
                "people_now": needs.now[rows],
                "method": needs.method,
                "level": needs.level[rows],
                "probability": needs.probability[rows],
                "reached": needs.reached[rows],
            }
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True)

    @property
    def text(self) -> str:
        """The requirement as the terminal shows it: days and hours, the most people of each two hours."""
        # By name: these files know this one.
        with spoken_of(self.experiment):
            return "\n".join(importlib.import_module(TERMINAL).lines(self)) + "\n"

    def plot(self, desk: str | Sequence[str] | None = None, *, ax: Any = None) -> Any:
        """The figure: a heat map of days and hours for each desk (None: all).

        On Matplotlib's `ax`, which is returned, one desk; None: a page. BadInput for a desk that there is not.
        """
        # By name and at the last moment: Matplotlib takes seconds to load.
        figures = importlib.import_module(FIGURE)
        return figures.staff_needed(self, desk) if ax is None else figures.needed_on_axes(ax, self, desk)


def staff_needed(experiment: Experiment, watch: Watch | None = None, store: Store | None = None) -> StaffNeeded:
    """What `require` of the experiment asks for. BadInput where a method does not hold, or runs are too few.

    `store` keeps the runs of a search that is interrupted; None: one in `output_dir`, where there is a search.
    """
    settings: Requirement = experiment.setting("require")
    staffing = settings.staffing or experiment.baseline
    model = experiment.staffing[staffing]
    names = (settings.desk,) if settings.desk else tuple(model.desks)
    grid = grid_of(experiment, settings)
    there = present(experiment, staffing, grid)
    if experiment.replay and not experiment.replay.traffic.crews and experiment.replay.servers is None:
        there = {name: replace(desk, people=np.full(len(grid), np.nan)) for name, desk in there.items()}
    reasons = {name: why_not(experiment, settings, staffing, name, there[name], grid) for name in names}
    by_runs = [name for name in names if reasons[name]]
    if by_runs:
        check_runs(experiment, settings, by_runs[0], reasons[by_runs[0]])
    taken: dict[str, list[str]] = {}
    found = {
        name: by_theory(experiment, settings, name, there[name], grid, taken) for name in names if name not in by_runs
    }
    notes = [f"{', '.join(desks)}: {note}" for note, desks in taken.items()]
    if experiment.replay is not None and len(model.desks) > 1 and experiment.replay.format.desk is None:
        several = "a column desk, or replay.format.desk=NAME for all channels, says who serves several"
        notes.append(f"each desk is a pool of its own; {several}")
    if by_runs:
        found |= by_simulation(experiment, settings, staffing, by_runs, there, grid, watch, store)
        if settings.method == AUTO:
            for reason in dict.fromkeys(reasons[name] for name in by_runs):
                those = [name for name in by_runs if reasons[name] == reason]
                notes.append(f"simulated: {', '.join(those)}, because {'it' if len(those) == 1 else 'each'} {reason}")
    if not any(needs.open.any() for needs in found.values()):
        raise BadInput("require.desk", ", ".join(names), "is never open in the window; choose another desk or window")
    return StaffNeeded(experiment, settings, staffing, grid, tuple(found[name] for name in names), tuple(notes))


def why_not(experiment: Experiment, settings: Requirement, staffing: str, desk: str, there: Present, grid: Grid) -> str:
    """Why a desk is simulated, in words that follow its name; empty: formulas do. BadInput where these do not hold."""
    if settings.method == SIMULATION:
        return ASKED
    reason = objection(experiment, staffing, desk, estimates=settings.method == THEORY)
    if not reason and settings.target == USEFUL:
        reason = "is asked for useful answers, of which formulas know nothing"
    if not reason and settings.target == SERVICE_LEVEL and settings.within is None:
        reason = _of_counters(experiment, staffing, desk)
    if not reason and calls_of(experiment, desk, there, grid).peak > MOST_LOAD * grid.width:
        reason = f"has more than {MOST_LOAD:,} erlangs, too many for formulas that follow each number of calls"
    if reason and settings.method == THEORY:
        allowed = f"does not hold: desk {desk} {reason}; set require.method=simulation, or leave it out"
        raise BadInput("require.method", THEORY, allowed)
    return reason


def _of_counters(experiment: Experiment, staffing: str, desk: str) -> str:
    """Counters have no usual time of a service level: what visitors expect is part of the behaviour."""
    operator = experiment.operators[experiment.staffing[staffing].desks[desk].operator]
    channels = experiment.staffing[staffing].desks[desk].serves
    if all(Medium.of_word(operator.channels[name].medium).row.trunks for name in channels):
        return ""
    return "has visitors, whose time of a service level is not set (require.within)"


def shrinkage(experiment: Experiment, settings: Requirement, desk: str) -> float:
    """Share of paid time in which the people of a desk are not at work."""
    if settings.shrinkage is not None:
        return settings.shrinkage.value
    return experiment.staffing[settings.staffing or experiment.baseline].desks[desk].shrinkage.value


def by_theory(
    experiment: Experiment, settings: Requirement, desk: str, there: Present, grid: Grid, taken: dict[str, list[str]]
) -> Needs:
    """What a desk of calls needs, by time-varying Erlang A; `taken` gets what was taken for granted, with the desk."""
    calls = calls_of(experiment, desk, there, grid)
    within = settings.within.value if settings.within else experiment.study.service_level_within.value
    found = required(calls, settings, within, experiment.study.short_abandonment.value, grid.width)
    offered = np.sum(list(calls.offered.values()), axis=0)
    more = np.where(offered > 0, found.attempts / np.maximum(offered, 1e-12), 0.0)
    load = {name: minutes * more / grid.width for name, minutes in calls.minutes.items()}
    for note in calls.notes:
        taken.setdefault(note, []).append(desk)
    enough = found.probability >= settings.probability.value - 0.005
    opened, attempts = calls.open & grid.planned, np.nan_to_num(found.attempts)
    return Needs(
        desk, THEORY, opened, found.people, there.people, attempts, calls.fresh, load, found.level, found.probability,
        enough, shrinkage(experiment, settings, desk),
    )  # fmt: skip


def check_runs(experiment: Experiment, settings: Requirement, desk: str, reason: str) -> None:
    """BadInput where so few replications cannot tell such a probability."""
    probability = settings.probability.value
    least = max(2, math.ceil(1.0 / (1.0 - probability) - 1e-9))
    if experiment.replications < least:
        why = f"; desk {desk} is simulated, because it {reason}" if reason != ASKED else ""
        allowed = f"tell no probability of {100 * probability:g} %: type replications={max(least, 16)} or more{why}"
        raise BadInput("replications", experiment.replications, allowed)


def by_simulation(
    experiment: Experiment, settings: Requirement, staffing: str, desks: list[str], there: dict[str, Present],
    grid: Grid, watch: Watch | None, store: Store | None,
) -> dict[str, Needs]:  # fmt: skip
    """What desks need, by runs of the whole experiment: the desks are searched for together."""
    model = experiment.staffing[staffing]
    served = tuple(dict.fromkeys(channel for name in desks for channel in model.desks[name].serves))
    opened = np.stack([opening(experiment, name, there[name], grid) for name in desks])
    if not opened.any():
        raise BadInput("require.desk", ", ".join(desks), "is never open in the window; choose another desk or window")
    base = np.nan_to_num(np.stack([there[name].people for name in desks]))
    problem = Problem(experiment, staffing, settings, grid, Listed(tuple(desks), served), opened, base)
    price.check(experiment, runs=problem.runs)
    if watch is not None:
        prepare(experiment, watch)
    kept = store or Store(experiment.output_dir)
    found = searched(problem, kept, watch)
    if store is None:
        kept.forget()
    return {
        name: Needs(
            name, SIMULATION, opened[row], found.people[row].astype(float), there[name].people, found.attempts[row],
            found.fresh[row],
            {
                channel: found.work[row, place] / grid.width
                for place, channel in enumerate(served)
                if channel in model.desks[name].serves or found.work[row, place].any()
            },
            found.level[row], found.probability[row], found.reached[row], shrinkage(experiment, settings, name),
        )
        for row, name in enumerate(desks)
    }  # fmt: skip
