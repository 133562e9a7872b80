"""What a contact counts as when a run is measured, and what is counted over many of them.

One pass a question over the records as they lie, where columns and masks would take a dozen. What minutes add up to is
left to the caller, who gets them in the order of the contacts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numba.np import numpy_support

from . import codes, media
from .codes import NEVER, NOBODY, Fate, Outcome, Result
from .contact import SYNCHRONOUS
from .jit import bits_of, compiled, float64, int64, types, void
from .needs import Need
from .records import DTYPES

OF_DISRUPTION, LANDED, IN_WINDOW, BY_ASSISTANT, IS_USEFUL, REPLIED, ANSWERED, REQUEST = (1 << bit for bit in range(8))
"""Facts about a contact, as bits."""
MEDIUM = 8
"""The bit of the first medium; the contact's own is set."""


def on(some: Iterable[media.Medium]) -> int:
    """Any of these media, as facts."""
    return int(bits_of(some)) << MEDIUM


SELF_SERVICE, TRUNKS = on(media.SELF_SERVICE), on(media.TRUNKS)
USEFUL = bits_of(codes.USEFUL)
BAD = bits_of((Result.WRONG, Result.REFUSED))
"""Results as bits that are bad whatever else is said."""
UNANSWERED = bits_of((Outcome.ABANDONED, Outcome.BLOCKED, Outcome.DROPPED, Outcome.NEVER_ANSWERED, Outcome.TOO_LATE))
"""Ends without an answer for the customer, as bits."""
NEEDS = len(Need)
BYSTANDERS = len(media.Medium) * NEEDS
"""The type of work that a bystander's post is, behind those of medium and need."""
TYPES_OF_WORK = BYSTANDERS + 1
OFFERED, WITHIN, BLOCKED, ABANDONED, PATIENT, REDIALS = range(COUNTS := 6)
"""What is counted of calls."""

HOUR = 60.0
"""Minutes."""

_contacts = types.Array(numpy_support.from_dtype(np.dtype((np.record, DTYPES["contacts"]))), 1, "C")
_minutes = types.Array(float64, 1, "C")
_counts = types.Array(int64, 1, "C")
_facts = types.Array(types.int32, 1, "C")
_fates = types.Array(types.int8, 1, "C")
_flags = types.Array(types.boolean, 1, "C")
_people = types.Array(types.int32, 1, "C")


@compiled(void(_contacts, _flags, int64, _flags, float64, float64, _facts, _fates, _minutes), by_python=True)
def judge(contacts, ordinary, first_passenger, is_assistant, window, end, facts, fates, waits):
    """The facts about each contact, its fate, and the minutes from its arrival to its fate or to the end of the run.

    `ordinary`: of which passengers, from the number `first_passenger` on; `is_assistant`: which rows of staff.
    """
    for c in range(len(contacts)):
        contact = contacts[c]
        known = int64(1) << (MEDIUM + int64(contact.medium))
        if contact.passenger != NOBODY:
            known |= LANDED if ordinary[contact.passenger - first_passenger] else LANDED | OF_DISRUPTION
        elif contact.posts > 0:
            known |= LANDED
        if 0.0 <= contact.arrival < window:
            known |= IN_WINDOW
        if known & OF_DISRUPTION and known & IN_WINDOW and not known & SELF_SERVICE:
            known |= REQUEST
        if contact.staff != NOBODY and is_assistant[contact.staff]:
            known |= BY_ASSISTANT
        if (USEFUL >> contact.result) & 1:
            known |= IS_USEFUL
        fate = int64(Fate.GAVE_UP) if (UNANSWERED >> contact.outcome) & 1 else int64(Fate.WAITING)
        if np.isfinite(contact.reply):
            known |= REPLIED
            if known & BY_ASSISTANT and not known & IS_USEFUL:
                fate = int64(Fate.GAVE_UP)
            elif contact.outcome != Outcome.TOO_LATE:
                known |= ANSWERED
                fate = int64(Fate.ANSWERED)
        finish = end
        if fate == Fate.ANSWERED:
            finish = contact.reply
        elif fate == Fate.GAVE_UP:
            finish = np.fmin(contact.closed, contact.abandoned_silently_at)
            if np.isnan(finish):
                finish = end
        facts[c] = known
        fates[c] = fate
        waits[c] = max(finish - contact.arrival, 0.0)


