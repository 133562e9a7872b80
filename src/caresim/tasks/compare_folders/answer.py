"""What comes of holding two runs against each other, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pandas as pd

from caresim.inference import verdict
from caresim.report.number_format import effect_text
from caresim.report.wording import joined, readable

MOST_NAMED = 6
"""Keys that a sentence names."""
OF_A_NUMBER = ("value", "low", "high")
"""What a quantity is in text."""
LONGEST = 60
"""Characters of a value that is told."""
IN_WORDS = {
    verdict.BETTER: "better in",
    verdict.WORSE: "worse in",
    verdict.SAME: "no difference that matters in",
    verdict.UNDECIDED: "undecided in",
}


def sentences(table: pd.DataFrame, keys: Sequence[str], few_draws: str) -> list[str]:
    """Where the runs differ (`keys`), then a sentence for each staffing model of the table; verdicts on headline
    metrics, or why there are too few draws for them.
    """
    if few_draws:
        return [differing(keys), few_draws]
    rows = table[table["headline"].astype(bool) & table["verdict"].isin(list(IN_WORDS))]
    return [differing(keys), *(of_model(rows[rows["staffing"] == name], name) for name in table["staffing"].unique())]


def differing(keys: Sequence[str]) -> str:
    """The keys that are not the same."""
    if not keys:
        return "Nothing that changes a run differs between the two."
    more = [f"{len(keys) - MOST_NAMED} more"] if len(keys) > MOST_NAMED else []
    return f"The runs differ in {joined([*keys[:MOST_NAMED], *more])}."


def of_model(rows: pd.DataFrame, name: str) -> str:
    """In which metrics the other run is better, worse, or not to be told from the first."""
    if (rows["one"] == rows["other"]).all() and len(rows):
        return f"{readable(name)}: the same in both runs."
    said = list(by_verdict(rows))
    return f"{readable(name)}, the other run beside the first: {'; '.join(said) or 'nothing was compared'}."


def by_verdict(rows: pd.DataFrame) -> Iterator[str]:
    """The metrics of each verdict, with their differences where they are sure."""
    from caresim.measure.metrics import REGISTRY

    for found, words in IN_WORDS.items():
        named = []
        for row in rows[rows["verdict"] == found].itertuples():
            metric = REGISTRY[str(row.metric)]
            effect = effect_text(row.difference, metric.unit, metric.compare == "ratio")
            sure = f" ({effect})" if found in (verdict.BETTER, verdict.WORSE) else ""
            named.append(f"“{metric.label}”{sure}")
        if named:
            yield f"{words} {joined(named)}"


def brief(value: str) -> str:
    """Of a number with a range both, of anything else its beginning; "(not there)" where it is empty."""
    if not value:
        return "(not there)"
    parsed = json.loads(value)
    if isinstance(parsed, list) and len(parsed) == len(OF_A_NUMBER) and isinstance(parsed[0], float):
        number, low, high = parsed
        if low is None and high is None:
            return f"{number:g}"
        if all(isinstance(end, float) for end in (low, high)) and low <= number <= high:
            return f"{number:g} ({low:g} to {high:g})"
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
