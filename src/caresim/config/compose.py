"""From command-line words and YAML files to a validated experiment: Hydra composes, pydantic validates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from caresim.config import alike, checks, price, queue, replay
from caresim.config.composer import Composer, kept
from caresim.config.composition import resolved
from caresim.config.errors import BadInput, from_validation, misspelt_name
from caresim.config.experiment import Experiment
from caresim.config.origin import Origin, remember
from caresim.config.population_checks import check_bookings
from caresim.config.raw import check_raw
from caresim.config.shared import Linked, linked
from caresim.tasks.registry import TASKS

ADDED = re.compile(r"\+staffing/(?P<case>[\w/]+)@staffing\.(?P<name>\w+)=(?P<file>\w+)")
"""A staffing model from a case's folder."""


def compose(
    overrides: Sequence[str] = (), config_dir: str | Path | None = None, composer: Composer | None = None
) -> Experiment:
    """The experiment that `overrides` ask for, such as `["experiment=tokyo", "replications=64"]`.

    `config_dir` adds a folder with a user's own experiments, staffing models, populations, ... `composer`: of many
    configurations with that folder, one after the other. BadInput says what is wrong with words or files.
    """
    if composer is None and config_dir is None:
        composer = kept()
    try:
        mapping = None if composer is None else composer.of(overrides)
        if mapping is None:
            mapping = resolved(overrides, config_dir if composer is None else composer.config_dir)
        experiment, raw = read(mapping)
        remember(experiment, Origin(mapping, raw))
        return experiment
    except BadInput as problem:
        raise of_another_case(problem, overrides) from None


def of_another_case(problem: BadInput, overrides: Sequence[str]) -> BadInput:
    """The problem, and from which folder the staffing model came that has it, where one was added."""
    for word in overrides:
        added = ADDED.match(word)
        if added and problem.key.startswith(f"staffing.{added['name']}."):
            folder = f"{added['file']} is one of the staffing models of {added['case']}; it must fit this experiment"
            return BadInput(problem.key, problem.value, f"{problem.allowed} ({folder})")
    return problem


def validate(mapping: Mapping[str, Any]) -> Experiment:
    """The experiment in a plain mapping (as YAML gives it); BadInput names the first key that is wrong."""
    return read(mapping)[0]


def read(mapping: Mapping[str, Any]) -> tuple[Experiment, Linked]:
    """The same, and the raw form that it was read from."""
    if not isinstance(mapping, Mapping):
        raise BadInput("configuration", mapping, "must be a mapping")
    check_raw(mapping)
    raw = whole(mapping)
    try:
        experiment = Experiment.model_validate(raw)
    except ValidationError as error:
        raise misspelt_name(error, raw, Experiment) or from_validation(error) from None
    check_between(experiment)
    return experiment, raw


def whole(mapping: Mapping[str, Any]) -> Linked:
    """A copy of the mapping with all sections, with staffing models that are like another, and with shared quantities
    in full.
    """
    return linked(alike.filled(laid_out(mapping)))


def check_between(experiment: Experiment) -> None:
    """BadInput where the parts do not fit each other, or all together are too much for this machine."""
    check_price(experiment)
    checks.check(experiment)


def check_price(experiment: Experiment) -> None:
    """BadInput where the experiment's task is more than this machine has memory or, unless asked for, a day for."""
    once = TASKS[experiment.task].one_replication
    try:
        price.check(experiment, len(experiment.compared) if once else None)
    except BadInput as problem:
        if problem.key in ("population.scale", "population.crisis_scale"):
            check_bookings(experiment)  # where seats are fewer than memory, it names the smaller limit
        raise


def laid_out(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """The mapping with the sections that follow from `queue` or `replay`, where it has one of them."""
    for section, module in (("queue", queue), ("replay", replay)):
        if mapping.get(section) is not None:
            try:
                return module.laid_out(mapping)
            except ValidationError as error:
                raise from_validation(error, section) from None
    return mapping
