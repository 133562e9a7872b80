"""A newcomer's first minute: a fresh clone in an environment of its own, and a wheel that brings compiled code.

Both are timed from the end of `pip install` to the first table of `caresim experiment=tokyo replications=2`, for a user
whose home is empty. Needs git and a package index; `--offline` leaves it out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from figure import HERE, Measured

from parts.effort import Effort

ROOT = HERE.parent
TOKYO = ("experiment=tokyo", "replications=2")
BELOW_THE_TABLE = "replications of every staffing model"
"""In the first line that a comparison prints below its table."""


def measure(effort: Effort) -> list[Measured]:
    if effort.offline:
        print("newcomer: left out, --offline", file=sys.stderr)
        return []
    found = []
    with tempfile.TemporaryDirectory() as folder:
        clone = cloned(Path(folder) / "clone")
        python = environment(Path(folder) / "first")
        install(python, str(clone))
        found.append(Measured("fresh_clone_s", "s", [as_a_newcomer(python, Path(folder) / "first_home")]))
        wheel = shipped(python, clone, Path(folder) / "wheels")
        if isinstance(wheel, str):
            print(f"prebuilt wheel: {wheel}", file=sys.stderr)
            return found
        other = environment(Path(folder) / "other")
        install(other, str(wheel))
        found.append(Measured("wheel_s", "s", [as_a_newcomer(other, Path(folder) / "other_home")]))
        found.append(Measured("wheel_mb", "MB", [wheel.stat().st_size / 1e6]))
    return found


def shipped(python: Path, clone: Path, folder: Path) -> Path | str:
    """A wheel with compiled code, built by the one command there is for it; or why there is none."""
    project = tomllib.loads((clone / "pyproject.toml").read_text(encoding="utf-8"))
    if "custom" not in project["tool"]["hatch"]["build"]["targets"]["wheel"].get("hooks", {}):
        return "this version builds none"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *project["build-system"]["requires"]], check=True)
    command = [str(python), "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--wheel-dir"]
    subprocess.run([*command, str(folder), str(clone)], check=True, env={**os.environ, "CARESIM_COMPILED": "1"})
    (wheel,) = folder.glob("*.whl")
    return wheel


def cloned(place: Path) -> Path:
    """A clone of the last commit, without its history's other branches."""
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", str(place)], check=True)
    return place


def environment(place: Path) -> Path:
    """A new virtual environment; its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    return place / "bin" / "python"


def install(python: Path, what: str) -> None:
    """With the versions of constraints.txt."""
    command = [str(python), "-m", "pip", "install", "--quiet", "-c", str(ROOT / "constraints.txt"), what]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"pip install: {done.stderr} (--offline leaves this part out)")


def as_a_newcomer(python: Path, home: Path) -> float:
    """Seconds to tokyo's first table, by the command that the installation brought."""
    home.mkdir()
    return first_table([str(python.parent / "caresim")], new_user(home) | {"PYTHONPATH": ""})


def new_user(home: Path) -> dict[str, str]:
    """The environment variables of somebody in whose home nothing has been kept yet."""
    return {"HOME": str(home), "XDG_CACHE_HOME": "", "NUMBA_CACHE_DIR": "", "MPLCONFIGDIR": ""}


def first_table(caresim: Sequence[str], user: Mapping[str, str]) -> float:
    """Seconds on the wall from the command to its table; then it may finish."""
    variables = {**os.environ, **user, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    shown = None
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as complained:
        start = time.perf_counter()
        with subprocess.Popen(
            [*caresim, *TOKYO], cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=complained, encoding="utf-8"
        ) as program:
            for line in program.stdout:
                if shown is None and BELOW_THE_TABLE in line:
                    shown = time.perf_counter() - start
        if program.returncode or shown is None:
            complained.seek(0)
            raise RuntimeError(f"no table ({program.returncode}): {complained.read()}")
    return shown
