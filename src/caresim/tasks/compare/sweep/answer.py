"""What a sweep answers, in sentences: where which staffing model does better, and where that changes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from caresim.report.number_format import effect_span, effect_text
from caresim.report.verdicts import DETAILED
from caresim.report.wording import joined, quantity, readable
from caresim.tasks.compare.sweep.choice import (
    compared_with_first,
    metric_of,
    reference_of,
    rivals_of,
    shown_metrics,
)
from caresim.tasks.compare.sweep.keys import key_words, points_of, positions, swept_keys, tick
from caresim.tasks.compare.sweep.sweep import Failure

MOST_NAMED = 3
"""Points that a sentence names one by one, and staffing models that have a sentence of their own."""
UNJUDGED = ""


def sentences(table: pd.DataFrame, chosen: Sequence[str] = (), failed: Sequence[Failure] = ()) -> list[str]:
    """The answer on the first metric that is shown, and which points have no results; the latter alone without rows."""
    lost = [_without_results(failed)] if failed else []
    names = shown_metrics(table, chosen) if len(table) else []
    if not names:
        return lost
    rows = table[table["metric"] == names[0]]
    if not rows["mean"].map(math.isfinite).any():
        return [f"“{metric_of(names[0]).label}” is not defined at any point.", *lost]
    told = Told(table, rows, names[0])
    said = told.of_points() if compared_with_first(table) else told.of_models()
    return [*said, *lost]


def _without_results(failed: Sequence[Failure]) -> str:
    many = f"{len(failed)} point{'s have' if len(failed) > 1 else ' has'} no results"
    named = [f"{failure.point} ({failure.kind}: {failure.error})" for failure in failed[:MOST_NAMED]]
    more = f"; {len(failed) - MOST_NAMED} more are in failed.csv" if len(failed) > MOST_NAMED else ""
    return f"{many}: {'; '.join(named)}{more}."


class Told:
    """Sentences on one metric of a sweep."""

    def __init__(self, table: pd.DataFrame, rows: pd.DataFrame, name: str) -> None:
        self.table, self.rows, self.metric = table, rows, metric_of(name)
        self.points = points_of(table)
        self.reference = reference_of(table)
        self.keys = swept_keys(table)
        self.label = f"“{self.metric.label}”"

    def of_models(self) -> list[str]:
        """Who does most where, and what each staffing model does against the baseline."""
        said = list(self._best())
        rivals = rivals_of(self.rows)
        for rival in rivals[:MOST_NAMED]:
            said.append(f"{readable(rival)} against {readable(self.reference)}: {self._verdicts(rival)}.")
        if len(rivals) > MOST_NAMED:
            said.append(f"sweep.csv has the verdicts on the other {len(rivals) - MOST_NAMED} staffing models.")
        return said

    def of_points(self) -> list[str]:
        """Which point does most, and how the others compare with the first."""
        first = self.points[self.reference]
        known = [row for row in self.rows.to_dict("records") if math.isfinite(row["mean"])]
        said = []
        if self.metric.better != "neither":
            best = self._top(known)
            gain = "" if best["job"] == self.reference else f", {self._difference(best)} against {first}"
            value = quantity(best["mean"], self.metric.unit)
            said.append(f"{self._of(best['job'])} does most for {self.label}: {value}{gain}.")
        (staffing,) = self.rows["staffing"].unique()
        said.append(f"Against {first}: {self._verdicts(str(staffing))}.")
        return said

    def _best(self) -> Iterator[str]:
        """The staffing model with the best estimate at each point; nothing where neither way is better."""
        if self.metric.better == "neither" or not rivals_of(self.rows):
            return
        finite = self.rows[self.rows["mean"].map(math.isfinite)]
        best = {str(job): self._top(part.to_dict("records")) for job, part in finite.groupby("job", sort=False)}
        winners: dict[str, list[str]] = {}
        for job, row in best.items():
            winners.setdefault(row["staffing"], []).append(job)
        if len(winners) == 1:
            (winner,) = winners
            low, high = (
                quantity(reach(row["mean"] for row in best.values()), self.metric.unit) for reach in (min, max)
            )
            span = low if low == high else f"{low} to {high}"
            every = "at every point" if 1 < len(best) == len(self.points) else self._where(list(best))
            yield f"By the estimates, {readable(winner)} does most for {self.label} {every} ({span})."
        else:
            named = [f"{readable(winner)} {self._where(jobs)}" for winner, jobs in winners.items()]
            yield f"By the estimates, who does most for {self.label} changes: {'; '.join(named)}."

    def _top(self, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        pick = max if self.metric.better == "higher" else min
        return pick(rows, key=lambda row: row["mean"])

    def _verdicts(self, staffing: str) -> str:
        """The verdicts on a staffing model, each with the points at which it falls and the differences there."""
        rows = self.rows[(self.rows["staffing"] == staffing) & self.rows["difference"].notna()]
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in rows.to_dict("records"):
            word = row["verdict_detail"]
            groups.setdefault(word if word in DETAILED else UNJUDGED, []).append(row)
        parts, comparable = [], len(self.points) - compared_with_first(self.table)
        for word, members in groups.items():
            words = DETAILED[word].words if word else "without a verdict"
            jobs = [str(row["job"]) for row in members]
            every = 1 < len(members) == comparable
            where = f"at all {len(members)} points" if every else self._where(jobs)
            parts.append(f"{words} {where} ({self._span(members)})")
        return "; ".join(parts) or "nothing to compare"

    def _span(self, rows: Sequence[dict[str, Any]]) -> str:
        """The smallest and the largest difference; of one, its interval."""
        ratio = self.metric.compare == "ratio"
        if len(rows) == 1:
            return self._difference(rows[0])
        ends = [effect_text(reach(row["difference"] for row in rows), self.metric.unit, ratio) for reach in (min, max)]
        return f"{ends[0]} to {ends[1]}" if ends[0] != ends[1] else ends[0]

    def _difference(self, row: Mapping[str, Any]) -> str:
        ratio = self.metric.compare == "ratio"
        interval = effect_span(row["difference_ci_low"], row["difference_ci_high"], self.metric.unit, ratio)
        return effect_text(row["difference"], self.metric.unit, ratio) + (f"; {interval}" if interval else "")

    def _where(self, jobs: Sequence[str]) -> str:
        """At which points: named, or from one number to another where they follow each other, or so many of them."""
        if len(jobs) > MOST_NAMED and (stretch := self._stretch(jobs)):
            return stretch
        if len(jobs) > MOST_NAMED:
            return f"at {len(jobs)} of {len(self.points)} points"
        return f"with {joined([self.points[job] for job in jobs])}"

    def _stretch(self, jobs: Sequence[str]) -> str:
        """From which number to which, where one key of numbers was swept and no other point lies between."""
        if len(self.keys) != 1:
            return ""
        key = self.keys[0]
        value = dict(zip(self.table["job"], self.table[key], strict=True))
        place, numeric = positions(self.table[key])
        if not numeric:
            return ""
        inside = sorted((value[job] for job in jobs), key=lambda each: place[each])
        low, high = place[inside[0]], place[inside[-1]]
        between = [job for job in self.points if low <= place[value[job]] <= high]
        if len(between) != len(jobs):
            return ""
        return f"with {key_words(key)} from {tick(inside[0])} to {tick(inside[-1])}"

    def _of(self, job: str) -> str:
        words = self.points[str(job)]
        return words[:1].upper() + words[1:]
