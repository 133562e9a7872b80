"""A sweep as an object: its tables, its figures, its answer; the same just computed or read from its folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from caresim.config.arguments import names_of, one_name
from caresim.config.errors import BadInput
from caresim.config.labels import spoken_of
from caresim.tasks.compare.sweep import sweep
from caresim.tasks.compare.sweep.choice import shown_metrics, staffings_of
from caresim.tasks.compare.sweep.keys import LONGEST, many_in_words, points_of, swept_keys, tick
from caresim.tasks.compare.sweep.sweep import Failure

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

OF_A_DIFFERENCE = ("staffing", "metric", "unit", "against", *sweep.COMPARED.values(), "margin", "verdict_detail")


@dataclass(frozen=True, repr=False)
class Sweep:
    """What a sweep gave.

    `table` has a row per point (`job`), staffing model and metric, with the columns of sweep.csv; `failed` are the
    points without results, each with its error.
    """

    experiment: Experiment
    """That of the first point: names, question, level of the intervals."""
    table: pd.DataFrame
    failed: tuple[Failure, ...] = ()
    metrics: tuple[str, ...] = ()
    """What is shown, the most telling first; empty: the headline metrics as they come."""
    command: str = ""
    """What to type for the same; empty where it was not typed."""
    folder: Path | None = None

    @property
    def keys(self) -> list[str]:
        """The swept keys, the one with most values first; none where no point has results."""
        return swept_keys(self.table) if len(self.table) else []

    @property
    def points(self) -> list[str]:
        """The points with results, in words."""
        with spoken_of(self.experiment):
            return list(points_of(self.table).values()) if len(self.table) else []

    @property
    def confidence(self) -> float:
        """The level of the intervals."""
        return float(self.experiment.study.confidence.value)

    @property
    def rows(self) -> pd.DataFrame:
        """`table`, where it has any rows. BadInput where no point has results: `failed` says why."""
        if not len(self.table):
            first = f", the first with: {self.failed[0].error}" if self.failed else ""
            raise BadInput("sweep", self.experiment.name, f"no point has results ({len(self.failed)} failed{first})")
        return self.table

    def differences(self, metric: str | Sequence[str] | None = None) -> pd.DataFrame:
        """The paired differences: swept keys, then OF_A_DIFFERENCE; of some metrics (None: those that are shown)."""
        names, there = self.shown(metric), self.rows
        rows = there[there["metric"].isin(names) & there["difference"].notna()]
        return rows[["job", *self.keys, *OF_A_DIFFERENCE]].reset_index(drop=True)

    def levels(self, metric: str | None = None) -> pd.DataFrame:
        """A row per point, a column per staffing model: the means of a metric (None: the first that is shown)."""
        rows = self.rows[self.rows["metric"] == self.shown(metric)[0]]
        return rows.pivot(index=["job", *self.keys], columns="staffing", values="mean").loc[
            list(dict.fromkeys(rows["job"])), list(dict.fromkeys(rows["staffing"]))
        ]

    def tidy(self) -> pd.DataFrame:
        """Long: a row per point, staffing model and metric with `value`, `low`, `high`, as seaborn takes it."""
        columns = {"mean": "value", "ci_low": "low", "ci_high": "high"}
        kept = ["job", *self.keys, "staffing", "metric", "unit", *columns]
        return self.rows[kept].rename(columns=columns)

    def answer(self) -> list[str]:
        """What the sweep answers, in sentences; points without results come last."""
        from caresim.tasks.compare.sweep import answer

        with spoken_of(self.experiment):
            return answer.sentences(self.table, self.metrics, self.failed)

    @property
    def plot(self) -> Figures:
        """The figures: `sweep.plot.differences("csat")`; `sweep.plot` alone lists them."""
        return Figures(self)

    def save(self, folder: str | Path) -> Path:
        """Write sweep.csv, the figures, the page and the workbook into a folder, which is made; returns it."""
        from caresim.run.folder import write_csv
        from caresim.run.output_dir import moved_into
        from caresim.tasks.compare.sweep import figures, page

        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        with spoken_of(self.experiment), moved_into(place, "sweep_saved") as beside:
            write_csv(self.table, beside / sweep.TABLE)
            if len(self.table):
                figures.save_sweep(self.table, beside, self.confidence, self.metrics)
                page.save(self, beside)
        for failure in self.failed if not (place / sweep.FAILURES).exists() else ():
            sweep.note(place, failure)
        return place

    def shown(self, metric: str | Sequence[str] | None) -> list[str]:
        """The metrics asked for, else those that are shown. BadInput for one that there is not."""
        names = shown_metrics(self.rows, self.metrics)
        if metric is None:
            return names
        return list(names_of("metric", metric, list(dict.fromkeys(self.table["metric"])), "metric"))

    @classmethod
    def load(cls, folder: str | Path, metrics: Sequence[str] = ()) -> Sweep:
        """What there is in the folder of a sweep, finished or not. BadInput where there is no run of a sweep in it."""
        from caresim.tasks.compare.sweep import gathering

        return cls(*gathering.read(folder, metrics))

    @staticmethod
    def pieces(folder: str | Path) -> Iterator[pd.DataFrame]:
        """The rows of `table`, one point after the other, from the folder of a sweep too large to be held at once.

        Each has the columns of sweep.csv and all metrics. Where one staffing model alone is run, `difference` and what
        follows from it are missing. BadInput where the folder holds another kind of run.
        """
        return sweep.pieces(folder)

    def __repr__(self) -> str:
        """The keys with their values, how many points there are, and what is compared, in a line."""
        lost = f", {len(self.failed)} without results" if self.failed else ""
        if not len(self.table):
            return f"Sweep({self.experiment.name}: no results{lost})"
        models, many = self.table["staffing"].nunique(), many_in_words(self.table)
        varied = " and ".join(f"{key} ({self._values(key)})" for key in self.keys)
        return (
            f"Sweep({self.experiment.name} over {varied}: {self.table['job'].nunique()} points{lost}, "
            f"{models} staffing model{'s' if models > 1 else ''}, {many} replications a point)"
        )

    def _values(self, key: str) -> str:
        """The values of a key that have results; how many there are, where they are not few and short."""
        values = [tick(value) for value in dict.fromkeys(self.table[key])]
        words = ", ".join(values)
        return words if len(values) <= MOST_VALUES and len(words) <= LONGEST else f"{len(values)} values"

    def _repr_html_(self) -> str:
        """The answer, and the first points of the first metric that is shown."""
        sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.answer())
        if not len(self.table):
            return f"<p>{escape(repr(self))}</p>{sentences}"
        shown = self.levels().reset_index("job", drop=True).head(MOST_SHOWN).round(4).to_html(max_cols=12)
        return f"<p><b>{escape(repr(self))}</b></p>{sentences}{shown}"


MOST_SHOWN = 10
"""Points in a notebook."""
MOST_VALUES = 6
"""Values of a key in the line that says what a sweep is."""


class Figures:
    """The figures of a sweep, by name.

    `metric` is one or several, by name (None: those that are shown); `models` the staffing models that are shown (None:
    all), whose intervals, verdicts and colours stay. Without `ax` a figure is a page of its own, which a notebook
    shows; with `ax` it draws one panel on these axes of Matplotlib, and returns them. BadInput for a name that there is
    not.
    """

    def __init__(self, swept: Sweep) -> None:
        self._swept = swept

    def __repr__(self) -> str:
        """The figures that can be drawn of this sweep, in a line."""
        from caresim.tasks.compare.sweep.cells import signs
        from caresim.tasks.compare.sweep.differences import has_differences

        swept = self._swept
        if not len(swept.table):
            return "Figures(none: no point has results)"
        there = {
            "levels": True,
            "differences": has_differences(swept.table),
            "map": len(signs(swept.table, swept.metrics)) > 0,
        }
        return f"Figures({', '.join(name for name, drawable in there.items() if drawable)})"

    def levels(
        self, metric: str | Sequence[str] | None = None, *, models: str | Sequence[str] | None = None, ax: Any = None
    ) -> Any:
        """The metrics against the swept key, a line a staffing model."""
        from caresim.tasks.compare.sweep import figures

        return self._drawn(figures.sweep, figures.on_one_axes, metric, models, ax)

    def differences(
        self, metric: str | Sequence[str] | None = None, *, models: str | Sequence[str] | None = None, ax: Any = None
    ) -> Any:
        """The paired differences with their intervals. ValueError where nothing is compared."""
        from caresim.tasks.compare.sweep import differences

        return self._drawn(differences.differences, differences.on_one_axes, metric, models, ax)

    def map(
        self, metric: str | Sequence[str] | None = None, *, models: str | Sequence[str] | None = None, ax: Any = None
    ) -> Any:
        """Two swept keys: where which staffing model does better in a metric, the first of those that are asked for.

        On axes it shows one staffing model, the first unless it is named. ValueError with one key.
        """
        from caresim.tasks.compare.sweep import boundary

        return self._drawn(boundary.boundary, boundary.on_one_axes, metric, models, ax)

    def _drawn(self, draw: Any, panel: Any, metric: Any, models: Any, ax: Any) -> Any:
        swept = self._swept
        there = list(dict.fromkeys(swept.rows["metric"]))
        metrics = swept.metrics if metric is None else names_of("metric", metric, there, "metric")
        shown = None if models is None else names_of("models", models, staffings_of(swept.table), "staffing model")
        with spoken_of(swept.experiment):
            if ax is None:
                return draw(swept.table, swept.confidence, metrics, shown)
            name = one_name("metric", metric, [*swept.shown(None), *there], "metric")
            return panel(ax, swept.table, swept.confidence, name, shown)
