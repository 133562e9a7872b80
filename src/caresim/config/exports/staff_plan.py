"""A staff plan: spells of duty, with so many people at a desk."""

from __future__ import annotations

from collections.abc import Sequence

from caresim.config.errors import BadInput, choice
from caresim.config.exports.clock import Clock
from caresim.config.exports.ends import without_last_moment
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.room import BYTES_A_SEAT
from caresim.config.exports.vocabulary import slug
from caresim.config.traffic import CHANNEL, Crew

COLUMNS = ("start", "end", "desk", "headcount")
MOST_HEADS = 10_000
"""People at one desk: more is a mistake."""


def crews_of(table: ExportTable, clock: Clock, desks_of_contacts: Sequence[str] = ()) -> tuple[Crew, ...]:
    """The spells of duty; a spell without a headcount is one person.

    A spell without a desk is at the one that all contacts go to. BadInput where they go to several.
    """
    desks_there = dict.fromkeys(desks_of_contacts)
    for row, text in enumerate(table.texts("desk")):
        if not text and len(desks_there) > 1:
            allowed = f"{choice(desks_there)}; replay.format.desk=NAME says that the same people serve all channels"
            raise table.wrong(row, "desk", text, allowed)
    starts = clock.read(table, "start", before_start=True)
    ends = without_last_moment(table, clock, "end", starts)
    only = next(iter(desks_there), table.form.desk or CHANNEL)
    desks = [slug(text) or only for text in table.texts("desk")]
    counts = table.counts("headcount", 1)
    if table.has("headcount") and (empty := len([text for text in table.texts("headcount") if not text])):
        table.notes.append(f"{empty:,} spells of duty without a headcount are one person each")
    for row, count in enumerate(counts):
        if count > MOST_HEADS:
            raise table.wrong(row, "headcount", count, f"must be at most {MOST_HEADS:,}")
    table.check_counts("headcount", counts, BYTES_A_SEAT, "people")
    spells = [
        Crew(desk, max(start, 0.0), end, count)
        for desk, start, end, count in zip(desks, starts, ends, counts, strict=True)
        if end > 0
    ]
    if early := len([start for start in starts if start < 0]):
        table.notes.append(
            f"{early:,} spells of duty began before the first day: what is before its midnight is left out"
        )
    if not spells:
        raise BadInput(table.key, table.path, "ends before the first contact comes; allowed: a plan of the same days")
    return tuple(spells)
