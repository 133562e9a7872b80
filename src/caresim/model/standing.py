"""Where every passenger and every case stands when a run is measured: one pass over the records as they lie."""

from __future__ import annotations

import numpy as np
from numba.np import numpy_support

from .codes import MISSING, NEVER, Fate, Status
from .jit import boolean, compiled, float64, int64, types
from .records import DTYPES

COUNTED, NEEDY, ORDINARY = 1, 2, 4
"""Facts about a passenger, as bits: of the disruption and affected within the window; with a need, too; of ordinary
traffic, and arrived within the window.
"""
REAL, COUNTS, RATED, NEEDED, SILENT, CONTACTED, SURVEYED, OPENED, SEEKING = (1 << bit for bit in range(9))
"""Facts about a case, as bits: with the first operator of the journey or one that was turned to; real, and of a
passenger who counts; counts, and was rated; rated by somebody with a need, or by somebody without one; rated, and with
a contact; contacted, and with a reply; of a passenger who counts, and begun within the window; of a passenger who still
seeks.
"""

_passengers, _cases = (
    types.Array(numpy_support.from_dtype(np.dtype((np.record, DTYPES[table]))), 1, "C")
    for table in ("passengers", "cases")
)
_minutes = types.Array(float64, 1, "C")
_bytes = types.Array(types.int8, 1, "C")
_flags = types.Array(types.boolean, 1, "C")
_rows = types.Array(int64, 1, "C")
_contacts = _case_facts = types.Array(types.int16, 1, "C")


@compiled(int64(boolean, boolean), inline=True)
def fate_of(met, is_open):
    """How the wait for something ended that was met, or may still be."""
    if met:
        return int64(Fate.ANSWERED)
    return int64(Fate.WAITING) if is_open else int64(Fate.GAVE_UP)


@compiled(
    types.UniTuple(int64, 2)(
        _passengers, _cases, _rows, float64, float64, _bytes, _bytes, _contacts, _minutes, _case_facts, _minutes,
        _minutes, _bytes, _minutes, _bytes,
    ),
    by_python=True,
)  # fmt: skip
def judge(
    passengers, cases, first_operators, window, end,
    facts, statuses, contacts, over, case_facts, opened,
    matter_waits, matter_fates, useful_waits, useful_fates,
):  # fmt: skip
    """Facts, status, contacts and end of the matter of each passenger; facts and beginning of each case.

    `first_operators`: by cohort. The matter is `over` when it was resolved, missed or given up; NaN while it is open.
    Then the waits of the needy until their matter was resolved, and of cases opened within the window until the first
    useful reply: how many there are of each.
    """
    matters = useful = 0
    operators = len(cases) // max(len(passengers), 1)
    for i in range(len(passengers)):
        passenger = passengers[i]
        status = int64(passenger.status)
        first_operator = first_operators[passenger.cohort]
        reached = not passenger.ordinary and status != Status.UNAWARE
        counted = reached and 0.0 <= passenger.affected < window
        ended = MISSING
        if status == Status.RESOLVED:  # a promise may be kept when all is lost
            for row in range(i * operators, (i + 1) * operators):
                ended = np.fmin(ended, cases[row].resolved)
        elif status == Status.MISSED or status == Status.GAVE_UP:
            ended = np.minimum(passenger.deadline, end)  # when somebody gave up is not recorded: at the latest then
        is_open = np.isnan(ended)
        facts[i] = 0
        if passenger.ordinary and status != Status.UNAWARE and 0.0 <= passenger.affected < window:
            facts[i] = ORDINARY
        if counted:
            facts[i] = COUNTED
            if status != Status.NO_NEED:
                facts[i] = COUNTED | NEEDY
                matter_waits[matters] = max((end if is_open else ended) - passenger.affected, 0.0)
                matter_fates[matters] = fate_of(status == Status.RESOLVED, is_open)
                matters += 1
        statuses[i] = status
        contacts[i] = passenger.contacts
        over[i] = ended
        for row in range(i * operators, (i + 1) * operators):
            case = cases[row]
            known = SEEKING if status == Status.SEEKING else 0
            if row - i * operators == first_operator or case.contacts > 0:
                known |= REAL
                if counted:
                    known |= COUNTS
                    if np.isfinite(case.additive):
                        known |= RATED | (SILENT if status == Status.NO_NEED else NEEDED)
                        if case.contacts > 0:
                            known |= CONTACTED
                            if case.replies > 0:
                                known |= SURVEYED
            if counted and 0.0 <= case.first_request < window:
                known |= OPENED
                if known & REAL:
                    met = np.isfinite(case.first_useful)
                    finish = case.first_useful if met else end if is_open else ended
                    useful_waits[useful] = max(finish - case.first_request, 0.0)
                    useful_fates[useful] = fate_of(met, is_open)
                    useful += 1
            case_facts[row] = known
            opened[row] = case.first_request
    return matters, useful


@compiled(types.void(_passengers, _cases, _minutes, _minutes, _minutes), by_python=True)
def since_affected(passengers, cases, helped, news, replied):
    """Minutes from being affected to the first useful thing, the first news and the first reply, of any operator.

    One entry a passenger; NaN: it never came.
    """
    operators = len(cases) // max(len(passengers), 1)
    for i in range(len(passengers)):
        affected = passengers[i].affected
        helped[i] = news[i] = replied[i] = MISSING
        for row in range(i * operators, (i + 1) * operators):
            case = cases[row]
            helped[i] = np.fmin(helped[i], case.first_help - affected)
            news[i] = np.fmin(news[i], case.first_news - affected)
            replied[i] = np.fmin(replied[i], case.first_response - affected)


@compiled(int64(_case_facts, _minutes, _minutes, _minutes, _flags, float64, _minutes, _bytes), by_python=True)
def first_answers(case_facts, opened, response, ended, waiting, end, waits, fates):
    """The waits of cases opened within the window until their first answer, and how many there are.

    `response`, `ended`, `waiting`: from the contacts of each case (tally.py).
    """
    count = 0
    for row in range(len(case_facts)):
        if not case_facts[row] & OPENED:
            continue
        met = np.isfinite(response[row])
        is_open = waiting[row] or (ended[row] == -NEVER and case_facts[row] & SEEKING != 0)
        finish = response[row] if met else end if is_open else max(ended[row], opened[row])
        waits[count] = finish - opened[row]
        fates[count] = fate_of(met, is_open)
        count += 1
    return count
