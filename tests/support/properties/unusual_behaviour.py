"""Numbers of conf/behaviour at their ends."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NEEDS = ("information", "rebooking", "assistance", "refund", "acknowledgement")
EXTREMES = {
    "phone.patience": ("10 min", "1 s", "30 d"),
    "phone.counter_patience": ("30 min", "1 s", "30 d"),
    "phone.patience_shape": ("1 x", "0.3 x", "5 x"),
    "phone.busy_redial": ("80 %", "0 %", "100 %"),
    "phone.busy_gap": ("30 min", "10 min"),
    "phone.abandon_redial": ("45 %", "0 %", "100 %"),
    "phone.abandon_gap": ("30 min", "10 min", "1 d"),
    "text.remind_gap": ("23 min", "5 min"),
    "text.patience": ("8 h", "1 s", "30 d"),
    "text.turn_gap": ("16 min", "1 s", "6 h"),
    "text.turn_dropout": ("25 %", "0 %", "100 %"),
    "follow_up.gap": ("4 h", "30 min"),
    "follow_up.persist": ("70 %", "0 %", "100 %"),
    "follow_up.haste": ("50 %", "0 %", "100 %"),
    "follow_up.waitlist_patience": ("3 x", "0.1 x"),
    "follow_up.closed_retry": ("3 h", "30 min"),
    "follow_up.wrong_delay": ("6 h", "1 min"),
    "anger.temper_cv": ("0.5 x", "0 x", "3 x"),
    "anger.kappa": ("0.25 x", "0 x", "5 x"),
    "anger.relief": ("50 %", "0 %", "100 %"),
    "anger.empty_reply": ("8 %", "100 %"),
    "anger.broken_promise": ("25 %", "100 %"),
    "handling.sigma": ("0.8 sd", "0 sd", "2 sd"),
    "handling.reading_in": ("2 min", "0 min", "1 h"),
    "handling.triage": ("15 s", "0 s", "10 min"),
    "public.contagion": ("0.2 posts", "0 posts", "0.6 posts"),
    "public.own_posts": ("1.9 posts", "1 posts"),
    "public.follower_power": ("0.5 x", "0 x", "1 x"),
    "public.relay": ("10 %", "0 %", "80 %"),
    "public.feed_clarity": ("50 %", "0 %", "100 %"),
    "public.joke_question": ("10 %", "0 %", "100 %"),
}
"""Numbers of behaviour and the ends between which they are tried, the plainest first. Gaps are bounded from below, so
that a world stays small: nobody redials a thousand times.
"""


LAWS = (
    {"law": "lognormal"},
    {"law": "exponential"},
    {"law": "deterministic"},
    {"law": "lognormal", "cv": "0 x"},
    {"law": "lognormal", "cv": "3 x"},
    {"law": "hyperexponential", "cv": "1 x"},
    {"law": "hyperexponential", "cv": "4 x"},
)
"""How handling times are distributed; a hyperexponential cannot vary less than an exponential (cv 1)."""


def draw_behaviour(draw: Any, behaviour: dict[str, Any]) -> None:
    """A few numbers elsewhere than where they usually are."""
    for path in draw(st.lists(st.sampled_from(sorted(EXTREMES)), max_size=8, unique=True)):
        group, key = path.split(".")
        value = draw(st.sampled_from(EXTREMES[path][1:]))
        behaviour[group][key] = dict.fromkeys(NEEDS, value) if key.endswith("patience") and group == "phone" else value
    if draw(st.sampled_from((False, False, True))):
        minutes = draw(st.sampled_from(("1 min", "10 s", "5 h")))
        for medium in ("phone", "counter", "public"):
            behaviour["handling"][medium] = dict.fromkeys(NEEDS, minutes)
    behaviour["handling"] |= draw(st.sampled_from(LAWS))
    behaviour["phone"]["patience_law"] = draw(st.sampled_from(("weibull", "deterministic", "endless")))
