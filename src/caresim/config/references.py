"""Names that must refer to something in the experiment, and dates that must lie within its run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from caresim.config.errors import BadInput, known
from caresim.config.experiment import Experiment
from caresim.config.operators import Channel


def channels_of(experiment: Experiment) -> dict[str, str]:
    """The operator of every channel."""
    return {channel: name for name, operator in experiment.operators.items() for channel in operator.channels}


def channel_of(experiment: Experiment, name: str) -> Channel:
    """The channel of this name, whoever its operator is."""
    return experiment.operators[channels_of(experiment)[name]].channels[name]


def within(experiment: Experiment, minutes: float, key: str, value: object) -> None:
    """BadInput where a time (minutes since the start), given at `key` as `value`, lies outside the run."""
    if not experiment.begins <= minutes <= experiment.ends:
        first, last = experiment.moment(experiment.begins), experiment.moment(experiment.ends)
        raise BadInput(key, value, f"must lie within the run, {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC")


def check_moment(experiment: Experiment, moment: datetime | None, key: str) -> None:
    """BadInput where a moment lies outside the run."""
    if moment is not None:
        within(experiment, experiment.minutes(moment), key, f"{moment:%Y-%m-%d %H:%M} UTC")


def check_reach(experiment: Experiment, reach: Mapping[str, object], key: str) -> None:
    """BadInput where a notice or a gesture reaches a cohort that is not there."""
    for cohort in reach:
        known(cohort, experiment.population.cohorts, f"{key}.reach.{cohort}", "cohort")
