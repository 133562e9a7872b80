"""Compiling: the first run ever, the one after it, a read-only install, and a changed file of the model.

The command runs in a copy of the package, with an empty folder for compiled code. It is timed until tokyo's first
replication is done; compilation is what that takes longer than from the cache.
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
from parts.startup import FIRST, Spent, process, told

COMMAND = [sys.executable, str(FIRST), "experiment=tokyo"]
CHANGED = "model/anger.py"


def measure(effort: Effort) -> list[Measured]:
    package = Path(caresim.__file__).parent
    with tempfile.TemporaryDirectory() as home:
        copy = Path(home) / "install" / "caresim"
        shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
        if not (copy / "conf").exists():
            shutil.copytree(package.parents[1] / "conf", copy / "conf")
        environment = {
            "PYTHONPATH": os.pathsep.join([str(copy.parent), os.environ.get("PYTHONPATH", "")]),
            "NUMBA_CACHE_DIR": str(Path(home) / "compiled"),
        }
        first = process(COMMAND, **environment)
        read_only(copy)
        before = contents(copy)
        then = [process(COMMAND, **environment) for _ in range(3)]
        if contents(copy) != before:
            raise RuntimeError("a run has written into its own install")
        changed = copy / CHANGED
        changed.chmod(0o644)
        changed.write_text(changed.read_text(encoding="utf-8") + "\n# one line more\n", encoding="utf-8")
        again = process(COMMAND, **environment)
        after = process(COMMAND, **environment)
        writable(copy)
    return [
        *told("first_ever_s", [first]),
        *told("compile_s", [longer(first, then)]),
        *told("cached_s", then),
        *told("compile_changed_s", [longer(again, then)]),
        *told("cached_after_change_s", [after]),
    ]


def longer(cold: Spent, warm: Sequence[Spent]) -> Spent:
    """What a run took beyond the median of warm ones."""
    return Spent(*(whole - statistics.median(each) for whole, each in zip(cold, zip(*warm, strict=True), strict=True)))


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
