"""Who the story is about, in a sentence."""

from __future__ import annotations

import numpy as np

from caresim.config.display_names import title
from caresim.measure.sample import persons
from caresim.tasks.story.words import Words

LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian",
    "ja": "Japanese", "nl": "Dutch", "pt": "Portuguese", "zh": "Chinese",
}  # fmt: skip


def introduction(words: Words, person: int) -> str:
    """ "One of the seekers, travelling as a party of 2, speaks French": what is the same under every staffing model."""
    world, names = words.world, words.names
    passenger = world.passengers[row_of(words, person)]
    cohort = names.cohorts[int(passenger.cohort)]
    named = words.experiment.population.cohorts[cohort].named
    kind = cohort.replace("_", " ")
    people = kind if kind.endswith("s") else f"{kind} passengers"
    parts = [title(cohort) if named else f"One of the {people}"]
    if passenger.party > 1:
        parts.append(f"travelling as a party of {int(passenger.party)}")
    if len(names.languages) > 1:
        language = names.languages[int(passenger.language)]
        parts.append(f"speaks {LANGUAGES.get(language, language)}")
    return ", ".join(parts)


def row_of(words: Words, person: int) -> int:
    """The person's first row in the passengers table: what `passenger=` finds them by."""
    return int(np.flatnonzero(persons(words.world) == np.uint64(person))[0])
