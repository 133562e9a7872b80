"""How soon each person was helped, answered and settled: counted in one pass over passengers with a need."""

from __future__ import annotations

import numpy as np
from numba.np import numpy_support

from .codes import Status
from .contact import DAY
from .jit import compiled, float64, int64, types
from .power import BY_SEAT
from .records import DTYPES
from .standing import COUNTED, NEEDY

QUARTER, HOUR = 15.0, 60.0
"""Minutes."""
HELPED_15, HELPED_60, ACKNOWLEDGED_60, INFORMED_30 = range(4)
"""Places in `hour`: with a first useful thing within so many minutes of being affected; with a reply and nothing
useful within the hour; with true news within half an hour, of all who are affected.
"""
PEOPLE, IN_TIME, WITHIN_24H = range(3)
"""Columns of `resolved`: all, resolved in time, resolved within 24 hours."""
ANSWERED_15, ANSWERED_60, SETTLED_60 = range(1, 4)
"""Columns of `first`, after all: answered by a person within so many minutes of being affected; settled within the
hour without that.
"""

_passengers = types.Array(numpy_support.from_dtype(np.dtype((np.record, DTYPES["passengers"]))), 1, "C")
_minutes = types.Array(float64, 1, "C")
_bytes = types.Array(types.int8, 1, "C")
_counts = types.Array(int64, 1, "C")
_table = types.Array(int64, 2, "C")


@compiled(
    types.void(
        _passengers, _bytes, _bytes, _minutes, _minutes, _minutes, _minutes, _minutes, _bytes, int64,
        _counts, _table, _table,
    ),
    by_python=True,
)  # fmt: skip
def count(
    passengers, facts, statuses, over, helped, news, replied, by_person, groups, operators,
    hour, resolved, first,
):  # fmt: skip
    """Add to `hour`, to `resolved` (a row for needs that depend on a seat, one for all others) and to `first`.

    `helped`, `news`, `replied`: minutes since being affected (NaN: never), and `by_person`: when a person first
    answered each case (inf: never). `groups`: the row of `first` to which each first choice belongs, -1 for none.
    """
    for i in range(len(passengers)):
        if facts[i] & COUNTED:
            hour[INFORMED_30] += news[i] <= HOUR / 2
        if not facts[i] & NEEDY:
            continue
        passenger = passengers[i]
        within_the_hour = helped[i] <= HOUR
        hour[HELPED_15] += helped[i] <= QUARTER
        hour[HELPED_60] += within_the_hour
        hour[ACKNOWLEDGED_60] += not within_the_hour and replied[i] <= HOUR
        is_resolved = statuses[i] == Status.RESOLVED
        taken = over[i] - passenger.affected
        kind = 0 if (BY_SEAT >> int64(passenger.need)) & 1 else 1
        resolved[kind, PEOPLE] += 1
        resolved[kind, IN_TIME] += is_resolved
        resolved[kind, WITHIN_24H] += is_resolved and taken <= DAY
        if groups[i] < 0:
            continue
        answered = by_person[i * operators : (i + 1) * operators].min() - passenger.affected
        first[groups[i], PEOPLE] += 1
        first[groups[i], ANSWERED_15] += answered <= QUARTER
        first[groups[i], ANSWERED_60] += answered <= HOUR
        first[groups[i], SETTLED_60] += answered > HOUR and is_resolved and taken <= HOUR
