"""Two finished runs: where their experiments differ, and the differences that came out, in pairs where they are pairs.

Replications are pairs where both runs have the same seed: then they have the same luck, wherever the experiments are
the same. Anything else is compared as two samples that have nothing in common.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from caresim.config.errors import BadInput, choice
from caresim.inference import statistics, two_samples
from caresim.inference.estimand import Estimand
from caresim.inference.variance_components import by_draw
from caresim.inference.verdict import judge
from caresim.report.evidence import few
from caresim.run.estimands import estimands
from caresim.run.results import Results
from caresim.tasks.compare_folders.answer import sentences

OF_STAFFING = ("staffing.", "queue.servers", "replay.extra", "replay.servers", "replay.staff")
"""How keys begin that say who works."""
FIRST = ("staffing", "metric", "unit", "one", "other")
COLUMNS = (
    *FIRST, "difference", "ci_low", "ci_high", "luck_low", "luck_high", "margin", "headline", "verdict", "pairs_needed",
    "compare", "replications", "paired",
)  # fmt: skip
MOST_NAMED = 6
"""Keys that a warning names."""
SURELY = ("seed", "name")
"""Keys that have a warning of their own, or none."""


@dataclass(frozen=True, repr=False)
class SideBySide:
    """Two runs: `.table()`, `.answer()`, `.differs()`, `.warnings`, `.paired`."""

    one: Results
    other: Results

    @classmethod
    def of(cls, one: str | Path | Results, other: str | Path | Results) -> SideBySide:
        """Two runs, each as it is or by its folder. BadInput where they have no staffing model in common."""
        first, second = (loaded(key, each) for key, each in (("one", one), ("other", other)))
        made = cls(first, second)
        if not made.staffings:
            names = [run.experiment.name for run in (first, second)]
            there = where(second) if names[0] != names[1] else ", ".join(second.staffings)
            if names[0] != names[1]:
                raise BadInput(
                    "other", there, f"these are runs of different experiments ({names[0]} and {names[1]}) that have no"
                    f" staffing model in common; allowed: another run of experiment={names[0]}"
                )  # fmt: skip
            raise BadInput("other", there, f"has no staffing model of the first run, {choice(first.staffings)}")
        return made

    @property
    def staffings(self) -> list[str]:
        """The staffing models that both runs have."""
        return [name for name in self.one.staffings if name in self.other.staffings]

    @property
    def paired(self) -> bool:
        """Have the replications of both the same luck, as far as the experiments are the same?"""
        return self.one.experiment.seed == self.other.experiment.seed and bool(self.shared)

    @property
    def confidence(self) -> float:
        """The level at which the intervals hold: that of the more careful study."""
        return max(float(run.experiment.study.confidence.value) for run in (self.one, self.other))

    @cached_property
    def shared(self) -> list[int]:
        """The numbers of the replications that both runs have."""
        mine, theirs = (set(run.replications["replication"]) for run in (self.one, self.other))
        return sorted(mine & theirs)

    def differs(self) -> pd.DataFrame:
        """Where the experiments differ: `key`, `one`, `other`; what is written, without sources and labels."""
        mine, theirs = (dict(leaves(run.experiment.effective())) for run in (self.one, self.other))
        keys = [key for key in {**mine, **theirs} if mine.get(key) != theirs.get(key)]
        rows = [(key, mine.get(key, ""), theirs.get(key, "")) for key in keys]
        return pd.DataFrame(rows, columns=["key", "one", "other"])

    @cached_property
    def warnings(self) -> list[str]:
        """What makes the difference another one than that of staffing: luck, worlds, code, replications."""
        return list(self._warnings())

    @property
    def cautions(self) -> list[str]:
        """The warnings as sentences."""
        return [f"{line[:1].upper()}{line[1:]}." for line in self.warnings]

    def _warnings(self) -> Iterator[str]:
        mine, theirs = self.one.experiment, self.other.experiment
        if mine.seed != theirs.seed:
            yield (
                f"the luck differs (seed={mine.seed} and seed={theirs.seed}): nothing is compared in pairs,"
                " and intervals are wider than they would be with one seed"
            )
        keys = [key for key in self.differs()["key"] if not key.startswith(OF_STAFFING) and key not in SURELY]
        if keys:
            more = f" and {len(keys) - MOST_NAMED} more" if len(keys) > MOST_NAMED else ""
            named = ", ".join(keys[:MOST_NAMED])
            yield f"the worlds differ in {named}{more}: the difference is not that of staffing alone"
        counts = [run.replications["replication"].nunique() for run in (self.one, self.other)]
        if self.paired and counts[0] != counts[1]:
            yield f"{counts[0]} and {counts[1]} replications: the {len(self.shared)} that both have are compared"
        codes = [code_of(run) for run in (self.one, self.other)]
        if all(codes) and codes[0] != codes[1]:
            yield "the runs were made by different versions of the program, so that their luck may differ"

    @property
    def few_draws(self) -> str:
        """Why no interval is shown, as in a comparison; else empty."""
        runs = [run.replications for run in (self.one, self.other)]
        if self.paired:
            runs = [rows[rows["replication"].isin(self.shared)] for rows in runs]
        counts = [(rows["replication"].nunique(), rows["draw"].nunique()) for rows in runs]
        return next(filter(None, (few(*each, file="comparison.csv") for each in counts)), "")

    def table(self) -> pd.DataFrame:
        """A row per staffing model that both have and metric: both means, the difference (other less one), its verdict.

        Differences of what is compared by ratio are ratios (other over one). The intervals of the first run's headline
        metrics hold together.
        """
        return self._table.copy()

    @cached_property
    def _table(self) -> pd.DataFrame:
        study = self.one.experiment.study
        confidence = max(self.one.level, self.other.level)
        wanted = [
            estimand
            for estimand in estimands(study)
            if all(estimand.name in run.replications for run in (self.one, self.other))
        ]
        rows = self._in_pairs(wanted, confidence) if self.paired else self._apart(wanted, confidence)
        means = [run.summary().set_index(["staffing", "metric"])["mean"].to_dict() for run in (self.one, self.other)]
        table = pd.DataFrame(rows)
        for name, known in zip(("one", "other"), means, strict=True):
            table[name] = [known[pair] for pair in zip(table["staffing"], table["metric"], strict=True)]
        return table.assign(paired=self.paired)[list(COLUMNS)]

    def _in_pairs(self, wanted: Sequence[Estimand], confidence: float) -> list[dict[str, Any]]:
        headline = self.one.experiment.study.headline
        pairs = []
        for name in self.staffings:
            mine, theirs = (rows_of(run, name) for run in (self.one, self.other))
            pairs += [statistics.Pair.of(theirs, mine, name, each, each.name in headline) for each in wanted]
        critical = statistics.simultaneous([pair for pair in pairs if pair.headline], confidence)
        rows = [pair.row("one", confidence, critical) for pair in pairs]
        return [dict(zip(statistics.COMPARISON, row, strict=True)) for row in rows]

    def _apart(self, wanted: Sequence[Estimand], confidence: float) -> list[dict[str, Any]]:
        headline = self.one.experiment.study.headline
        family = max(1, len(self.staffings) * sum(estimand.name in headline for estimand in wanted))
        return [
            self._row_apart(name, each, each.name in headline, confidence, family)
            for name in self.staffings
            for each in wanted
        ]

    def _row_apart(
        self, name: str, estimand: Estimand, headline: bool, confidence: float, family: int
    ) -> dict[str, Any]:
        """The difference of two samples; of a headline metric with Bonferroni's level."""
        level = 1 - (1 - confidence) / family if headline else confidence
        matrices = []
        for run in (self.one, self.other):
            rows = rows_of(run, name)
            values = estimand.scaled(rows[estimand.name].to_numpy(dtype=float))
            matrices.append(by_draw(values, rows["draw"].to_numpy()))
        average = "median" if "median" in {estimand.averaged_by(matrix) for matrix in matrices} else "mean"
        mine, theirs = (statistics.AVERAGES[average](matrix, confidence) for matrix in matrices)
        estimate = two_samples.difference(mine, theirs, level)
        ends = (estimate.value, estimate.low, estimate.high, estimate.luck_low, estimate.luck_high)
        shown = dict(
            zip(("difference", "ci_low", "ci_high", "luck_low", "luck_high"), estimand.effect(ends), strict=True)
        )
        judged = judge(estimate, estimand.effect_margin, estimand.better)
        return {
            "staffing": name, "metric": estimand.name, "unit": estimand.effect_unit, **shown,
            "margin": estimand.margin, "headline": headline, "verdict": judged.verdict, "pairs_needed": None,
            "compare": estimand.compare, "replications": estimate.count,
        }  # fmt: skip

    def answer(self) -> list[str]:
        """Where the runs differ, and in what the other is better or worse, in sentences."""
        return sentences(self.table(), list(self.differs()["key"]), self.few_draws)

    def __repr__(self) -> str:
        """Both runs and how they are compared, in a line."""
        names = " and ".join(where(run) for run in (self.one, self.other))
        how = "in pairs" if self.paired else "not in pairs"
        many = f"{len(self.staffings)} staffing model{'s' if len(self.staffings) > 1 else ''} in common"
        return f"SideBySide({names}: {many}, {how})"

    def _repr_html_(self) -> str:
        """The warnings, and the headline rows."""
        rows = self._table[self._table["headline"].astype(bool)]
        lines = "".join(f"<p>{escape(line)}</p>" for line in (repr(self), *self.answer(), *self.warnings))
        return lines + rows[[*FIRST, "difference", "ci_low", "ci_high", "verdict"]].head(30).to_html(index=False)


