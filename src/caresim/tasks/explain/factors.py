"""The ways in which two staffing models may differ, and which keys of a desk belong to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from caresim.config.base import NO_EFFECT
from caresim.config.desk import Desk, StaffTraits

ORGANISATION, HOURS, HEADS, ACCESS, SKILLS = "organisation", "hours", "heads", "access", "skills"
NOTICE, DATES, ASSISTANT, SEATS = "notice", "dates", "assistant", "seats"

MEANING = {
    ORGANISATION: "which desks there are, which channels each serves, and how work is passed on and put in order",
    HOURS: "on which days and at what times the paid hours are worked, at the same number of them",
    HEADS: "how many hours are paid for, at the same times of day, and who is on call",
    ACCESS: "what staff may do, see and promise: inform, rebook, refund, assist, see the booking, keep a waiting list",
    SKILLS: "what kind of staff they are: speed, quality, evenness, languages, absence and wage",
    NOTICE: "what is announced, where and to whom, and which companies share what they know",
    DATES: "when notices are published, and when instructions are issued, reach desks and are understood",
    ASSISTANT: "an automated assistant that answers first",
    SEATS: "free seats on every flight (no matter of staffing)",
}
"""Every factor, in the order in which tables show them."""

OF_DESK = {
    ORGANISATION: (
        "operator", "serves", "routing", "routing_in_writing", "head_start", "text_first", "expires",
        "hand_over", "overflow", "end_of_duty", "callback", "roster", "scale_with_hours",
    ),
    HOURS: (
        "timezone", "shifts", "extra", "opening", "headcount", "headcount_before", "reinforced_from", "reinforcement",
        "replans",
    ),
    HEADS: ("reserve",),
    ACCESS: (
        "informs", "rebooks", "refunds", "assists", "sees_booking", "waitlists", "promise", "promise_kept",
        "promise_delay", "news_promise", "converses",
    ),
    SKILLS: ("kind", "languages", *StaffTraits.model_fields),
}  # fmt: skip
"""Keys of a desk by factor. Headcounts belong to the hours: they give the course over days, and heads scale it."""
POWERS = ("informs", "rebooks", "refunds", "assists", "sees_booking", "waitlists")
"""What a desk may do: true, false, or from when an instruction of this name reaches it."""


def check(of_desk: Mapping[str, Iterable[str]], keys: Iterable[str]) -> None:
    """Refuse a factor without a meaning, and a key of a desk that belongs to no factor or to two."""
    if unknown := sorted(set(of_desk) - set(MEANING)):
        raise TypeError(f"factors without a meaning: {', '.join(unknown)}")
    listed = [key for factor in of_desk.values() for key in factor]
    if wrong := sorted(key for key in {*keys, *listed} if listed.count(key) != 1 or key not in keys):
        raise TypeError(f"keys of a desk belong to exactly one factor, and these do not: {', '.join(wrong)}")


check(OF_DESK, [key for key, field in Desk.model_fields.items() if NO_EFFECT not in field.metadata])
