"""A block: the replications of one staffing model that share a draw; a pure function of its inputs."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from caresim.run.uncertain import draw_of, drawn
from caresim.scenario.recent import Recent

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.measure.sample import Sample
    from caresim.run.arrow_form import Held, Unread
    from caresim.run.long_table import LongTable
    from caresim.scenario.run import Run

FOLDER = ".blocks"
"""Within `output_dir`: finished blocks, and long tables on their way into a run's folder."""
TABLES = ("contacts", "passengers", "staff", "timeline")
"""The row tables of the recorded replications."""
SERIES = ("curves", "courses")
"""What is kept of every replication beside its metrics."""
INTERVALS = "intervals"
"""The interval report of the first replication."""
SPENT = ("events", "far_events", "buckets", "immediate", "medium_experience", "bookings", "spontaneous_posts")
"""Tables of a world that say nothing about its past."""
LIBRARIES = ("numpy", "numba", "llvmlite", "scipy", "pandas", "pyarrow")
"""Libraries that take part in a block's results, or in the form in which they are kept."""
CODE = (
    *("config", "model", "scenario", "measure"),
    *(f"run/{file}.py" for file in ("uncertain", "block", "block_file", "arrow_form", "long_table")),
)


@dataclass(frozen=True, order=True)
class Block:
    """Which replications of which staffing model, and which of them keep full rows."""

    replications: tuple[int, ...]
    place: int
    """The staffing model's place among those that are run: the order of the results."""
    staffing: str
    recorded: tuple[int, ...] = ()


class Frames(Protocol):
    """The frames of a block, by name of a row table or series, or `intervals`."""

    def pieces(self, name: str) -> Iterable[pd.DataFrame | LongTable]:
        """The frames of this name."""
        ...

    def batches(self, name: str) -> Iterable[Held | Unread]:
        """Those frames as Arrow has them; without what lies in files of its own."""
        ...

    def size(self, name: str) -> tuple[int, int]:
        """Rows and cells of those frames; without what lies in files of its own."""
        ...


@dataclass
class Finished:
    """What a block gives: one row of metrics a replication, series of every replication, rows of the recorded ones."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    curves: list[pd.DataFrame] = field(default_factory=list)
    courses: list[pd.DataFrame] = field(default_factory=list)
    tables: dict[str, list[pd.DataFrame | LongTable]] = field(default_factory=lambda: {name: [] for name in TABLES})
    intervals: list[pd.DataFrame] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    """Of each run."""
    processor_s: float = 0.0
    """CPU seconds that it took to build the worlds and run them."""
    kept: Frames | None = None
    """Where the frames lie once they have been let go."""

    def pieces(self, name: str) -> Iterable[pd.DataFrame | LongTable]:
        """The frames of this name; read anew each time where they have been let go."""
        if self.kept is not None:
            return self.kept.pieces(name)
        frames: list[pd.DataFrame | LongTable] = self.tables[name] if name in TABLES else getattr(self, name)
        return frames

    def batches(self, name: str) -> Iterable[Held | Unread]:
        """Those frames as Arrow has them; without what lies in files of its own."""
        from caresim.run.arrow_form import Held, as_batch
        from caresim.run.long_table import LongTable

        if self.kept is not None:
            return self.kept.batches(name)
        return (Held(as_batch(piece)) for piece in self.pieces(name) if not isinstance(piece, LongTable))

    def size(self, name: str) -> tuple[int, int]:
        """Rows and cells of those frames; without what lies in files of its own."""
        if self.kept is not None:
            return self.kept.size(name)
        import pandas as pd

        frames = [piece for piece in self.pieces(name) if isinstance(piece, pd.DataFrame)]
        return sum(len(frame) for frame in frames), sum(frame.size for frame in frames)

    def let_go(self, kept: Frames) -> None:
        """Hold the frames no longer: they are read from `kept` when they are wanted."""
        self.kept = kept
        self.tables = {name: [] for name in TABLES}
        self.curves, self.courses, self.intervals = [], [], []

    @property
    def is_there(self) -> bool:
        """Are the rows that lie on disk still there?"""
        from caresim.run.long_table import LongTable

        pieces = [piece for name in TABLES for piece in self.pieces(name)]
        return all(piece.is_there for piece in pieces if isinstance(piece, LongTable))


_draws: Recent[Experiment] = Recent(4, alone=1)
"""Drawn experiments: the blocks of a draw, one a staffing model, come one after the other."""


def cut(experiment: Experiment, first: int, last: int) -> list[Block]:
    """The blocks of replications `first` to `last` - 1, draw by draw, so that all staffing models advance together."""
    pairs: dict[int, list[int]] = {}
    for replication in range(first, last):
        pairs.setdefault(draw_of(replication), []).append(replication)
    return [
        Block(tuple(pair), place, name, tuple(r for r in pair if recorded(experiment, r)))
        for pair in pairs.values()
        for place, name in enumerate(experiment.compared)
    ]


def recorded(experiment: Experiment, replication: int) -> bool:
    """Does this replication keep full rows?"""
    return experiment.record == "all" or (experiment.record == "first" and replication == 0)


def compute(experiment: Experiment, block: Block) -> Finished:
    """Run the block's replications and reduce each to its results."""
    from caresim.measure.measuring import Measuring
    from caresim.scenario.run import run

    finished = Finished()
    shared = _world_of(experiment, block)
    for replication in block.replications:
        started = time.thread_time()
        recording = replication in block.recorded
        measuring = Measuring(kinds_of_tallies(replication))
        done = run(shared, block.staffing, replication, None if recording else measuring)
        finished.processor_s += time.thread_time() - started - measuring.processor_s
        finished.events.append(done.events)
        done.world.release_tables(*SPENT)
        reduce(done, recording, finished, rows_at(experiment, block) if recording else None)
    return finished


