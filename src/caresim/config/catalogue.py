"""The experiments there are, read without composing them."""

from __future__ import annotations

from pathlib import Path

from caresim.config.paths import conf


def experiments(config_dir: str | Path | None = None) -> list[tuple[str, str]]:
    """(name, one-line question) of every experiment, packaged ones first; fast enough for --help."""
    folders = [conf()] + ([Path(config_dir)] if config_dir else [])
    files = [file for folder in folders for file in sorted((folder / "experiment").glob("*.yaml"))]
    return [(file.stem, question(file)) for file in files]


def question(file: Path) -> str:
    """The first comment of an experiment file that is no directive."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                break
            words = line.lstrip("# \n").strip()
            if words and not words.startswith("@package"):
                return words
    return ""
