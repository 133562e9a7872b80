"""The laws of the model as functions to compile: which there are, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGE = __package__


@dataclass(frozen=True, eq=False)
class Law:
    """A function of the model with one signature. `by_python`: Python calls it in most runs."""

    function: Callable
    signature: Any
    dispatcher: Any
    by_python: bool

    @property
    def name(self) -> str:
        return f"{self.function.__module__}.{self.function.__qualname__}"

    @property
    def is_of_the_model(self) -> bool:
        """Is it in a file of this package, so that `source_hash` knows its text?"""
        return self.function.__module__.rpartition(".")[0] == PACKAGE


LAWS: dict[str, Law] = {}
"""By name, in the order in which they were defined."""


def law_of(function: Any) -> Law | None:
    """Which law a function is, if it is one (interpreted, none is)."""
    plain = getattr(function, "py_func", None)
    found = LAWS.get(f"{plain.__module__}.{plain.__qualname__}") if plain else None
    return found if found and found.dispatcher is function else None


def every_law() -> dict[str, Law]:
    """Those of all files of the model, imported or not yet."""
    for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
        import_module(f"{PACKAGE}.{path.stem}")
    return {name: law for name, law in LAWS.items() if law.is_of_the_model}
