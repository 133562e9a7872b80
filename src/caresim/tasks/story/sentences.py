"""Happenings as sentences, from one table of templates. Where a sentence has no subject, the person is meant."""

from __future__ import annotations

import math
from collections.abc import Container
from typing import Any

from caresim.model.codes import Result
from caresim.model.media import STAFFED, WRITTEN, Medium
from caresim.model.needs import Need, Settlement
from caresim.tasks.story.happening import ASKED, LOOKED_UP, Happening
from caresim.tasks.story.vocabulary import Vocabulary, after

TEMPLATES = {
    "affected": "is caught up in it: {wants}{until}",
    "arose": "has a new problem{whose}: {wants}{until}",
    "no_need": "is caught up in it, and needs nobody",
    "read": "{reads} the {notice} of {company}: {use}",
    "closed": "tries {place}: closed",
    "holds_off": "knows that {place} is closed, and waits until it opens",
    "busy": "calls {place}: all lines are busy",
    "called": "calls {place}{again}{ahead}{asks}",
    "call_back_offered": "calls {place}{again}: is offered a call back, and hangs up",
    "queued": "joins the queue at {place}{again}{ahead}{asks}",
    "posted": "posts to {place}{again}{asks}",
    "wrote": "writes to {place}{again}{asks}",
    "posted_unheard": "posts to {place}{again}, where nobody answers{asks}",
    "wrote_unheard": "writes to {place}{again}, where nobody answers{asks}",
    "looked_up": "looks at {place}{again}",
    "reminded": "asks {company} again: still no answer {after}",
    "wrote_back": "writes back to {company}",
    "hung_up": "hangs up{to} {after}",
    "walked_off": "leaves the queue{of} {after}",
    "moved_on": "waits on in the queue of {to_desk}, {after}",
    "silence": "stops looking for a reply from {company} {after}",
    "taken": "is answered{by} {after}",
    "rung": "is called back by {company} {after}",
    "missed_call": "misses the call back from {company}",
    "handed_on": "{company} goes off duty; a colleague has to read in",
    "replied": "{company} replies {after}: {said}",
    "spoke": "{after} {where}{of}: {said}",
    "served": "is done{at} {after}",
    "too_late": "{company} replies {after}, when nobody looks for it any more",
    "dropped": "{company} is off duty and lets the conversation drop",
    "sent_away": "is sent away{by} {after}",
    "web_helped": "looks at {place}: {said}",
    "web_no_help": "looks at {place}: it does not help",
    "machine_solved": "the assistant of {company} answers at once: {said}",
    "machine_erred": "the assistant of {company} answers at once, and wrongly",
    "machine_passed_on": "the assistant of {company} passes it on to a person",
    "machine_message": "the assistant of {company} takes a message, as nobody is there at this hour",
    "machine_dead_end": "the assistant of {company} leads nowhere",
    "machine_nobody": "the assistant of {company} cannot help, and nobody else is there at this hour",
    "corrected": "finds out that what {company} had said is not so",
    "no_news": "the time is up, and {company} has no news",
    "error_showed": "finds out that the assistant{of} was wrong",
    "kept": "{company} keeps its promise: {said}",
    "broken": "nothing has come of what {company} promised",
    "seat_came": "a seat comes free: {company} gives {flight}",
    "missed": "it is too late {lost}{source}",
    "gave_up": "gives up{on}",
    "still_waiting": "is still without {lacks}{source} when the story ends",
    "rated": "rates the care of {company} {satisfaction} of 5{about}{gesture}",
}
"""Every event, as the person lives it."""

UNHEARD = {medium.row.asked: f"{medium.row.asked}_unheard" for medium in WRITTEN}
"""The sentence instead, where nobody answers what is written."""
BROUGHT = {
    Result.WAITLISTED: "no seat is free; a place on the waitlist",
    Result.ACKNOWLEDGED: "kind words, no help",
    Result.EMPTY: "an empty reply, nothing new",
    Result.UNKNOWN: "nothing is known about it yet",
    Result.NOT_YET: "it is not possible yet",
    Result.REFUSED: "it is not possible, says somebody who has misunderstood the instruction",
}
"""What a reply came to that neither settles the matter nor tells anything about it."""


def check(templates: Container[str]) -> None:
    """Refuse a medium with an event for which there is no sentence."""
    events = {*ASKED, *LOOKED_UP, *UNHEARD.values(), *(medium.row.gave_up for medium in STAFFED)}
    if missing := sorted(event for event in events if event not in templates):
        raise TypeError(f"media name events that stories have no sentence for: {', '.join(missing)}")


check(TEMPLATES)


def sentence(happening: Happening, words: Vocabulary, again: bool = False, about: bool = False) -> str:
    """What happened, without a full stop and without the anger.

    `again`: it has happened there before; `about`: of a rating, say what it was for.
    """
    fields = _fields(happening, words, again)
    fields["about"] = f" for {Need(happening.facts['about']).row.matter}" if about else ""
    return TEMPLATES[template(happening, words)].format_map(fields)