def _world_of(experiment: Experiment, block: Block) -> Experiment:
    """The experiment with the values that the block's replications share."""
    first = block.replications[0]
    return _draws.of(experiment, draw_of(first), lambda: drawn(experiment, first))


def metrics_of(experiment: Experiment, block: Block, names: Sequence[str]) -> list[dict[str, Any]]:
    """Some metrics of the block's runs alone: the values that `compute` gives, without tables and series."""
    from caresim.measure.measuring import Measuring
    from caresim.measure.metrics import REGISTRY, TALLIES
    from caresim.measure.sample import Sample
    from caresim.scenario.run import run

    shared = _world_of(experiment, block)
    rows = []
    for replication in block.replications:
        done = run(shared, block.staffing, replication, Measuring(TALLIES))
        sample = Sample(done)
        sample.take(*TALLIES)
        rows.append({**_numbers(done), **{name: REGISTRY[name].of(sample) for name in names}})
    return rows


def _numbers(run: Run) -> dict[str, Any]:
    """Which run it is: staffing model, replication, draw."""
    draw = draw_of(run.replication) if run.experiment.is_uncertain else run.replication
    return {"staffing": run.staffing, "replication": run.replication, "draw": draw}


def rows_at(experiment: Experiment, block: Block) -> str:
    """Where long tables of the block go: the beginning of the files' names."""
    return str(Path(experiment.output_dir) / FOLDER / next(block_hashes(experiment, [block])))


def reduce(run: Run, recorded: bool, finished: Finished, place: str | None = None) -> None:
    """Add one run's results to `finished`. The first replication always gives tables: unrecorded, without rows.

    Long tables are written to files whose names begin with `place` (None: kept in memory however long).
    """
    from caresim.measure import curves, metrics, observations
    from caresim.measure import interval_report as intervals
    from caresim.measure.sample import Sample

    name, replication = run.staffing, run.replication
    key = {"staffing": name, "replication": replication}
    sample = Sample(run)
    sample.take(*kinds_of_tallies(replication))
    finished.rows.append({**_numbers(run), **metrics.measure(run, sample), **observations.measure(run, sample)})
    finished.curves.append(curves.latency(run, sample))
    finished.courses.append(_keyed(curves.course(run, sample), key))
    if recorded or replication == 0:
        for table, frame in (kept_rows(run, sample, place) if recorded else no_rows(run, sample)).items():
            finished.tables[table].append(frame)
    if replication == 0:
        finished.intervals.append(_keyed(intervals.report(run, sample), key))


def kinds_of_tallies(replication: int) -> tuple[type[Any], ...]:
    """What counts the contacts of a replication: the first gives the interval report, too."""
    from caresim.measure import metrics
    from caresim.measure.interval_report import Cells

    return (*metrics.TALLIES, *((Cells,) if replication == 0 else ()))


