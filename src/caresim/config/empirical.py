"""Laws that are the times that were seen: of a file that is replayed, or of a longer history."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from caresim.config import replay_files
from caresim.config.base import NEEDS
from caresim.config.contacts import Contact
from caresim.config.errors import BadInput, nearest
from caresim.config.exports.file_format import Format
from caresim.config.exports.proposal import with_way_out
from caresim.config.exports.times_file import History, Observed, times_of
from caresim.config.quantity import Quantity
from caresim.config.sections import entry, service_of
from caresim.config.survival import Law, kaplan_meier
from caresim.config.traffic import ON_THE_SPOT, Traffic
from caresim.model.media import STAFFED

EMPIRICAL = "empirical"
LEAST = 30
"""Times that must have been seen to make a law. Assumption."""
HOUR, HOURS = 60.0, 24
FILES_OF = {"service": "service_times", "patience": "patience_times"}
"""The key of the file of other times, by the key of the law."""
WIDER = (("channel", "need", "hour"), ("channel", "hour"), ("channel",), ())
"""What a group has in common; one with fewer than LEAST times takes the next."""
NO_LAW = -1
Kind = tuple[tuple[str, str | int], ...]
"""A group: what each of its kinds is."""


class Laws(NamedTuple):
    """The laws that what is not given is drawn from."""

    laws: tuple[Law, ...]
    of_row: tuple[int, ...]
    """For each contact of the replay its law, NO_LAW where nothing is drawn."""
    source: str
    """Whose times they are, in words."""
    notes: tuple[str, ...]
    """Which groups were widened, and what the tails are, in sentences without an end."""

    def mean(self, rows: Sequence[int]) -> float:
        """Mean of what is drawn for these rows; NaN where nothing is."""
        drawn = Counter(self.of_row[row] for row in rows if self.of_row[row] != NO_LAW)
        if not drawn:
            return math.nan
        return math.fsum(count * self.laws[law].mean for law, count in drawn.items()) / drawn.total()


@lru_cache(maxsize=8)
def laws_of(
    key: str, contacts: str | None, intervals: str | None, staff: str | None, zone: str, staffing: str | None,
    content: str, written: str, times: str | None,
) -> Laws:  # fmt: skip
    """The laws of `service` or `patience` for a replay; `times` is the file of other times, None: its own.

    The others are as of `replay_files.read`. BadInput where too few times were seen.
    """
    traffic = replay_files.read(contacts, intervals, staff, zone, staffing, content, written)
    if times is not None:
        media = {channel: kind.medium for channel, kind in traffic.contacts.channels.items()}
        form = Format.model_validate_json(written)
        history = _read(FILES_OF[key], times, form, media)
        return _laws(key, f"replay.{FILES_OF[key]}", times, history, traffic, zone, own=False)
    history = seen_in(key, traffic)
    file = "contacts" if contacts is not None else "intervals"
    return _laws(key, f"replay.{file}", str(contacts or intervals), history, traffic, zone, own=True)


def _read(kind: str, path: str, form: Format, media: Mapping[str, str]) -> History:
    """The times in a file; the BadInput says how it could be read, where there is a way."""

    def read(form: Format) -> History:
        return times_of(replay_files.opened(kind, path, form), media)

    try:
        return read(form)
    except BadInput as problem:
        raise with_way_out(problem, kind, path, form, read) from None


def seen_in(key: str, traffic: Traffic) -> History:
    """The times that the replayed file itself gives."""
    if key == "service":
        given = [row for row in traffic.rows if not math.isnan(row.service) and not row.service_is_mean]
        values = tuple(Observed(row.service, False, row.channel, row.need) for row in given)
    else:
        given = [row for row in traffic.rows if not math.isnan(row.patience)]
        values = tuple(
            Observed(row.patience, row.patience_is_least or math.isinf(row.patience), row.channel, row.need)
            for row in given
        )
    return History(values, ("channel", "need"))


def handling_of(laws: Laws, rows: Sequence[Contact], other: Quantity) -> dict[str, Any]:
    """The members of behaviour.handling: the mean of what is drawn on each medium, else `other`.

    By these means work is counted, and later contacts of the same people are handled.
    """
    means = dict.fromkeys(STAFFED, other)
    for medium in STAFFED:
        mean = laws.mean([place for place, row in enumerate(rows) if row.medium == medium.word])
        means[medium] = other if math.isnan(mean) else other.at(mean)
    table = service_of("exponential", other, None, STAFFED)
    return table | {medium.word: dict.fromkeys(NEEDS, entry(mean)) for medium, mean in means.items()}


def is_drawn(key: str, row: Contact) -> bool:
    """Is this time of the contact drawn? Patience is where customers wait on the spot."""
    if key == "service":
        return math.isnan(row.service) or row.service_is_mean
    return row.medium in ON_THE_SPOT and (math.isnan(row.patience) or row.patience_is_least)


def _laws(key: str, where: str, path: str, history: History, traffic: Traffic, zone: str, own: bool) -> Laws:
    rows = traffic.rows
    wanted = [is_drawn(key, row) for row in rows]
    hour_of = clock_of(traffic, zone) if "hour" in history.kinds else lambda arrival: 0
    of_row = [
        _kind(row, hour_of(row.arrival), history.kinds) if drawn else None
        for row, drawn in zip(rows, wanted, strict=True)
    ]
    media = {channel: kind.medium for channel, kind in traffic.contacts.channels.items()}
    groups = _Groups(key, where, path, history, media, own)
    law_of = {kind: groups.law_of(kind) for kind in dict.fromkeys(of_row) if kind is not None}
    return Laws(
        tuple(groups.laws),
        tuple(NO_LAW if kind is None else law_of[kind] for kind in of_row),
        "the file's own" if own else Path(path).name,
        (*(f"{Path(path).name}: {note}" for note in history.notes), *groups.notes(len(law_of))),
    )


def _kind(row: Contact, hour: int, kinds: Sequence[str]) -> Kind:
    said: dict[str, str | int] = {"channel": row.channel, "need": row.need, "hour": hour}
    return tuple((name, said[name]) for name in kinds)


def clock_of(traffic: Traffic, zone: str) -> Callable[[float], int]:
    """The local hour of the day in which a contact comes, or in which its interval begins, by its arrival (minutes)."""
    if traffic.start is None:
        return lambda arrival: int(arrival // HOUR) % HOURS
    start, local = traffic.start.astimezone(UTC), ZoneInfo(zone)
    return lambda arrival: (start + timedelta(minutes=arrival)).astimezone(local).hour


class _Groups:
    """The laws of groups of a history, each made when it is first asked for."""

    def __init__(self, key: str, where: str, path: str, history: History, media: Mapping[str, str], own: bool) -> None:
        self.key, self.where, self.path, self.history, self.media, self.own = key, where, path, history, media, own
        self.laws: list[Law] = []
        self.widened = 0
        self._channels = {one.channel for one in history.values if one.channel is not None}
        self._number: dict[tuple[Kind, bool], int] = {}
        """The law of a group, and whether that is for channels where customers wait on the spot."""
        self._values: dict[tuple[str, ...], dict[Kind, list[Observed]]] = {}

    def law_of(self, kind: Kind) -> int:
        """The number of the law of a kind of contact: that of the narrowest group that has enough times."""
        said = dict(kind)
        channel = said.get("channel")
        if channel is not None and not self.own and channel not in self._channels:
            allowed = (
                f"has no time of channel {channel}, which is replayed; allowed: one row of it at least, or no column "
            )
            there = ", ".join(sorted(self._channels))
            hint = nearest(str(channel), self._channels)
            raise BadInput(self.where, self.path, f"{allowed}channel (it has: {there}){hint}")
        spot = channel is None or self._is_spot(channel)
        steps = dict.fromkeys(tuple(name for name in step if name in said) for step in WIDER)
        widest = [step for step in steps if step or not self.own]
        for wider, step in enumerate(widest):
            group = tuple((name, said[name]) for name in step)
            if (group, spot) in self._number:
                self.widened += wider > 0
                return self._number[group, spot]
            values = self._of(step).get(group, [])
            if not step:
                values = [one for one in values if one.channel not in self.media or self._is_spot(one.channel) == spot]
            seen = len([one for one in values if not one.censored])
            if seen >= LEAST:
                self.widened += wider > 0
                self._number[group, spot] = len(self.laws)
                self.laws.append(self._law([(one.minutes, one.censored) for one in values]))
                return self._number[group, spot]
        raise self._too_few(str(channel), seen)

    def _is_spot(self, channel: object) -> bool:
        return self.media[str(channel)] in ON_THE_SPOT

    def _of(self, step: tuple[str, ...]) -> dict[Kind, list[Observed]]:
        """The times of each group that has these kinds in common."""
        if step not in self._values:
            groups: dict[Kind, list[Observed]] = {}
            for one in self.history.values:
                groups.setdefault(tuple((name, getattr(one, name)) for name in step), []).append(one)
            self._values[step] = groups
        return self._values[step]

    def _law(self, values: Sequence[tuple[float, bool]]) -> Law:
        law = kaplan_meier(values)
        if not law.mean > 0:
            raise BadInput(self.where, self.path, "has only times of 0; allowed: some that last")
        return law

    def _too_few(self, channel: str, count: int) -> BadInput:
        seen = f"has {count} handling times" if self.key == "service" else f"tells of {count} customers who gave up"
        where = f" on channel {channel}" if self.own else ""
        file = f"replay.{FILES_OF[self.key]}=FILE.csv, " if self.own else ""
        allowed = f"{seen}{where}, too few for an empirical law; allowed: at least {LEAST}, {file}or "
        return BadInput(self.where, self.path, f"{allowed}replay.{self.key}=exponential")

    def notes(self, kinds: int) -> list[str]:
        """Which groups were widened, and what the tails are; `kinds`: groups in all."""
        found, word = [], self.key.capitalize()
        if self.widened:
            what = "times" if self.key == "service" else "customers who gave up"
            few = f"{self.widened} of {kinds} groups have fewer than {LEAST} {what} in the file"
            found.append(f"{word}: {few}, and take those of the next wider group")
        tails = [law for law in self.laws if law.survival[-1] > 0]
        if tails:
            worst = max(tails, key=lambda law: law.survival[-1])
            where = "" if len(self.laws) == 1 else f" in the group with the most of them ({len(tails)} have some)"
            found.append(
                f"{word}: {100 * worst.survival[-1]:.0f} % outlast the longest wait after which somebody gave up "
                f"({60 * worst.times[-1]:,.0f} s){where}; beyond it the law is exponential, mean "
                f"{1 / worst.hazard:,.3g} min (time waited for each who gave up)"
            )
        silent = self.key == "patience" and not any(one.censored for one in self.history.values)
        if silent and self.laws:
            column = "outcome and wait_s" if self.own else "censored"
            found.append(
                f"Patience: it is that of those who gave up, which is too short where others were answered after a "
                f"wait; {column} of those would tell"
            )
        return found
