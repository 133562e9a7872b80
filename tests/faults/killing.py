"""A small study that is killed at a moment, then started again: what it has left then, against an undisturbed one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

WORDS = ("experiment=queue", "queue.customers=1000", "replications=6", "figures=few", "workers=2")
VARYING = ("finished", "durations", "effort")
"""What the manifest says of the hour and of the machine."""
MARK = "CARESIM_KILLED_STUDY"


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


def environment(place: Path, mark: str, **others: str) -> dict[str, str]:
    """Its temporary files lie in a folder of their own, and whoever it starts bears a mark."""
    (place / "tmp").mkdir(parents=True)
    return {**os.environ, "TMPDIR": str(place / "tmp"), MARK: mark, **others}


def command(words: Sequence[str] = WORDS) -> list[str]:
    return [sys.executable, "-m", "caresim", *words]


def undisturbed(place: Path) -> tuple[dict[str, Any], float]:
    """What a study leaves that nobody kills, and how many seconds it takes."""
    around = environment(place, uuid4().hex)
    started = time.monotonic()
    subprocess.run(command(), cwd=place, env=around, check=True, capture_output=True)
    return results(place / "outputs"), time.monotonic() - started


def killed(place: Path, after_s: float, expected: dict[str, Any], **others: str) -> Trial:
    """Start, kill after so many seconds, start again."""
    mark = uuid4().hex
    around = environment(place, mark, **others)
    quiet = {"cwd": place, "env": around, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command(), **quiet) as study:
        try:
            study.wait(after_s)
        except subprocess.TimeoutExpired:
            study.send_signal(signal.SIGKILL)
    was_over = study.returncode == 0
    left = names(place)
    # Whoever was at work for it ends with what is in hand, and at the latest when nobody takes it.
    until = time.monotonic() + 60
    while (orphans := bearers(mark)) and time.monotonic() < until:
        time.sleep(0.05)
    again = subprocess.run(command(), cwd=place, env=around, check=False, capture_output=True, text=True)
    return Trial(after_s, was_over, left, tuple(complaints(place, again, expected, orphans, was_over)))


def complaints(
    place: Path, again: subprocess.CompletedProcess[str], expected: dict[str, Any], orphans: list[int], was_over: bool
) -> list[str]:
    """What is not as it should be after the second command."""
    if again.returncode:
        return [f"exit status {again.returncode}: {again.stderr}"]
    wrong = [f"process {number} has outlived the study" for number in orphans]
    runs = sorted(path for path in (place / "outputs").iterdir())
    whole = [run for run in runs if (run / "manifest.json").exists()]
    wrong += [f"left over: {run.name}" for run in runs if run not in whole]
    wrong += [f"left over: {name}" for name in names(place / "tmp")]
    if not 1 <= len(whole) <= 2 or (was_over and len(whole) != 2):
        wrong.append(f"{len(whole)} runs in all")
    for run in whole:
        wrong += [f"{name} is not as it was undisturbed" for name in differing(contents(run), expected)]
    return wrong


def results(outputs: Path) -> dict[str, Any]:
    (run,) = outputs.iterdir()
    return contents(run)


def contents(run: Path) -> dict[str, Any]:
    """Every file of a run by its name: its bytes, and of the manifest what does not vary."""
    files = {path.relative_to(run).as_posix(): path.read_bytes() for path in run.rglob("*") if path.is_file()}
    manifest = json.loads(files.pop("manifest.json"))
    return {**files, "manifest.json": {key: value for key, value in manifest.items() if key not in VARYING}}


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def names(place: Path) -> tuple[str, ...]:
    return tuple(sorted(path.relative_to(place).as_posix() for path in place.rglob("*"))) if place.exists() else ()


def bearers(mark: str) -> list[int]:
    """Processes that a study has started, by the mark in their environment. (None, where the system does not tell.)"""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
        except OSError:
            continue
    return found


def clear(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