@compiled(
    void(_contacts, _facts, _fates, _minutes, int64, int64, _minutes, _minutes, _flags, _minutes, _people),
    by_python=True,
)
def follow_cases(
    contacts, facts, fates, waits, operators, first_passenger, response, ended, waiting, by_person, person
):  # fmt: skip
    """When each case was first answered, when its last request ended, and whether one is waiting.

    `by_person`: when a person first answered, and `person`: the row of staff of who had that contact last. One entry a
    case, from those of the passenger with the number `first_passenger` on.
    """
    for c in range(len(contacts)):
        if facts[c] & OF_DISRUPTION and not facts[c] & SELF_SERVICE:
            contact = contacts[c]
            case = (int64(contact.passenger) - first_passenger) * operators + contact.operator
            finish = contact.arrival + waits[c]
            if fates[c] == Fate.ANSWERED:
                response[case] = min(response[case], finish)
                if not facts[c] & BY_ASSISTANT and finish < by_person[case]:
                    by_person[case] = finish
                    person[case] = contact.staff if contact.staff != NOBODY else contact.staff_before
            elif fates[c] == Fate.WAITING:
                waiting[case] = True
            ended[case] = max(ended[case], finish)


@compiled(int64(_contacts, _facts, _minutes, float64, float64, _flags, _counts, _minutes, _minutes), by_python=True)
def count_calls(contacts, facts, waits, short, target, failed, counts, answered_waits, answered_handles):
    """Counts of the calls within the window; waits and handling of the answered ones, and how many these are.

    `failed`: how the last call of each case went, by the case's first contact; a call after one that did is a redial.
    """
    answered = 0
    for c in range(len(contacts)):
        if not (facts[c] & OF_DISRUPTION and facts[c] & TRUNKS):
            continue
        contact = contacts[c]
        is_answered = facts[c] & ANSWERED != 0
        blocked = contact.outcome == Outcome.BLOCKED
        abandoned = contact.outcome == Outcome.ABANDONED and not is_answered
        if facts[c] & IN_WINDOW:
            counts[OFFERED] += 1
            counts[BLOCKED] += blocked
            counts[ABANDONED] += abandoned
            counts[PATIENT] += abandoned and waits[c] > short
            counts[REDIALS] += failed[contact.first_contact]
            if is_answered:
                counts[WITHIN] += waits[c] <= target
                answered_waits[answered] = waits[c]
                answered_handles[answered] = contact.handle
                answered += 1
        failed[contact.first_contact] = abandoned or (blocked and not is_answered)
    return answered


@compiled(int64(_minutes, float64), inline=True)
def first_from(times, moment):
    """The first of sorted times that is not before a moment; their number: none is."""
    low = 0
    high = len(times)
    while low < high:
        middle = (low + high) // 2
        if times[middle] < moment:
            low = middle + 1
        else:
            high = middle
    return low


@compiled(void(_contacts, _facts, _minutes, _minutes, types.Array(int64, 2, "C")), by_python=True)
def follow_waiting(contacts, facts, expires, times, changes):
    """By how much the number of those who wait rises at each of the sorted `times`; the last column is later than all.

    Rows of `changes`: passengers of the disruption by medium, then ordinary customers, bystanders, what has expired.
    `expires`: by desk, how long after the author's last words a written contact is too old.
    """
    media = len(changes) - 3
    for c in range(len(contacts)):
        contact = contacts[c]
        if not facts[c] & LANDED or facts[c] & SELF_SERVICE:
            continue
        end = np.fmin(np.fmin(contact.reply, contact.closed), contact.abandoned_silently_at)
        if np.isnan(end):
            end = NEVER
        expiry = NEVER
        if not (SYNCHRONOUS >> contact.medium) & 1:
            expiry = contact.posted + expires[contact.desk]
        row = media
        if contact.passenger == NOBODY:
            row = media + 1
        elif facts[c] & OF_DISRUPTION:
            row = int64(contact.medium)
        last = first_from(times, min(end, expiry))
        changes[row, first_from(times, contact.arrival)] += 1
        changes[row, last] -= 1
        if expiry < end:
            changes[media + 2, last] += 1
            changes[media + 2, first_from(times, end)] -= 1


@compiled(void(_contacts, _facts, _counts), by_python=True)
def count_ordinary_calls(contacts, facts, counts):
    """Counts of the calls of ordinary customers within the window, of the kinds OFFERED, BLOCKED and ABANDONED."""
    for c in range(len(contacts)):
        known = facts[c]
        if known & OF_DISRUPTION or not (known & LANDED and known & TRUNKS and known & IN_WINDOW):
            continue
        outcome = contacts[c].outcome
        counts[OFFERED] += 1
        counts[BLOCKED] += outcome == Outcome.BLOCKED
        counts[ABANDONED] += outcome == Outcome.ABANDONED and not known & ANSWERED


