"""A comparison of staffing models: blocks computed or taken from an interrupted run, in rounds until precise enough."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from caresim.config import price
from caresim.config.errors import BadInput
from caresim.config.pace import say
from caresim.run.block import Block, Finished, block_hashes, cut
from caresim.run.precision import excess, in_words, next_total
from caresim.run.progress import Nobody, Watch
from caresim.run.results import Results, gathered, measured
from caresim.run.resume import prepare, resumed_or
from caresim.run.store import Store

if TYPE_CHECKING:
    import pandas as pd

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
    first, last, look = 0, experiment.replications, 0
    while first < last:
        begun = time.perf_counter()
        watch.expect(last * len(experiment.compared), experiment.compared, experiment.population.passengers)
        finished |= _round(experiment, cut(experiment, first, last), store, watch)
        first, look = last, look + 1
        if experiment.precision is not None:
            last = _planned(experiment, measured(finished.items()), look, time.perf_counter() - begun)
    durations = {"prepare_s": prepared - started, "simulate_s": time.perf_counter() - prepared}
    looks = None if experiment.precision is None else look
    return gathered(experiment, finished.items(), durations, store.place(), looks)


def _planned(experiment: Experiment, replications: pd.DataFrame, look: int, seconds: float) -> int:
    """How many replications there are to be after a look; it is said how many, and where precision is not reached.

    BadInput where they are more than this machine has memory or, unless asked for, a day for.
    """
    done = replications["replication"].nunique()
    total = next_total(experiment, replications, look)
    if total > done:
        if look == 1:
            say(in_words(experiment, replications, look, seconds))
        price.check(experiment.model_copy(update={"replications": total}))
    elif excess(experiment, replications, look) > 1:
        limit = experiment.study.max_replications
        say(f"precision is not reached with study.max_replications={limit}; intervals are as wide as they are")
    return total


def on(experiment: Experiment, workers: int | None, cluster: str | None) -> Experiment:
    """The experiment with other workers (None: its own)."""
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        raise BadInput("workers", workers, "must be a whole number, 1 or more")
    overruled = {key: value for key, value in (("workers", workers), ("cluster", cluster)) if value is not None}
    return experiment.model_copy(update=overruled) if overruled else experiment


def _round(experiment: Experiment, blocks: list[Block], store: Store, watch: Watch) -> dict[Block, Finished]:
    return resumed_or(experiment, dict(zip(blocks, block_hashes(experiment, blocks), strict=True)), store, watch)
