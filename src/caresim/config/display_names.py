"""Names in a configuration as people write them."""

from __future__ import annotations

import re

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


def readable(name: str) -> str:
    """`call_center_24_7_funded` -> "Call centre 24/7 funded"; `everybody_like_sncf` -> "Everybody like SNCF"."""
    words = name.replace("_", " ")
    for plain, proper in PROPER.items():
        words = re.sub(rf"\b{plain}\b", proper, words)
    words = LETTERS.sub(lambda word: word.group().upper(), words)
    return words[:1].upper() + words[1:]


def title(name: str) -> str:
    """The name of a company or a place, every word of it capital: `air_france` -> "Air France"; `sncf` -> "SNCF"."""
    return " ".join(word[:1].upper() + word[1:] for word in readable(name).split(" "))


def place_name(name: str) -> str:
    """Where flights leave or arrive: three letters are a code, `nrt` -> "NRT"; `tokyo_east` -> "Tokyo East"."""
    return name.upper() if len(name) == 3 else title(name)