@compiled(types.UniTuple(int64, 2)(_contacts, _facts, _minutes, float64, _flags), by_python=True)
def count_bad_replies(contacts, facts, quality, least, replied):
    """Requests with a reply that reached who still cared, and how many of their last replies were bad.

    `quality`: by row of staff; below `least` a reply is bad. `replied`: had a case a reply before, by the case's first
    contact? An empty one is bad from the second on.
    """
    all_replies = bad = 0
    for c in range(len(contacts)):
        contact = contacts[c]
        if not facts[c] & REPLIED or contact.outcome == Outcome.TOO_LATE or not facts[c] & OF_DISRUPTION:
            continue
        if facts[c] & SELF_SERVICE:
            continue
        again = replied[contact.first_contact] or contact.exchanges > 1
        replied[contact.first_contact] = True
        if not facts[c] & IN_WINDOW:
            continue
        all_replies += 1
        staff = contact.staff if contact.staff != NOBODY else contact.staff_before
        heard = np.isnan(contact.abandoned_silently_at)
        is_bad = (BAD >> contact.result) & 1 == 1 or (contact.result == Result.EMPTY and again and heard)
        bad += is_bad or (staff != NOBODY and quality[staff] < least)
    return all_replies, bad


@compiled(void(_contacts, _facts, _counts, _flags, _counts, _counts, _minutes), by_python=True)
def count_work(contacts, facts, desk_of, unanswered, offered, handled, minutes):
    """Contacts for the people of each desk by type of work: offered in the window, handled, minutes of handling.

    `offered` has them by hour of the window, too: the hour, the desk, the type.
    `desk_of`: by channel. `unanswered`: how the last contact of each case at each desk went; one that follows such is a
    retry, and nothing more is offered.
    """
    desks = len(handled) // TYPES_OF_WORK
    for c in range(len(contacts)):
        contact = contacts[c]
        desk = desk_of[contact.channel]
        if desk == NOBODY or not facts[c] & LANDED or facts[c] & (BY_ASSISTANT | SELF_SERVICE):
            continue
        cell = desk * TYPES_OF_WORK + int64(contact.medium) * NEEDS + contact.need
        is_bystander = contact.passenger == NOBODY
        if is_bystander:
            cell = desk * TYPES_OF_WORK + BYSTANDERS
        if facts[c] & IN_WINDOW:
            number = int64(contact.first_contact) * desks + desk
            if is_bystander or not unanswered[number]:
                offered[int64(contact.arrival / HOUR) * len(handled) + cell] += 1
            if not is_bystander:
                unanswered[number] = not facts[c] & REPLIED and contact.outcome != Outcome.WAITING
        if contact.handle > 0.0 and not np.isnan(contact.closed):
            handled[cell] += 1
            minutes[cell] += contact.handle


@compiled(
    types.UniTuple(int64, 2)(_contacts, _facts, _counts, _minutes, _minutes, _counts, _minutes, _minutes, _counts),
    by_python=True,
)
def stretches(contacts, facts, desk_of, start, end, desk, later_start, later_end, later_desk):
    """Stretches of handling by people, one a contact or two, and how many there are of each.

    `desk_of`: by row of staff. What `measure.workload.in_use` says of them holds.
    """
    first = later = 0
    for c in range(len(contacts)):
        contact = contacts[c]
        staff = contact.staff if contact.staff != NOBODY else contact.staff_before
        if not contact.handle > 0.0 or staff == NOBODY or facts[c] & BY_ASSISTANT:
            continue
        synchronous = (SYNCHRONOUS >> contact.medium) & 1
        handle = contact.handle
        finish = contact.closed
        if synchronous:
            finish = contact.reply + handle
        elif facts[c] & REPLIED:
            finish = contact.reply
            handle = contact.handle / max(int64(contact.exchanges), 1)
        rest = contact.handle - handle
        if np.isfinite(finish):
            start[first] = finish - handle
            end[first] = finish
            desk[first] = desk_of[staff]
            first += 1
        if rest > 0.0:
            rest_end = finish + rest
            if not np.isnan(contact.closed):
                rest_end = max(contact.closed, rest_end)
            if np.isfinite(rest_end):
                later_start[later] = rest_end - rest
                later_end[later] = rest_end
                later_desk[later] = desk_of[staff]
                later += 1
    return first, later
