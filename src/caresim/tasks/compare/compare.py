"""A comparison of staffing models: blocks computed or taken from an interrupted run, in rounds until precise enough."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from caresim.config import price
from caresim.config.errors import BadInput
from caresim.run.block import Block, Finished, block_hashes, cut
from caresim.run.precision import next_total
from caresim.run.progress import Nobody, Watch
from caresim.run.results import Results, gathered, measured
from caresim.run.resume import prepare, resumed_or
from caresim.run.store import Store

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


def compare(experiment: Experiment, store: Store, watch: Watch | None = None) -> Results:
    """Run every staffing model of the experiment through the same replications.

    Finished blocks are kept in `store`, and found there by the next attempt; the caller forgets them when the results
    are safe. The results do not depend on the number of workers or on the order in which blocks are finished.
    BadInput where they are more than this machine has memory or, unless asked for, a day for.
    """
    price.check(experiment)
    watch = watch or Nobody()
    started = time.perf_counter()
    prepare(experiment, watch)
    prepared = time.perf_counter()
    finished: dict[Block, Finished] = {}
    first, last = 0, experiment.replications
    while first < last:
        watch.expect(last * len(experiment.compared), experiment.compared, experiment.population.passengers)
        finished |= _round(experiment, cut(experiment, first, last), store, watch)
        total = last if experiment.precision is None else next_total(experiment, measured(finished.items()))
        if total > last:
            price.check(experiment.model_copy(update={"replications": total}))
        first, last = last, total
    durations = {"prepare_s": prepared - started, "simulate_s": time.perf_counter() - prepared}
    return gathered(experiment, finished.items(), durations, store.place())


def on(experiment: Experiment, workers: int | None, cluster: str | None) -> Experiment:
    """The experiment with other workers (None: its own)."""
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        raise BadInput("workers", workers, "must be a whole number, 1 or more")
    overruled = {key: value for key, value in (("workers", workers), ("cluster", cluster)) if value is not None}
    return experiment.model_copy(update=overruled)


def _round(experiment: Experiment, blocks: list[Block], store: Store, watch: Watch) -> dict[Block, Finished]:
    return resumed_or(experiment, dict(zip(blocks, block_hashes(experiment, blocks), strict=True)), store, watch)
