"""A staff plan: spells of duty, with so many people at a desk, or one who is named."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from caresim.config.errors import BadInput, choice
from caresim.config.exports.clock import Clock
from caresim.config.exports.ends import without_last_moment
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.room import BYTES_A_SEAT
from caresim.config.exports.vocabulary import slug
from caresim.config.traffic import CHANNEL, Crew

COLUMNS = ("start", "end", "desk", "headcount", "agent", "speed", "skills")
MOST_HEADS = 10_000
"""People at one desk: more is a mistake."""
SPEEDS = (0.01, 100.0)
"""Factors on handling times beyond which a figure is something else, such as seconds."""


def crews_of(table: ExportTable, clock: Clock, places: Sequence[tuple[str, str]] | None = None) -> tuple[Crew, ...]:
    """The spells of duty; a spell without a headcount is one person.

    `places` are channel and desk of each contact; None: the file is read alone, and no skill can be wrong. A spell
    without a desk is at the one that all contacts go to. BadInput where they go to several.
    """
    desks_there = dict.fromkeys(desk for _, desk in places or ())
    for row, text in enumerate(table.texts("desk")):
        if not text and len(desks_there) > 1:
            allowed = f"{choice(desks_there)}; replay.format.desk=NAME says that the same people serve all channels"
            raise table.wrong(row, "desk", text, allowed)
    starts = clock.read(table, "start", before_start=True).tolist()
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
    agents = [" ".join(text.split()) for text in table.texts("agent")]
    speeds, skills = _speeds(table), _skills(table, desks, places)
    _check_agents(table, agents, list(zip(starts, ends, strict=True)), counts)
    _agree(table, "speed", agents, [None if speed is None else f"{speed:.12g}" for speed in speeds])
    at_desk = [agent and f"{agent} at {desk}" for agent, desk in zip(agents, desks, strict=True)]
    _agree(table, "skills", at_desk, [" ".join(served) or "all channels" for served in skills])
    stated = {agent: speed for agent, speed in zip(agents, speeds, strict=True) if agent and speed is not None}
    speeds = [stated.get(agent, speed) for agent, speed in zip(agents, speeds, strict=True)]
    return _from_midnight(table, zip(desks, starts, ends, counts, agents, speeds, skills, strict=True))


def _from_midnight(table: ExportTable, rows: Iterable[tuple[Any, ...]]) -> tuple[Crew, ...]:
    """The spells without what lies before the first day. BadInput where nothing is left."""
    crews = [Crew(*row) for row in rows]
    if early := len([crew for crew in crews if crew.start < 0]):
        table.notes.append(
            f"{early:,} spells of duty began before the first day: what is before its midnight is left out"
        )
    spells = tuple(replace(crew, start=max(crew.start, 0.0)) for crew in crews if crew.end > 0)
    if not spells:
        raise BadInput(table.key, table.path, "ends before the first contact comes; allowed: a plan of the same days")
    return spells


def _speeds(table: ExportTable) -> list[float | None]:
    """The factor on handling times of each row, None in an empty cell."""
    least, most = SPEEDS
    numbers = table.numbers("speed", math.nan, least=-math.inf).tolist()
    for row, (text, number) in enumerate(zip(table.texts("speed"), numbers, strict=True)):
        if text and not least <= number <= most:
            allowed = (
                f"must be a factor on handling times from {least:g} to {most:g} (1: as the contact says), or empty"
            )
            raise table.wrong(row, "speed", text, allowed)
    return [None if math.isnan(number) else number for number in numbers]


def _skills(
    table: ExportTable, desks: Sequence[str], places: Sequence[tuple[str, str]] | None
) -> list[tuple[str, ...]]:
    """The channels that each row serves, in the order of the alphabet; none: all of its desk.

    Of a file that is read alone they are the words in the cell, in their order.
    """
    served: dict[str, dict[str, None]] = {}
    for channel, desk in places or ():
        served.setdefault(desk, {})[channel] = None
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row, (text, desk) in enumerate(zip(table.texts("skills"), desks, strict=True)):
        if (text, desk) in found:
            continue
        channels = _channels(text, served.get(desk, {}))
        wrong = [name for name in channels if name not in served.get(desk, {})]
        if wrong and places is not None and desk in served:
            known = choice(sorted(served[desk]), wrong[0])
            raise table.wrong(row, "skills", text, f"must name channels of desk {desk}, or be empty for all; {known}")
        if text and not channels:
            raise table.wrong(row, "skills", text, "must name channels, separated by blanks, + or ;, or be empty")
        found[text, desk] = tuple(dict.fromkeys(channels) if places is None else sorted(set(channels)))
    return [found[key] for key in zip(table.texts("skills"), desks, strict=True)]


def _channels(text: str, served: dict[str, None]) -> list[str]:
    """The names in a cell as names are written here.

    Blanks are part of a name where there is a channel of it, and, where nobody knows the channels, beside + or ;.
    """
    parts = re.split(r"[+;]", text)
    names: list[str] = []
    for part in parts:
        whole = slug(part) in served if served else len(parts) > 1 and bool(slug(part))
        names += [slug(part)] if whole else [slug(word) or word for word in part.split()]
    return names


def _check_agents(
    table: ExportTable, agents: Sequence[str], spells: Sequence[tuple[float, float]], counts: Sequence[int]
) -> None:
    """BadInput where an agent is several people, or at work twice at the same time."""
    last: dict[str, int] = {}
    """The row of each agent's spell that ends last of those that began before."""
    for row in sorted(range(len(agents)), key=lambda row: spells[row]):
        agent = agents[row]
        if not agent:
            continue
        if counts[row] != 1:
            raise table.wrong(row, "headcount", counts[row], "must be 1, or empty, beside the name of an agent")
        before = last.get(agent)
        if before is not None and spells[row][0] < spells[before][1]:
            allowed = f"is at work in line {table.lines[before]} already; allowed: spells that do not overlap"
            raise table.wrong(row, "agent", agent, allowed)
        last[agent] = row


def _agree(table: ExportTable, column: str, owners: Sequence[str], words: Sequence[str | None]) -> None:
    """BadInput where two rows of one owner say two things; None says nothing."""
    first: dict[str, int] = {}
    for row, (owner, word) in enumerate(zip(owners, words, strict=True)):
        if not owner or word is None:
            continue
        before = first.setdefault(owner, row)
        if words[before] != word:
            allowed = f"must be {words[before]}, as in line {table.lines[before]} for {owner}"
            raise table.wrong(row, column, table.texts(column)[row], allowed)
