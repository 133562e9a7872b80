"""Laws compiled one by one, as Numba's documentation says: what is left where its private parts are not as we know.

Numba keeps the code of each law in a folder of ours, which is named by the content of all model sources, because Numba
itself notices a change only in the very file of a function, not in what it calls. What Numba keeps are pickles, which
run code when they are read: so the folder, and all that lies in it already, must be this user's alone.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import numba_parts
from .code_files import caches, open_folder, temporary
from .laws import LAWS, Law, every_law, law_of
from .ownership import is_locked

IN_USE = not numba_parts.SUITS
"""Are laws compiled in this way?"""
_log = logging.getLogger(__name__)
ROOM = 1 << 26
"""Bytes: about twice what Numba keeps of all laws."""


def dispatcher_of(function: Callable, options: Mapping[str, Any]) -> Any:
    """What a law's name stands for, in Python and in the code of other laws."""
    dispatcher = numba_parts.plain_dispatcher_of(function, options, _code_asked_for)
    keep_code_of(dispatcher)
    return dispatcher


def keep_code_of(dispatcher: Any) -> None:
    """Let Numba keep the code where this user alone can write, if there is such a place."""
    place = folder()
    if place:
        with numba_parts.numba_keeps_in(str(place)):
            dispatcher.enable_caching()
        numba_parts.keep_without_fail(dispatcher, place, _tell)


def compile_all() -> dict[str, Callable]:
    """Compile all laws, callees first; returns the code of those that Python calls in most runs, by their names."""
    code = {law.name: code_of(law) for law in every_law().values()}
    return {name: each for name, each in code.items() if LAWS[name].by_python}


def code_of(law: Law) -> Callable:
    """Compile or load a law for its signature, and from then on for no other."""
    if law.signature.args not in law.dispatcher.overloads:
        law.dispatcher.compile(law.signature)
        law.dispatcher.disable_compile()
    return law.dispatcher.overloads[law.signature.args].entry_point


def compiled_before() -> bool:
    """Has Numba kept any code of these laws?"""
    place = folder()
    return place is not None and any(place.rglob("*.nbc"))


@lru_cache(maxsize=1)
def folder() -> Path | None:
    """The first of this user's folders that can be written to, else a fresh one; None where there is no room at all."""
    for place in caches():
        with suppress(OSError):
            if has_room(place):
                return place
    with suppress(OSError):
        if has_room(place := temporary()):
            return place
    return None


def has_room(place: Path) -> bool:
    """Can Numba keep all laws in a folder that is locked to all others? OSError where it cannot be made."""
    open_folder(place)
    if not is_locked(place):
        _log.warning("what Numba has kept is not used: somebody else could have put something into %s", place)
        return False
    return shutil.disk_usage(place).free > ROOM


def _tell(reason: str) -> None:
    """Once: what Numba could not keep is compiled again by the next run."""
    warnings.warn(f"compiled code could not be kept, the next run compiles again: {reason}", stacklevel=2)


def _code_asked_for(dispatcher: Any) -> Callable:
    law = law_of(dispatcher)
    assert law is not None  # it is defined before anybody can call it
    return code_of(law)
