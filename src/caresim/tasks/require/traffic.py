"""The calls that a file or a queue says come to a desk, interval by interval: what formulas start from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from caresim.config.contacts import Contacts
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.queue import LN2
from caresim.config.replay import OF_BEHAVIOUR
from caresim.config.traffic import ON_THE_SPOT
from caresim.tasks.require.grid import Floats, Grid, Present, Truths

STEADY_CV = (0.7, 1.5)
"""Coefficients of variation of handling times for which formulas of exponential ones are used (1). Assumption."""


@dataclass(frozen=True)
class Calls:
    """What comes to a desk, by interval, before anybody is planned."""

    offered: dict[str, Floats]
    """Attempts by channel, as the file has them: redials of its own days included."""
    minutes: dict[str, Floats]
    """Their handling, minutes, by channel."""
    fresh: Floats
    """First calls: the attempts without those that repeat a call which was abandoned on the days of the file."""
    open: Truths
    patience_mean: float
    redial_share: float
    redial_gap: float
    """Mean, minutes."""
    notes: list[str] = field(default_factory=list)
    """What was taken for granted, in sentences."""

    @property
    def peak(self) -> float:
        """Largest work of an interval, minutes."""
        return float(np.sum(list(self.minutes.values()), axis=0).max(initial=0.0))

    @property
    def service_mean(self) -> Floats:
        """Mean handling time of each interval; where nothing comes, that of all."""
        calls, minutes = (np.sum(list(by_channel.values()), axis=0) for by_channel in (self.offered, self.minutes))
        return np.where(calls > 0, minutes / np.maximum(calls, 1e-12), minutes.sum() / max(calls.sum(), 1e-12))


def objection(experiment: Experiment, staffing: str, desk: str, estimates: bool = False) -> str:
    """Why formulas do not hold at a desk, in words that follow its name; empty: they do.

    `estimates`: it is enough to know the mean of the patience that a file gives call by call.
    """
    if experiment.queue is not None:
        law = experiment.queue.patience if experiment.queue.patience_mean is not None else "exponential"
        return _of_laws(law, experiment.queue.service, experiment.queue.service_cv, experiment.queue.capacity)
    if experiment.replay is None:
        return "is of an experiment, whose people decide what comes"
    if experiment.staffing[staffing].assistant:
        return "has an assistant in front"
    traffic, replay = experiment.replay.traffic, experiment.replay
    kinds = [kind for kind in traffic.contacts.kinds if kind.desk == desk]
    written = sorted({kind.channel for kind in kinds if kind.medium not in ON_THE_SPOT})
    if written:
        return f"serves {', '.join(written)}, which is written: it may wait"
    if any(seat.skills for seat in replay.seats(desk)):
        return "has people who serve some of its channels only"
    here = traffic.contacts.which(lambda kind: kind.desk == desk)
    if np.isfinite(traffic.contacts.priority[here]).any():
        return "has calls of different priority"
    if not estimates and np.isfinite(traffic.contacts.patience[here]).any():
        return "has calls whose patience the file gives"
    if replay.patience == OF_BEHAVIOUR or replay.service == OF_BEHAVIOUR:
        return "follows the behaviour (replay.patience or replay.service is of_behaviour)"
    law = replay.patience if replay.patience_mean is not None or replay.patience == "empirical" else "exponential"
    times = traffic.contacts.service[here & ~traffic.contacts.service_is_mean]
    times = times[np.isfinite(times)]
    if len(times) > 1:
        cv = float(times.std() / times.mean())
        if not STEADY_CV[0] <= cv <= STEADY_CV[1]:
            return f"has handling times of a coefficient of variation of {cv:.2g}"
    return _of_laws(law, replay.service, replay.service_cv, None)


def _of_laws(patience: str, service: str, cv: object, capacity: object) -> str:
    if patience != "exponential":
        return f"has {patience} patience"
    variation = getattr(cv, "value", {"exponential": 1.0, "deterministic": 0.0}.get(service, math.nan))
    if not STEADY_CV[0] <= variation <= STEADY_CV[1]:
        return f"has {service} handling times"
    return "has a limited number of lines" if capacity is not None else ""


def calls_of(experiment: Experiment, desk: str, there: Present, grid: Grid) -> Calls:
    """What the file, or the queue, brings to a desk."""
    return _of_file(experiment, desk, there, grid) if experiment.replay else _of_queue(experiment, grid)


def _of_queue(experiment: Experiment, grid: Grid) -> Calls:
    """A stream at a constant rate, or with a wave."""
    queue = experiment.queue
    assert queue is not None
    rate, swing = queue.arrival_rate.value, queue.arrival_swing.value
    offered = rate * np.diff(grid.edges)
    if queue.arrival_cycle is not None:
        turn = 2.0 * math.pi / queue.arrival_cycle.value
        offered = offered - rate * swing / turn * np.diff(np.cos(turn * grid.edges))
    patience = math.inf if queue.patience_mean is None else queue.patience_mean.value
    gap = 1.0 if queue.redial_gap is None else queue.redial_gap.value
    minutes = offered * queue.service_mean.value
    everywhere = np.ones(len(grid), dtype=bool)
    return Calls({"phone": offered}, {"phone": minutes}, offered, everywhere, patience, queue.redial_share.value, gap)


def _of_file(experiment: Experiment, desk: str, there: Present, grid: Grid) -> Calls:
    replay = experiment.replay
    assert replay is not None
    contacts, notes = replay.traffic.contacts, []
    offered, minutes = {}, {}
    for name, kind in contacts.channels.items():
        if kind.desk != desk:
            continue
        rows = contacts.which(lambda kind, name=name: kind.channel == name)  # type: ignore[misc]
        start, width = contacts.arrival[rows], contacts.width[rows]
        service = np.where(np.isnan(contacts.service[rows]), replay.service_mean.value, contacts.service[rows])
        offered[name] = grid.spread(start, width, np.ones(len(start)))
        minutes[name] = grid.spread(start, width, service)
        if unknown := int(np.isnan(contacts.service[rows]).sum()):
            notes.append(f"{unknown:,} contacts of {name} without a handling time take {replay.service_mean.text}")
    total = np.sum(list(offered.values()), axis=0)
    phone = experiment.behaviour.phone
    share, gap = phone.abandon_redial.value, phone.abandon_gap.value / LN2
    lost = _abandoned(experiment, desk, grid)
    fresh = total
    if share > 0 and lost is None:
        notes.append("the file does not say how many hung up, so that all its calls are taken for first calls")
    elif share > 0 and lost is not None:
        fresh = _without_redials(total, lost, share, gap, grid.width)
    patience = math.inf if replay.patience_mean is None else replay.patience_mean.value
    if (mean := _mean_patience(contacts, contacts.which(lambda kind: kind.desk == desk))) < math.inf:
        patience = mean
        notes.append(f"patience is taken for exponential, with the mean {mean:.1f} min that the waits of the file tell")
    elif patience == math.inf:
        notes.append(_on_patience(experiment, desk))
    return Calls(offered, minutes, fresh, opening(experiment, desk, there, grid), patience, share, gap, notes)


def _mean_patience(contacts: Contacts, here: Truths) -> float:
    """The mean of an exponential patience by what is known of each call, minutes: all that was waited, by those who
    gave up (its maximum likelihood, with answered calls as censored); endless where nobody did.
    """
    known = here & np.isfinite(contacts.patience)
    gave_up = int((known & ~contacts.patience_is_least).sum())
    return float(contacts.patience[known].sum()) / gave_up if gave_up else math.inf


def _abandoned(experiment: Experiment, desk: str, grid: Grid) -> Floats | None:
    """Calls of each interval that were abandoned on the days of the file; None: it does not say."""
    assert experiment.replay is not None
    rows = [row for row in experiment.replay.traffic.intervals if row.desk == desk and not math.isnan(row.abandoned)]
    if not rows:
        return None
    return grid.spread(*(np.array([getattr(row, key) for row in rows]) for key in ("start", "width", "abandoned")))


def _without_redials(attempts: Floats, lost: Floats, share: float, gap: float, width: float) -> Floats:
    """First calls: attempts less what earlier hang-ups bring back, each after an exponential time."""
    fresh, redialling = np.empty_like(attempts), 0.0
    keep = math.exp(-width / gap)
    for place, (calls, gone) in enumerate(zip(attempts, lost, strict=True)):
        joins = share * gone / width
        back = redialling * (1.0 - keep) + joins * (width - gap * (1.0 - keep))
        redialling = redialling * keep + joins * gap * (1.0 - keep)
        fresh[place] = max(0.0, calls - back)
    return fresh


def _on_patience(experiment: Experiment, desk: str) -> str:
    """That nobody hangs up, and what the report says of it."""
    assert experiment.replay is not None
    words = "nobody hangs up (replay.patience_mean is not set)"
    rows = [row for row in experiment.replay.traffic.intervals if row.desk == desk]
    known = [row for row in rows if row.abandoned >= 0 and row.asa_s >= 0]
    lost = math.fsum(row.abandoned for row in known)
    waited = math.fsum(row.asa_s / 60.0 * row.offered for row in known)
    if lost < 20 or waited <= 0:
        return words
    # All that was waited, by those who gave up: the estimate of an exponential patience (Mandelbaum, Zeltyn 2007).
    patience = f'replay.patience_mean="{waited / lost:.1f} min"'
    return f"{words}; by its abandoned calls and waits the file speaks for {patience}"


def opening(experiment: Experiment, desk: str, there: Present, grid: Grid) -> Truths:
    """When somebody may be at a desk, within the window: whenever somebody is as configured.

    In a replay also when contacts come, in the intervals of its report, or from each day's first contact to its last.
    """
    replay = experiment.replay
    if replay is None:
        return there.staffed & grid.planned
    contacts = replay.traffic.contacts
    here = contacts.which(lambda kind: kind.desk == desk)
    opened = grid.spread(contacts.arrival[here], contacts.width[here], np.ones(int(here.sum()))) > 0
    if replay.traffic.crews:
        return (there.staffed | opened) & grid.planned
    rows = [row for row in replay.traffic.intervals if row.desk == desk]
    for row in rows:
        opened |= (grid.edges[1:] > row.start) & (grid.starts < row.start + row.width)
    if not rows:
        day = np.floor((grid.starts - grid.midnight) / 1440.0)
        for one in np.unique(day[opened]):
            places = np.flatnonzero(opened & (day == one))
            opened[places[0] : places[-1] + 1] = True
    if not opened.any():
        raise BadInput("require.desk", desk, "has no contact in the window; choose another desk")
    return opened & grid.planned
