"""A list of contacts: one row each, with what the file knows of it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from caresim.config.base import NEEDS
from caresim.config.exports.clock import Clock
from caresim.config.exports.durations import check_plausible
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import NO_DATA, OUTCOMES
from caresim.config.exports.places import places_of
from caresim.config.exports.vocabulary import OUTCOMES as WORDS_OF_OUTCOMES
from caresim.config.exports.vocabulary import YES_NO, asks_for_an_answer, folded, meanings
from caresim.config.traffic import COHORT, NEED, ON_THE_SPOT, Row

COLUMNS = (
    *("arrival", "channel", "medium", "desk", "need", "cohort", "service_s", "patience_s", "priority"),
    *("wait_s", "outcome", "contact_id"),
)
LEFT_OUT = "left_out"
LONG_GAP = 28 * 1440.0
"""Minutes without a contact that are worth a word. Assumption."""


def contacts_of(table: ExportTable, clock: Clock) -> tuple[tuple[Row, ...], dict[str, tuple[Any, ...]]]:
    """The contacts to come, and what was observed of each: wait_s and outcome, where the file says it.

    What the file leaves out is drawn. A customer who was seen to hang up had that much patience; one who was answered
    had at least as much as the wait.
    """
    outcomes = outcomes_of(table)
    if LEFT_OUT in outcomes:
        words = sorted(
            {text for text, outcome in zip(table.texts("outcome"), outcomes, strict=True) if outcome == LEFT_OUT}
        )
        table.notes.append(f"{outcomes.count(LEFT_OUT):,} contacts left out ({', '.join(words)})")
        table.keep([row for row, outcome in enumerate(outcomes) if outcome != LEFT_OUT])
        outcomes = [outcome for outcome in outcomes if outcome != LEFT_OUT]
    arrivals, places = clock.read(table, "arrival"), places_of(table)
    spot = [medium in ON_THE_SPOT for _, medium, _ in places]
    needs, cohorts = table.names("need", NEED, NEEDS), table.names("cohort", COHORT)
    services, waits = _services(table, outcomes), table.seconds("wait_s")
    patiences = table.seconds("patience_s", infinite=True)
    for column, values in (("service_s", services), ("wait_s", waits), ("patience_s", patiences)):
        check_plausible(table, column, values, spot)
    priorities = table.numbers("priority", math.nan, least=-math.inf)
    rows = []
    for row, arrival in enumerate(arrivals):
        patience, at_least = _patience(patiences[row], waits[row], outcomes[row])
        rows.append(
            Row(row, arrival, 0.0, *places[row], needs[row], cohorts[row], services[row] / 60.0, False,
                patience / 60.0, priorities[row], at_least)
        )  # fmt: skip
    lost = [row for row, outcome in zip(rows, outcomes, strict=True) if outcome == "abandoned"]
    unknown = len([row for row in lost if math.isnan(row.patience)])
    if unknown:
        table.notes.append(f"{unknown:,} hung up after a time that the file does not say: their patience is drawn")
    _note_legs(table)
    _note_gap(table, arrivals)
    columns: dict[str, tuple[Any, ...]] = {}
    if table.has("wait_s"):
        columns["wait_s"] = tuple(waits)
    if table.has("outcome"):
        columns["outcome"] = tuple(outcomes)
    return tuple(rows), columns


def _note_gap(table: ExportTable, arrivals: list[float]) -> None:
    """Say where nobody comes for weeks: a date may be wrong."""
    order = sorted(range(len(arrivals)), key=arrivals.__getitem__)
    gap, row = max(((arrivals[b] - arrivals[a], b) for a, b in pairwise(order)), default=(0.0, 0))
    if gap > LONG_GAP:
        table.notes.append(
            f"nobody comes for {gap / 1440.0:.0f} days before line {table.lines[row]} "
            f"({table.texts('arrival')[row]}): is a date wrong?"
        )


def _patience(given: float, wait: float, outcome: str | None) -> tuple[float, bool]:
    """Patience in seconds (NaN: drawn), and whether that is the least it was."""
    if not math.isnan(given) or math.isnan(wait):
        return given, False
    if outcome == "abandoned":
        return wait, False
    return (wait, True) if outcome == "answered" and wait > 0 else (math.nan, False)


def outcomes_of(table: ExportTable) -> list[str | None]:
    """What became of each contact, by the words of the format and the usual ones; None where the file does not say."""
    if not table.has("outcome"):
        return [None] * len(table)
    words = meanings(WORDS_OF_OUTCOMES)
    if any(map(asks_for_an_answer, table.form.named("outcome"))):
        words |= meanings(YES_NO)
    words |= {folded(word): outcome for outcome, names in table.form.outcomes.items() for word in names}
    texts = table.texts("outcome")
    found = {text: words.get(folded(text)) if text else None for text in set(texts)}
    for row, text in enumerate(texts):
        if text and found[text] is None:
            usual = "; ".join(f"{outcome} ({WORDS_OF_OUTCOMES[outcome].split(',')[0]}, ...)" for outcome in OUTCOMES)
            allowed = f"unknown outcome; known: {usual}, and replay.format.outcomes explains any other word"
            raise table.wrong(row, "outcome", text, allowed)
    read = sorted(
        {f"{text} as {found[text]}" for text in set(texts) if text and found[text] not in (text.lower(), LEFT_OUT)}
    )
    if read:
        table.notes.append(f"outcome {', '.join(read)}")
    return [found[text] for text in texts]


def _services(table: ExportTable, outcomes: list[str | None]) -> list[float]:
    """Handling times in seconds. A zero of a contact that nobody answered says nothing of how long it would take."""
    services = table.seconds("service_s")
    nobody = 0
    for row, service in enumerate(services):
        if service != 0:
            continue
        if outcomes[row] in ("abandoned", "blocked") or table.form.zeros == NO_DATA:
            services[row] = math.nan
            nobody += 1
        elif outcomes[row] is None and table.form.zeros is None:
            allowed = "is no time, or no data because nobody answered; say replay.format.zeros=no_data or =no_time"
            raise table.wrong(row, "service_s", table.texts("service_s")[row], allowed)
    if nobody:
        table.notes.append(f"{nobody:,} handling times of 0 are no data, and drawn")
    return services


def _note_legs(table: ExportTable) -> None:
    """Say that several rows are of one conversation: each is played by itself."""
    ids = [text for text in table.texts("contact_id") if text]
    if len(set(ids)) < len(ids):
        table.notes.append(
            f"{len(set(ids)):,} conversations have {len(ids):,} rows (transfers): each row comes at its own time, "
            "whatever becomes of the one before"
        )
