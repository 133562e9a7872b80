"""Where the configuration files are, and which experiments there are. Nothing is composed, so that --help is quick."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import islice
from pathlib import Path

MOST_LINES = 100
"""Of a file that are looked at for its question."""


@lru_cache(maxsize=1)
def conf() -> Path:
    """The folder with the packaged configuration: beside the package (a wheel) or at the top of a checkout.

    FileNotFoundError says where it was looked for.
    """
    package = Path(__file__).resolve().parent.parent
    places = (package / "conf", package.parent.parent / "conf")
    for place in places:
        if (place / "config.yaml").is_file():
            return place
    raise FileNotFoundError(
        f"no config.yaml in {' or '.join(str(place) for place in places)}: the installation is broken"
    )


def cache() -> Path:
    """This user's folder for what is kept between commands; it need not exist. RuntimeError where nobody knows where
    this user lives.
    """
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "caresim"


def is_file(path: str | Path) -> bool:
    """Is it a regular file? No pipe, device or folder is one, and nothing is whose name no system can have."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: str | Path) -> bool:
    """Is it a folder that can be looked into?"""
    try:
        return Path(path).is_dir() and os.access(path, os.R_OK | os.X_OK)
    except (OSError, ValueError):
        return False


def experiments(config_dir: str | Path | None = None) -> list[tuple[str, str]]:
    """(name, one-line question) of every experiment, packaged ones first."""
    folders = [conf()] + ([Path(config_dir)] if config_dir else [])
    files = [file for folder in folders for file in sorted((folder / "experiment").glob("*.yaml")) if is_file(file)]
    return [(file.stem, question(file)) for file in files]


def question(file: Path) -> str:
    """The first comment of an experiment file that is no directive."""
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in islice(lines, MOST_LINES):
            if line.strip() and not line.startswith("#"):
                break
            words = line.lstrip("# \n").strip()
            if words and not words.startswith("@package"):
                return words
    return ""
