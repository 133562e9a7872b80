"""One staffing model's story of a person: lines to read, rows to count, and the outcome in a sentence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from caresim.config.display_names import as_it_reads
from caresim.model.codes import Status
from caresim.model.needs import Need, Settlement
from caresim.tasks.story.happening import ANSWERED, ASKED, LOOKED_UP, Course, Ending, Happening
from caresim.tasks.story.sentences import is_plain, sentence
from caresim.tasks.story.vocabulary import Vocabulary, after, spoken

FOLDED = frozenset({"closed", "holds_off", "busy", "reminded"})
"""Events that make one line where they happen several times in a row."""
AFTERWARDS = ("rated", "still_waiting")
"""Events of the end of the run: they have no clock time."""
ATTEMPTS = ASKED | {"closed"}
"""A wait for an answer begins with the first of these."""
ENDED = {
    Status.GAVE_UP: "gave up",
    Status.NO_NEED: "needed nobody",
}


@dataclass(frozen=True)
class Line:
    """A sentence and its local clock time; `day` is empty where it is that of the line before."""

    time: float
    day: str
    clock: str
    text: str
    anger: str
    """ " (angry: 4 of 10)" where it has changed."""

    @property
    def sentence(self) -> str:
        return self.text + self.anger


@dataclass(frozen=True)
class Tale:
    """What happened to the person under one staffing model."""

    staffing: str
    differs: str
    lead: str
    """How it ended, in a sentence; one line for each company where there are several."""
    lines: list[Line]
    rows: list[dict[str, Any]]
    course: Course
    words: Vocabulary

    @property
    def called(self) -> str:
        """What the staffing model is called."""
        return self.words.labels.staffing.get(self.staffing) or as_it_reads(self.staffing)


def tale(staffing: str, course: Course, words: Vocabulary) -> Tale:
    """The story that a course of events makes."""
    differs = words.experiment.staffing[staffing].differs
    sentences = _sentences(course, words)
    lines = _lines(course, sentences, words)
    rows = [
        _row(staffing, happening, text, words) for happening, text in zip(course.happenings, sentences, strict=True)
    ]
    return Tale(staffing, differs, lead(course, words), lines, rows, course, words)


def _sentences(course: Course, words: Vocabulary) -> list[str]:
    used: set[tuple[str, int, int]] = set()
    rated = Counter(happening.operator for happening in course.happenings if happening.event == "rated")
    sentences = []
    for happening in course.happenings:
        place = (happening.event, happening.channel, happening.matter)
        about = happening.event == "rated" and rated[happening.operator] > 1
        sentences.append(sentence(happening, words, again=happening.channel >= 0 and place in used, about=about))
        used.add(place)
    return sentences


def _lines(course: Course, sentences: list[str], words: Vocabulary) -> list[Line]:
    """Sentences with clock times and, where it has changed by a tenth, the anger; repetitions are told once."""
    lines: list[Line] = []
    last_level, day = 0, ""
    for first, last in _runs(course.happenings):
        happening, text = course.happenings[first], sentences[first]
        if last > first:
            text += f", {last - first + 1} times until {_until(happening, course.happenings[last], words)}"
        if happening.event in AFTERWARDS:
            continue
        level = round(10 * course.happenings[last].anger)
        anger = f" (angry: {level} of 10)" if level != last_level else ""
        last_level = level
        own = bool(lines) and lines[-1].time == happening.time and lines[-1].text[:1].islower()  # no company's deed
        if happening.event == "gave_up" and own:
            lines[-1] = replace(lines[-1], text=f"{lines[-1].text}, and {text}", anger=lines[-1].anger or anger)
            continue
        today = words.day(happening.time)
        lines.append(Line(happening.time, today if today != day else "", words.clock(happening.time), text, anger))
        day = today
    return lines + _afterwards(course, sentences, words)


def _afterwards(course: Course, sentences: list[str], words: Vocabulary) -> list[Line]:
    """What comes when the run is over; one line for a company that is rated for several matters."""
    lines: list[Line] = []
    rated: dict[int, int] = {}
    for happening, text in zip(course.happenings, sentences, strict=True):
        if happening.event not in AFTERWARDS or (happening.event == "rated" and is_plain(words)):
            continue
        first = rated.get(happening.operator) if happening.event == "rated" else None
        if first is not None:
            further = text.removeprefix(f"rates the care of {words.company(happening.operator)} ")
            lines[first] = replace(lines[first], text=f"{lines[first].text}, {further}")
            continue
        if happening.event == "rated":
            rated[happening.operator] = len(lines)
        lines.append(Line(happening.time, "", "then", text, ""))
    return lines


def _runs(happenings: list[Happening]) -> Iterator[tuple[int, int]]:
    """First and last of the happenings that make one line; a look at a website is told with what it brought."""
    first = 0
    while first < len(happenings):
        last = first
        while last + 1 < len(happenings) and _same(happenings[first], happenings[last + 1]):
            last += 1
        following = happenings[last + 1] if last + 1 < len(happenings) else None
        told_next = following is not None and following.event in ("web_helped", "web_no_help")
        if happenings[first].event not in LOOKED_UP or not told_next:
            yield first, last
        first = last + 1


def _same(one: Happening, other: Happening) -> bool:
    return one.event in FOLDED and (one.event, one.channel, one.matter) == (other.event, other.channel, other.matter)


def _until(one: Happening, other: Happening, words: Vocabulary) -> str:
    same_day = words.day(one.time) == words.day(other.time)
    return words.clock(other.time) if same_day else words.date(other.time)


def _row(staffing: str, happening: Happening, text: str, words: Vocabulary) -> dict[str, Any]:
    names = words.names

    def name(all_names: list[str], row: int) -> str | None:
        return all_names[row] if row >= 0 else None

    return {
        "staffing": staffing,
        "time_min": happening.time,
        "time": words.moment(happening.time),
        "operator": name(names.operators, happening.operator),
        "channel": name(names.channels, happening.channel),
        "desk": name(names.desks, happening.desk),
        "event": happening.event,
        "sentence": text,
        "anger": happening.anger,
    }


def lead(course: Course, words: Vocabulary) -> str:
    """How it ended, how long the first answer took, what they think of it: a line for each company."""
    companies = _companies(course, words)
    first = _first_to_answer(course) if len(companies) > 1 else -1
    lines = []
    for o in companies:
        text = "; ".join(_with(o, course, words, first=o == first))
        lines.append(f"{words.company(o)}: {text}" if len(companies) > 1 else text[:1].upper() + text[1:])
    return "\n".join(lines) or "Not affected"


def _companies(course: Course, words: Vocabulary) -> list[int]:
    """Operators in the order in which the person turned to them, then those of the other matters."""
    turned_to = [happening.operator for happening in course.happenings if happening.event in ATTEMPTS]
    return list(dict.fromkeys([*turned_to, *(words.owner(ending.matter) for ending in course.endings)]))


def _with(o: int, course: Course, words: Vocabulary, first: bool) -> list[str]:
    """What came of it with one operator, in a few words each."""
    parts = [_ended(ending, course, words) for ending in course.endings if words.owner(ending.matter) == o]
    if any(happening.event in ATTEMPTS and happening.operator == o for happening in course.happenings):
        answered = _answered(course, o)
        how = "never answered" if answered is None else f"answered {'first, ' * first}{after(answered)}"
        parts = [how] if is_plain(words) else [*parts, how]
    verdict = _verdict(o, course, words)
    return [*parts, verdict] if verdict else parts


def _ended(ending: Ending, course: Course, words: Vocabulary) -> str:
    need = Need(ending.need).row
    if ending.status == Status.SEEKING:
        return f"still without {need.thing} at the end"
    if ending.status == Status.MISSED:
        return f"too late {need.waits_for}"
    if ending.status != Status.RESOLVED:
        return ENDED[Status(ending.status)]
    has_seat = ending.flight >= 0
    outcome = need.outcome if has_seat or need.settled_by is not Settlement.SEAT else "settled"
    if has_seat:
        outcome += f" on {words.flight(ending.flight)}"
    begins = [h.time for h in course.happenings if h.matter == ending.matter and h.event not in ("affected", "arose")]
    took = ending.resolved - min(begins, default=math.nan)
    return f"{outcome}, {spoken(took)} after the first try" if took >= 1 else f"{outcome} at the first try"


def _answered(course: Course, o: int) -> float | None:
    """Minutes from the first attempt to reach an operator until it answered; None: it did not."""
    tried = [h.time for h in course.happenings if h.event in ATTEMPTS and h.operator == o]
    answers = [h.time for h in course.happenings if h.event in ANSWERED and h.operator == o and h.time >= tried[0]]
    return answers[0] - tried[0] if answers else None


def _first_to_answer(course: Course) -> int:
    return next((happening.operator for happening in course.happenings if happening.event in ANSWERED), -1)


def _verdict(o: int, course: Course, words: Vocabulary) -> str:
    """Satisfaction with one operator, matter by matter where there are several."""
    rated = [h for h in course.happenings if h.event == "rated" and h.operator == o and not is_plain(words)]
    if not rated:
        return ""
    scores = [
        f"{h.facts['satisfaction']:.1f} of 5" + (f" for {Need(h.facts['about']).row.matter}" if len(rated) > 1 else "")
        for h in rated
    ]
    return f"satisfaction {', '.join(scores)}"
