"""From the words of the command line to jobs: composed by Hydra, and priced before any work starts.

A sweep begins with its first run: before that its price is known and each value has been tried once, with the first
values of the other keys (of very many values 200, the first and the last among them). Every run is composed when its
turn comes; one that is refused then, because its values do not fit each other, stops no other.

Hydra's `compose` is used and not `hydra.main`; docs/hydra.md says why, with figures. Each word of Hydra's command line
works, or is refused with what to type instead (flags.py, config/hydra_settings.py).
"""

from __future__ import annotations

import importlib
import math
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from caresim.config import hydra_settings, price
from caresim.config.compose import compose
from caresim.config.composer import Composer
from caresim.config.errors import BadInput
from caresim.config.raw import check_word
from caresim.config.warnings import warnings_of
from caresim.model.cores import cores
from caresim.run.cluster import connected
from caresim.tasks import flags, placement
from caresim.tasks.combinations import Choice, Combinations, choices_of, name, spread, value
from caresim.tasks.placement import NOWHERE, Placement, check_free
from caresim.tasks.registry import COMMAND, TASKS

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


MOST_TRIED = 200
"""Values of each key that are tried before a sweep begins: three seconds in tokyo. More are those of a range, of which
the ends say whether the others are good.
"""

MODE = "hydra.mode"
OF_THE_MACHINE = ("output_dir", "workers", "cluster", "i_have_time")
"""Keys that no result depends on."""


@dataclass(frozen=True)
class Job:
    """One run: the experiment, and what makes it differ from the other runs of a sweep."""

    number: int
    source: Experiment | Callable[[], Experiment]
    """The experiment, or what composes it when it is first asked for."""
    overrides: Mapping[str, str]
    placement: Placement = NOWHERE

    @cached_property
    def experiment(self) -> Experiment:
        """BadInput where its values do not fit each other."""
        return self.source() if callable(self.source) else self.source

    def within(self, sweep: Path) -> Path | None:
        """Where its folder goes within that of a sweep; None: it has a name of its own. BadInput where one is there."""
        name = self.placement.name_of_job(self.number, self.overrides, self.experiment)
        if name is not None:
            check_free(sweep / name, placement.SUBDIR)
        return None if name is None else sweep / name

    def manifest_entry(self) -> dict[str, Any]:
        """What the manifest of its run says about it."""
        return {"number": self.number, "overrides": dict(self.overrides)}

    def __str__(self) -> str:
        return ", ".join(f"{key}={value}" for key, value in self.overrides.items()) or "as configured"


class Jobs(Sequence[Job]):
    """The runs of a sweep, each made when it is asked for, and not kept."""

    def __init__(self, words: Combinations, keys: Sequence[str], composer: Composer, placement: Placement) -> None:
        self._words, self._keys, self._composer, self._placement = words, tuple(keys), composer, placement

    def __len__(self) -> int:
        return len(self._words)

    @property
    def neighbours(self) -> list[int]:
        """The numbers of the runs that differ from the first in one key alone."""
        return self._words.neighbours

    @overload
    def __getitem__(self, number: int) -> Job: ...
    @overload
    def __getitem__(self, number: slice) -> list[Job]: ...
    def __getitem__(self, number: int | slice) -> Job | list[Job]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        words = self._words[number]
        overrides = {name(word): value(word) for word in words if name(word) in self._keys}
        source = partial(_composed, words, self._composer)
        return Job(number, source, overrides, self._placement)


@dataclass(frozen=True)
class Request:
    """What the words of a command line ask for."""

    overrides: tuple[str, ...] = ()
    """Without those of Hydra's own settings."""
    config_dir: str | None = None
    sweeping: bool = False
    printing: str = ""
    """What is printed in place of a run: `job`, `hydra` or `all`, as in `--cfg`; empty: nothing."""
    plugins: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Values of Hydra's own settings, by key."""
    resolving: bool = False
    package: str | None = None
    info: str = ""
    """What `--info` was asked for; empty: nothing."""
    text: str = ""
    """Which text is printed in place of anything else (TEXTS of flags.py); empty: none."""

    @property
    def command(self) -> str:
        """What to type for the same results: without words that only say where and how they are computed."""
        words = ["python", "-m", "caresim", *(["-m"] if self.sweeping else [])]
        words += [word for module in self.plugins for word in ("--plugin", module)]
        words += ["--config-dir", self.config_dir] if self.config_dir else []
        return shlex.join([*words, *(word for word in self.overrides if name(word) not in OF_THE_MACHINE)])


