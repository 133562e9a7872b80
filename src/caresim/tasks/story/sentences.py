"""Happenings as sentences: one table of templates, one voice, no jargon. The person is who does what has no subject."""

from __future__ import annotations

import math
from typing import Any

from caresim.model.codes import Result
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.tasks.story.happening import Happening
from caresim.tasks.story.words import Words, after

TEMPLATES = {
    "affected": "is caught up in it: {wants}{until}",
    "arose": "has a new problem{whose}: {wants}{until}",
    "no_need": "is caught up in it, and needs nobody",
    "read": "{reads} the {notice} of {company}: {use}",
    "closed": "tries {place}: closed",
    "busy": "calls {place}: all lines are busy",
    "called": "calls {place}{again}{ahead}{asks}",
    "call_back_offered": "calls {place}{again}: is offered a call back, and hangs up",
    "queued": "joins the queue at {place}{again}{ahead}{asks}",
    "posted": "posts to {place}{again}{asks}",
    "wrote": "writes to {place}{again}{asks}",
    "unheard": "{verb} to {place}{again}, where nobody answers{asks}",
    "looked_up": "looks at {place}{again}",
    "reminded": "asks {company} again: still no answer {after}",
    "wrote_back": "writes back to {company}",
    "hung_up": "hangs up{to} {after}",
    "walked_off": "leaves the queue{of} {after}",
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
    "machine_dead_end": "the assistant of {company} leads nowhere",
    "machine_nobody": "the assistant of {company} cannot help, and nobody else is there at this hour",
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

WANTS = {
    Need.INFORMATION: "wants to know what happens now",
    Need.REBOOKING: "needs another seat",
    Need.ASSISTANCE: "needs help on the spot",
    Need.REFUND: "wants the money back",
    Need.ACKNOWLEDGEMENT: "wants to be heard",
}
ASKS = {
    Need.INFORMATION: "“What happens now?”",
    Need.REBOOKING: "“I need another seat.”",
    Need.ASSISTANCE: "“We need help here.”",
    Need.REFUND: "“I want my money back.”",
    Need.ACKNOWLEDGEMENT: "“Is anybody there?”",
}
SOLVED = {
    Need.INFORMATION: "the question is answered",
    Need.REBOOKING: "the matter is settled",
    Need.ASSISTANCE: "help comes",
    Need.REFUND: "the money comes back",
    Need.ACKNOWLEDGEMENT: "somebody listens, and that is enough",
}
LOST = {
    Need.INFORMATION: "for an answer",
    Need.REBOOKING: "for another seat",
    Need.ASSISTANCE: "for help",
    Need.REFUND: "for the money",
    Need.ACKNOWLEDGEMENT: "for a kind word",
}
"""What it is too late for."""
LACKS = {
    Need.INFORMATION: "an answer",
    Need.REBOOKING: "another seat",
    Need.ASSISTANCE: "help",
    Need.REFUND: "the money",
    Need.ACKNOWLEDGEMENT: "a kind word",
}
MISSING_STILL = {
    Need.INFORMATION: "no answer",
    Need.REBOOKING: "no seat",
    Need.ASSISTANCE: "no help",
    Need.REFUND: "no money",
    Need.ACKNOWLEDGEMENT: "no more than that",
}
MATTERS = {
    Need.INFORMATION: "the question",
    Need.REBOOKING: "the other seat",
    Need.ASSISTANCE: "the help on the spot",
    Need.REFUND: "the money",
    Need.ACKNOWLEDGEMENT: "being heard",
}
"""What a rating was for, where a company is rated twice."""
WHERE = {Medium.PHONE: "on the phone", Medium.COUNTER: "at the counter"}
SAID = {
    Result.WAITLISTED: "no seat is free; a place on the waitlist",
    Result.ACKNOWLEDGED: "kind words, no help",
    Result.EMPTY: "an empty reply, nothing new",
}


def sentence(happening: Happening, words: Words, again: bool = False, about: bool = False) -> str:
    """What happened, without a full stop and without the anger.

    `again`: it has happened there before; `about`: of a rating, say what it was for.
    """
    fields = _fields(happening, words, again)
    fields["about"] = f" for {MATTERS[Need(happening.facts['about'])]}" if about else ""
    return TEMPLATES[template(happening, words)].format_map(fields)


def template(happening: Happening, words: Words) -> str:
    """The row of the table: a few events are told in more than one way."""
    facts, event = happening.facts, happening.event
    if event == "replied" and facts["live"]:
        return "served" if is_plain(words) and facts["result"] == Result.SOLVED else "spoke"
    if event == "called" and facts["callback"]:
        return "call_back_offered"
    if event in ("posted", "wrote") and facts["deaf"]:
        return "unheard"
    if event == "taken" and facts["rung"]:
        return "rung"
    return event


def is_plain(words: Words) -> bool:
    """In a queue or a replay customers call and are served, and nobody says what about."""
    return words.experiment.queue is not None or words.experiment.replay is not None


def _fields(happening: Happening, words: Words, again: bool) -> dict[str, Any]:
    facts = happening.facts
    fields: dict[str, Any] = {
        "company": words.company(happening.operator),
        "place": words.place(happening.channel) if happening.channel >= 0 else "",
        "after": after(facts["wait"]) if "wait" in facts else "",
        "where": WHERE.get(words.media[happening.channel], "") if happening.channel >= 0 else "",
        "again": " again" if again else "",
        "verb": "posts" if happening.event == "posted" else "writes",
    }
    fields |= _companies(happening, words)
    if "need" in facts:
        need = Need(facts["need"])
        fields |= {"wants": WANTS[need], "lost": LOST[need], "lacks": LACKS[need]}
        fields["said"] = said(happening, words)
        fields["asks"] = f": {ASKS[need]}" if facts.get("first") and not is_plain(words) else ""
    if "deadline" in facts:
        fields["until"] = _until(happening.time, facts["deadline"], words)
    if "ahead" in facts:
        fields["ahead"] = _ahead(facts["ahead"], words.media[happening.channel])
    if "flight" in facts:
        fields["flight"] = f"a seat on {words.flight(facts['flight'])}" if facts["flight"] >= 0 else ""
    if happening.event == "read":
        use = "that settles it" if facts["settled"] else "it does not help"
        fields |= {
            "notice": words.notice(facts["notice"]),
            "use": use + (", and raises a question" * facts["prompted"]),
            "reads": "hears" if words.is_said(facts["notice"]) else "reads",
        }
    if happening.event == "rated":
        score, made_up = f"{facts['satisfaction']:.1f}", f"{facts['after_gesture']:.1f}"
        gesture = f", and {made_up} after {_gestures(happening, words)}" if made_up != score else ""
        fields |= {"satisfaction": score, "gesture": gesture}
    return fields


def _companies(happening: Happening, words: Words) -> dict[str, str]:
    """Whom it is about, where there is more than one company; else nothing."""
    with_whom = words.company(happening.operator)
    whose = words.company(words.owner(happening.matter))
    told = {
        **{"to": f" the call to {with_whom}", "of": f" of {with_whom}", "by": f" by {with_whom}"},
        **{"at": f" at {with_whom}", "whose": f", one for {whose}", "on": f" on {whose}", "source": f" from {whose}"},
    }
    return told if words.several else dict.fromkeys(told, "")


def _until(now: float, deadline: float, words: Words) -> str:
    """The day is said where it is another one; nothing where the deadline does not come within the run."""
    if not math.isfinite(deadline) or deadline > words.experiment.ends:
        return ""
    same_day = words.day(now) == words.day(deadline)
    return f", at the latest by {words.clock(deadline) if same_day else words.date(deadline)}"


def _ahead(count: int, medium: Medium) -> str:
    if count <= 0:
        return ""
    who = "caller" if medium == Medium.PHONE else "person"
    many = {"caller": "callers", "person": "people"}[who]
    return f", behind {count} other {who if count == 1 else many}"


def _gestures(happening: Happening, words: Words) -> str:
    """What was done afterwards to make up for it, in the configuration's words."""
    operator = words.names.operators[happening.operator]
    told = [
        gesture.what[:1].lower() + gesture.what[1:]
        for gesture in words.experiment.disruption.gestures.values()
        if gesture.operator == operator
    ]
    return " and ".join(told)


def said(happening: Happening, words: Words) -> str:
    """What a reply, a machine or a promise that was kept came to."""
    facts, need = happening.facts, Need(happening.facts["need"])
    result = Result(facts.get("result", Result.SOLVED))
    news = words.news(facts.get("told", 0))
    if result == Result.HANDED_OVER:
        told = f"cannot settle it and passes it on to {words.desk(facts['to'])}"
    elif facts.get("asks"):
        told = f"{news}; asks for the booking" if news else "asks for the booking"
    elif result == Result.SOLVED:
        told = f"a seat on {words.flight(facts['flight'])}" if facts.get("flight", -1) >= 0 else SOLVED[need]
        told = news if news and need == Need.INFORMATION else told
    elif result == Result.INFORMED:
        told = news if need == Need.INFORMATION else f"{news}, but {MISSING_STILL[need]}"
    else:
        told = SAID.get(result, SOLVED[need])
        told = f"{told}; {news}" if news else told
    return f"{told}; promises that it will be taken care of" if facts.get("promise") else told
