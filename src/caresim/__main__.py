"""The command line: `python -m caresim experiment=tokyo replications=64`, the same as the command `caresim`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.run import refusal, stop_signals
from caresim.run.attempt import BAD_INPUT, DONE, FAILED, INTERRUPTED, WorkerLostError, begin_anew, interrupted
from caresim.run.reader_gone import with_streams

if TYPE_CHECKING:
    from caresim.tasks.request import Request

COMPLETION = {"--shell-completion", "-sc"}
"""Looked at before anything else is loaded: it is asked at each press of a key."""


def main() -> None:
    """Exit with 0 done, 2 bad input or a disk that refuses, 130 Ctrl-C, 143 SIGTERM, 129 SIGHUP, 141 nobody reads the
    output, 1 anything else.
    """
    stop_signals.install(interrupted)
    sys.exit(with_streams(command, sys.argv[1:]))


def command(words: Sequence[str]) -> int:
    """Do what the words ask for; returns the exit status."""
    begin_anew()
    try:
        return _answered(words)
    except KeyboardInterrupt as pressed:
        stop_signals.tell(interrupted(str(pressed)))
        return stop_signals.status() or INTERRUPTED
    except Exception as problem:
        if (status := stop_signals.status()) is not None:
            # A library that was interrupted while it was loaded, or while it cleared up, says so in words of its own.
            stop_signals.tell(interrupted())
            return status
        if isinstance(problem, WorkerLostError):
            print(f"caresim: {problem}", file=sys.stderr)
            return FAILED
        if (line := refusal.told_at_last(problem)) is None:
            raise
        print(f"caresim: {line}", file=sys.stderr)
        return BAD_INPUT


def _answered(words: Sequence[str]) -> int:
    # Loaded here, where Ctrl-C is already looked after.
    from caresim.config.errors import BadInput

    try:
        return _dispatched(words)
    except BadInput as problem:
        if stop_signals.status() is not None:
            raise  # Hydra takes whatever ends it for a mistake in the configuration
        print(f"caresim: {problem}", file=sys.stderr)
        return BAD_INPUT


def _dispatched(words: Sequence[str]) -> int:
    if COMPLETION.intersection(words[:1]):
        from caresim.tasks import completion

        return completion.answer(words[1:])
    from caresim.config import pace
    from caresim.tasks import request as asking

    pace.tell(lambda line: print(line, file=sys.stderr, flush=True))
    request = asking.parse(words)
    if request.text:
        print(_text(request))
        return DONE
    if request.plugins:
        from caresim.run.plugins import load

        load(request.plugins)
    task = asking.own_task(request)
    if request.info or (request.printing and task is None):
        from caresim.tasks import information

        print(information.told(request) if request.info else information.configuration(request), end="")
        return DONE
    from caresim.run.output_dir import put_at

    request, folder = asking.placed(request)
    with put_at(folder):
        if task is not None:
            return asking.command_of(task)(request, [])
        from caresim.config.labels import spoken_of
        from caresim.tasks.jobs import jobs_of

        jobs = jobs_of(request)
        with spoken_of(jobs[0].experiment):
            return asking.command_of(jobs[0].experiment.task)(request, jobs)


def _text(request: Request) -> str:
    """What `--help`, `--hydra-help` and `--version` print."""
    from caresim.tasks import information, manual

    if request.text == "help":
        return manual.text(request.config_dir)
    return information.hydra_help() if request.text == "hydra_help" else information.versions()


def _leave_folder() -> None:
    """Let modules be looked for where they are installed, and no longer in the current folder.

    `python -m` puts that first, so that any file there with the name of a library would run in its place.
    """
    here, package = Path.cwd(), Path(__file__).resolve().parents[1]
    if sys.path and Path(sys.path[0]).resolve() == here.resolve() != package:
        del sys.path[0]


if __name__ == "__main__":
    _leave_folder()
    main()
