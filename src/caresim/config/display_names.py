"""Names in a configuration as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

PROPER = {
    "24 7": "24/7",
    "center": "centre",
    "air france": "Air France",
    "club med": "Club Med",
    "whatsapp": "WhatsApp",
    "friday": "Friday",
}
"""Words of names that are not written as they stand; companies named by letters (SNCF, KLM) need no line."""
LETTERS = re.compile(r"\b[bcdfghjklmnpqrstvwxz]{3,}\b")
"""A word without vowels is read letter by letter."""


class Labels(NamedTuple):
    """What an experiment calls its things, by key; what is not in it is called as its key reads."""

    staffing: Mapping[str, str] = {}
    desks: Mapping[str, str] = {}
    channels: Mapping[str, str] = {}
    cohorts: Mapping[str, str] = {}


NONE = Labels()
_labels: ContextVar[Labels] = ContextVar("labels", default=NONE)
"""Those of the experiment that is spoken of."""


@contextmanager
def called_by(labels: Labels) -> Iterator[None]:
    """For the length of a block, names are written by these labels."""
    token = _labels.set(labels)
    try:
        yield
    finally:
        _labels.reset(token)


def readable(name: str) -> str:
    """A staffing model, and whatever else has a name: by its label, else as its key reads.

    `call_center_24_7_funded` -> "Call centre 24/7 funded"; `everybody_like_sncf` -> "Everybody like SNCF".
    """
    return _labels.get().staffing.get(name) or as_it_reads(name)


def desk_name(name: str) -> str:
    """A desk: by its label, else as its key reads."""
    return _labels.get().desks.get(name) or as_it_reads(name)


def channel_name(name: str) -> str:
    """A channel: by its label, else as its key reads with every word capital."""
    return _labels.get().channels.get(name) or _capital(as_it_reads(name))


def cohort_name(name: str) -> str:
    """A cohort: by its label, else its key with spaces."""
    return _labels.get().cohorts.get(name) or name.replace("_", " ")


def title(name: str) -> str:
    """The name of a company or a place, every word of it capital: `air_france` -> "Air France"; `sncf` -> "SNCF"."""
    return _capital(as_it_reads(name))


def place_name(name: str) -> str:
    """Where flights leave or arrive: three letters are a code, `nrt` -> "NRT"; `tokyo_east` -> "Tokyo East"."""
    return name.upper() if len(name) == 3 else title(name)


def as_it_reads(name: str) -> str:
    """A key with spaces, companies and abbreviations written as they are."""
    words = name.replace("_", " ")
    for plain, proper in PROPER.items():
        words = re.sub(rf"\b{plain}\b", proper, words)
    words = LETTERS.sub(lambda word: word.group().upper(), words)
    return words[:1].upper() + words[1:]


def _capital(words: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in words.split(" "))
