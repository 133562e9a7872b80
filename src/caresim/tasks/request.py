"""From the words of the command line to jobs: composed by Hydra, every one validated before any work starts.

Hydra's `compose` is used and not `hydra.main`: that composes every configuration twice (0.9 s each), and makes folders
and logs that a run with a folder of its own has no use for. The words are Hydra's either way.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from caresim.config.compose import Composer, compose, resolved, validate
from caresim.config.errors import BadInput, from_hydra
from caresim.config.raw import check_word
from caresim.run.workers import connected
from caresim.tasks.registry import COMMAND, TASKS

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


@dataclass(frozen=True)
class Job:
    """One run: the experiment, and what makes it differ from the other runs of a sweep."""

    number: int
    experiment: Experiment
    overrides: Mapping[str, str]

    def manifest_entry(self) -> dict[str, Any]:
        """What the manifest of its run says about it."""
        return {"number": self.number, "overrides": dict(self.overrides)}

    def __str__(self) -> str:
        return ", ".join(f"{key}={value}" for key, value in self.overrides.items()) or "as configured"


@dataclass(frozen=True)
class Request:
    """What the words of a command line ask for."""

    overrides: tuple[str, ...] = ()
    config_dir: str | None = None
    sweeping: bool = False
    printing: bool = False
    helping: bool = False
    plugins: tuple[str, ...] = ()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput("command line", message, "caresim --help tells what there is")


def parse(words: Sequence[str]) -> Request:
    """The flags, at any place between the overrides; BadInput for those that do not exist."""
    for word in words:
        check_word(word)
    parser = _Parser(prog="caresim", add_help=False, allow_abbrev=False)
    parser.add_argument("overrides", nargs="*")
    parser.add_argument("--help", "-h", action="store_true")
    parser.add_argument("--multirun", "-m", action="store_true")
    parser.add_argument("--config-dir", "-cd")
    parser.add_argument("--cfg", "-c", choices=["job"])
    parser.add_argument("--plugin", action="append", default=[])
    args = parser.parse_intermixed_args(list(words))
    if args.multirun and args.cfg:
        raise BadInput("--cfg", args.cfg, "prints one configuration: leave out -m and give every key one value")
    return Request(
        tuple(args.overrides), args.config_dir, args.multirun, args.cfg is not None, args.help, tuple(args.plugin)
    )


def own_task(request: Request) -> str | None:
    """The task that the words name, if it has a configuration of its own; None: the words are those of experiments."""
    values = {name(word): value(word) for word in request.overrides}
    task = values.get("task", "")
    if task not in TASKS or not TASKS[task].own_configuration:
        return None
    if request.sweeping:
        _check_sweepable(task)
    return task


def jobs(request: Request) -> list[Job]:
    """The runs asked for, in order: one, or in a sweep every combination of the values of the swept keys."""
    words, keys = combinations(request.overrides) if request.sweeping else ([list(request.overrides)], [])
    if request.sweeping:
        _check_swept(keys, request.overrides)
    runs, composer = [], Composer(request.config_dir)
    for number, overrides in enumerate(words):
        experiment = composer.compose(overrides, keys) if keys else compose(overrides, request.config_dir)
        if TASKS[experiment.task].own_configuration:
            allowed = f"goes its own way; write task={experiment.task} on the command line"
            raise BadInput("task", experiment.task, allowed)
        if request.sweeping:
            _check_sweepable(experiment.task)
        runs.append(Job(number, experiment, {name(word): value(word) for word in overrides if name(word) in keys}))
    for cluster in {job.experiment.cluster for job in runs} - {None}:
        connected(str(cluster)).close()
    return runs


def _check_swept(keys: Sequence[str], overrides: Sequence[str]) -> None:
    if not keys:
        words = " ".join(overrides) or "no key"
        raise BadInput(
            "-m", words, "a sweep needs a key with several values, such as seed=1,2; for one run leave out -m"
        )
    if "output_dir" in keys:
        raise BadInput("output_dir", "several values", "cannot be swept: all runs of a sweep go into one folder")
    if "task" in keys:
        raise BadInput("task", "several values", "cannot be swept: all runs of a sweep are of one task")


def _check_sweepable(task: str) -> None:
    if TASKS[task].no_sweep:
        raise BadInput("-m", f"task={task}", TASKS[task].no_sweep)


def printed(request: Request) -> str:
    """The configuration that would run, as YAML, once it has proved to be good."""
    from omegaconf import OmegaConf

    mapping = resolved(request.overrides, request.config_dir)
    validate(mapping)
    return OmegaConf.to_yaml(OmegaConf.create(mapping))


def combinations(overrides: Sequence[str]) -> tuple[list[list[str]], list[str]]:
    """The overrides of every job of a sweep (`seed=1,2 record=none,all`: four jobs), and the names of swept keys."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import ValueType

    discrete = (ValueType.SIMPLE_CHOICE_SWEEP, ValueType.CHOICE_SWEEP, ValueType.RANGE_SWEEP)
    choices, keys = [], []
    for word in overrides:
        check_word(word)
        try:
            override = OverridesParser.create().parse_override(word)
        except Exception as error:
            raise from_hydra(error) from None
        if not override.is_sweep_override():
            choices.append([word])
        elif override.value_type in discrete:
            keys.append(name(word))
            choices.append([f"{override.get_key_element()}={text}" for text in override.sweep_string_iterator()])
        else:
            raise BadInput(
                name(word), word.partition("=")[2], "a sweep takes a list (1,2,4), range(1,9) or choice(a,b)"
            )
    return [list(words) for words in itertools.product(*choices)], keys


def name(word: str) -> str:
    """The key of an override, without the signs that add it."""
    return word.partition("=")[0].lstrip("+~")


def value(word: str) -> str:
    """The value of an override as text, without quotes."""
    return word.partition("=")[2].strip("'\"")


def command_of(task: str) -> Callable[[Request, Sequence[Job]], int]:
    """What runs a task: `run` in the `command.py` of its folder, loaded when it is asked for."""
    run: Callable[[Request, Sequence[Job]], int] = importlib.import_module(f"caresim.tasks.{task}.{COMMAND}").run
    return run
