"""What a backtest is asked for on the command line, and the folder it leaves behind."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from caresim.config.errors import MISSING, BadInput
from caresim.run.block import LIBRARIES, code_hash, package_version
from caresim.run.folder import digest, final_path, unfinished, write_csv
from caresim.tasks.backtest.backtest import Backtested
from caresim.tasks.backtest.settings import GROUP, Backtest, load, words
from caresim.tasks.request import Request

Draw = Callable[[Backtested, Path], Any]
"""Puts the figure of a backtest into a folder."""
SHORT = 6


def asked(request: Request) -> Backtest:
    """The backtest that a command line asks for."""
    if request.sweeping:
        raise BadInput("-m", "task=backtest", "a backtest is no sweep: leave out -m")
    settings = words(request.overrides)
    settings.pop("task")
    if GROUP not in settings:
        raise BadInput(GROUP, MISSING, "is required: backtest=stylised_facts")
    return load(str(settings.pop(GROUP)), settings, request.config_dir)


def printed(settings: Backtest) -> str:
    """The backtest that would run, as YAML."""
    return yaml.safe_dump(
        settings.model_dump(mode="json", exclude_defaults=True), sort_keys=False, allow_unicode=True, width=120
    )


def write(tested: Backtested, draw: Draw | None = None) -> Path:
    """Write facts.csv (a row a fact), values.csv (a row a fact and replication), manifest.json and, when `draw` is
    given, figures/; returns the folder's path.
    """
    settings = tested.backtest
    name = digest(tested.values)
    with unfinished(Path(settings.output_dir), settings.name, name[:SHORT]) as place:
        write_csv(tested.table, place / "facts.csv")
        write_csv(tested.values, place / "values.csv")
        if draw is not None:
            (place / "figures").mkdir()
            draw(tested, place / "figures")
        manifest = {
            "backtest": settings.name,
            "question": settings.question,
            "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
            "seed": settings.seed,
            "replications": settings.replications,
            "digest": name,
            "code_hash": code_hash(),
            "versions": {
                "caresim": package_version(),
                "python": platform.python_version(),
                **{library: version(library) for library in LIBRARIES},
            },
            "durations": {key: round(seconds, 3) for key, seconds in tested.durations.items()},
            "configuration": settings.model_dump(mode="json", exclude_defaults=True),
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False)
        (place / "manifest.json").write_text(text + "\n", encoding="utf-8")
        return final_path(place)
