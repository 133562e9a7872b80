"""Python modules that a user names explicitly, on the command line or by importing them: they add routing rules.

No configuration file can name one. The current folder is looked at while they are imported, and at no other time. What
a module registers is part of what names finished blocks, so that results of another version of it are computed anew.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from caresim.config.errors import BadInput


def load(modules: Iterable[str]) -> None:
    """Import modules by name; they are looked for in the current folder, too. BadInput for one that cannot be used."""
    for name in modules:
        _load(name)


def _load(name: str) -> None:
    from caresim.model import own_rules

    if not all(part.isidentifier() for part in name.split(".")):
        raise BadInput("--plugin", name, "must be the name of a Python module, such as my_rules for my_rules.py")
    try:
        with _current_folder():
            module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.split(".")[0] and error.name != name:
            raise BadInput("--plugin", name, f"cannot be imported: {error}") from error
        raise BadInput("--plugin", name, "there is no such Python module here or among the installed ones") from error
    except Exception as error:
        raise BadInput("--plugin", name, f"cannot be imported: {type(error).__name__}: {error}") from error
    rules = [rule.function for rule in own_rules.OWN.values()]
    if not any(rule.__module__ == name or rule in vars(module).values() for rule in rules):
        allowed = "registers no routing rule; write @caresim.routing_rule above a function (world, contact)"
        raise BadInput("--plugin", name, allowed)
    try:
        own_rules.addresses()
    except TypeError as error:
        raise BadInput("--plugin", name, str(error)) from error


@contextmanager
def _current_folder() -> Iterator[None]:
    """Modules are looked for in the current folder, too, before all others."""
    sys.path.insert(0, "")
    try:
        yield
    finally:
        with suppress(ValueError):  # the module has tidied up behind us
            sys.path.remove("")
