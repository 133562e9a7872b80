"""What a run shows of each desk, interval by interval: attempts, work, and how many of them met the target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from caresim.measure.sample import Sample, is_in
from caresim.model.codes import Outcome
from caresim.model.media import SYNCHRONOUS
from caresim.tasks.require.grid import Floats, Grid, Truths
from caresim.tasks.require.settings import ABANDONMENT, SERVICE_LEVEL, USEFUL, USEFUL_WITHIN, WAIT, Requirement

if TYPE_CHECKING:
    from caresim.scenario.run import Run

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Reading:
    """Of one run, by the interval in which contacts arrive. Good and counted are by desk: shape (desks, intervals)."""

    attempts: Floats
    """Contacts of customers, shape (desks, intervals)."""
    fresh: Floats
    """Those of them that are a customer's first with this operator."""
    good: Floats
    """Contacts that met the target; of abandonment those that gave up, of a wait the sum of their minutes."""
    counted: Floats
    """Contacts of which the target speaks."""
    work: Floats
    """Minutes of handling that contacts take or would take, at the desk that had them last, passed on or not; shape
    (desks, channels, intervals).
    """


@dataclass(frozen=True)
class Listed:
    """Where the desks and channels of a run lie in its tables."""

    desks: tuple[str, ...]
    channels: tuple[str, ...]
    """Those that the desks serve, in their order."""


def read(run: Run, listed: Listed, grid: Grid, settings: Requirement) -> Reading:
    """The reading of a run of which every row is there."""
    sample = Sample(run)
    number = {name: place for place, name in enumerate(run.names.desks)}
    desk_of_channel = sample.channels["desk"].astype(np.int64)
    row_of_desk = np.full(len(run.names.desks) + 1, -1)
    row_of_desk[[number[name] for name in listed.desks]] = np.arange(len(listed.desks))
    row_of_channel = np.full(len(run.names.channels), -1)
    row_of_channel[[run.names.channels.index(name) for name in listed.channels]] = np.arange(len(listed.channels))
    channel = sample.column("channel").astype(np.int64)
    where = row_of_desk[desk_of_channel[channel]]
    rows = np.flatnonzero(sample.landed & ~sample.self_service & (where >= 0))
    interval = grid.of(sample.column("arrival")[rows])
    desk, size = where[rows], len(grid)
    of_customers = sample.column("passenger")[rows] >= 0

    def summed(mask: Truths, weights: Floats | None = None) -> Floats:
        cells = desk[mask] * size + interval[mask]
        amounts = None if weights is None else weights[mask]
        return np.bincount(cells, amounts, minlength=len(listed.desks) * size).reshape(-1, size).astype(float)

    good, counted = _judged(sample, rows, of_customers, summed, settings)
    if settings.target == USEFUL:
        good, counted = _useful(sample, row_of_desk, desk_of_channel, grid, len(listed.desks))
    worked_at = row_of_desk[np.where(sample.column("desk") >= 0, sample.column("desk"), desk_of_channel[channel])]
    work = _work(sample, worked_at, row_of_channel[channel], grid, (len(listed.desks), len(listed.channels), size))
    return Reading(summed(of_customers), summed(of_customers & _first(sample, rows)), good, counted, work)


def _first(sample: Sample, rows: Rows) -> Truths:
    """Which contacts are the first of their customer with this operator."""
    first = np.zeros(len(sample.contacts) + 1, dtype=bool)
    places = sample.cases["first_contact"].astype(np.int64)
    first[places[places >= 0]] = True
    return first[rows]


def _judged(
    sample: Sample, rows: Rows, of_customers: Truths, summed: Callable[..., Floats], settings: Requirement
) -> tuple[Floats, Floats]:
    """What met the target, and what it speaks of: the definitions are those of the interval report.

    What was written counts whether or not it was ever answered: an author who stops waiting in silence is no success.
    """
    study = sample.run.experiment.study
    medium = sample.channels["medium"][sample.column("channel")[rows].astype(np.int64)]
    on_the_spot = is_in(medium, tuple(SYNCHRONOUS))
    outcome, replied, wait = sample.column("outcome")[rows], sample.replied[rows], sample.wait[rows]
    abandoned = (outcome == Outcome.ABANDONED) & ~replied
    if settings.target == WAIT:
        return summed(of_customers, wait), summed(of_customers)
    if settings.target == ABANDONMENT:
        gave_up = np.where(on_the_spot, abandoned, ~sample.answered[rows])
        return summed(of_customers & gave_up), summed(of_customers & (replied | abandoned | ~on_the_spot))
    if settings.target != SERVICE_LEVEL:
        return summed(of_customers), summed(of_customers)
    within = within_of(sample, settings)[sample.column("channel")[rows].astype(np.int64)]
    response = np.where(replied, sample.column("reply")[rows], np.inf) - sample.column("arrival")[rows]
    late = abandoned & (wait > study.short_abandonment.value)
    counted = of_customers & np.where(on_the_spot, replied | late, True)
    return summed(counted & replied & (response <= within)), summed(counted)


def within_of(sample: Sample, settings: Requirement) -> Floats:
    """Minutes of the service level on each channel: those asked for, else of calls the study's, else as expected."""
    from caresim.model.media import TRUNKS

    if settings.within is not None:
        return np.full(len(sample.channels), settings.within.value)
    calls = sample.run.experiment.study.service_level_within.value
    return np.where(is_in(sample.channels["medium"], tuple(TRUNKS)), calls, sample.channels["expected_wait"])


def _useful(sample: Sample, row_of_desk: Rows, desk_of_channel: Rows, grid: Grid, desks: int) -> tuple[Floats, Floats]:
    """Customers of the disruption by desk and interval of their first request: those helped within an hour, and all."""
    cases = sample.cases
    begins = cases["first_request"]
    rows = np.flatnonzero(np.isfinite(begins) & (cases["first_channel"] >= 0) & ~sample.ordinary[sample.case_passenger])
    rows = rows[(begins[rows] >= 0.0) & (begins[rows] < sample.window)]
    desk = row_of_desk[desk_of_channel[cases["first_channel"][rows].astype(np.int64)]]
    rows, desk = rows[desk >= 0], desk[desk >= 0]
    cells = desk * len(grid) + grid.of(begins[rows])
    useful = cases["first_useful"][rows] - begins[rows] <= USEFUL_WITHIN
    shape = (desks, len(grid))
    counts = [np.bincount(cells[mask], minlength=shape[0] * shape[1]) for mask in (useful, np.ones_like(useful))]
    return counts[0].reshape(shape).astype(float), counts[1].reshape(shape).astype(float)


def _work(sample: Sample, desk: Rows, channel: Rows, grid: Grid, shape: tuple[int, int, int]) -> Floats:
    """Minutes that contacts take: those that nobody took up count with the mean of those that were."""
    minutes = np.zeros(shape)
    rows = np.flatnonzero(sample.landed & ~sample.self_service & (desk >= 0) & (channel >= 0))
    interval = grid.of(sample.column("arrival")[rows])
    handle, customers = sample.column("handle")[rows], sample.column("passenger")[rows] >= 0
    taken = handle > 0.0
    for place in range(shape[1]):
        for kind in (customers, ~customers):
            mine = (channel[rows] == place) & kind
            if not (mine & taken).any():
                continue
            mean = float(handle[mine & taken].mean())
            cells = desk[rows][mine] * shape[2] + interval[mine]
            minutes[:, place] += mean * np.bincount(cells, minlength=shape[0] * shape[2]).reshape(shape[0], shape[2])
    return minutes
