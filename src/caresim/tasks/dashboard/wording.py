"""How the live view says things: plain phrases, no invented quotes."""

from __future__ import annotations

from caresim.model.codes import Result
from caresim.model.needs import Need
from caresim.report.wording import readable
from caresim.tasks.story.words import spoken

ASKS = {
    Need.INFORMATION: "asks what happens now",
    Need.REBOOKING: "asks for another seat",
    Need.ASSISTANCE: "asks for help on the spot",
    Need.REFUND: "asks for the money back",
    Need.ACKNOWLEDGEMENT: "wants to be heard",
}
DEEDS = (Need.REBOOKING, Need.REFUND)
SETTLED = {
    Need.INFORMATION: "the question is answered",
    Need.REBOOKING: "rebooked",
    Need.ASSISTANCE: "help comes",
    Need.REFUND: "the money comes back",
    Need.ACKNOWLEDGEMENT: "somebody listens",
}
SAID = {
    Result.INFORMED: "what is known",
    Result.WAITLISTED: "no seat free, on the waitlist",
    Result.ACKNOWLEDGED: "kind words, no help",
    Result.EMPTY: "nothing new, no help",
    Result.HANDED_OVER: "passed on",
    Result.WRONG: "a wrong answer",
}
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


def named(name: str) -> str:
    """A desk or a model as people write it."""
    return readable(name)
