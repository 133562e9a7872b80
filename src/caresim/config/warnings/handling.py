"""Handling times that an experiment of one's own has taken over without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from caresim.config import paths, yaml_file
from caresim.model.media import Medium

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

DEFAULTS = "behaviour/default.yaml"


def taken_over(experiment: Experiment) -> Iterator[str]:
    """Media that a desk answers, with the needs whose minutes are those of conf/behaviour/default.yaml.

    The packaged experiments mean them: they are airlines'.
    """
    if experiment.queue or experiment.replay or paths.is_file(paths.conf() / "experiment" / f"{experiment.name}.yaml"):
        return
    _, whole = yaml_file.read(paths.conf() / DEFAULTS)
    defaults = whole["handling"]
    needs = {need for cohort in experiment.population.cohorts.values() for need in cohort.need}
    for medium in Medium:
        minutes = experiment.behaviour.handling_of(medium) if not medium.row.self_service else {}
        taken = [need for need in minutes if need in needs and _is(minutes[need], defaults, medium.word, need)]
        desks = sorted(_desks_of(experiment, medium.word)) if taken else []
        if desks:
            yield (
                f"behaviour.handling.{medium.word}: the minutes for {', '.join(taken)} at {', '.join(desks)} are the "
                "default's, an airline's; write what yours take, or the same figures with a source of your own"
            )


def _desks_of(experiment: Experiment, medium: str) -> set[str]:
    """The desks of the models compared that answer a medium."""
    every = (item for operator in experiment.operators.values() for item in operator.channels.items())
    channels = {name for name, channel in every if channel.medium == medium}
    models = (experiment.staffing[name] for name in experiment.compared)
    return {name for model in models for name, desk in model.desks.items() if channels & set(desk.serves)}


def _is(minutes: Any, defaults: Any, medium: str, need: str) -> bool:
    """Is a handling time the default's, with its source?"""
    group = defaults.get(medium)
    if group is None:
        return False
    if "same_as" in group:
        group = defaults[group["same_as"].rpartition(".")[2]]
    default = group[need]
    if "same_as" in default:
        default = group[default["same_as"]]
    return bool((minutes.text, minutes.source) == (default["value"], default["source"]))
