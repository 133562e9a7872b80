"""What an experiment was read from, kept as long as it is there: with other values it is read in milliseconds."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caresim.config.shared import Linked


@dataclass(frozen=True)
class Origin:
    """What was composed, and the same as it was read: with all sections, and with shared quantities in full.

    Neither is ever changed: who wants another value makes copies of the tables on the way to it.
    """

    mapping: Mapping[str, Any]
    raw: Linked


_origins: dict[int, tuple[weakref.ref[Any], Origin]] = {}
"""By the identity of an experiment; a copy of it with other fields has none."""


def remember(experiment: Any, origin: Origin) -> None:
    """Keep what the experiment was read from until the experiment is gone."""
    number = id(experiment)

    def forget(gone: weakref.ref[Any]) -> None:
        # Another experiment may have the number by now.
        if number in _origins and _origins[number][0] is gone:
            del _origins[number]

    _origins[number] = (weakref.ref(experiment, forget), origin)


def origin_of(experiment: Any) -> Origin | None:
    """What the experiment was read from; None where it is a copy, or was read from elsewhere."""
    there, origin = _origins.get(id(experiment), (None, None))
    return origin if there is not None and there() is experiment else None
