"""Traps: files that leave a mark in the current folder when anything in them is run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

MARK = "sprung"


class Trap:
    """What makes the folder MARK when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (MARK,)


MODULE = f"""
import pathlib
pathlib.Path({MARK!r}).mkdir(exist_ok=True)
class Trap:
    def __init__(self, *arguments, **settings): pathlib.Path({MARK!r}).mkdir(exist_ok=True)
def trap(*arguments, **settings): pathlib.Path({MARK!r}).mkdir(exist_ok=True)
"""
"""A Python module that springs when it is imported, and when anything in it is called."""


def sprung(folder: Path) -> bool:
    """Has something run? The mark is taken away."""
    mark = folder / MARK
    there = mark.exists()
    if there:
        mark.rmdir()
    return there
