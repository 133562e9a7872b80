"""Every task there is: the folders beside this file, each with a declaration (`settings.py`) and a `command.py`."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import create_model

from caresim.config.base import Frozen
from caresim.tasks.task import Task

DEFAULT = "compare"
DECLARATION, COMMAND = "settings", "command"


def discovered(folder: Path) -> dict[str, Task]:
    """The task of every folder with sources, by name; the default task comes first."""
    names = {place.name for place in folder.iterdir() if any(place.glob("*.py"))}
    return {name: declared(folder / name) for name in sorted(names, key=lambda name: (name != DEFAULT, name))}


def declared(folder: Path) -> Task:
    """The declaration of the task in a folder. TypeError where there is none, or nothing that runs."""
    for file in (f"{DECLARATION}.py", f"{COMMAND}.py"):
        if not (folder / file).is_file():
            raise TypeError(f"the folder of the task {folder.name} has no {file} (see CONTRIBUTING.md: a task)")
    task = getattr(importlib.import_module(f"caresim.tasks.{folder.name}.{DECLARATION}"), "TASK", None)
    if not isinstance(task, Task):
        raise TypeError(f"tasks/{folder.name}/{DECLARATION}.py has no TASK = Task(...) (see CONTRIBUTING.md: a task)")
    return task


def gathered(tasks: Iterable[Task]) -> dict[str, tuple[Any, Any]]:
    """The keys that tasks add to an experiment. TypeError where two tasks add the same one."""
    fields: dict[str, tuple[Any, Any]] = {}
    for task in tasks:
        if both := fields.keys() & task.fields.keys():
            raise TypeError(f"two tasks have the key {', '.join(sorted(both))}")
        fields |= task.fields
    return fields


TASKS: Mapping[str, Task] = discovered(Path(__file__).parent)
FIELDS: Mapping[str, tuple[Any, Any]] = gathered(TASKS.values())
KeysOfTasks: type[Frozen] = create_model("KeysOfTasks", __base__=Frozen, __module__=__name__, **FIELDS)  # type: ignore[call-overload]
"""What an experiment is derived from: a key for each of FIELDS."""
