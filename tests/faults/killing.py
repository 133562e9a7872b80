"""A small study that is killed at a moment, then started again: what it has left then, against an undisturbed one.

A study is a copy of this process, which has loaded everything already: so the moments fall into the work itself, and a
hundred of them take minutes.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from tests.support.waiting import PATIENCE_S

from caresim.run.output_dir import LATEST
from caresim.run.workers import KIND

WORDS = ("experiment=queue", "queue.customers=1000", "replications=6", "figures=few", "workers=2")
TIMED = b"<!-- durations -->"
"""The one line of the page that varies."""
VARYING = ("finished", "durations", "effort")
"""What the manifest says of the hour and of the machine."""
LOADED = ("tasks.compare.command", "tasks.compare.terminal", "tasks.compare.figures", "tasks.compare.observations")


@dataclass(frozen=True)
class Trial:
    """A study that was killed after some seconds, and finished by a second command."""

    after_s: float
    was_over: bool
    """Had it ended by itself before?"""
    left: tuple[str, ...]
    """What lay in its folder when it had been killed."""
    wrong: tuple[str, ...]
    """What is not as it is after an undisturbed study; none is as it should be."""


def begun(place: Path, kind: str, words: Sequence[str] = WORDS) -> int:
    """The number of a process that carries out the command line in a folder, with workers of this kind."""
    (place / "tmp").mkdir(parents=True, exist_ok=True)
    copy = os.fork()
    if copy == 0:
        in_copy(lambda: carried_out(place, kind, words))
    return copy


def in_copy(work: Callable[[], int]) -> NoReturn:
    """In a copy of this process: the work, with an error printed, then its end."""
    status = 70
    try:
        status = work()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def carried_out(place: Path, kind: str, words: Sequence[str]) -> int:
    """In the copy: its words go to a file, its temporary files into a folder, whoever it starts joins its session."""
    from caresim.__main__ import main
    from caresim.run.processes import idle

    os.setsid()
    os.chdir(place)
    said = os.open("words", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.environ.update({KIND: kind, "TMPDIR": str(place / "tmp")})
    tempfile.tempdir = None
    sys.argv[1:] = words
    try:
        main()
    finally:
        idle.dismiss()  # as when a Python ends
    return 0


def load() -> None:
    """Everything that a study needs, before the first is begun."""
    from caresim.model import jit

    for name in LOADED:
        importlib.import_module(f"caresim.{name}")
    jit.prepare()


def ended(process: int) -> int:
    """The exit status of a process when it has ended."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def undisturbed(place: Path, kind: str) -> tuple[dict[str, Any], float]:
    """What a study leaves that nobody kills, and how many seconds it takes."""
    started = time.monotonic()
    if status := ended(begun(place, kind)):
        raise RuntimeError(f"exit status {status}: {(place / 'words').read_text(encoding='utf-8')}")
    seconds = time.monotonic() - started
    (run,) = runs_of(place)
    return contents(run), seconds


def killed(place: Path, kind: str, after_s: float, expected: dict[str, Any]) -> Trial:
    """Start, kill after so many seconds, start again."""
    study = begun(place, kind)
    until = time.monotonic() + after_s
    over = 0
    while not over and time.monotonic() < until:
        time.sleep(0.002)
        over, how = os.waitpid(study, os.WNOHANG)
    if not over:
        os.kill(study, signal.SIGKILL)
        _, how = os.waitpid(study, 0)
    left = names(place)
    # Whoever was at work for it ends with what is in hand, because nobody takes it.
    until = time.monotonic() + PATIENCE_S
    while (orphans := of_session(study)) and time.monotonic() < until:
        time.sleep(0.02)
    status = ended(begun(place, kind))
    wrong = complaints(place, status, expected, orphans, how == 0)
    return Trial(after_s, how == 0, left, tuple(wrong))


def complaints(place: Path, status: int, expected: dict[str, Any], orphans: list[int], was_over: bool) -> list[str]:
    """What is not as it should be after the second command."""
    if status:
        return [f"exit status {status}: {(place / 'words').read_text(encoding='utf-8')}"]
    wrong = [f"process {number} has outlived the study" for number in orphans]
    runs = runs_of(place)
    whole = [run for run in runs if (run / "manifest.json").exists()]
    wrong += [f"left over: {run.name}" for run in runs if run not in whole]
    wrong += [f"left over: {name}" for name in names(place / "tmp")]
    if not 1 <= len(whole) <= 2 or (was_over and len(whole) != 2):
        wrong.append(f"{len(whole)} runs in all")
    for run in whole:
        wrong += [f"{name} is not as it was undisturbed" for name in differing(contents(run), expected)]
    return wrong


def runs_of(place: Path) -> list[Path]:
    """All that lies in the folder of the runs, but for what leads to the newest."""
    return sorted(path for path in (place / "outputs").iterdir() if path.name != LATEST)


def contents(run: Path) -> dict[str, Any]:
    """Every file of a run by its name: its bytes, and of the manifest and the page what does not vary."""
    files = {path.relative_to(run).as_posix(): path.read_bytes() for path in run.rglob("*") if path.is_file()}
    manifest = json.loads(files.pop("manifest.json"))
    for name in {"report.html"} & files.keys():
        files[name] = b"\n".join(line for line in files[name].splitlines() if TIMED not in line)
    return {**files, "manifest.json": {key: value for key, value in manifest.items() if key not in VARYING}}


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def names(place: Path) -> tuple[str, ...]:
    return tuple(sorted(path.relative_to(place).as_posix() for path in place.rglob("*"))) if place.exists() else ()


def of_session(number: int) -> list[int]:
    """Processes of a session that are there and no zombies. (None, where the system does not tell.)"""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (place / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == number and state != "Z":
            found.append(int(place.name))
    return found


def clear(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
