"""Laws compiled one by one, as Numba's documentation says: what is left where its private parts are not as we know.

Numba keeps the code of each law in a folder of ours, which is named by the content of all model sources, because Numba
itself notices a change only in the very file of a function, not in what it calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import numba_parts
from .code_files import caches, open_folder
from .laws import LAWS, Law, every_law, law_of

IN_USE = not numba_parts.SUITS
"""Are laws compiled in this way?"""


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
    """The first of this user's folders that can be written to; None where there is none."""
    for place in caches():
        with suppress(OSError):
            open_folder(place)
            return place
    return None


def _code_asked_for(dispatcher: Any) -> Callable:
    law = law_of(dispatcher)
    assert law is not None  # it is defined before anybody can call it
    return code_of(law)
