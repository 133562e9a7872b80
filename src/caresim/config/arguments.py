"""What a caller asks for by hand: one staffing model of an experiment, one replication."""

from __future__ import annotations

from caresim.config.errors import BadInput, choice, known
from caresim.config.experiment import Experiment
from caresim.config.numbers import whole


def staffing_of(experiment: Experiment, given: str | None) -> str:
    """The name of a staffing model; None is the baseline."""
    name = experiment.baseline if given is None else given
    if name not in experiment.staffing:
        raise BadInput("staffing", name, choice(experiment.staffing, name))
    return name


def replication_of(given: int, key: str = "replication") -> int:
    return whole(key, given, least=0)


def must_be_run(experiment: Experiment, name: str, key: str) -> None:
    """BadInput where `key` names a staffing model that is not there, or that `only` leaves out."""
    known(name, experiment.staffing, key, "staffing model")
    if name not in experiment.compared:
        raise BadInput(key, name, f"is left out by only, {choice(experiment.compared)}")
