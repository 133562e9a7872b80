"""What the formulas accept: one clear error for anything else."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

from caresim.config.errors import BadInput

MOST = 10_000_000
"""Most servers and lines: the recursions take one step for each."""


def positive(key: str, value: Any) -> float:
    """`value` as a finite number above 0."""
    if not (_number(value) and 0 < value < math.inf):
        raise BadInput(key, value, "must be a finite number above 0")
    return float(value)


def not_negative(key: str, value: Any) -> float:
    """`value` as a finite number from 0 on."""
    if not (_number(value) and 0 <= value < math.inf):
        raise BadInput(key, value, "must be a finite number, 0 or more")
    return float(value)


def share(key: str, value: Any) -> float:
    """`value` as a share, 0 and 1 included."""
    if not (_number(value) and 0 <= value <= 1):
        raise BadInput(key, value, "must be a share from 0 to 1")
    return float(value)


def between(key: str, value: Any) -> float:
    """`value` as a share, 0 and 1 excluded."""
    if not (_number(value) and 0 < value < 1):
        raise BadInput(key, value, "must be a share above 0 and below 1")
    return float(value)


def whole(key: str, value: Any, least: int = 1) -> int:
    """`value` as a whole number from `least` to MOST; 5.0 counts as one."""
    fits = _number(value) and least <= value <= MOST
    if not fits or not (isinstance(value, Integral) or float(value).is_integer()):
        raise BadInput(key, value, f"must be a whole number from {least:,} to {MOST:,}")
    return int(value)


def stable(servers: int, load: float) -> None:
    """Refuse a queue that grows without end."""
    if load >= servers:
        raise BadInput(
            "servers", servers, f"must be more than the load of {load:.6g} Erlang, or the queue grows without end"
        )


def _number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
