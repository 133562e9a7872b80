"""Whose story: a row, a name, or a wish such as the median passenger; and who that is, in a sentence.

A person is known by their key, because rows move from one staffing model to another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim.config.display_names import title
from caresim.config.errors import BadInput, choice
from caresim.config.experiment import Experiment
from caresim.measure.sample import Sample, persons
from caresim.scenario.build import build
from caresim.scenario.run import run
from caresim.tasks.story.settings import WISHES
from caresim.tasks.story.vocabulary import Vocabulary

if TYPE_CHECKING:
    from caresim.scenario.run import Run

LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian",
    "ja": "Japanese", "nl": "Dutch", "pt": "Portuguese", "zh": "Chinese",
}  # fmt: skip


def key_of(experiment: Experiment, passenger: int | str, replication: int) -> int:
    """The key of the person that `passenger` asks for: a row of the baseline's passengers, a name, or a wish.

    `experiment` holds the values drawn for the replication. BadInput says what is allowed.
    """
    if passenger in WISHES:
        return _wished(experiment, str(passenger), replication)
    if isinstance(passenger, str) and passenger not in experiment.named:
        allowed = choice([*WISHES, *experiment.named], passenger)
        raise BadInput("passenger", passenger, f"{allowed}, or the number of a row")
    world, names = build(experiment, experiment.baseline, replication)
    everybody = persons(world)
    if isinstance(passenger, str):
        return int(everybody[world.passengers["cohort"] == names.cohorts.index(passenger)][0])
    if isinstance(passenger, bool) or not isinstance(passenger, int) or not 0 <= passenger < len(everybody):
        raise BadInput("passenger", passenger, f"allowed: rows from 0 to {len(everybody) - 1}")
    return int(everybody[passenger])


def _wished(experiment: Experiment, wish: str, replication: int) -> int:
    others = [name for name in experiment.compared if name != experiment.baseline]
    if wish == "most_changed" and not others:
        raise BadInput("passenger", wish, "needs a second staffing model to compare the baseline with")

    def people(staffing: str) -> pd.DataFrame:
        return people_of(run(experiment, staffing, replication))

    baseline = people(experiment.baseline)
    if baseline.empty:
        raise BadInput("passenger", wish, "finds nobody: no passenger turned to anybody in this run")
    if wish == "median":
        return _first(baseline, median_distance(baseline))
    if wish == "worst":
        return _first(baseline, baseline["satisfaction"], -baseline["anger_peak"], -baseline["wait"])
    return most_changed(baseline, (people(name) for name in others), experiment.ends)


def people_of(run: Run) -> pd.DataFrame:
    """A row for each person of the disruption who turned to somebody, by key.

    Columns: satisfaction, the mean over the operators they rated; wait, minutes from their first request to their first
    answer (inf: none); the greatest anger.
    """
    sample = Sample(run)
    rows = np.flatnonzero(sample.case_counted & (sample.cases["contacts"] > 0))
    case = sample.cases[rows]
    table = pd.DataFrame(
        {
            "person": sample.person[sample.case_passenger[rows]],
            "satisfaction": case[sample.law],
            "requested": case["first_request"],
            "answered": case["first_response"],
            "anger_peak": case["anger_peak"],
        }
    )
    people = table.groupby("person", sort=True).agg(
        {"satisfaction": "mean", "requested": "min", "answered": "min", "anger_peak": "max"}
    )
    people["wait"] = (people["answered"] - people["requested"]).fillna(np.inf)
    return people[people["requested"].notna()]


def median_distance(people: pd.DataFrame) -> pd.Series:
    """The distance from the median of satisfaction or of wait, as a share of the people; the larger of the two."""
    ranks = people[["satisfaction", "wait"]].rank(pct=True)
    return (ranks - 0.5).abs().max(axis=1)


def most_changed(baseline: pd.DataFrame, others: Iterable[pd.DataFrame], longest: float) -> int:
    """The person whose satisfaction, and then whose wait, differs most from the baseline under another model."""
    change = pd.DataFrame({"satisfaction": 0.0, "wait": 0.0}, index=baseline.index)
    for other in others:
        for column in change:
            same = other[column].clip(upper=longest).reindex(baseline.index)
            change[column] = np.fmax(change[column], (same - baseline[column].clip(upper=longest)).abs())
    return _first(baseline, -change["satisfaction"], -change["wait"])


def _first(people: pd.DataFrame, *scores: pd.Series) -> int:
    """The person with the lowest score; ties go to the next score, and then to the lowest key."""
    order = np.lexsort([people.index.to_numpy(), *(score.to_numpy() for score in reversed(scores))])
    return int(people.index[order[0]])


def introduction(words: Vocabulary, person: int) -> str:
    """ "One of the seekers, travelling as a party of 2, speaks French": what is the same under every staffing model."""
    world, names = words.world, words.names
    passenger = world.passengers[row_of(words, person)]
    cohort = names.cohorts[int(passenger.cohort)]
    is_named = words.experiment.population.cohorts[cohort].named
    label = words.labels.cohorts.get(cohort)
    kind = label or cohort.replace("_", " ")
    people = kind if kind.endswith("s") else f"{kind} passengers"
    parts = [label or title(cohort) if is_named else f"One of the {people}"]
    if passenger.party > 1:
        parts.append(f"travelling as a party of {int(passenger.party)}")
    if len(names.languages) > 1:
        language = names.languages[int(passenger.language)]
        parts.append(f"speaks {LANGUAGES.get(language, language)}")
    return ", ".join(parts)


def row_of(words: Vocabulary, person: int) -> int:
    """The person's first row in the passengers table: what `passenger=` finds them by."""
    return int(np.flatnonzero(persons(words.world) == np.uint64(person))[0])
