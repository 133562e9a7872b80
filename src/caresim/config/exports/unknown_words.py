"""Words of a sample that are not known: outcomes, media and queues."""

from __future__ import annotations

import re
from collections.abc import Mapping

from caresim.config.exports.cells import is_empty
from caresim.config.exports.sample import Look
from caresim.config.exports.vocabulary import (
    MEDIA,
    folded,
    meanings,
    outcome_words,
    slug,
    speaks_of_giving_up,
)


def find_words(look: Look) -> None:
    """Outcomes, media and queues whose words are not look.known."""
    ours = {column: name for name, column in look.takes.items()}
    if "outcome" in ours:
        outcomes = _own(look, "outcomes")
        words = outcome_words([ours["outcome"]], outcomes)
        unknown = [word for word in dict.fromkeys(look.cells(ours["outcome"])) if folded(word) not in words]
        if unknown:
            reasons = []
            for word in unknown:
                meaning, why = _likely(look, ours, word)
                outcomes.setdefault(meaning, []).append(word)
                reasons.append(f"{word} as {meaning}? ({why})")
            look.known["outcomes"] = outcomes
            look.doubts.append(f"Whether {', '.join(unknown)} means answered is for you to say. {'; '.join(reasons)}.")
            look.questions.append("outcomes")
    if "medium" in ours:
        media = _own(look, "media")
        table = meanings(MEDIA, media)
        unknown = [word for word in dict.fromkeys(look.cells(ours["medium"])) if folded(word) not in table]
        if unknown:
            look.known["media"] = {**media, "messenger": [*media.get("messenger", []), *unknown]}
            look.doubts.append(f"Whether {', '.join(unknown)} is a messenger is for you to say.")
    elif "channel" in ours and "medium" not in look.known:
        table = meanings(MEDIA)
        cells = look.cells(ours["channel"])
        if any(folded(cell) not in table for cell in cells) and all(slug(cell) for cell in cells):
            look.known["medium"] = "phone"
            look.doubts.append(f"That all of {ours['channel']} are phone calls is for you to say.")


def _own(look: Look, what: str) -> dict[str, list[str]]:
    """The words that the user has explained already, in lists."""
    explained = look.known.get(what, {})
    return {meaning: [words] if isinstance(words, str) else list(words) for meaning, words in explained.items()}


def find_desk(look: Look) -> None:
    """Several queues without desks: their people may be the same."""
    ours = {column: name for name, column in look.takes.items()}
    unsaid = "channel" in ours and "desk" not in ours and "desk" not in look.known
    if unsaid and len(set(look.cells(ours["channel"]))) > 1:
        look.doubts.append(f"If the same people serve all of {ours['channel']}, say so: desk: phones.")


def _likely(look: Look, ours: Mapping[str, str], word: str) -> tuple[str, str]:
    """What a word most likely means, and why. A handling time beside most of its rows speaks for answered.

    Where nothing speaks for either, it is read as answered if it stands in most rows, else as abandoned.
    """
    if speaks_of_giving_up(word):
        return "abandoned", "it speaks of giving up"
    outcome = look.header.index(ours["outcome"])
    rows = [row for row in look.rows if row[outcome] == word]
    if "service_s" in ours:
        service = look.header.index(ours["service_s"])
        timed = len([row for row in rows if not is_empty(row[service]) and re.search("[1-9]", row[service])])
        meaning = "answered" if 2 * timed > len(rows) else "abandoned"
        return meaning, f"{timed} of {len(rows)} rows have a handling time"
    meaning = "answered" if 2 * len(rows) > len(look.rows) else "abandoned"
    return meaning, f"a guess: {len(rows)} of {len(look.rows)} rows, and no column of handling times"
