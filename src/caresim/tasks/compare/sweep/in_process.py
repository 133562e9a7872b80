"""`caresim.sweep`: the points of a sweep one after the other in this process, small ones by their metrics alone."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from caresim.config import price
from caresim.config.errors import BadInput
from caresim.inference import statistics
from caresim.run.block import Finished, content_hash, cut, metrics_of
from caresim.run.estimands import estimands
from caresim.run.progress import Nobody, Watch
from caresim.run.resume import prepare
from caresim.run.store import Store
from caresim.tasks.compare.compare import compare
from caresim.tasks.compare.sweep import between, sweep
from caresim.tasks.compare.sweep.result import Sweep
from caresim.tasks.job import Job

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment

SMALL_S = 2.0
"""Seconds: the blocks of a point that takes less are not kept on disk while they are computed."""
LEVEL = "level"
"""That of a point's intervals, beside its metrics."""
NOT_HERE = ("output_dir", "workers", "cluster", "i_have_time", "task")
"""Keys that no result depends on, or that are of another kind of run."""


def run(
    experiment: Experiment,
    values: Mapping[str, Sequence[Any] | Mapping[str, Any]],
    metrics: Sequence[str] = (),
    watch: Watch | None = None,
) -> Sweep:
    """Every combination of the values of the keys; a table (label -> value) names the values of a key.

    A point whose values do not fit each other, or that fails, loses no other. BadInput where the first values of all
    keys do not fit the experiment, or all points together take longer than a day.
    """
    options = {key: named(key, given) for key, given in values.items()}
    if not options:
        raise BadInput("values", {}, "must hold a key with its values, such as {'seed': [1, 2]}")
    given = experiment.with_({})  # a copy is read from its text, which takes long: once for all points
    first = given.with_({key: value[0][1] for key, value in options.items()})
    count = math.prod(len(each) for each in options.values())
    whole = price.of_sweep(first, count, 1.0)
    price.check_total(
        whole, first.i_have_time, "values", ", ".join(options), count, "points", f"makes {count:,} points, "
    )
    jobs = [
        Job(number, partial(given.with_, {key: value for key, (_, value) in zip(options, point, strict=True)}),
            {key: label for key, (label, _) in zip(options, point, strict=True)})
        for number, point in enumerate(product(*options.values()))
    ]  # fmt: skip
    return of_jobs(jobs, first, metrics, watch or Nobody())


def of_jobs(jobs: Sequence[Job], first: Experiment, metrics: Sequence[str], watch: Watch) -> Sweep:
    """The sweep over these jobs; `first` gives it its names. The watch is told of points."""
    points: list[pd.DataFrame] = []
    runs: list[tuple[str, pd.DataFrame]] = []
    lost: list[sweep.Failure] = []
    levels: list[float] = []
    study = first.study
    names = between.of_interest(study, metrics)
    wanted = [estimand for estimand in estimands(study) if estimand.name in names]

    def run_one(job: Job) -> None:
        rows, level, resumed = kept_replications(job.experiment, names, store)
        name, baseline = f"point {job.number + 1}", job.experiment.baseline
        summary = statistics.summary(rows, wanted, level)
        several = rows["staffing"].nunique() > 1
        comparison = statistics.comparison(rows, baseline, wanted, study.headline, level) if several else None
        points.append(
            sweep.point_rows(summary, comparison, study.headline, name, job.overrides, rows["draw"].nunique())
        )
        runs.append((name, rows))
        levels.append(level)
        watch.done(1, resumed)

    def failed(job: Job, problem: Exception, trace: str) -> None:
        watch.done(1, resumed=False)
        lost.append(sweep.Failure(f"{job}", sweep.FAILED, f"{type(problem).__name__}: {problem}"))

    def refused(job: Job, problem: BadInput) -> None:
        watch.done(1, resumed=False)
        lost.append(sweep.Failure(f"{job}", sweep.REFUSED, f"{problem}"))

    prepare(first, watch)
    watch.expect(len(jobs))
    store = Store(first.output_dir)
    sweep.run_all(jobs, run_one, failed, refused)
    if not any(failure.kind == sweep.FAILED for failure in lost):  # else the next attempt goes on after these points
        store.forget()
    alone = runs if all(rows["staffing"].nunique() == 1 for _, rows in runs) else ()
    table = sweep.joined(points, alone, study, metrics, max(levels, default=0.0))
    return Sweep(first, table, tuple(lost), tuple(metrics) or study.headline)


def kept_replications(experiment: Experiment, names: Sequence[str], store: Store) -> tuple[pd.DataFrame, float, bool]:
    """What `replications_of` gives, and whether an earlier attempt had kept it in `store`: a sweep that is killed and
    called again goes on after this point. The caller forgets it when all points are there.
    """
    import pandas as pd

    asked = [experiment.study.model_dump(mode="json"), experiment.replications, experiment.precision, experiment.only]
    told = json.dumps([content_hash(experiment), experiment.baseline, names, asked], default=str)
    name = hashlib.sha256(told.encode()).hexdigest()[:32]
    resumed = True
    if (kept := store.find(name)) is None:
        found, level = replications_of(experiment, names)
        kept = Finished(rows=[{str(key): value for key, value in row.items()}
                              for row in found.assign(**{LEVEL: level}).to_dict("records")])  # fmt: skip
        store.keep(name, kept)
        resumed = False
    rows = pd.DataFrame(kept.rows)
    return rows.drop(columns=LEVEL), float(rows[LEVEL].iloc[0]), resumed


def replications_of(experiment: Experiment, names: Sequence[str]) -> tuple[pd.DataFrame, float]:
    """The metrics of these names in every replication of one point (staffing, replication, draw, the metrics), and the
    level of its intervals, which allows for looks at them.
    """
    import pandas as pd

    if price.price_of(experiment).seconds > SMALL_S or experiment.precision is not None or experiment.cluster:
        store = Store(experiment.output_dir)
        results = compare(experiment, store)
        store.forget()
        return results.replications[[*between.KEPT, *names]], results.level
    price.check(experiment)
    blocks = sorted(cut(experiment, 0, experiment.replications), key=lambda block: (block.place, block.replications))
    rows = pd.DataFrame([row for block in blocks for row in metrics_of(experiment, block, names)])
    return rows, float(experiment.study.confidence.value)


def named(key: str, given: Sequence[Any] | Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The values of a key, each with what it is called in the table. BadInput where there is none."""
    if key in NOT_HERE:
        raise BadInput(key, given, "cannot be swept: no result depends on it; leave it out")
    if "@" in key or "/" in key or key == "experiment":
        typed = f"{key}={','.join(map(str, given))}"
        raise BadInput(key, given, f"chooses files, which the command line does: python -m caresim -m {typed}")
    if key.split(".")[0] == "replay":
        raise BadInput(key, given, "decides what the experiment is; load one for each value, or type -m")
    if isinstance(given, str | bytes) or not isinstance(given, Sequence | Mapping) or not given:
        raise BadInput(key, given, "must be a list of values, such as [1, 2], or a table of labels and values")
    if isinstance(given, Mapping):
        return [(str(label), value) for label, value in given.items()]
    return [(as_text(value), value) for value in given]


def as_text(value: Any) -> str:
    """A value as the command line has it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
