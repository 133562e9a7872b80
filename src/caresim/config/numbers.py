"""Numbers as a caller gives them, Python's or NumPy's: what is no such number is refused at once."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

from caresim.config.errors import BadInput


def amount(
    key: str, value: Any, *, above: float | None = None, least: float = -math.inf, most: float = math.inf
) -> float:
    """A finite number within its limits, as a float (`above`: more than that)."""
    if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value):
        found = float(value)
        if least <= found <= most and (above is None or found > above):
            return found
    raise BadInput(key, value, f"must be {_allowed(above, least, most)}")


def _allowed(above: float | None, least: float, most: float) -> str:
    if above is not None:
        return f"a number, more than {above:g}"
    if math.isinf(least):
        return "a number"
    return f"a number from {least:g} to {most:g}" if math.isfinite(most) else f"a number, {least:g} or more"


def whole(key: str, value: Any, *, least: int) -> int:
    """A whole number, as an int."""
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least:
        return int(value)
    raise BadInput(key, value, f"must be a whole number, {least} or more")
