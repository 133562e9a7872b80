"""The words that a command line may have, as plain data in a file of this user's cache: what completion goes by.

Loading the schema takes half a second, and a press of the tab key should take less. The file is made anew when a source
file has changed. It holds words and nothing that runs.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from caresim.config import paths
from caresim.model.ownership import write

PACKAGE = Path(__file__).parents[1]
NAME = "words-{stamp}.json"


def known(cache: Path | None = None) -> dict[str, Any]:
    """`flags`, Hydra's settings that work (`hydra`), `tasks` and `classes` of keys. `cache`: a folder to keep it in."""
    file = (cache or paths.cache()) / NAME.format(stamp=stamp())
    try:
        found: dict[str, Any] = json.loads(file.read_bytes())
    except (OSError, ValueError):
        found = gathered()
        _keep(file, json.dumps(found))
    return found


def stamp() -> str:
    """It changes with every source file that could have other words: path, time of change and size."""
    files = sorted(file for part in ("config", "tasks", "model") for file in (PACKAGE / part).rglob("*.py"))
    text = hashlib.sha256(str(PACKAGE).encode())
    for file in files:
        about = file.stat()
        text.update(f"{file.name} {about.st_mtime_ns} {about.st_size}\n".encode())
    return text.hexdigest()[:16]


def gathered() -> dict[str, Any]:
    """The same, from the sources."""
    from caresim.config.hydra_settings import WORK
    from caresim.config.key_types import TOP, classes
    from caresim.tasks.flags import FLAGS
    from caresim.tasks.registry import TASKS

    return {
        "flags": {
            name: {"takes": flag.takes, "choices": flag.choices, "long": name == flag.name}
            for flag in FLAGS
            if flag.does
            for name in filter(None, (flag.name, flag.short))
        },
        "hydra": {row.key: row.values for row in WORK},
        "tasks": {
            name: [part.strip() for key in task.keys for part in key.name.split(",")]
            if task.own_configuration
            else None
            for name, task in TASKS.items()
        },
        "top": TOP,
        "classes": classes(),
    }


def _keep(file: Path, text: str) -> None:
    """Write the file in one step, and remove those of earlier sources. A cache that cannot be written is none."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        for old in file.parent.glob(NAME.format(stamp="*")):
            old.unlink(missing_ok=True)
        write(text.encode(), file)
