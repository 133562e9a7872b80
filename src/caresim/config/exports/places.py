"""Where a contact goes: channel, medium and desk of each row of a file."""

from __future__ import annotations

from caresim.config.base import MEDIA
from caresim.config.errors import BadInput
from caresim.config.exports.column import Words, together
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import STAFFED
from caresim.config.exports.vocabulary import MEDIA as WORDS_OF_MEDIA
from caresim.config.exports.vocabulary import folded, meanings, slug
from caresim.config.traffic import CHANNEL

MOST_NAMES = 100
"""Queues or desks of one file: a column with more names holds something else."""
PLACE = ("channel", "medium", "desk")


def places_of(table: ExportTable) -> Words[tuple[str, str, str]]:
    """Channel, medium and desk of each row. A channel is a medium of its name, at a desk of its name, unless given."""
    any_name = table.has("medium") or table.form.medium is not None
    channels = _names(table, "channel") if any_name else _channels_that_are_media(table)
    texts = together(channels, _media(table, "medium"), _names(table, "desk"))
    first: dict[str, tuple[str, str, str]] = {}
    for code, words in enumerate(texts.words):
        place = _place(table, *words)
        for column, word, first_word in zip(PLACE, place, first.setdefault(place[0], place), strict=True):
            if word != first_word:
                row = texts.first_row(code)
                allowed = f"must be {first_word}, as in the first row of channel {place[0]}"
                raise table.wrong(row, column, table.texts(column)[row] or word, allowed)
    return texts.mapped(lambda words: _place(table, *words))


def _place(table: ExportTable, channel: str, medium: str, desk: str) -> tuple[str, str, str]:
    """Where a row leads with these words; what is empty follows from the others."""
    channel = channel or CHANNEL
    of_its_name = table.form.medium or (channel if channel in MEDIA else CHANNEL)
    return channel, medium or of_its_name, desk or table.form.desk or channel


def _channels_that_are_media(table: ExportTable) -> Words[str]:
    """Of a file without media: each channel is one."""
    try:
        return _media(table, "channel")
    except BadInput as problem:
        allowed = (
            f"allowed: {', '.join(STAFFED)}; any name will do beside a column medium, or with replay.format.medium"
        )
        raise BadInput(problem.key, problem.value, allowed) from None


def _media(table: ExportTable, column: str) -> Words[str]:
    """The medium in each cell, by the words of the format and the usual ones; empty cells as ""."""
    words = meanings(WORDS_OF_MEDIA, table.form.media)
    texts = table.texts(column).words()
    found = {text: words.get(folded(text)) if text else "" for text in texts.words}
    for code, text in enumerate(texts.words):
        if found[text] is None:
            allowed = f"allowed: {', '.join(STAFFED)}; another word is explained by replay.format.media"
            raise table.wrong(texts.first_row(code), column, text, allowed)
    renamed = sorted({f"{text} as {found[text]}" for text in texts.words if text and found[text] != text.lower()})
    if renamed:
        table.notes.append(f"medium {', '.join(renamed)}")
    return texts.mapped(lambda text: str(found[text]))


def _names(table: ExportTable, column: str) -> Words[str]:
    """Names of queues or desks as names are written here; empty cells as "". BadInput where two become one."""
    texts = table.texts(column).words()
    found = {text: slug(text) for text in texts.words}
    owner: dict[str, str] = {}
    for code, text in enumerate(texts.words):
        name = found[text]
        if text and not name:
            allowed = "must have a letter or a digit from a to z, 0 to 9"
            raise table.wrong(texts.first_row(code), column, text, allowed)
        if owner.setdefault(name, text).lower() != text.lower():
            allowed = f"would be called {name}, as {owner[name]!r} is; allowed: names that differ in letters or digits"
            raise table.wrong(texts.first_row(code), column, text, allowed)
    if len(found) > MOST_NAMES:
        allowed = f"is one of {len(found):,} names; allowed: at most {MOST_NAMES} {column}s, or another column"
        raise table.wrong(0, column, texts[0], allowed)
    renamed = [f"{text} as {name}" for text, name in found.items() if text and name != text.lower()]
    if renamed:
        table.notes.append(f"{column} {', '.join(renamed)}")
    return texts.mapped(lambda text: found[text])
