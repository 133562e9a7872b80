"""Compiling: the first run ever, the one after it, a read-only install, a second environment, and a changed file.

The command runs in a copy of the package, for a user whose home is empty. It is timed until tokyo's first replication
is done; compilation is what that takes longer than with compiled code. A second environment is another copy of the same
sources, of the same user: it is timed until tokyo's first table, with two replications.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from figure import Measured

import caresim
from parts.effort import Effort
from parts.newcomer import first_table, new_user
from parts.startup import FIRST, Spent, process, told

COMMAND = [sys.executable, str(FIRST), "experiment=tokyo"]
CHANGED = "model/anger.py"
NOT_OURS = ("matplotlib", "fontconfig")
"""Folders in a user's cache that other packages make."""


def measure(effort: Effort) -> list[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        copy, second = (installed(Path(folder) / name) for name in ("install", "second"))
        here, there = ({**new_user(home), "PYTHONPATH": on_path(place)} for place in (copy, second))
        first = process(COMMAND, **here)
        read_only(copy)
        before = contents(copy)
        then = [process(COMMAND, **here) for _ in range(effort.of(1, 3))]
        if contents(copy) != before:
            raise RuntimeError("a run has written into its own install")
        elsewhere = first_table([sys.executable, "-m", "caresim"], there)
        megabytes = compiled_mb(home, copy, second)
        changed = copy / CHANGED
        changed.chmod(0o644)
        changed.write_text(changed.read_text(encoding="utf-8") + "\n# one line more\n", encoding="utf-8")
        again = process(COMMAND, **here)
        after = process(COMMAND, **here)
        writable(copy)
    return [
        *told("first_ever_s", [first]),
        *told("compile_s", [longer(first, then)]),
        *told("cached_s", then),
        Measured("second_environment_s", "s", [elsewhere]),
        Measured("compiled_mb", "MB", [megabytes]),
        *told("compile_changed_s", [longer(again, then)]),
        *told("cached_after_change_s", [after]),
    ]


def installed(place: Path) -> Path:
    """A copy of the package in a folder of its own, as an installation has it."""
    package = Path(caresim.__file__).parent
    copy = place / "caresim"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    if not (copy / "conf").exists():
        shutil.copytree(package.parents[1] / "conf", copy / "conf")
    return copy


def on_path(copy: Path) -> str:
    return os.pathsep.join([str(copy.parent), os.environ.get("PYTHONPATH", "")])


def longer(cold: Spent, warm: Sequence[Spent]) -> Spent:
    """What a run took beyond the median of warm ones."""
    return Spent(*(whole - statistics.median(each) for whole, each in zip(cold, zip(*warm, strict=True), strict=True)))


def compiled_mb(home: Path, *copies: Path) -> float:
    """What the user has on disk since, beside Python's own compiled files and what other packages keep."""
    written = [path for path in home.rglob("*") if not set(NOT_OURS) & set(path.parts)]
    cached = [path for copy in copies for path in copy.rglob("*.nb?")]
    return sum(path.stat().st_size for path in (*written, *cached) if path.is_file() and path.suffix != ".pyc") / 1e6


def contents(folder: Path) -> str:
    """A digest of all files, by name and content."""
    text = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return text.hexdigest()


def read_only(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)


def writable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
