"""What the words of a command line ask for.

Each word of Hydra's command line works, or is refused with what to type instead (flags.py, config/hydra_settings.py).
Nothing is composed here, unless the name of a folder refers to the configuration: help and a misspelt flag are answered
at once.
"""

from __future__ import annotations

import importlib
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.config import hydra_settings
from caresim.config.errors import BadInput
from caresim.config.raw import check_word
from caresim.tasks import flags, placement
from caresim.tasks.combinations import choices_of, name, value
from caresim.tasks.placement import Placement
from caresim.tasks.registry import COMMAND, TASKS

if TYPE_CHECKING:
    from caresim.tasks.job import Job

MODE = "hydra.mode"
OF_THE_MACHINE = ("output_dir", "workers", "cluster", "i_have_time")
"""Keys that no result depends on."""


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
        from caresim.config.compose import compose  # late: it loads what an experiment is

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
        check_sweepable(task)
    if request.info or request.package or request.resolving or request.printing not in ("", flags.JOB):
        raise BadInput("task", task, "has a configuration of its own, and no other flag for it than --cfg job")
    return task


def check_sweepable(task: str) -> None:
    """BadInput where a task cannot be swept."""
    if TASKS[task].no_sweep:
        raise BadInput("-m", f"task={task}", TASKS[task].no_sweep)


def command_of(task: str) -> Callable[[Request, Sequence[Job]], int]:
    """What runs a task: `run` in the `command.py` of its folder, loaded when it is asked for."""
    run: Callable[[Request, Sequence[Job]], int] = importlib.import_module(f"caresim.tasks.{task}.{COMMAND}").run
    return run