def template(happening: Happening, words: Vocabulary) -> str:
    """The row of the table: a few events are told in more than one way."""
    facts, event = happening.facts, happening.event
    if event == "replied" and facts["synchronous"]:
        return "served" if is_plain(words) and facts["result"] == Result.SOLVED else "spoke"
    if event == "called" and facts["callback"]:
        return "call_back_offered"
    if event in UNHEARD and facts["unheard"]:
        return UNHEARD[event]
    if event == "taken" and facts["rung"]:
        return "rung"
    return event


def is_plain(words: Vocabulary) -> bool:
    """In a queue or a replay: customers call and are served, and the story does not say what about."""
    return words.experiment.queue is not None or words.experiment.replay is not None


def _fields(happening: Happening, words: Vocabulary, again: bool) -> dict[str, Any]:
    facts = happening.facts
    fields: dict[str, Any] = {
        "company": words.company(happening.operator),
        "place": words.place(happening.channel) if happening.channel >= 0 else "",
        "after": after(facts["wait"]) if "wait" in facts else "",
        "where": words.media[happening.channel].row.where if happening.channel >= 0 else "",
        "again": " again" if again else "",
    }
    fields |= _companies(happening, words)
    if "need" in facts:
        need = Need(facts["need"]).row
        fields |= {"wants": need.wants, "lost": need.waits_for, "lacks": need.thing}
        fields["said"] = said(happening, words)
        fields["asks"] = f": {need.says}" if facts.get("first") and not is_plain(words) else ""
    if "deadline" in facts:
        fields["until"] = _until(happening.time, facts["deadline"], words)
    if "to" in facts:
        fields["to_desk"] = words.desk(facts["to"])
    if "ahead" in facts:
        fields["ahead"] = _ahead(facts["ahead"], words.media[happening.channel])
    if "flight" in facts:
        fields["flight"] = f"a seat on {words.flight(facts['flight'])}" if facts["flight"] >= 0 else ""
    if happening.event == "read":
        use = "that settles it" if facts["settled"] else "it does not help"
        fields |= {
            "notice": "words to others" if words.is_fed(facts["notice"]) else words.notice(facts["notice"]),
            "use": use + (", and raises a question" * facts["prompted"]),
            "reads": "hears" if words.is_said(facts["notice"]) else "reads",
        }
    if happening.event == "rated":
        score, made_up = f"{facts['satisfaction']:.1f}", f"{facts['after_gesture']:.1f}"
        gesture = f", and {made_up} after {_gestures(happening, words)}" if made_up != score else ""
        fields |= {"satisfaction": score, "gesture": gesture}
    return fields


def _companies(happening: Happening, words: Vocabulary) -> dict[str, str]:
    """Which company it is about, where there is more than one; else nothing."""
    with_whom = words.company(happening.operator)
    whose = words.company(words.owner(happening.matter))
    phrases = {
        **{"to": f" the call to {with_whom}", "of": f" of {with_whom}", "by": f" by {with_whom}"},
        **{"at": f" at {with_whom}", "whose": f", one for {whose}", "on": f" on {whose}", "source": f" from {whose}"},
    }
    return phrases if words.several else dict.fromkeys(phrases, "")


def _until(now: float, deadline: float, words: Vocabulary) -> str:
    """The deadline, with its day where that is another one; empty where it does not come within the run."""
    if not math.isfinite(deadline) or deadline > words.experiment.ends:
        return ""
    same_day = words.day(now) == words.day(deadline)
    return f", at the latest by {words.clock(deadline) if same_day else words.date(deadline)}"


def _ahead(count: int, medium: Medium) -> str:
    if count <= 0:
        return ""
    one, several = medium.row.ahead
    return f", behind {count} other {one if count == 1 else several}"


def _gestures(happening: Happening, words: Vocabulary) -> str:
    """What was done afterwards to make up for it, in the configuration's words."""
    operator = words.names.operators[happening.operator]
    gestures = [
        gesture.what[:1].lower() + gesture.what[1:]
        for gesture in words.experiment.disruption.gestures.values()
        if gesture.operator == operator
    ]
    return " and ".join(gestures)


def said(happening: Happening, words: Vocabulary) -> str:
    """What a reply, a machine or a promise that was kept came to."""
    text = _substance(happening, words)
    if happening.facts.get("news_promise"):
        return f"{text}; names a time for news"
    return f"{text}; promises that it will be taken care of" if happening.facts.get("promise") else text


def _substance(happening: Happening, words: Vocabulary) -> str:
    """The same without a promise."""
    facts, need = happening.facts, Need(happening.facts["need"]).row
    result = Result(facts.get("result", Result.SOLVED))
    news = words.news(facts.get("news", 0))
    is_news = need.settled_by is Settlement.NEWS
    if result == Result.HANDED_OVER:
        return f"cannot settle it and passes it on to {words.desk(facts['to'])}"
    if facts.get("asks"):
        return f"{news}; asks for the booking" if news else "asks for the booking"
    if result == Result.SOLVED:
        if news and is_news:
            return news
        return f"a seat on {words.flight(facts['flight'])}" if facts.get("flight", -1) >= 0 else need.settled
    if result == Result.INFORMED:
        return news if is_news else f"{news}, but {need.missing}"
    if result == Result.PARTLY:
        return f"{news}, but {need.missing}"
    text = BROUGHT.get(result, need.settled)
    return f"{text}; {news}" if news else text
