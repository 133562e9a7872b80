"""A patience that contradicts the file which is replayed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.config.traffic import Traffic

ENOUGH = 20
"""Hang-ups, from which on a file says how long people wait."""
APART = 2.0
"""So many times more or less is another patience: the estimate is rough, and few files are of one."""
SECONDS = 60.0
"""In a minute."""


def waited_and_lost(traffic: Traffic) -> tuple[float, float]:
    """Seconds that all have waited, and how many hung up, where the file says both; else zeros.

    Their quotient is the maximum likelihood of an exponential patience (Mandelbaum & Zeltyn 2007).
    """
    waits, outcomes = traffic.columns.get("wait_s"), traffic.columns.get("outcome")
    if waits is not None and outcomes is not None:
        return math.fsum(waits[np.isfinite(waits)].tolist()), float(np.count_nonzero(outcomes == "abandoned"))
    known = [one for one in traffic.intervals or () if not math.isnan(one.asa_s * one.answered)]
    lost = math.fsum(one.abandoned for one in traffic.intervals or () if not math.isnan(one.abandoned))
    return math.fsum(one.asa_s * one.answered for one in known), lost


def contradicted(experiment: Experiment) -> Iterator[str]:
    """A mean patience that is far from what the waits and hang-ups of the file speak for."""
    replay = experiment.replay
    if replay is None or replay.patience_mean is None:
        return
    waited, lost = waited_and_lost(replay.traffic)
    if lost < ENOUGH or waited <= 0:
        return
    file = waited / lost / SECONDS
    if max(file, replay.patience_mean.value) >= APART * min(file, replay.patience_mean.value):
        yield (
            f"replay.patience_mean = {replay.patience_mean.text} contradicts the file, whose waits and {lost:,.0f}"
            f' hang-ups speak for "{file:.1f} min" (all waiting / who hung up)'
        )
