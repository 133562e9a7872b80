"""From command-line words and YAML files to a validated experiment: Hydra composes, pydantic validates."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from caresim.config import checks, paths, price, queue, replay
from caresim.config.errors import BadInput, from_hydra, from_validation, misspelt_name
from caresim.config.experiment import Experiment
from caresim.config.interpolation import check_references
from caresim.config.population_checks import check_bookings
from caresim.config.raw import check_raw, check_word
from caresim.config.shared import linked
from caresim.tasks.registry import TASKS

ADDED = re.compile(r"\+staffing/(?P<case>[\w/]+)@staffing\.(?P<name>\w+)=(?P<file>\w+)")
"""A staffing model from a case's folder."""
PLAIN = re.compile(r"[\w.]+=")
"""An override that sets a value, or chooses of a group."""
KEY = re.compile(r"(?P<sign>\+\+|\+|~)?(?P<key>[\w./@-]+)")
HYDRAS_OWN = re.compile(r"(?:^|@)hydra\b")
"""A key or a place among Hydra's own settings, of which some load modules."""


def compose(overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> Experiment:
    """The experiment that `overrides` ask for, such as `["experiment=tokyo", "replications=64"]`.

    `config_dir` adds a folder with a user's own experiments, staffing models, populations, ... BadInput says what is
    wrong with either.
    """
    try:
        return validate(resolved(overrides, config_dir))
    except BadInput as problem:
        raise of_another_case(problem, overrides) from None


class Composer:
    """Composes one configuration after the other that differ in values alone: what they share is composed once.

    The experiments are those of `compose`, and so are the errors.
    """

    def __init__(self, config_dir: str | Path | None = None) -> None:
        self.config_dir = config_dir
        self._shared: dict[tuple[str, ...], dict[str, Any] | None] = {}

    def compose(self, overrides: Sequence[str], varied: Collection[str]) -> Experiment:
        """The experiment that `overrides` ask for; those whose keys are among `varied` are others the next time."""
        values = [word for word in overrides if PLAIN.match(word) and word.partition("=")[0] in varied]
        mapping = self._with_values(tuple(word for word in overrides if word not in values), values)
        if mapping is None:
            return compose(overrides, self.config_dir)
        try:
            return validate(mapping)
        except BadInput as problem:
            raise of_another_case(problem, overrides) from None

    def _with_values(self, rest: tuple[str, ...], values: Sequence[str]) -> dict[str, Any] | None:
        """What Hydra would compose of all these words; None where that does not follow from the rest of them."""
        if rest not in self._shared:
            self._shared[rest] = self._without_references(rest)
        mapping = self._shared[rest]
        for word in values:
            assigned = None if mapping is None else _assigned(word, [*rest, *values], self.config_dir)
            mapping = None if assigned is None or mapping is None else _put(mapping, *assigned)
        return mapping

    def _without_references(self, words: Sequence[str]) -> dict[str, Any] | None:
        """What Hydra composes, if no value of it refers to another one, which might be changed afterwards."""
        from omegaconf import OmegaConf

        try:
            composed = _composed(words, self.config_dir)
            plain = OmegaConf.to_container(composed, resolve=False)
            return plain if plain == OmegaConf.to_container(composed, resolve=True) else None  # type: ignore[return-value]
        except Exception:
            # It may be good with the other words; if it is not, composing them all together says why.
            return None


def _assigned(word: str, words: Sequence[str], config_dir: str | Path | None) -> tuple[list[str], Any] | None:
    """Path and value of an override that only sets one value, and that no other of the words has to do with."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    (whole,) = relaxed([word], config_dir)
    if not whole.startswith("++"):
        return None
    parsed = OverridesParser.create().parse_override(whole)
    key, value = parsed.key_or_group, parsed.value()
    keys = [other.partition("=")[0].lstrip("+~") for other in words if other is not word]
    related = any(f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.") for other in keys)
    if related or not isinstance(value, str | int | float | bool | None) or "${" in str(value):
        return None
    return key.split("."), value


def _put(mapping: dict[str, Any], path: Sequence[str], value: Any) -> dict[str, Any] | None:
    """A copy of the mapping with another value at the path; None where nothing leads there."""
    first, *rest = path
    if not rest:
        return {**mapping, first: value}
    inner = mapping.get(first)
    changed = _put(inner, rest, value) if isinstance(inner, dict) else None
    return None if changed is None else {**mapping, first: changed}


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
    if not isinstance(mapping, Mapping):
        raise BadInput("configuration", mapping, "must be a mapping")
    check_raw(mapping)
    raw = linked(laid_out(mapping))
    try:
        experiment = Experiment.model_validate(raw)
    except ValidationError as error:
        raise misspelt_name(error, raw, Experiment) or from_validation(error) from None
    check_price(experiment)
    checks.check(experiment)
    return experiment


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


def resolved(overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> dict[str, Any]:
    """What Hydra composes, as plain mappings and lists."""
    from omegaconf import OmegaConf

    composed = _composed(overrides, config_dir)
    try:
        check_references(OmegaConf.to_container(composed, resolve=False))  # type: ignore[arg-type]
        return OmegaConf.to_container(composed, resolve=True)  # type: ignore[return-value]
    except Exception as error:
        raise from_hydra(error, relaxed(overrides, config_dir)) from None


def _composed(overrides: Sequence[str], config_dir: str | Path | None) -> Any:
    """What Hydra composes, as its own object. BadInput where it cannot."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra

    from caresim.config import lookups, yaml_source  # late: one of them loads Hydra

    words = relaxed(overrides, config_dir)
    for word in overrides:
        key, _, value = word.partition("=")
        lookups.refuse(value, key.lstrip("+~"))
    if config_dir is not None:
        refuse_shadows(config_dir)
        words.append(yaml_source.search_path(config_dir))
    outer = GlobalHydra.instance().hydra
    GlobalHydra.instance().hydra = None
    try:
        with initialize_config_dir(str(paths.conf()), version_base="1.3"):
            composed = hydra_compose("config", words)
            _check_reach(composed, overrides)
            return composed
    except Exception as error:
        raise from_hydra(error, words) from None
    finally:
        GlobalHydra.instance().hydra = outer


def _check_reach(composed: Any, overrides: Sequence[str]) -> None:
    """Refuse what files must not do: look up what is no value of theirs, or choose who computes.

    The scheduler of a cluster can run any code here, so that a user names it, and no file.
    """
    from omegaconf import OmegaConf

    from caresim.config import lookups

    lookups.refuse(OmegaConf.to_container(composed, resolve=False))
    named = any(word.partition("=")[0].strip("+ ") == "cluster" for word in overrides)
    if composed.get("cluster") is not None and not named:
        allowed = "is set by a file; a cluster can run code here, so name it on the command line"
        raise BadInput("cluster", composed.cluster, f"{allowed}: cluster=tcp://host:8786")


def relaxed(overrides: Sequence[str], config_dir: str | Path | None = None) -> list[str]:
    """The overrides with `key=value` written `++key=value` where the key is no group.

    So a key that has a default in the schema but no line in a file can be set as any other, and an unknown one gets our
    message, with what it may have meant, instead of Hydra's advice to append it.
    """
    folders = [paths.conf()] + ([Path(config_dir)] if config_dir else [])
    return [_relaxed(word, folders) for word in overrides]


def _relaxed(word: str, folders: Sequence[Path]) -> str:
    check_word(word)
    key, equals, value = word.partition("=")
    if not KEY.fullmatch(key.strip()) or (not equals and not key.startswith("~")):
        raise BadInput("command line", word, "must be key=value, such as replications=64")
    task = key.lstrip("+~")
    if HYDRAS_OWN.search(task):
        raise BadInput(task, value, "is a setting of Hydra's own, which caresim does not use; leave it out")
    if task in TASKS and TASKS[task].own_configuration:
        raise BadInput(task, value, f"is a choice of task={task}; write task={task} {task}={value}")
    group = any(paths.is_folder(folder / key) and next((folder / key).glob("*.yaml"), None) for folder in folders)
    if key[0] in "+~" or "/" in key or "@" in key or group:
        return word
    return f"++{word}"


def refuse_shadows(config_dir: str | Path) -> None:
    """Refuse a user's file with the path of a packaged one, which would win in silence (unless they are equal)."""
    mine, ours = Path(config_dir), paths.conf()
    if not paths.is_folder(mine):
        raise BadInput("--config-dir", str(config_dir), "must be an existing folder")
    for packaged in sorted(ours.rglob("*.yaml")):
        file = mine / packaged.relative_to(ours)
        if paths.is_file(file) and packaged.read_bytes() != file.read_bytes():
            allowed = "has the name of a packaged file, which would be used instead of it; give yours another name"
            raise BadInput("--config-dir", str(file), allowed)
