"""Work that goes on where an earlier attempt stopped: blocks that are on disk are not computed again."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from caresim.run.attempt import store_at_work
from caresim.run.block import Block, Finished
from caresim.run.claim import UNFINISHED, remove_abandoned
from caresim.run.progress import Watch
from caresim.run.workers import Compute, computed, each, kind_told

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.run.store import Store

Shared = TypeVar("Shared")
Item = TypeVar("Item")


class Given(NamedTuple):
    """What an item has given."""

    finished: Finished
    resumed: bool
    """By an earlier attempt."""


def each_given(
    task: Callable[[Shared, Item], Finished],
    shared: Shared,
    names: Mapping[Item, str],
    workers: int | None,
    name: Callable[[Item], str],
) -> Generator[tuple[Item, Given], None, None]:
    """Every item with what `task` makes of it: found in the store of the attempt at work, or computed and kept there.

    `names`: what each item is kept under, which says all that its result depends on. Otherwise as `workers.each`.
    """
    yield from _found_or(lambda missing: each(task, shared, missing, workers, name=name), names, store_at_work())


def _found_or(
    make: Callable[[list[Item]], Generator[tuple[Item, Finished], None, None]],
    names: Mapping[Item, str],
    store: Store | None,
) -> Generator[tuple[Item, Given], None, None]:
    """Every item: what the store has first, then what `make` makes of the others, which is kept there."""
    missing = []
    for item, kept_as in names.items():
        if store is not None and (kept := store.find(kept_as)) is not None:
            yield item, Given(kept, resumed=True)
        else:
            missing.append(item)
    if not missing:
        return
    with closing(make(missing)) as results:
        for item, finished in results:
            if store is not None:
                store.keep(names[item], finished)
            yield item, Given(finished, resumed=False)


def prepare(experiment: Experiment, watch: Watch) -> None:
    """Compile the model, if it is not yet, before workers queue up for it; those of a cluster do so themselves.

    BadInput where the environment names an unknown kind of worker.
    """
    kind_told()
    if experiment.cluster is not None:
        return
    from caresim.model import code_files, jit

    for folder in code_files.caches():
        remove_abandoned(folder, UNFINISHED)
    if jit.compiled_before():
        return
    watch.compiling()
    started = time.perf_counter()
    jit.prepare()
    watch.compiled(time.perf_counter() - started)


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

    def make(missing: list[Block]) -> Generator[tuple[Block, Finished], None, None]:
        return computed(experiment, missing, experiment.workers, experiment.cluster, compute)

    finished: dict[Block, Finished] = {}
    with closing(_found_or(make, names, store)) as results:
        for block, given in results:
            finished[block] = given.finished
            watch.done(runs * len(block.replications), given.resumed, block.staffing)
    return finished
