"""What a task declares of itself in the `settings.py` of its folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Key(NamedTuple):
    """A key in `--help`: its name, its meaning in a sentence, and its default in words."""

    name: str
    meaning: str
    default: str


@dataclass(frozen=True)
class Task:
    """One thing that caresim does. Its name is that of its folder; `command.py` there holds what runs.

    `command.run(request, jobs)` computes, shows and writes, and returns the exit status. `jobs` are the experiments to
    do it for: one, or in a sweep one a combination; none where `own_configuration` is true.
    """

    meaning: str
    """In `--help`, behind the task's name."""
    example: str
    """Words of a command line that asks for it."""
    keys: tuple[Key, ...] = ()
    """What `--help` says of the task's own keys."""
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    """The task's own keys of an experiment: type and default by name, as `pydantic.create_model` takes them."""
    check: Callable[[Any], None] | None = None
    """Takes an Experiment; BadInput where the task's keys do not fit it. It is called whatever its task is."""
    no_sweep: str = ""
    """Why a sweep (`-m`) of this task is refused; empty: it can be swept."""
    no_folder: str = ""
    """Why a word that names its folder is refused; empty: it leaves one."""
    one_replication: bool = False
    """It runs each staffing model once, whatever `replications` says."""
    own_configuration: bool = False
    """It is about no single experiment: its words are its own, and a key with its name chooses a file of conf/NAME/."""
