"""The real engine: who computes a comparison, in which order and in how many attempts changes nothing it leaves behind.

Row tables are equal bit for bit and CSV files are the same text: for any number of workers (threads or processes), any
order of blocks or of staffing models, whichever of them are compared, resumed after an interruption, on a Dask cluster,
and whichever replications keep their rows. (Compiled or interpreted: tests/scenario. On other versions of Python:
tests/golden.)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.support.waiting import wait_for

import caresim
from caresim.config.compose import validate
from caresim.run import crew
from caresim.run import workers as work
from caresim.run.block import TABLES, Block, Finished, cut
from caresim.run.folder import digest, write
from caresim.run.processes import Job, idle
from caresim.run.progress import Nobody
from caresim.run.results import FRAMES, Results
from caresim.run.store import Store
from caresim.tasks.compare import compare as comparing

MODELS = ("social_team", "hybrid", "assistant_first")
REPLICATIONS = 4
TEXTS = ("summary.csv", "comparison.csv", "intervals.csv")

Arrange = Callable[[list[Block]], list[Block]]
Left = dict[str, str]


def experiment_of(models: Iterable[str], place: Path, **changes: Any) -> Any:
    """Tokyo with these staffing models and a tenth of the passengers; every replication keeps its rows."""
    words = (f"replications={REPLICATIONS}", "population.scale=0.1", "record=all", f"output_dir={place}")
    text = caresim.load("experiment=tokyo", *words).as_text()
    staffing = {name: text["staffing"][name] for name in models}
    return validate({**text, "staffing": staffing, "baseline": MODELS[0], **changes})


def left_by(results: Results, place: Path) -> Left:
    """What the run's folder holds: digests of its tables and the text of its CSV files."""
    folder = write(results, place / "runs")
    return {
        **{name: digest(getattr(results, name)) for name in FRAMES},
        **{name: (folder / name).read_text(encoding="utf-8") for name in TEXTS},
    }


def arranged(monkeypatch: pytest.MonkeyPatch, arrange: Arrange) -> None:
    """Blocks are computed in the order that `arrange` puts them in."""

    def computed(experiment: Any, blocks: Iterable[Block], *where: Any) -> Iterator[tuple[Block, Finished]]:
        return work.computed(experiment, arrange(list(blocks)), *where)

    monkeypatch.setattr("caresim.run.resume.computed", computed)


def shuffled(seed: int) -> Arrange:
    return lambda blocks: random.Random(seed).sample(blocks, len(blocks))


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """One worker, one attempt, blocks in their order."""
    return caresim.compare(experiment_of(MODELS, tmp_path_factory.mktemp("reference")), workers=1)


@pytest.fixture(scope="module")
def expected(reference: Results, tmp_path_factory: pytest.TempPathFactory) -> Left:
    assert all(len(getattr(reference, name)) > 0 for name in FRAMES)
    return left_by(reference, tmp_path_factory.mktemp("expected"))


def test_another_seed_leaves_something_else(expected: Left, tmp_path: Path) -> None:
    """All other tests of this file would be idle if what is compared could not tell runs apart."""
    other = left_by(caresim.compare(experiment_of(MODELS, tmp_path, seed=1), workers=2), tmp_path)
    assert [name for name in expected if other[name] == expected[name]] == []


@pytest.mark.parametrize("workers", [2, 4])
def test_workers(expected: Left, tmp_path: Path, workers: int) -> None:
    results = caresim.compare(experiment_of(MODELS, tmp_path), workers=workers)
    assert left_by(results, tmp_path) == expected


