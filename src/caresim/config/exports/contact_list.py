"""A list of contacts: one row each, with what the file knows of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.config.base import NEEDS
from caresim.config.contacts import Contacts, Floats, Kind, Truths, constant
from caresim.config.exports.clock import Clock
from caresim.config.exports.column import Words, together
from caresim.config.exports.durations import check_plausible
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import NO_DATA, OUTCOMES, UNCLEAR_ZERO
from caresim.config.exports.places import places_of
from caresim.config.exports.vocabulary import OUTCOMES as WORDS_OF_OUTCOMES
from caresim.config.exports.vocabulary import folded, outcome_words
from caresim.config.traffic import COHORT, NEED, ON_THE_SPOT

COLUMNS = (
    *("arrival", "channel", "medium", "desk", "need", "cohort", "service_s", "patience_s", "priority"),
    *("wait_s", "outcome", "contact_id", "spread_s"),
)
LEFT_OUT = "left_out"
LONG_GAP = 28 * 1440.0
"""Minutes without a contact that are worth a word. Assumption."""


def contacts_of(table: ExportTable, clock: Clock) -> tuple[Contacts, dict[str, NDArray[Any]]]:
    """The contacts to come, and what was observed of each: wait_s and outcome, where the file says it.

    What the file leaves out is drawn. A customer who was seen to hang up had that much patience; one who was answered
    had at least as much as the wait.
    """
    outcomes = outcomes_of(table)
    if left_out := outcomes.count(LEFT_OUT):
        there = np.flatnonzero(~outcomes.among(LEFT_OUT))
        words = together(table.texts("outcome").words(), outcomes).words
        names = ", ".join(sorted(text for text, outcome in words if outcome == LEFT_OUT))
        table.notes.append(f"{left_out:,} contacts left out ({names})")
        table.keep(there)
        outcomes = outcomes.kept(there)
    arrivals, places = clock.read(table, "arrival"), places_of(table)
    spot = places.mapped(lambda place: place[1] in ON_THE_SPOT).among(True)
    kinds = together(places, table.names("need", NEED, NEEDS), table.names("cohort", COHORT))
    services, waits = _services(table, outcomes), table.seconds("wait_s")
    patiences = table.seconds("patience_s", infinite=True)
    for column, values in (("service_s", services), ("wait_s", waits), ("patience_s", patiences)):
        check_plausible(table, column, values, spot)
    priorities = table.numbers("priority", math.nan, least=-math.inf)
    patiences, at_least = _patience(patiences, waits, outcomes)
    unknown = np.count_nonzero(outcomes.among("abandoned") & np.isnan(patiences))
    if unknown:
        table.notes.append(f"{unknown:,} hung up after a time that the file does not say: their patience is drawn")
    _note_legs(table)
    _note_gap(table, arrivals)
    columns: dict[str, NDArray[Any]] = {}
    if table.has("wait_s"):
        columns["wait_s"] = waits
    if table.has("outcome"):
        columns["outcome"] = np.array(outcomes.words, object)[outcomes.codes]
    count = len(arrivals)
    contacts = Contacts(
        kinds=tuple(Kind._make((*place, need, cohort)) for place, need, cohort in kinds.words),
        kind=kinds.codes,
        line=np.arange(count, dtype=np.int32),
        arrival=arrivals,
        width=_widths(table),
        service=services / 60.0,
        service_is_mean=constant(False, count),
        patience=patiences / 60.0,
        patience_is_least=at_least,
        priority=priorities,
    )
    return contacts, columns


def _note_gap(table: ExportTable, arrivals: Floats) -> None:
    """Say where nobody comes for weeks: a date may be wrong."""
    order = np.argsort(arrivals, kind="stable")
    gaps = np.diff(arrivals[order])
    gap = float(gaps.max(initial=0.0))
    if gap > LONG_GAP:
        row = int(order[1:][gaps == gap].max())
        table.notes.append(
            f"nobody comes for {gap / 1440.0:.0f} days before line {table.lines[row]} "
            f"({table.texts('arrival')[row]}): is a date wrong?"
        )


def _patience(given: Floats, waits: Floats, outcomes: Words[str | None]) -> tuple[Floats, Truths]:
    """Patience in seconds (NaN: drawn), and whether that is the least it was."""
    silent = np.isnan(given) & ~np.isnan(waits)
    at_least = silent & outcomes.among("answered") & (waits > 0)
    return np.where(at_least | (silent & outcomes.among("abandoned")), waits, given), at_least


def outcomes_of(table: ExportTable) -> Words[str | None]:
    """What became of each contact, by the words of the format and the usual ones; None where the file does not say."""
    words = outcome_words(table.form.named("outcome"), table.form.outcomes)
    texts = table.texts("outcome").words()
    found = {text: words.get(folded(text)) if text else None for text in texts.words}
    for code, text in enumerate(texts.words):
        if text and found[text] is None:
            usual = "; ".join(f"{outcome} ({WORDS_OF_OUTCOMES[outcome].split(',')[0]}, ...)" for outcome in OUTCOMES)
            allowed = f"unknown outcome; known: {usual}, and replay.format.outcomes explains any other word"
            raise table.wrong(texts.first_row(code), "outcome", text, allowed)
    read = sorted(
        {f"{text} as {found[text]}" for text in texts.words if text and found[text] not in (text.lower(), LEFT_OUT)}
    )
    if read:
        table.notes.append(f"outcome {', '.join(read)}")
    return texts.mapped(found.__getitem__)


def _services(table: ExportTable, outcomes: Words[str | None]) -> Floats:
    """Handling times in seconds. A zero of a contact that nobody answered says nothing of how long it would take."""
    services = table.seconds("service_s")
    zero = services == 0
    nobody = zero & (outcomes.among("abandoned", "blocked") | (table.form.zeros == NO_DATA))
    unsaid = zero & ~nobody & outcomes.among(None)
    if table.form.zeros is None and unsaid.any():
        row = int(np.argmax(unsaid))
        raise table.wrong(row, "service_s", table.texts("service_s")[row], UNCLEAR_ZERO)
    if nobody.any():
        table.notes.append(f"{np.count_nonzero(nobody):,} handling times of 0 are no data, and drawn")
    return np.where(nobody, math.nan, services)


def _widths(table: ExportTable) -> Floats:
    """Minutes within which each comes, from its arrival on: where a file knows that by the minute or the hour only."""
    if not table.has("spread_s"):
        return constant(0.0, len(table))
    return np.nan_to_num(table.seconds("spread_s")) / 60.0


def _note_legs(table: ExportTable) -> None:
    """Say that several rows are of one conversation: each is played by itself."""
    if not table.has("contact_id"):
        return
    # By their hashes: millions of names would fill the memory. Two are equal by chance once in millions of files.
    hashes = np.fromiter((hash(text) for text in table.texts("contact_id") if text), np.int64)
    conversations = len(np.unique(hashes))
    if conversations < len(hashes):
        table.notes.append(
            f"{conversations:,} conversations have {len(hashes):,} rows (transfers): each row comes at its own time, "
            "whatever becomes of the one before"
        )
