"""A file of handling times or of patience, from another and longer history than that which is replayed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from caresim.config.base import NEEDS
from caresim.config.contacts import Floats
from caresim.config.exports.durations import check_plausible
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import NO_DATA, UNCLEAR_ZERO
from caresim.config.exports.vocabulary import MEDIA, YES_NO, folded, meanings, slug
from caresim.config.traffic import NEED, ON_THE_SPOT

KINDS = ("channel", "need", "hour")
SERVICE = ("service_s", *KINDS)
PATIENCE = ("patience_s", "censored", *KINDS)
HOURS = 24
YES = {word: meaning == "answered" for word, meaning in meanings(YES_NO).items()} | {"1": True, "0": False, "": False}
"""The words of a column that says yes or no, folded."""


class Observed(NamedTuple):
    """One time that was seen, and of what kind of contact. None: that is not said of it."""

    minutes: float
    censored: bool = False
    """It was at least that long: somebody else ended it."""
    channel: str | None = None
    need: str | None = None
    hour: int | None = None


class History(NamedTuple):
    """Times that were seen, and which kinds their file tells apart."""

    values: tuple[Observed, ...]
    kinds: tuple[str, ...]
    """Of KINDS."""
    notes: tuple[str, ...] = ()
    """How the file was read where that is no matter of course."""


def times_of(table: ExportTable, media: Mapping[str, str]) -> History:
    """The times in a file whose first column is `service_s` or `patience_s`; rows without one are left out.

    `media`: the medium of each channel that is replayed. A patience that is infinite is censored.
    """
    column = table.needed[0]
    seconds = table.seconds(column, infinite=column == "patience_s")
    _question_zeros(table, column, seconds)
    channels = _channels(table, media)
    everywhere = set(media.values()) <= ON_THE_SPOT
    spot = [media[name] in ON_THE_SPOT if name and name in media else everywhere for name in channels]
    check_plausible(table, column, seconds, np.array(spot, dtype=bool))
    needs = table.names("need", NEED, NEEDS)
    hours = _hours(table)
    censored = [flag or math.isinf(value) for flag, value in zip(_censored(table), seconds.tolist(), strict=True)]
    kinds = tuple(kind for kind in KINDS if table.has(kind))
    values = tuple(
        Observed(value / 60.0, flag, channel, need if "need" in kinds else None, hour)
        for value, flag, channel, need, hour in zip(seconds.tolist(), censored, channels, needs, hours, strict=True)
        if not math.isnan(value)
    )
    ignored = [f"columns that say nothing here: {', '.join(table.ignored)}"] if table.ignored else []
    return History(values, kinds, (*table.notes, *ignored))


def _question_zeros(table: ExportTable, column: str, seconds: Floats) -> None:
    """Leave handling times of zero out where they are no data; BadInput where the file does not say what they are."""
    if column != "service_s" or table.form.zeros not in (None, NO_DATA):
        return
    for row, value in enumerate(seconds):
        if value == 0 and table.form.zeros is None:
            raise table.wrong(row, column, table.texts(column)[row], UNCLEAR_ZERO)
        if value == 0:
            seconds[row] = math.nan


def _channels(table: ExportTable, media: Mapping[str, str]) -> list[str | None]:
    """Channels as the replay calls them, by their names or by the usual words for media."""
    words = meanings(MEDIA, table.form.media)
    found: dict[str, str | None] = {"": None}
    for text in table.texts("channel"):
        if text not in found:
            name = slug(text)
            found[text] = name if name in media else words.get(folded(text), name)
    return [found[text] for text in table.texts("channel")]


def _hours(table: ExportTable) -> Sequence[int | None]:
    hours = table.counts("hour", -1)
    for row, hour in enumerate(hours):
        if hour >= HOURS:
            raise table.wrong(row, "hour", table.texts("hour")[row], "must be an hour of the day, from 0 to 23")
    return [hour if hour >= 0 else None for hour in hours]


def _censored(table: ExportTable) -> list[bool]:
    for row, text in enumerate(table.texts("censored")):
        if folded(text) not in YES:
            raise table.wrong(row, "censored", text, "allowed: yes, no")
    return [YES[folded(text)] for text in table.texts("censored")]
