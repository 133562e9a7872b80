"""Facts, notices and bystanders of a random world."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.support.properties.options import LANGUAGES, ZONES, one, percent, shares, some
from tests.support.properties.unusual_behaviour import NEEDS

KINDS = ("run", "change")
DEEDS = {"rebooking": "rebooks", "refund": "refunds", "assistance": "assists"}
"""The needs that an instruction may allow, and the power of a desk that it gives."""


def draw_disruption(draw: Any, whole: dict[str, Any]) -> None:
    disruption = whole["disruption"]
    if draw(one(False, True)):
        draw_questions(draw, whole)
    for k in range(draw(one(0, 1, 2))):
        draw_fact(draw, whole, f"fact_{k}")
    if len(disruption["facts"]) == 2 and draw(one(False, True)):
        disruption["facts"]["fact_1"]["corrects"] = ["fact_0"]
        disruption["facts"]["fact_0"]["wrong"] = draw(one(False, True))
    if len(whole["operators"]) > 1 and draw(one(False, True)):
        draw_shares(draw, whole)
    for k in range(draw(one(0, 1, 2))):
        draw_notice(draw, whole, f"notice_{k}")
    draw_feed(draw, whole)
    if draw(one(False, True)):
        draw_instruction(draw, whole, "waiver")
    public = [
        (name, f"{name}_public")
        for name in whole["operators"]
        if f"{name}_public" in whole["operators"][name]["channels"]
    ]
    if public and draw(st.booleans()):
        operator, channel = draw(st.sampled_from(public))
        disruption["bystanders"] = {
            "operator": operator, "channel": channel, "base": draw(one("1 posts/h", "0 posts/h")),
            "per_hour": draw(one("5 posts/h", "0 posts/h", "20 posts/h")),
            "per_unresolved": draw(one("0 posts/h", "0.05 posts/h")),
            "pulses": [{"at": "1 h", "weight": "1 x"}], "half_life": "2 h", "timezone": draw(one(*ZONES)),
        }  # fmt: skip


def draw_questions(draw: Any, whole: dict[str, Any]) -> None:
    """Kinds of questions, and who asks which."""
    whole["disruption"]["questions"] = list(KINDS)
    for about in whole["population"]["cohorts"].values():
        about["asks"] = shares(draw, KINDS, 2)
    if draw(one(False, True)):
        whole["behaviour"]["questions"] = {"rebooking": "change", "refund": draw(one(*KINDS))}


def draw_fact(draw: Any, whole: dict[str, Any], name: str) -> None:
    """Known from the start, or later on the first day."""
    fact = {"operator": "a", "at": draw(one(whole["start"], late(whole))), "what": "something"}
    if "questions" in whole["disruption"]:
        fact["answers"] = {kind: draw(percent()) for kind in some(draw, list(KINDS), 1)}
    whole["disruption"]["facts"][name] = fact


def draw_shares(draw: Any, whole: dict[str, Any]) -> None:
    """Who is told what an operator comes to know."""
    operators = whole["operators"]
    for name in some(draw, list(operators), 1):
        others = [other for other in operators if other != name]
        operators[name]["shares"] = {"with": some(draw, others, 1), "delay": draw(one("10 min", "0 min", "5 h"))}


def draw_notice(draw: Any, whole: dict[str, Any], name: str) -> None:
    """Said once or again and again; of facts, of itself, or of nothing."""
    operator, facts = draw(st.sampled_from(list(whole["operators"]))), whole["disruption"]["facts"]
    notice = {
        "operator": operator,
        "at": draw(one(whole["start"], late(whole))),
        "media": [draw(one("web", "sms"))],
        "languages": some(draw, list(LANGUAGES), 1),
        "reach": {cohort: draw(percent()) for cohort in whole["population"]["cohorts"]},
        "delay": draw(one("1 h", "1 s")),
        "clarity": draw(percent()),
        "meets": {need: draw(percent()) for need in NEEDS if need != "information"},
        "prompts": draw(percent()),
    }
    if draw(one(False, True)):
        notice["says"] = some(draw, list(facts)) if operator == "a" else []
    if draw(one(False, False, True)):
        notice |= {"every": draw(one("1 h", "10 min")), "until": late(whole)}
    whole["disruption"]["notices"][name] = notice


def draw_instruction(draw: Any, whole: dict[str, Any], name: str) -> None:
    """Allows something to be done from some moment on, at desks that wait for it; some tickets allow it anyway."""
    allowed = some(draw, list(DEEDS), 1)
    facts = whole["disruption"]["facts"]
    whole["disruption"]["instructions"] = {
        name: {
            "operator": "a", "at": draw(one(whole["start"], late(whole))),
            "allows": allowed, "says": some(draw, list(facts)), "reaches": draw(one("45 min", "0 min", "5 h")),
            "misunderstood": draw(percent()),
        }
    }  # fmt: skip
    for desk in whole["staffing"]["model"]["desks"].values():
        for power in [DEEDS[need] for need in allowed if desk["operator"] == "a"]:
            desk[power] = draw(one(desk[power], name))
    for about in whole["population"]["cohorts"].values():
        about["entitled"] = {need: draw(percent()) for need in DEEDS}


def late(whole: dict[str, Any]) -> str:
    """The last half-hour of the first day."""
    return f"{whole['start'][:10]} 23:30 UTC"


def draw_feed(draw: Any, whole: dict[str, Any]) -> None:
    """Who comes to read what was told in public, and who names a time for news."""
    for about in whole["population"]["cohorts"].values():
        if draw(one(False, False, True)):
            about |= {"feed": draw(percent()), "feed_delay": draw(one("1 h", "1 s"))}
    for desk in whole["staffing"]["model"]["desks"].values():
        if desk["informs"] and draw(one(False, False, True)):
            desk["news_promise"] = {"share": draw(percent()), "within": draw(one("1 h", "5 min"))}
