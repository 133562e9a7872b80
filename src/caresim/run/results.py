"""The results of a comparison: tables, verdicts, figures; the same whether just computed or read from a folder."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from caresim.config.errors import BadInput
from caresim.run.block import INTERVALS, SERIES, TABLES, Block, Finished
from caresim.run.effort import effort
from caresim.run.long_table import LongTable, categories, is_long, joined, read, write_batches

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

FRAMES = ("replications", *TABLES, *SERIES)
"""The tables of a run's folder that are kept as Parquet, by file name."""
FIGURES, ANSWER = "caresim.tasks.compare.figures", "caresim.tasks.compare.answer"
"""By name: they stand above this package."""
FOLDER = "caresim.run.folder"
MOST_SHOWN = 20
"""Staffing models in a notebook."""


@dataclass(frozen=True)
class Results:
    """What a comparison of staffing models gave.

    `replications` has one row per staffing model and replication and one column per metric; `contacts`, `passengers`,
    `staff` and `timeline` hold the full rows of the recorded replications; `curves` the share of requests answered,
    given up and waiting by minutes waited, `courses` the timeline per 30 minutes, both of every replication;
    `intervals` the 30-minute interval report of the first replication. Minutes since the disruption's start.

    Contacts and passengers of a run with millions of them, and curves and courses of many replications, stay on disk,
    as a `LongTable`: `contacts["wait_min"]` reads a column, `contacts[["staffing", "counted"]]` several,
    `contacts.pieces()` goes through the rows, `courses.of("hybrid", ["time_min", "mood"])` reads a staffing model's.
    """

    experiment: Experiment
    replications: pd.DataFrame
    contacts: pd.DataFrame
    passengers: pd.DataFrame
    staff: pd.DataFrame
    timeline: pd.DataFrame
    curves: pd.DataFrame
    courses: pd.DataFrame
    intervals: pd.DataFrame
    folder: Path | None = None
    durations: dict[str, float] = field(default_factory=dict)
    """Seconds spent, by what they were spent on."""
    effort: dict[str, float] = field(default_factory=dict)
    """What it took: `events`, `events_a_run`, `processor_s` and, where it is known, `peak_memory_bytes`."""

    looks: int | None = None
    """How often it was looked at whether `precision` is reached, which intervals allow for; None: it was not asked for.
    """

    def __repr__(self) -> str:
        """What was compared, in a line: the tables would fill a book."""
        models = ", ".join(self.staffings)
        count = self.replications["replication"].nunique()
        return f"Results({self.experiment.name}: {models}; {count} paired replications, baseline {self.baseline})"

    def _repr_html_(self) -> str:
        """The answer and the headline metrics of every staffing model: what fits a screen."""
        headline = [name for name in self.experiment.study.headline if name in self.replications]
        means = self._summary[self._summary["metric"].isin(headline)].pivot(
            index="staffing", columns="metric", values="mean"
        )
        table = means.loc[self.staffings[:MOST_SHOWN], headline].round(4).to_html()
        sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.answer())
        return f"<p><b>{escape(repr(self))}</b></p>{sentences}{table}"

    def answer(self) -> list[str]:
        """The answer in three sentences; none where there are too few replications for a verdict."""
        return list(importlib.import_module(ANSWER).sentences(self))

    def tidy(self) -> pd.DataFrame:
        """Long, as seaborn takes it: a row per staffing model, replication and metric; `value`, `unit`, `label`."""
        from caresim.measure.metrics import REGISTRY

        names = [name for name in self.replications if name in REGISTRY]
        rows = self.replications.melt(["staffing", "replication", "draw"], names, "metric", "value")
        return rows.assign(
            unit=rows["metric"].map({name: REGISTRY[name].unit for name in names}),
            label=rows["metric"].map({name: REGISTRY[name].label for name in names}),
        )

    def save(self, folder: str | Path) -> Path:
        """Write the tables into a new folder, as `Results.load` reads them; returns it. BadInput where it is there."""
        place = Path(folder)
        if place.exists():
            raise BadInput("folder", str(folder), "is there already; allowed: the path of a new folder")
        # By name: that file writes these results, and so knows this one.
        written: Path = importlib.import_module(FOLDER).write(self, place.absolute().parent)
        return written.rename(place.absolute())

    @property
    def baseline(self) -> str:
        """The staffing model the others are compared with."""
        return self.experiment.baseline

    @property
    def staffings(self) -> list[str]:
        """The staffing models that were run, in the experiment's order."""
        return list(self.experiment.compared)

    def summary(self) -> pd.DataFrame:
        """Mean and intervals of every metric of every staffing model (the columns of summary.csv)."""
        return self._summary.copy()

    def comparison(self) -> pd.DataFrame:
        """Differences from the baseline with intervals and verdicts (the columns of comparison.csv)."""
        return self._comparison.copy()

    def observations(self) -> pd.DataFrame:
        """What was observed in the crisis against what came out (observations.csv); no rows where nothing was."""
        from caresim.run import observation_table

        return observation_table.table(self.replications, self.experiment)

    def ranking(self) -> pd.DataFrame:
        """Can the staffing models be ranked? A row per metric (ranking.csv); none with fewer than three of them."""
        from caresim.inference import ranking

        return ranking.ranking(self._pairs)

    def pairs(self) -> pd.DataFrame:
        """Differences between all pairs of staffing models in the headline metrics (pairs.csv)."""
        return self._pairs.copy()

    @cached_property
    def draws(self) -> pd.DataFrame:
        """The drawn values: one row a world (`draw`, as in `replications`), one column an assumption by its key.

        In the units of `caresim.run.draw_table.units`. A folder of a version that wrote none has them drawn again.
        """
        from caresim.run import draw_table

        kept = draw_table.read(self.folder) if self.folder is not None else None
        drawn = sorted(self.replications["draw"].unique().tolist())
        return draw_table.of(self.experiment, drawn) if kept is None else kept

    def replayed(self) -> pd.DataFrame:
        """What became of each contact of a replayed file (the columns of replay.csv). BadInput where none was."""
        from caresim.measure.tables import replayed

        if self.experiment.replay is None:
            raise BadInput("experiment", self.experiment.name, "replays no file; allowed: experiment=replay")
        return replayed(self.contacts, self.experiment.replay.traffic)

    def beside_file(self) -> pd.DataFrame:
        """What a replayed file says of its contacts beside what its replay gives (the columns of beside_file.csv).

        BadInput where none was replayed.
        """
        from caresim.measure.beside_file import beside_file

        if self.experiment.replay is None:
            raise BadInput("experiment", self.experiment.name, "replays no file; allowed: experiment=replay")
        return beside_file(self.intervals, self.experiment)

    @property
    def plot(self) -> Figures:
        """The figures: `results.plot.latency()`; `dir(results.plot)` lists them."""
        return Figures(self)

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """The results in a run's folder. BadInput when the folder does not hold a finished run."""
        from caresim.config.compose import validate
        from caresim.config.earlier import understood

        place = Path(folder)
        try:
            manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
            frames: dict[str, Any] = {name: read(place / f"{name}.parquet", name in SERIES) for name in FRAMES}
            intervals = pd.read_csv(place / "intervals.csv")
            # Where it was computed is nobody's business but of who computes: a folder may come from anybody.
            configuration, durations = manifest["configuration"] | {"cluster": None}, manifest["durations"]
            taken, looks = manifest.get("effort", {}), manifest.get("looks")
        except FileNotFoundError as error:
            # Arrow does not say which file it did not find.
            names = ("manifest.json", *(f"{name}.parquet" for name in FRAMES), "intervals.csv")
            missing = next((name for name in names if not (place / name).exists()), str(error))
            raise BadInput(
                "folder", str(folder), f"must be the folder of a finished run (no {missing} in it)"
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            # No folder, not ours to read, or its files are damaged or something else (Arrow's errors are ValueErrors).
            raise BadInput("folder", str(folder), f"must be the folder of a finished run ({error})") from error
        experiment = validate(understood(configuration))
        intervals = _as_gathered(intervals, experiment.timezone)
        return cls(
            experiment, **frames, intervals=intervals, folder=place, durations=durations, effort=taken, looks=looks
        )

    @property
    def level(self) -> float:
        """The level of intervals, which allows for looks at them."""
        from caresim.run.precision import confidence_at

        return confidence_at(self.experiment, self.looks)

    @cached_property
    def _summary(self) -> pd.DataFrame:
        from caresim.inference import statistics
        from caresim.run.estimands import estimands

        study = self.experiment.study
        return statistics.summary(self.replications, estimands(study), self.level)

    @cached_property
    def _pairs(self) -> pd.DataFrame:
        from caresim.inference import ranking
        from caresim.run.estimands import ranked

        study = self.experiment.study
        return ranking.pairs(self.replications, ranked(study), self.level)

    @cached_property
    def _comparison(self) -> pd.DataFrame:
        from caresim.inference import statistics
        from caresim.run.estimands import estimands

        study = self.experiment.study
        return statistics.comparison(self.replications, self.baseline, estimands(study), study.headline, self.level)


class Figures:
    """The figures of some results, by name; each says in its docstring and signature what it takes.

    Without `ax` a figure is a page of its own, which a notebook shows; with `ax` it draws one panel on these axes of
    Matplotlib, and returns them.
    """

    def __init__(self, results: Results) -> None:
        self._results = results

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in dir(self):
            raise AttributeError(f"there is no figure {name}; there are {', '.join(dir(self))}")
        return _drawing().plots(self._results)[name]  # type: ignore[no-any-return]

    def __dir__(self) -> list[str]:
        return list(_drawing().FIGURES)


def _drawing() -> Any:
    # By name and at the last moment: the figures stand above this package, and take seconds to load.
    return importlib.import_module(FIGURES)


def gathered(
    experiment: Experiment,
    finished: Iterable[tuple[Block, Finished]],
    durations: dict[str, float],
    place: Path,
    looks: int | None = None,
) -> Results:
    """Results from blocks in any order: sorted by staffing model, then replication.

    Long tables are put together in files in the folder `place`.
    """
    pairs = list(finished)
    blocks = _ordered(pairs)
    frames: dict[str, Any] = {name: _together(name, blocks, place) for name in (*TABLES, *SERIES)}
    reports: list[Any] = [piece for block in blocks for piece in block.pieces(INTERVALS)]
    frames[INTERVALS] = _without_categories(joined(reports))
    taken = effort(blocks, here=experiment.cluster is None)
    return Results(experiment, durations=durations, effort=taken, replications=measured(pairs), looks=looks, **frames)


def measured(finished: Iterable[tuple[Block, Finished]]) -> pd.DataFrame:
    """The metrics alone of blocks in any order: `Results.replications`."""
    rows = pd.DataFrame([row for block in _ordered(finished) for row in block.rows])
    return rows.assign(**{name: rows[name].astype("int64") for name in ("replication", "draw")})


def _ordered(finished: Iterable[tuple[Block, Finished]]) -> list[Finished]:
    return [results for _, results in sorted(finished, key=lambda pair: (pair[0].place, pair[0].replications))]


def _together(name: str, blocks: list[Finished], place: Path) -> pd.DataFrame | LongTable:
    """The frames of the blocks one below the other: in memory, or on disk where they are long."""
    rows, cells = (sum(sizes) for sizes in zip(*(block.size(name) for block in blocks), strict=True))
    if not is_long(rows, cells, name in SERIES):
        return _joined(piece for block in blocks for piece in block.pieces(name))
    place.mkdir(parents=True, exist_ok=True)
    write_batches(lambda: (batch for block in blocks for batch in block.batches(name)), place / f"{name}.parquet")
    return LongTable([place / f"{name}.parquet"]).opened()


def _joined(pieces: Iterable[pd.DataFrame | LongTable]) -> pd.DataFrame | LongTable:
    """The pieces one below the other, on disk if any of them is."""
    parts = list(pieces)
    if any(isinstance(part, LongTable) for part in parts):
        return LongTable([source for part in parts for source in _sources(part)]).opened()
    return joined([part for part in parts if isinstance(part, pd.DataFrame)])


def _sources(part: pd.DataFrame | LongTable) -> list[Path | pd.DataFrame]:
    return part.sources if isinstance(part, LongTable) else [part]


def _without_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """Categories as plain text, which is what a text file gives back."""
    return frame.assign(**{str(name): frame[name].astype("str") for name in categories(frame)})


def _as_gathered(intervals: pd.DataFrame, zone: str) -> pd.DataFrame:
    """The interval report as it was before it became text: time stamps in the zone."""
    # By way of UTC: the offsets in the text differ where the clock changes.
    starts = pd.to_datetime(intervals["interval_start"], utc=True).dt.tz_convert(zone).dt.as_unit("us")
    return intervals.assign(interval_start=starts)
