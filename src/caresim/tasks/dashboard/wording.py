"""Plain phrases of the dashboard: counts, spans of time, and what a reply came to."""

from __future__ import annotations

from caresim.model.codes import Result
from caresim.tasks.story.vocabulary import spoken

BROUGHT = {
    Result.INFORMED: "what is known",
    Result.WAITLISTED: "no seat free, on the waitlist",
    Result.ACKNOWLEDGED: "kind words, no help",
    Result.EMPTY: "nothing new, no help",
    Result.HANDED_OVER: "passed on",
    Result.WRONG: "a wrong answer",
}
"""What a reply that does not settle the matter came to."""
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
