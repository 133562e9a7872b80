"""Command lines that are asked to end at a stage of their work: each in a copy of this process, struck from within.

    python -m tests.faults.struck FOLDER      prints a line of JSON a case: name, exit status, words, leftovers

What is struck is a function: where it is called for the n-th time, the process gets the signal. So it is this very
stage, however fast the machine is.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QUEUE = ("experiment=queue", "queue.customers=500", "replications=4", "workers=2")
TOKYO = ("experiment=tokyo", "population.scale=0.005", "replications=2", "workers=1")


@dataclass(frozen=True)
class Case:
    """A command line, the function in which it is struck, and at which of its calls."""

    name: str
    function: str
    words: tuple[str, ...] = QUEUE
    signal: signal.Signals = signal.SIGTERM
    call: int = 1
    kept: bool | None = False
    """Has it finished blocks by then? None: one thread may have, or not."""
    complete: bool = False
    """Are its results in place by then?"""


CASES = (
    Case("composing", "caresim.config.compose:read", signal=signal.SIGINT),
    Case(
        "taken for a mistake",
        "hydra.core.override_parser.overrides_parser:OverridesParser.parse_overrides",
        (*QUEUE, "seed=${replications}"),  # which Hydra composes each time
    ),
    Case("compiling", "caresim.model.jit:compiled_before"),
    Case("building", "caresim.scenario.run:build", signal=signal.SIGHUP),
    Case("simulating, alone", "caresim.run.block:reduce", (*QUEUE, "workers=1"), call=3, kept=True),
    Case("measuring", "caresim.measure.metrics:measure", call=4, kept=None),
    Case("putting together", "caresim.tasks.compare.compare:gathered", kept=True),
    Case("writing", "caresim.run.folder:write_manifest", (*QUEUE, "figures=none"), signal.SIGINT, kept=True),
    Case("drawing", "caresim.tasks.compare.figures:save_both", kept=True),
    Case(
        "a sweep",
        "caresim.tasks.compare.command:computed",
        ("-m", "seed=1,2", *QUEUE, "figures=none"),
        call=2,
        kept=True,
    ),
    Case(
        "gathering a sweep",
        "caresim.tasks.compare.sweep.sweep:write_csv",
        ("-m", "seed=1,2", *QUEUE, "figures=none"),
        kept=True,
    ),
    Case("forgetting", "caresim.run.store:Store.forget", (*QUEUE, "figures=none"), kept=True, complete=True),
    Case("explain, forgetting", "caresim.run.store:Store.forget", (*TOKYO, "task=explain"), kept=None, complete=True),
    Case("explain", "caresim.tasks.explain.command:explain", (*TOKYO, "task=explain")),
    Case("story", "caresim.tasks.story.command:story", (*TOKYO, "task=story")),
    Case("backtest", "caresim.tasks.backtest.command:settings_of", ("task=backtest", "backtest=stylised_facts")),
)


def strike(case: Case) -> None:
    """Have the case's function send the signal when it is called for the n-th time."""
    module, _, path = case.function.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    original: Callable[..., Any] = getattr(owner, name)
    calls: list[int] = []

    def struck(*arguments: Any, **options: Any) -> Any:
        calls.append(0)
        if len(calls) == case.call:
            os.kill(os.getpid(), case.signal)
        return original(*arguments, **options)

    setattr(owner, name, struck)


def outcome(case: Case, folder: Path) -> dict[str, Any]:
    """Run the case in a copy of this process, in a folder of its own."""
    place = Path(tempfile.mkdtemp(dir=folder))
    copy = os.fork()
    if copy == 0:
        run(case, place)
    _, ended = os.waitpid(copy, 0)
    left = sorted(path.relative_to(place).as_posix() for path in (place / "outputs").rglob("*"))
    words = (place / "words").read_text(encoding="utf-8")
    return {"name": case.name, "status": os.waitstatus_to_exitcode(ended), "words": words, "left": left}


def run(case: Case, place: Path) -> None:
    """In the copy: the command line, with its words in a file. Does not return."""
    from caresim.__main__ import command
    from caresim.run import stop_signals
    from caresim.run.attempt import interrupted

    os.chdir(place)
    words = os.open("words", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(words, 1)
    os.dup2(words, 2)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # whoever started this may have it ignore them
    stop_signals.install(interrupted)
    strike(case)
    status = command(case.words)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)


def main(folder: Path) -> None:
    for module in ("caresim.tasks.compare.command", "caresim.tasks.explain.explanation", "caresim.tasks.compare.sweep"):
        importlib.import_module(module)
    for case in CASES:
        print(json.dumps(outcome(case, folder)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
