"""What a sweep answers, in sentences: where which staffing model does better, and where that changes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from caresim.inference.verdict import BETTER, DEPENDS, SAME, SURELY_BETTER, SURELY_WORSE, WORSE
from caresim.report.number_format import effect_span, effect_text
from caresim.report.verdicts import DETAILED
from caresim.report.wording import joined, quantity, readable
from caresim.tasks.compare.sweep.cells import sure_sign
from caresim.tasks.compare.sweep.choice import (
    as_shown,
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
SURE = "sure_sign"
"""Column: the sign of the difference where its interval, shown or not, leaves no doubt about it; else 0."""
GOOD, BAD = (BETTER, SURELY_BETTER), (WORSE, SURELY_WORSE)
"""Verdicts that show a difference."""


def sentences(table: pd.DataFrame, chosen: Sequence[str] = (), failed: Sequence[Failure] = ()) -> list[str]:
    """The answer on the first metric that is shown, and which points have no results; the latter alone without rows."""
    lost = [_without_results(failed)] if failed else []
    names = shown_metrics(table, chosen) if len(table) else []
    if not names:
        return lost
    whole, table = table[table["metric"] == names[0]], as_shown(table)
    rows = table[table["metric"] == names[0]].assign(**{SURE: sure_sign(whole, names[0])})
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
        """Which staffing model does most at which points, and what each staffing model does against the baseline."""
        said = list(self._best())
        rivals = rivals_of(self.rows)
        for rival in rivals[:MOST_NAMED]:
            said.append(f"{readable(rival)} against {readable(self.reference)}: {self._verdicts(rival)}.")
        if len(rivals) > MOST_NAMED:
            said.append(f"sweep.csv has the verdicts on the other {len(rivals) - MOST_NAMED} staffing models.")
        return said

    def of_points(self) -> list[str]:
        """Which point is best, where a verdict says so, and how the others compare with the first."""
        first = self.points[self.reference]
        known = [row for row in self.rows.to_dict("records") if math.isfinite(row["mean"])]
        said = []
        if self.metric.better != "neither":
            best = self._shown_best(known, [row for row in known if row["job"] == self.reference])
            others = [row for row in known if row["job"] != self.reference]
            if best:
                where = joined([self.points[row["job"]] for row in best])
                gain = "" if best[0]["job"] == self.reference else f", {self._difference(best[0])} against {first}"
                said.append(f"{self.label} is best with {where}: {quantity(best[0]['mean'], self.metric.unit)}{gain}.")
            elif others and not any(row["verdict_detail"] in GOOD for row in others):
                upwards = 1 if self.metric.better == "higher" else -1
                enough = " by enough to matter" if any(row[SURE] == upwards for row in others) else ""
                said.append(f"No other point is shown to be better for {self.label} than {first}{enough}.")
        (staffing,) = self.rows["staffing"].unique()
        said.append(f"Against {first}: {self._verdicts(str(staffing))}.")
        return said

    def _best(self) -> Iterator[str]:
        """The staffing models with the best estimate, at the points where their verdicts say so, and at how many none
        is shown to do most; nothing where neither way is better.
        """
        if self.metric.better == "neither" or not rivals_of(self.rows):
            return
        finite = self.rows[self.rows["mean"].map(math.isfinite)]
        winners: dict[str, list[str]] = {}
        means, open_points = [], []
        for job, part in finite.groupby("job", sort=False):
            known = part.to_dict("records")
            best = self._shown_best(known, [row for row in known if row["staffing"] == self.reference])
            if not best:
                open_points.append(str(job))
                continue
            means.append(best[0]["mean"])
            names = [readable(row["staffing"]) for row in best]
            who = f"{names[0]} does" if len(names) == 1 else f"{joined(names)} equally do"
            winners.setdefault(who, []).append(str(job))
        if len(winners) == 1:
            ((winner, jobs),) = winners.items()
            low, high = (quantity(reach(means), self.metric.unit) for reach in (min, max))
            span = low if low == high else f"{low} to {high}"
            yield f"By the estimates, {winner} most for {self.label} {self._everywhere(jobs)} ({span})."
        elif winners:
            named = [f"{winner} most {self._where(jobs)}" for winner, jobs in winners.items()]
            yield f"By the estimates, what does most for {self.label} changes: {'; '.join(named)}."
        yield from self._open(finite, open_points)

    def _open(self, finite: pd.DataFrame, jobs: Sequence[str]) -> Iterator[str]:
        """The points at which no staffing model is shown to do most: apart from each other those where some difference
        is sure, those where none is large enough to matter, and those where none is sure.
        """
        most = f"No staffing model is shown to do most for {self.label}"
        small = f"No difference from {readable(self.reference)} in {self.label} is large enough to matter"
        none = f"No staffing model is shown to differ from {readable(self.reference)} in {self.label}"
        groups: dict[str, list[str]] = {most: [], small: [], none: []}
        for job in jobs:
            part = finite[(finite["job"] == job) & finite["difference"].notna()]
            verdicts, sure = set(part["verdict_detail"]), bool(part[SURE].any())
            if sure and verdicts == {SAME}:
                groups[small].append(job)
            else:
                groups[most if sure or verdicts & {*GOOD, *BAD, DEPENDS} else none].append(job)
        yield from (f"{words} {self._everywhere(found)}." for words, found in groups.items() if found)

    def _everywhere(self, jobs: Sequence[str]) -> str:
        return "at every point" if 1 < len(jobs) == len(self.points) else self._where(jobs)

    def _shown_best(self, known: Sequence[dict[Any, Any]], reference: Sequence[dict[Any, Any]]) -> list[dict[Any, Any]]:
        """The rows with the best mean (several where they are equal); none unless their verdicts against the reference
        are better or, where the reference itself is the best, those of all others are worse.
        """
        if not known or not reference:
            return []
        top = (max if self.metric.better == "higher" else min)(row["mean"] for row in known)
        best = [row for row in known if row["mean"] == top]
        if best == list(reference):
            others = [row for row in known if row not in best]
            return best if others and all(row["verdict_detail"] in BAD for row in others) else []
        return best if all(row["verdict_detail"] in GOOD for row in best) else []

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
            where = f"at each of {len(members)} points" if every else self._where(jobs)
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
