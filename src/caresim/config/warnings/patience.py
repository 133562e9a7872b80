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


def waited_and_lost(traffic: Traffic) -> tuple[float, float, bool]:
    """Seconds that were waited, how many hung up, and whether the former are those of all; zeros where the file does
    not say both. An interval report has the waits of the answered alone.

    Of all waits the quotient is the maximum likelihood of an exponential patience (Mandelbaum & Zeltyn 2007); of fewer
    it is too small.
    """
    of_each, outcomes = traffic.columns.get("wait_s"), traffic.columns.get("outcome")
    if of_each is not None and outcomes is not None:
        lost = float(np.count_nonzero(outcomes == "abandoned"))
        return math.fsum(of_each[np.isfinite(of_each)].tolist()), lost, True
    rows = traffic.intervals or ()
    waits = [one.asa_s * one.answered for one in rows if not math.isnan(one.asa_s * one.answered)]
    return math.fsum(waits), math.fsum(one.abandoned for one in rows if not math.isnan(one.abandoned)), False


def counted(of_all: bool) -> str:
    """Whose waits these are, in words."""
    return "all waiting" if of_all else "all waiting of the answered"


def contradicted(experiment: Experiment) -> Iterator[str]:
    """A mean patience that is far from what the waits and hang-ups of the file speak for."""
    replay = experiment.replay
    if replay is None or replay.patience_mean is None:
        return
    waited, lost, of_all = waited_and_lost(replay.traffic)
    if lost < ENOUGH or waited <= 0:
        return
    file, given = waited / lost / SECONDS, replay.patience_mean.value
    if given * APART <= file or (of_all and given >= APART * file):
        yield (
            f"replay.patience_mean = {replay.patience_mean.text} contradicts the file, whose waits and {lost:,.0f}"
            f" hang-ups speak for {'' if of_all else 'at least '}{file:.1f} min ({counted(of_all)} / who hung up)"
        )