def parse(words: Sequence[str]) -> Request:
    """The flags, at any place between the overrides; BadInput for those that do not exist, or contradict each other."""
    for word in words:
        check_word(word)
    args = flags.parsed(words)
    overrides = tuple(word for word in args.overrides if not hydra_settings.is_hydras(word))
    values = hydra_settings.taken([word for word in args.overrides if hydra_settings.is_hydras(word)])
    sweeping = _is_sweep(args.multirun, args.run, values.get(MODE))
    _check_settings(values, sweeping)
    return Request(
        overrides,
        args.config_dir,
        sweeping,
        printing=args.cfg or "",
        plugins=tuple(args.plugin),
        settings=values,
        resolving=args.resolve,
        package=args.package,
        info=args.info or "",
        text=next((name for name in flags.TEXTS if getattr(args, name)), ""),
    )


def _is_sweep(multirun: bool, run: bool, mode: str | None) -> bool:
    """What flags and `hydra.mode` say together. BadInput where they contradict each other."""
    if (multirun and mode == flags.RUN) or (run and mode == flags.SWEEP):
        other = "-m" if multirun else "--run"
        raise BadInput(MODE, mode, f"and {other} contradict each other; leave one of them out")
    return multirun or mode == flags.SWEEP


def _check_settings(values: Mapping[str, Any], sweeping: bool) -> None:
    """BadInput for a setting of Hydra's that would change nothing in this run, or in this sweep."""
    for key, said in values.items():
        if sweeping and key == placement.RUN:
            raise BadInput(key, said, f"is of one run, and -m asks for a sweep; type {placement.SWEEP}=...")
        if not sweeping and key in (placement.SWEEP, placement.SUBDIR):
            raise BadInput(key, said, f"is of a sweep (-m); for one run type {placement.RUN}=...")
        if key == placement.SUBDIR and "${" not in said:
            allowed = "is the same for all runs; put ${hydra.job.num} or ${hydra.job.override_dirname} into it"
            raise BadInput(key, said, allowed)
        if key.startswith(placement.OVERRIDE_DIRNAME) and "override_dirname" not in str(values.get(placement.SUBDIR)):
            allowed = f"changes nothing without -m {placement.SUBDIR}='${{hydra.job.override_dirname}}'"
            raise BadInput(key, said, allowed)


def placed(request: Request) -> tuple[Request, Path | None]:
    """The request with the output_dir that its folder lies in, and that folder, where its words name one.

    BadInput where they name output_dir as well, or where something is at that path.
    """
    key = placement.SWEEP if request.sweeping else placement.RUN
    if (said := request.settings.get(key)) is None:
        return request, None
    if any(name(word) == "output_dir" for word in request.overrides):
        raise BadInput(key, said, "and output_dir both say where the results go; leave one of them out")
    task = next((value(word) for word in request.overrides if name(word) == "task"), "")
    if task in TASKS and TASKS[task].no_folder:
        raise BadInput(key, said, TASKS[task].no_folder)

    def experiment() -> Mapping[str, Any]:
        if own_task(request) is not None:
            return {}
        firsts = [choice.first for choice in choices_of(request.overrides)] if request.sweeping else request.overrides
        return compose(firsts, request.config_dir).as_text()

    folder = Placement(request.settings).of(key, experiment)
    quoted = str(folder.parent).replace('"', '\\"')
    return replace(request, overrides=(*request.overrides, f'output_dir="{quoted}"')), folder


def own_task(request: Request) -> str | None:
    """The task that the words name, if it has a configuration of its own; None: the words are those of experiments."""
    values = {name(word): value(word) for word in request.overrides}
    task = values.get("task", "")
    if task not in TASKS or not TASKS[task].own_configuration:
        return None
    if request.sweeping:
        _check_sweepable(task)
    if request.info or request.package or request.resolving or request.printing not in ("", flags.JOB):
        raise BadInput("task", task, "has a configuration of its own, and no other flag for it than --cfg job")
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
    return Jobs(Combinations(forms), keys, composer, Placement(request.settings))


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


def _composed(words: Sequence[str], composer: Composer) -> Experiment:
    return _sweepable(compose(words, composer=composer))


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


def command_of(task: str) -> Callable[[Request, Sequence[Job]], int]:
    """What runs a task: `run` in the `command.py` of its folder, loaded when it is asked for."""
    run: Callable[[Request, Sequence[Job]], int] = importlib.import_module(f"caresim.tasks.{task}.{COMMAND}").run
    return run
