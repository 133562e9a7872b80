"""Plain phrases of the dashboard: counts, spans of time, what a reply came to, and where a passenger stands."""

from __future__ import annotations

import numpy as np

from caresim.model.codes import Outcome, Result, Status
from caresim.model.needs import Need, Settlement
from caresim.tasks.story.vocabulary import spoken

BROUGHT = {
    Result.INFORMED: "what is known",
    Result.WAITLISTED: "no seat free, on the waitlist",
    Result.ACKNOWLEDGED: "kind words, no help",
    Result.EMPTY: "nothing new, no help",
    Result.HANDED_OVER: "passed on",
    Result.WRONG: "a wrong answer",
    Result.UNKNOWN: "nothing is known yet",
    Result.NOT_YET: "it is not possible yet",
    Result.REFUSED: "refused, by a misunderstanding",
    Result.PARTLY: "some news, not the whole answer",
}
"""What a reply that does not settle the matter came to."""
STANDING = {
    Status.UNAWARE: "not reached by it yet",
    Status.MISSED: "too late: the solution has lost its worth",
    Status.GAVE_UP: "has given up",
    Status.NO_NEED: "needs nobody",
}
"""Where a passenger stands whose matter is not settled."""
ORDINALS = ("", "", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def count(number: int, one: str, many: str = "") -> str:
    """ "1 post", "1,204 posts"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def times(number: int) -> str:
    """ "third time"."""
    return f"{ORDINALS[number]} time" if number < len(ORDINALS) else f"{number} times now"


def long(minutes: float) -> str:
    """A span in at most two units, short ones in whole minutes: "9 h 20 min", "3 days 4 h"."""
    return "less than a minute" if minutes < 1 else spoken(minutes)


def outcome(contact: np.void) -> str:
    """What the last reply came to."""
    need, result = Need(int(contact["need"])).row, Result(int(contact["result"]))
    if contact["outcome"] == Outcome.TOO_LATE:
        return "too late, nobody looks any more"
    if result == Result.SOLVED or (result == Result.INFORMED and need.settled_by is Settlement.NEWS):
        return need.settled_short
    if result == Result.ACKNOWLEDGED and need.booking and contact["exchanges"] == 1:
        return "asks for the booking"
    return BROUGHT.get(result, "in hand")


def stands(status: int, need: int) -> str:
    """Where a passenger stands with a matter."""
    if status == Status.RESOLVED:
        return Need(need).row.settled_short
    return STANDING.get(Status(status), "still without a solution")
