"""A comparison of staffing models: blocks computed or taken from an interrupted run, in rounds until precise enough."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from caresim.config.errors import BadInput
from caresim.run.block import Block, Finished, block_hashes, cut
from caresim.run.precision import next_total
from caresim.run.results import Results, gathered, measured
from caresim.run.store import Store
from caresim.run.workers import Compute, computed

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


class Watch(Protocol):
    """Who wants to know how far the work is."""

    def compiling(self) -> None:
        """There is no compiled code yet, or not all of it: it is being made."""

    def compiled(self, seconds: float) -> None:
        """It has been made, and this is how long it took."""

    def expect(self, replications: int, staffings: Collection[str] = (), passengers: float = 0) -> None:
        """So many runs (staffing models times replications) are wanted in all, as far as is known now.

        `staffings`: the models that share them evenly, if they do; `passengers`: of each run, if that is known.
        """

    def done(self, replications: int, resumed: bool, staffing: str = "") -> None:
        """So many more are finished, of this staffing model; `resumed`: they were found on disk."""


class Nobody:
    """A watch that looks away."""

    def compiling(self) -> None: ...

    def compiled(self, seconds: float) -> None: ...

    def expect(self, replications: int, staffings: Collection[str] = (), passengers: float = 0) -> None: ...

    def done(self, replications: int, resumed: bool, staffing: str = "") -> None: ...


def compare(experiment: Experiment, store: Store, watch: Watch | None = None) -> Results:
    """Run every staffing model of the experiment through the same replications.

    Finished blocks are kept in `store`, and found there by the next attempt; the caller forgets them when the results
    are safe. The results do not depend on the number of workers or on the order in which blocks are finished.
    """
    watch = watch or Nobody()
    started = time.perf_counter()
    prepare(experiment, watch)
    prepared = time.perf_counter()
    finished: dict[Block, Finished] = {}
    first, last = 0, experiment.replications
    while first < last:
        watch.expect(last * len(experiment.compared), experiment.compared, experiment.population.passengers)
        finished |= _round(experiment, cut(experiment, first, last), store, watch)
        first, last = last, next_total(experiment, measured(finished.items()))
    durations = {"prepare_s": prepared - started, "simulate_s": time.perf_counter() - prepared}
    return gathered(experiment, finished.items(), durations)


def on(experiment: Experiment, workers: int | None, cluster: str | None) -> Experiment:
    """The experiment with other workers (None: its own)."""
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        raise BadInput("workers", workers, "must be a whole number, 1 or more")
    given = {name: value for name, value in (("workers", workers), ("cluster", cluster)) if value is not None}
    return experiment.model_copy(update=given)


def prepare(experiment: Experiment, watch: Watch) -> None:
    """Compile the model, if it is not yet, before threads queue up for it; a cluster's workers do so themselves."""
    if experiment.cluster is not None:
        return
    from caresim.model import jit
    from caresim.scenario import run  # noqa: F401 (brings in every law of the model)

    if jit.compiled_before():
        return
    watch.compiling()
    started = time.perf_counter()
    jit.prepare()
    watch.compiled(time.perf_counter() - started)


def _round(experiment: Experiment, blocks: list[Block], store: Store, watch: Watch) -> dict[Block, Finished]:
    return resumed_or(experiment, dict(zip(blocks, block_hashes(experiment, blocks), strict=True)), store, watch)


def resumed_or(
    experiment: Experiment,
    names: Mapping[Block, str],
    store: Store,
    watch: Watch,
    compute: Compute | None = None,
    runs: int = 1,
) -> dict[Block, Finished]:
    """Every block: found in the store under its name, or computed and kept there.

    `compute` is what a block is computed by (None: a staffing model's runs), `runs` how many it makes a replication.
    """
    finished: dict[Block, Finished] = {}
    for block, name in names.items():
        found = store.find(name)
        if found is not None:
            finished[block] = found
            watch.done(runs * len(block.replications), True, block.staffing)
    missing = [block for block in names if block not in finished]
    if missing:
        with closing(computed(experiment, missing, experiment.workers, experiment.cluster, compute)) as results:
            for block, result in results:
                store.keep(names[block], result)
                finished[block] = result
                watch.done(runs * len(block.replications), False, block.staffing)
    return finished
