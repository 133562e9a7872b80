"""From the words of the command line to jobs: composed by Hydra, and priced before any work starts.

A sweep begins with its first run: before that its price is known and each value has been tried once, with the first
values of the other keys (of very many values 200, the first and the last among them). Every run is composed when its
turn comes; one that is refused then, because its values do not fit each other, stops no other.

Hydra's `compose` is used and not `hydra.main`: that composes every configuration twice (0.9 s each), and makes folders
and logs that a run with a folder of its own has no use for. The words are Hydra's either way.
"""

from __future__ import annotations

import argparse
import importlib
import math
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, overload

from caresim.config import price
from caresim.config.compose import compose, validate
from caresim.config.composer import Composer
from caresim.config.composition import resolved
from caresim.config.errors import BadInput
from caresim.config.raw import check_word
from caresim.config.warnings import warnings_of
from caresim.model.cores import cores
from caresim.run.workers import connected
from caresim.tasks.combinations import Choice, Combinations, choices_of, name, spread, value
from caresim.tasks.registry import COMMAND, TASKS

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


MOST_TRIED = 200
"""Values of each key that are tried before a sweep begins: three seconds in tokyo. More are those of a range, of which
the ends say whether the others are good.
"""

OF_THE_MACHINE = ("output_dir", "workers", "cluster", "i_have_time")
"""Keys that no result depends on."""


@dataclass(frozen=True)
class Job:
    """One run: the experiment, and what makes it differ from the other runs of a sweep."""

    number: int
    source: Experiment | Callable[[], Experiment]
    """The experiment, or what composes it when it is first asked for."""
    overrides: Mapping[str, str]

    @cached_property
    def experiment(self) -> Experiment:
        """BadInput where its values do not fit each other."""
        return self.source() if callable(self.source) else self.source

    def manifest_entry(self) -> dict[str, Any]:
        """What the manifest of its run says about it."""
        return {"number": self.number, "overrides": dict(self.overrides)}

    def __str__(self) -> str:
        return ", ".join(f"{key}={value}" for key, value in self.overrides.items()) or "as configured"


class Jobs(Sequence[Job]):
    """The runs of a sweep, each made when it is asked for, and not kept."""

    def __init__(self, words: Combinations, keys: Sequence[str], composer: Composer) -> None:
        self._words, self._keys, self._composer = words, tuple(keys), composer

    def __len__(self) -> int:
        return len(self._words)

    @overload
    def __getitem__(self, number: int) -> Job: ...
    @overload
    def __getitem__(self, number: slice) -> list[Job]: ...
    def __getitem__(self, number: int | slice) -> Job | list[Job]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        words = self._words[number]
        overrides = {name(word): value(word) for word in words if name(word) in self._keys}
        return Job(number, lambda: _sweepable(compose(words, composer=self._composer)), overrides)


@dataclass(frozen=True)
class Request:
    """What the words of a command line ask for."""

    overrides: tuple[str, ...] = ()
    config_dir: str | None = None
    sweeping: bool = False
    printing: bool = False
    helping: bool = False
    plugins: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """What to type for the same results: without words that only say where and how they are computed."""
        words = ["python", "-m", "caresim", *(["-m"] if self.sweeping else [])]
        words += [word for module in self.plugins for word in ("--plugin", module)]
        words += ["--config-dir", self.config_dir] if self.config_dir else []
        return shlex.join([*words, *(word for word in self.overrides if name(word) not in OF_THE_MACHINE)])


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


def jobs(request: Request) -> Sequence[Job]:
    """The runs asked for, in order: one, or in a sweep every combination of the values of the swept keys."""
    if request.sweeping:
        return _swept(request)
    experiment = _of_experiments(compose(request.overrides, request.config_dir))
    _check_machines(experiment)
    _warn(experiment)
    return [Job(0, experiment, {})]


def _swept(request: Request) -> Jobs:
    """The runs of a sweep, once its price is known and its values have been tried."""
    choices = choices_of(request.overrides)
    keys = [name(choice.word) for choice in choices if choice.swept]
    _check_swept(keys, request.overrides)
    composer = Composer(request.config_dir)
    firsts = [choice.first for choice in choices]
    first = _sweepable(compose(firsts, composer=composer))
    count = math.prod(choice.count for choice in choices)
    _check_total(first, count, 1.0, choices)
    _check_machines(first)
    _warn(first)
    forms = [choice.words() for choice in choices]
    dearer, base = 1.0, price.price_of(first).seconds
    for place, words in enumerate(forms):
        tried = [words[n] for n in spread(len(words), MOST_TRIED)] if len(words) > 1 else []
        lists = [[*firsts[:place], word, *firsts[place + 1 :]] for word in tried]
        experiments = [_sweepable(compose(words, composer=composer)) for words in lists]
        for experiment in experiments:
            if experiment.cluster != first.cluster:
                _check_machines(experiment)
        if experiments:
            seconds = math.fsum(price.price_of(experiment).seconds for experiment in experiments)
            dearer *= seconds / len(experiments) / base
    _check_total(first, count, dearer, choices)
    return Jobs(Combinations(forms), keys, composer)


def _check_total(first: Experiment, count: int, dearer: float, choices: Sequence[Choice]) -> None:
    """BadInput for a sweep of too many runs, which take `dearer` times what the first of them takes."""
    whole = price.of_sweep(first, count, dearer)
    words = " ".join(choice.word for choice in choices if choice.swept)
    price.check_total(whole, first.i_have_time, "-m", words, count, "runs", f"makes {count:,} runs, ")


def _of_experiments(experiment: Experiment) -> Experiment:
    """The experiment, unless its task goes its own way."""
    if TASKS[experiment.task].own_configuration:
        allowed = f"goes its own way; write task={experiment.task} on the command line"
        raise BadInput("task", experiment.task, allowed)
    return experiment


def _sweepable(experiment: Experiment) -> Experiment:
    """The experiment, unless its task cannot be swept."""
    _check_sweepable(_of_experiments(experiment).task)
    return experiment


def _check_machines(experiment: Experiment) -> None:
    """BadInput where there is no such cluster; a line where workers have no core of their own."""
    if experiment.cluster is not None:
        connected(experiment.cluster).close()
    else:
        warn_of(experiment.workers)


def _warn(experiment: Experiment) -> None:
    """A line on the error stream for whatever can hardly be meant."""
    for line in warnings_of(experiment):
        print(f"caresim: {line}", file=sys.stderr)


def warn_of(workers: int | None) -> None:
    """A line on the error stream for more workers than cores."""
    if workers is not None and workers > cores():
        there = f"{cores()} core{'s' if cores() > 1 else ''}"
        print(f"caresim: workers={workers} is more than the {there} here, which does not help", file=sys.stderr)


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


def command_of(task: str) -> Callable[[Request, Sequence[Job]], int]:
    """What runs a task: `run` in the `command.py` of its folder, loaded when it is asked for."""
    run: Callable[[Request, Sequence[Job]], int] = importlib.import_module(f"caresim.tasks.{task}.{COMMAND}").run
    return run
