"""The intervals that are planned, and the people who are there as configured."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.config.experiment import Experiment
from caresim.measure.clock import minutes_past
from caresim.scenario.openings import hours_of
from caresim.scenario.roster import build, in_whole_people
from caresim.tasks.require.settings import Requirement

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """The intervals of a run, on the wall clock of the experiment, from its warm-up to the end of its drain.

    Arrays have one entry an interval; times are minutes since the start.
    """

    edges: Floats
    """Where intervals begin, and the end of the last one."""
    width: float
    planned: Truths
    """Which of them lie within the window: the others keep the people that are configured."""
    midnight: float
    """A local midnight before the first of them."""

    def __len__(self) -> int:
        return len(self.planned)

    @property
    def starts(self) -> Floats:
        """Where each interval begins."""
        return self.edges[:-1]

    def of(self, minutes: Floats) -> NDArray[np.intp]:
        """The interval in which each moment lies; it is the first or the last one for moments outside."""
        places = np.floor((minutes - self.edges[0]) / self.width).astype(np.intp)
        return np.clip(places, 0, len(self) - 1)

    def spread(self, start: Floats, length: Floats, amount: Floats) -> Floats:
        """Amounts that are spread evenly from `start` over `length` minutes, summed by interval; shape (intervals,).

        What lies outside of all intervals is left out.
        """
        total = np.zeros(len(self))
        spans, which = np.unique(np.column_stack((start, length)), axis=0, return_inverse=True)
        amounts = np.bincount(which.ravel(), weights=amount, minlength=len(spans))
        for (begin, minutes), much in zip(spans, amounts, strict=True):
            if begin >= self.edges[-1] or begin + minutes < self.edges[0]:
                continue
            low = int(self.of(np.array([begin]))[0])
            high = int(self.of(np.array([begin + max(minutes - 1e-9, 0.0)]))[0])
            if low == high and begin >= self.edges[0]:
                total[low] += much
            else:
                edges = np.clip(self.edges[low : high + 2], begin, begin + minutes)
                total[low : high + 1] += much * np.diff(edges) / minutes
        return total

    def blocks(self, width: float) -> NDArray[np.intp]:
        """The block of `width` minutes that each interval lies in, on the same wall clock, counted from 0."""
        past = self.starts - self.midnight + 0.5 * self.width
        number = np.floor(past / width).astype(np.intp)
        return number - number[0]


def grid_of(experiment: Experiment, settings: Requirement) -> Grid:
    """The intervals of an experiment."""
    width = settings.interval.value
    past = minutes_past(experiment, width)
    first = math.floor((experiment.begins + past) / width)
    last = math.ceil((experiment.ends + past) / width - 1e-9)
    edges = np.arange(first, last + 1) * width - past
    planned = (edges[1:] > 0.0) & (edges[:-1] < experiment.window.value)
    return Grid(edges, width, planned, -minutes_past(experiment, 1440.0) - 1440.0 * math.ceil(-edges[0] / 1440.0))


@dataclass(frozen=True)
class Present:
    """A desk as it is configured, by interval."""

    people: Floats
    """Mean number on duty, absence and breaks taken off."""
    open: Truths
    """Its channels are open: who calls is put through."""
    staffed: Truths
    """Somebody is rostered for some of it."""


def present(experiment: Experiment, staffing: str, grid: Grid) -> dict[str, Present]:
    """The desks of a staffing model as configured, by name, at the central values of all assumptions."""
    model = experiment.staffing[staffing]
    found = {}
    for roster, (name, desk) in zip(build(experiment, staffing), model.desks.items(), strict=True):
        shifts = in_whole_people(roster)
        starts, ends, heads = (
            np.array([getattr(shift, key) for shift in shifts], float) for key in ("start", "end", "heads")
        )
        minutes = grid.spread(starts, ends - starts, heads * (ends - starts)) if shifts else np.zeros(len(grid))
        opened = np.zeros(len(grid), dtype=bool)
        for begin, end in hours_of(experiment, desk, roster):
            opened |= (grid.edges[1:] > begin) & (grid.starts < end)
        people = minutes / grid.width * (1.0 - desk.shrinkage.value)
        found[name] = Present(people, opened, minutes > 0.0)
    return found