def test_worker_processes(expected: Left, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(work.KIND, work.PROCESSES)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    for count in (1, 2, 5):
        results = caresim.compare(experiment_of(MODELS, tmp_path), workers=count)
        assert left_by(results, tmp_path) == expected
    idle.dismiss()


def test_threads_until_processes_are_there(expected: Left, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is by default from five workers on: this process begins, and others take over what is left."""
    monkeypatch.delenv(work.KIND)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    monkeypatch.setattr(crew, "GRACE_S", 0.01)
    idle.dismiss()
    here, there = [], []
    computed_here, computed_there = crew.Crew._computed_here, crew.WorkerProcess.compute

    def with_others(self: crew.Crew, item: Any) -> Any:
        """Not before a process is there, too: else this one might have done everything by then."""
        here.append(item)
        wait_for(lambda: self._team, "a worker process to be ready")
        return computed_here(self, item)

    def noted(self: crew.WorkerProcess, job: Job, item: Any) -> Any:
        there.append(item)
        return computed_there(self, job, item)

    monkeypatch.setattr(crew.Crew, "_computed_here", with_others)
    monkeypatch.setattr(crew.WorkerProcess, "compute", noted)
    results = caresim.compare(experiment_of(MODELS, tmp_path), workers=5)
    idle.dismiss()
    assert left_by(results, tmp_path) == expected
    assert here
    assert there
    assert len(here) + len(there) == 6


@pytest.mark.parametrize(
    "arrange", [lambda blocks: blocks[::-1], shuffled(1), shuffled(2)], ids=["backwards", "shuffled", "otherwise"]
)
def test_order_of_blocks(expected: Left, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arrange: Arrange) -> None:
    experiment = experiment_of(MODELS, tmp_path)
    blocks = cut(experiment, 0, REPLICATIONS)
    assert arrange(blocks) != blocks
    arranged(monkeypatch, arrange)
    assert left_by(caresim.compare(experiment, workers=2), tmp_path) == expected


@pytest.mark.filterwarnings("ignore:.*You could benefit from adjusting the input task:UserWarning")  # joblib: cut short
@pytest.mark.parametrize("finished", [1, 3, 5])
def test_interrupted_and_resumed(
    expected: Left, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, finished: int
) -> None:
    """After so many of six blocks, which were computed in any order; the others come in another one."""
    experiment = experiment_of(MODELS, tmp_path)

    class Impatient(Nobody):
        """Presses Ctrl-C."""

        left = finished

        def done(self, replications: int, resumed: bool, staffing: str = "") -> None:
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt

    arranged(monkeypatch, shuffled(3))
    with pytest.raises(KeyboardInterrupt):
        comparing.compare(experiment, Store(tmp_path), Impatient())
    kept = list((tmp_path / ".blocks").iterdir())
    assert len(kept) == finished

    arranged(monkeypatch, lambda blocks: blocks[::-1])
    assert left_by(comparing.compare(experiment, Store(tmp_path)), tmp_path) == expected
    assert set(kept) < set((tmp_path / ".blocks").iterdir()), "the kept blocks were not used"


@pytest.mark.filterwarnings("default")  # what another package warns about is not ours to judge
def test_a_cluster(expected: Left, tmp_path: Path) -> None:
    """In other processes."""
    import distributed

    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        far = caresim.compare(experiment_of(MODELS, tmp_path), cluster=cluster.scheduler_address)
    assert left_by(far, tmp_path) == expected


@pytest.mark.parametrize(("record", "recorded"), [("none", []), ("first", [0])])
def test_which_replications_keep_their_rows(
    reference: Results, expected: Left, tmp_path: Path, record: str, recorded: list[int]
) -> None:
    results = caresim.compare(experiment_of(MODELS, tmp_path, record=record), workers=2)
    left = left_by(results, tmp_path)
    assert {name: left[name] for name in left if name not in TABLES} == {
        name: expected[name] for name in expected if name not in TABLES
    }
    for name in TABLES:
        rows = getattr(reference, name)
        rows = rows[rows["replication"].isin(recorded)]
        assert digest(getattr(results, name)) == digest(rows), name


def lines(text: str) -> list[str]:
    """Sorted: CSV files list staffing models in the experiment's order."""
    return sorted(text.splitlines())


def of(model: str, frame: pd.DataFrame, columns: Iterable[Any]) -> str:
    """Digest of the model's rows, columns in order of their names; the columns of others' desks have to be empty."""
    rows = frame[frame["staffing"] == model].reset_index(drop=True)
    kept = sorted(set(columns))
    assert rows.drop(columns=kept).isna().all(axis=None)
    rows = rows[kept]
    # Whole numbers have room for gaps where other models leave some.
    whole = [name for name, kind in rows.dtypes.items() if kind == "Int64" and not rows[name].isna().any()]
    return digest(rows.astype(dict.fromkeys(whole, "int64")))


@pytest.mark.parametrize("models", [MODELS[::-1], (MODELS[1], MODELS[0], MODELS[2])], ids=["backwards", "otherwise"])
def test_order_of_staffing_models(reference: Results, expected: Left, tmp_path: Path, models: tuple[str, ...]) -> None:
    results = caresim.compare(experiment_of(models, tmp_path), workers=2)
    left = left_by(results, tmp_path)
    assert left["summary.csv"] != expected["summary.csv"], "the order is the experiment's"
    for name in TEXTS:
        assert lines(left[name]) == lines(expected[name]), name
    for name in FRAMES:
        there, here = getattr(reference, name), getattr(results, name)
        assert set(here.columns) == set(there.columns)
        for model in MODELS:
            assert of(model, here, here.columns) == of(model, there, here.columns), (name, model)


@pytest.mark.parametrize("models", [MODELS[:1], MODELS[:2], MODELS[::2]], ids=" and ".join)
def test_staffing_models_left_out(reference: Results, expected: Left, tmp_path: Path, models: tuple[str, ...]) -> None:
    """Simultaneous intervals alone, and what follows from them, depend on how many models are compared."""
    results = caresim.compare(experiment_of(models, tmp_path), workers=2)
    left = left_by(results, tmp_path)
    for name in ("summary.csv", "intervals.csv"):
        assert set(lines(left[name])) < set(lines(expected[name])), name
    for name in FRAMES:
        there, here = getattr(reference, name), getattr(results, name)
        for model in models:
            assert of(model, here, here.columns) == of(model, there, here.columns), (name, model)
    simultaneous = ["ci_low", "ci_high", "verdict", "pairs_needed", "verdict_detail"]
    there, here = (each.comparison() for each in (reference, results))
    there = there[there["staffing"].isin(models)].reset_index(drop=True)
    assert digest(here.drop(columns=simultaneous)) == digest(there.drop(columns=simultaneous))
    explored = ~here["headline"]
    assert digest(here[explored]) == digest(there[explored])
