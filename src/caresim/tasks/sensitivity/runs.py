"""The runs of a design's points, every staffing model at each; what is finished is kept and used again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.config.quantity import Quantity
from caresim.model.codes import LAWS
from caresim.run.block import Block, Finished, content_hash
from caresim.run.resume import prepare, resumed_or
from caresim.run.uncertain import within
from caresim.tasks.sensitivity.design import Floats, Points

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.run.progress import Watch
    from caresim.run.store import Store
    from caresim.tasks.sensitivity.assumptions import Assumption

CHUNK = 12
"""Points of a block: what is lost at most when a study is killed, for each worker."""
POINTS = "points"
"""What blocks are called."""
COST = "cost"


@dataclass(frozen=True)
class Runs:
    """Where points run: the experiment and its assumptions, what is kept, and who watches."""

    experiment: Experiment
    assumptions: tuple[Assumption, ...]
    store: Store
    watch: Watch

    def measured(self, points: Points, models: Sequence[str], metrics: Sequence[str]) -> pd.DataFrame:
        """One row a point and staffing model: `point`, `staffing`, and each metric, in the order of both."""
        import pandas as pd

        prepare(self.experiment, self.watch)
        numbers = range(len(points))
        blocks = [Block(tuple(numbers[first : first + CHUNK]), 0, POINTS) for first in numbers[::CHUNK]]
        names = {block: self._name(points, models, metrics, block) for block in blocks}
        way = partial(
            compute, numbers=numbers_of(self.experiment, self.assumptions), points=points, models=tuple(models),
            metrics=tuple(metrics),
        )  # fmt: skip
        finished = resumed_or(self.experiment, names, self.store, self.watch, way, runs=len(models))
        return pd.DataFrame([row for block in blocks for row in finished[block].rows])

    def _name(self, points: Points, models: Sequence[str], metrics: Sequence[str], block: Block) -> str:
        """The name under which a block is kept: of its points wherever they stand in a design, models and metrics."""
        text = hashlib.sha256("\0".join([content_hash(self.experiment), _own_code()]).encode())
        text.update(repr(([one.name for one in self.assumptions], list(models), list(metrics))).encode())
        here = list(block.replications)
        text.update(points.places[here].tobytes() + points.luck[here].tobytes() + repr(here[0]).encode())
        return text.hexdigest()[:32]


def numbers_of(experiment: Experiment, assumptions: Sequence[Assumption]) -> tuple[tuple[str, Quantity, int], ...]:
    """Every number with a range: its key, its law, and the place of its assumption among all."""
    place = {key: at for at, one in enumerate(assumptions) for key in one.keys}
    return tuple((key, quantity, place[key]) for key, quantity in experiment.uncertain())


def compute(
    experiment: Experiment,
    block: Block,
    numbers: Sequence[tuple[str, Quantity, int]],
    points: Points,
    models: Sequence[str],
    metrics: Sequence[str],
) -> Finished:
    """Run every staffing model at the points of a block, and measure it."""
    finished = Finished()
    for point in block.replications:
        world = experiment.with_values(values_at(numbers, points.places[point]))
        for model in models:
            rows, events = measured(world, model, int(points.luck[point]), metrics)
            finished.rows.append({"point": point, "staffing": model, **rows})
            finished.events.append(events)
    return finished


def values_at(numbers: Sequence[tuple[str, Quantity, int]], places: Floats) -> dict[str, float]:
    """The value of each number where its assumption is at this place of its range."""
    return {key: within(quantity, float(places[at])) for key, quantity, at in numbers}


def measured(world: Experiment, staffing: str, replication: int, metrics: Sequence[str]) -> tuple[dict[str, Any], int]:
    """The metrics of one run, and its events."""
    from caresim.measure.measuring import Measuring
    from caresim.measure.metrics import REGISTRY, TALLIES
    from caresim.measure.sample import Sample
    from caresim.scenario.run import run

    done = run(world, staffing, replication, Measuring(TALLIES))
    sample = Sample(done)
    sample.take(*TALLIES)
    return {name: REGISTRY[name].of(sample) for name in metrics}, done.events


def with_laws(metrics: Sequence[str]) -> list[str]:
    """What is measured for these metrics: of satisfaction that by each law, too; cost always."""
    from caresim.measure.metrics import REGISTRY

    laws = [name for metric in metrics for law in LAWS if (name := f"{metric}_{law}") in REGISTRY]
    return list(dict.fromkeys([*metrics, *laws, COST]))


def by_law(metric: str) -> tuple[str, ...]:
    """The columns of a metric by each law of satisfaction; empty where it follows none, or is of one law."""
    from caresim.measure.metrics import REGISTRY

    names = tuple(f"{metric}_{law}" for law in LAWS)
    return names if all(name in REGISTRY for name in names) else ()


def table_of(runs: pd.DataFrame, metric: str, model: str, width: int) -> Floats:
    """A metric of a staffing model, shape (rows, width), from the runs of a design."""
    values = runs.loc[runs["staffing"] == model, metric].to_numpy(dtype=np.float64)
    return values.reshape(-1, width)


@lru_cache(maxsize=1)
def _own_code() -> str:
    """A hash of the files that say what a point's values are and what is measured of it."""
    text = hashlib.sha256()
    for name in ("runs", "assumptions"):
        text.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return text.hexdigest()
