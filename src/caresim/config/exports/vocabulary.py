"""The words that systems use for outcomes, media, columns and nothing at all, where they can mean one thing only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from caresim.model import media

OUTCOMES = {
    "answered": (
        "answered, answer, handled, handle, completed, complete, agent, connected, served, serviced, resolved, accepted"
    ),
    "abandoned": (
        "abandoned, abandon, abandoned in queue, aband, abn, abnd, hang, hung up, hangup, hang up, caller "
        "hung up, customer hung up, renege, reneged, lost in queue, quit, exitwithtimeout abandon"
    ),
    "blocked": "blocked, busy, rejected busy, no trunk, all trunks busy",
    "left_out": "phantom, test, test call",
}
"""Outcome words, folded. `transferred` is none of them: whether the leg was answered is another question."""
YES_NO = {
    "answered": "y, yes, true, ja, oui, si",
    "abandoned": "n, no, false, nein, non",
}
"""In a column whose name asks whether it was answered."""
MEDIA = {medium.word: f"{medium.word}, {medium.row.exported_as}".strip(", ") for medium in media.STAFFED}
"""Words for the media that people answer, folded. `chat` is none of them: it may be public, private or a messenger."""
EMPTY = frozenset(("", "null", "n/a", "na", "none", "nan", "#n/a", "#div/0!", "#null!", "-", "--", "\u2013", "\u2014"))
"""What stands in a cell without data, in small letters."""
TOTALS = frozenset(
    (
        *(
            "total",
            "totals",
            "grand total",
            "all intervals",
            "all",
            "all queues",
            "all channels",
            "sum",
            "summary",
            "overall",
            "average",
            "avg",
            "mean",
        ),
        *("gesamt", "gesamtsumme", "summe", "mittelwert", "totaal", "totale", "total general", "totaux", "moyenne"),
    )
)
"""What stands in a line of totals where a time or a queue should stand, folded."""
ASKING = frozenset(
    ("answered", "answered y n", "answered yes no", "was answered", "is answered", "call answered", "beantwortet")
)
"""Names of columns that hold yes or no, folded."""
GIVING_UP = (
    "aban",
    "drop",
    "hang",
    "hung",
    "lost",
    "quit",
    "missed",
    "no answer",
    "unanswered",
    "not answered",
    "aufgeleg",
    "abgebroch",
)
"""Parts of words by which systems call customers who did not wait until somebody answered."""
PARTIAL = frozenset(
    (
        *("talk time", "talktime", "avg talk", "avg talk duration", "duration", "call duration", "duree"),
        *("gespraechsdauer", "gespraechszeit", "gesprächsdauer", "gesprächszeit"),
    )
)
"""Names of times that may be a part of the handling time, or more than it, folded."""
OF_HISTORY = ("kind", "agent", "customer")
"""Columns of contacts that a replay leaves alone and a calibration reads."""
COLUMNS = {
    "arrival": (
        "arrival, arrival time, queued at, queued, start date time, datum von, call time, call start, start "
        "time, created, created at, received, received at, date time, datetime, timestamp, queue entry, q "
        "start, enqueued at, contact start, initiation timestamp, call date, eingang, anrufzeit, anrufbeginn, "
        "zeitpunkt, date, datum"
    ),
    "channel": "channel, queue, queue name, skill, split, vdn, service, warteschlange",
    "medium": "medium, media type, media, contact type, interaction type",
    "desk": "desk, team, agent group, department, site",
    "need": "need",
    "kind": "kind, call type, call reason, contact reason, reason, topic, anliegen, thema, grund, anrufgrund, motif",
    "cohort": "cohort, segment, customer segment",
    "service_s": (
        "service s, handle time, handling time, aht, talk time, avg talk duration, duration, call duration, "
        "service time, ser time, handle, bearbeitungszeit, gespraechsdauer, "
        "gespraechszeit, gesprächsdauer, gesprächszeit, duree, talktime"
    ),
    "patience_s": "patience s, patience, time to abandon, abandon time",
    "priority": "priority",
    "wait_s": (
        "wait s, wait, wait time, waiting time, speed of answer, speed of answer in seconds, time to "
        "answer, time to answer sec, queue time, q time, time in queue, asa, wartezeit, attente"
    ),
    "outcome": "outcome, result, status, disposition, answered y n, answered, call status, final state, ergebnis",
    "contact_id": "contact id, call id, conversation id, interaction id, ticket id, case id, uniqueid",
    "interval_start": (
        "interval start, interval, start, time, date time, datetime, start time, half hour, period, period "
        "start, zeit, intervall, date, intervalo, intervalle"
    ),
    "interval_end": "interval end, end, end time, period end",
    "offered": (
        "offered, offer, calls offered, contacts offered, calls, received, incoming, volume, entered, "
        "anrufe, angebotene anrufe, angeboten, appels, llamadas"
    ),
    "answered": (
        "answered, answer, handled, calls answered, calls handled, contacts handled, acd calls, angenommen, n answered"
    ),
    "abandoned": "abandoned, abandon, calls abandoned, aband calls, lost, aufgelegt, abandonnes",
    "aht_s": (
        "aht s, aht, avg handle, ø bearbeitungszeit, durchschnittliche bearbeitungszeit, average handle "
        "time, average handling time, avg handle time, handle time, avg talk, mean handling time, "
        "bearbeitungszeit, mittlere bearbeitungszeit, m x bearbeitungszeit, dmt, tmo"
    ),
    "asa_s": "asa s, asa, average speed of answer, avg speed of answer, average speed answer",
    "service_level": "service level, sl, service level %, percent within service level",
    "staff": (
        "staff, staffed, avg staffed, average staff, average positions staffed, avg pos staff, agents, "
        "agents staffed, positions, headcount, fte, besetzt"
    ),
    "start": "start, from, login, von, shift start, begin, beginn",
    "end": "end, to, until, logout, bis, shift end, ende",
    "headcount": "headcount, agents, heads, people, number, anzahl",
    "agent": (
        "agent, agent name, agent id, login id, login, user, user name, employee, employee name, employee id, advisor, "
        "mitarbeiter, agentenname, nom de l agent, nombre del agente"
    ),
    "speed": "speed, speed factor, handling factor, time factor",
    "skills": "skills, skill, skill set, skillset, agent skills, queues, faehigkeiten, competences",
}
"""What systems call our columns, folded. They only propose: what a column is, the user says."""


def folded(text: str) -> str:
    """Small letters and figures, other signs as single blanks: `AHT (s)` and `aht_s` are one."""
    return " ".join(re.sub(r"[^0-9a-z\u00df-\u024f]+", " ", text.lower()).split())


def is_of_totals(cells: Sequence[str], places: Sequence[int]) -> bool:
    """Is it a line of totals? It says so in its first cell, or where the time or the queue should stand."""
    # What begins with a figure is no word, and words come back: millions of rows are spared a closer look.
    return any(not "0" <= cells[place][:1] <= "9" and _means_totals(cells[place]) for place in places)


@lru_cache(maxsize=4096)
def _means_totals(cell: str) -> bool:
    return folded(cell) in TOTALS


def speaks_of_giving_up(word: str) -> bool:
    """Does an outcome that is not known look like somebody who did not wait?"""
    return any(part in folded(word) for part in GIVING_UP)


def asks_for_an_answer(name: str) -> bool:
    """Does the name of a column ask whether somebody answered, so that yes and no are outcomes?"""
    return folded(name) in ASKING


def listed(words: str) -> tuple[str, ...]:
    """The words of one line of these tables."""
    return tuple(folded(word) for word in words.split(","))


def meanings(table: Mapping[str, str], own: Mapping[str, Iterable[str]] | None = None) -> dict[str, str]:
    """What each word of a table means, and each of the user's own words, which come first where they are in both."""
    usual = {word: meaning for meaning, words in table.items() for word in listed(words)}
    return usual | {folded(word): meaning for meaning, words in (own or {}).items() for word in words}


def outcome_words(columns: Iterable[str], own: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """What each word in columns of these names means for what became of a contact: yes and no, where a name asks."""
    asked = YES_NO if any(map(asks_for_an_answer, columns)) else {}
    return meanings(OUTCOMES) | meanings(asked, own)


def slug(name: str) -> str:
    """A name of a queue as names are written here: `Refunds EN` is refunds_en. Empty where nothing is left of it."""
    text = re.sub(r"[^0-9a-z]+", "_", name.lower()).strip("_")
    return text if not text or text[0].isalpha() else f"n{text}"