def loaded(key: str, run: str | Path | Results) -> Results:
    """A run, by its folder where it is one. BadInput, under the key that was typed, where no run is in it."""
    if isinstance(run, Results):
        return run
    try:
        return Results.load(run)
    except BadInput as problem:
        if problem.key != "folder":
            raise
        there = sorted(file.name for file in Path(run).iterdir())[:MOST_NAMED] if Path(run).is_dir() else []
        holds = f"; there are {', '.join(there)}" if there else ""
        advice = f"type {key}=outputs/FOLDER, the folder of one comparison"
        raise BadInput(key, problem.value, f"{problem.allowed}{holds}; {advice}") from problem


def where(run: Results) -> str:
    """A run by its folder's name, else by its experiment's."""
    return run.folder.resolve().name if run.folder is not None else run.experiment.name


def rows_of(run: Results, staffing: str) -> pd.DataFrame:
    """The replications of a staffing model, indexed by their number."""
    rows = run.replications
    return rows[rows["staffing"] == staffing].set_index("replication")


def code_of(run: Results) -> str:
    """The version of the code that made the run; empty where it is in no folder."""
    if run.folder is None:
        return ""
    manifest = json.loads((run.folder / "manifest.json").read_text(encoding="utf-8"))
    return str(manifest.get("code_hash", ""))


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Dotted key and value as text of everything that is no table; a list is one value."""
    if isinstance(node, Mapping):
        for key, member in node.items():
            yield from leaves(member, f"{path}.{key}" if path else str(key))
    else:
        yield path, json.dumps(node, ensure_ascii=False, default=str)