def rows(run: Run) -> dict[str, pd.DataFrame]:
    """The four tables of one run, keyed by staffing model and replication."""
    from caresim.measure import tables

    key = {"staffing": run.staffing, "replication": run.replication}
    return {table: _keyed(getattr(tables, table)(run), key) for table in TABLES}


def kept_rows(run: Run, sample: Sample, place: str | None) -> dict[str, pd.DataFrame | LongTable]:
    """The four tables of one run, long ones as files."""
    from caresim.config.pace import paced
    from caresim.measure import tables
    from caresim.measure.sample import PART
    from caresim.run.long_table import LONG, LongTable, write_pieces

    if place is None or max(len(sample.contacts), len(sample.cases)) <= LONG:
        return dict(rows(run))
    key = {"staffing": run.staffing, "replication": run.replication}
    stretches = (slice(first, first + PART) for first in paced("writing the passengers", len(sample.cases), PART))
    pieces = {
        "contacts": (tables.contacts(run, part) for part in sample.parts()),
        "passengers": (tables.passengers(run, sample, stretch) for stretch in stretches),
    }
    kept: dict[str, pd.DataFrame | LongTable] = {}
    for table in TABLES:
        if table in pieces:
            path = Path(f"{place}-{run.replication}-{table}.parquet")
            path.parent.mkdir(parents=True, exist_ok=True)
            write_pieces((_keyed(piece, key) for piece in pieces[table]), path)
            kept[table] = LongTable([path])
        else:
            kept[table] = _keyed(getattr(tables, table)(run, sample), key)
    return kept


def no_rows(run: Run, sample: Sample) -> dict[str, pd.DataFrame]:
    """The four tables of one run with their columns alone."""
    from caresim.measure import tables

    key = {"staffing": run.staffing, "replication": run.replication}
    frames = {
        "contacts": tables.contacts(run, sample.emptied()),
        "passengers": tables.passengers(run, sample.emptied(), slice(0, 0)),
        "staff": tables.staff(run, sample).iloc[:0],
        "timeline": tables.timeline(run, sample).iloc[:0],
    }
    return {table: _keyed(frames[table], key) for table in TABLES}


def _keyed(frame: pd.DataFrame, key: dict[str, Any]) -> pd.DataFrame:
    """The frame with the staffing model and the replication as its first columns."""
    there = [name for name in key if name in frame]
    keyed = frame.drop(columns=there) if there else frame.copy(deep=False)
    for place, (name, value) in enumerate(key.items()):
        keyed.insert(place, name, value)
    return keyed


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Of every source file that can change a block's results."""
    package = Path(__file__).parent.parent
    text = hashlib.sha256(package_version().encode())
    for part in CODE:
        place = package / part
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            text.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return text.hexdigest()


@lru_cache(maxsize=1)
def package_version() -> str:
    try:
        return version("caresim")
    except PackageNotFoundError:
        # A checkout on the path without an installation: the hash of the sources tells versions apart.
        return "0+checkout"


def content_hash(experiment: Experiment) -> str:
    """Of all that can change the results of this experiment's blocks: configuration, seed, code, library versions.

    Left out is what the configuration marks as `NO_EFFECT`: a corrected name or title keeps what is finished.
    """
    from caresim.model import own_rules  # late: it loads Numba

    felt = _felt.of(experiment, None, lambda: json.dumps(experiment.effective(), sort_keys=True))
    return _digest(felt, code_hash(), library_versions(), own_rules.digest())


def task_hash(experiment: Experiment, section: str) -> str:
    """The same of an experiment and of what a task was asked for in its section, by which its folder is named."""
    return _digest(content_hash(experiment), json.dumps(experiment.as_text()[section], sort_keys=True))


_felt: Recent[str] = Recent(1)
"""What changes a run, as text: an experiment's blocks, its folder and its manifest ask one after the other."""


@lru_cache(maxsize=1)
def library_versions() -> str:
    """Versions of Python and of the libraries that blocks are computed and kept with."""
    return " ".join([f"python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)])


def block_hashes(experiment: Experiment, blocks: list[Block]) -> Iterator[str]:
    """The name each block is kept under."""
    whole = content_hash(experiment)
    for block in blocks:
        yield _digest(whole, block.staffing, repr(block.replications), repr(block.recorded))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
