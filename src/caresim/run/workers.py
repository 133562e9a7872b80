"""Work to workers: threads, processes, or a Dask cluster when one is named. The same code, the same bytes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from caresim.config.errors import BadInput, choice
from caresim.model.cores import can_begin_another, cores
from caresim.run.block import compute

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.run.block import Block, Finished
    from caresim.run.crew import Crew

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")
Rules: TypeAlias = tuple[Sequence[str], str]
"""The modules of the user's own routing rules, and their digest."""
Compute: TypeAlias = "Callable[[Experiment, Block], Finished]"
"""Gives a block its results; a function at the top of a module, so that it can be sent to another process."""
FEW = 4
"""Up to so many workers are threads. Building and measuring hold the interpreter's lock: more would wait for it."""
KIND = "CARESIM_WORKERS"
"""The environment variable that says what workers are, however many."""
KINDS = THREADS, PROCESSES = ("threads", "processes")


def computed(
    experiment: Experiment,
    blocks: Iterable[Block],
    workers: int | None,
    cluster: str | None,
    way: Compute | None = None,
) -> Generator[tuple[Block, Finished], None, None]:
    """Every block with its results, in the order in which they are finished.

    `workers` threads or processes (None: one a core), or the workers of the Dask scheduler at `cluster`. `way` is what
    a block is computed by; None: as one of a comparison.
    """
    return each(way or compute, experiment, list(blocks), workers, cluster, _in_words)


def each(
    task: Callable[[Shared, Item], Result],
    shared: Shared,
    items: Collection[Item],
    workers: int | None,
    cluster: str | None = None,
    name: Callable[[Item], str] = str,
) -> Generator[tuple[Item, Result], None, None]:
    """Every item with what `task` makes of it and of what all `shared`, in the order in which they are finished.

    `name` is what an item is called in a message. `task` stands at the top of a module; it, what is shared, items and
    results can be pickled.
    """
    from caresim.model import own_rules  # late: it loads Numba

    rules = own_rules.modules(), own_rules.digest()
    size = min(workers or cores(), max(len(items), 1))
    if cluster is not None:
        from caresim.run import cluster as far  # late: where there is one

        yield from far.each(task, shared, items, cluster, rules, name)
    elif _kind(size, rules[0]) == THREADS:
        # The compiled loop releases the lock, and nothing has to be copied.
        yield from _spread(_labelled, ((shared, item, task) for item in items), size)
    else:
        yield from _by_processes(task, shared, items, size, rules, name)


def kind_told() -> str:
    """What the environment says that workers are; empty: nothing. BadInput for an unknown word."""
    told = os.environ.get(KIND, "")
    if told and told not in KINDS:
        raise BadInput(KIND, told, choice(KINDS, told))
    return told


def _in_words(block: Block) -> str:
    return f"{block.staffing}, replications {' and '.join(map(str, block.replications))}"


def _kind(size: int, rules: Collection[str]) -> str:
    """What so many workers are. Routing rules of the program's main file, or of a notebook, are known here alone, and
    so is compiled code that could not be kept.
    """
    from caresim.model import jit  # late: it loads Numba

    kind = kind_told() or (THREADS if size <= FEW else PROCESSES)
    if kind == PROCESSES and ("__main__" in rules or not can_begin_another() or not jit.others_find_it()):
        return THREADS
    return kind


def _labelled(shared: Shared, item: Item, task: Callable[[Shared, Item], Result]) -> tuple[Item, Result]:
    """An item with its result."""
    return item, task(shared, item)


def _by_processes(
    task: Callable[[Shared, Item], Result],
    shared: Shared,
    items: Collection[Item],
    size: int,
    rules: Rules,
    name: Callable[[Item], str],
) -> Generator[tuple[Item, Result], None, None]:
    """A thread for each process hands it item after item; so the results are unpacked side by side, too."""
    import joblib  # noqa: F401 (before there is a worker: it sets variables of the environment, which they inherit)

    from caresim.run.crew import Crew
    from caresim.run.processes import Job
    from caresim.run.serving import packed

    here = None if kind_told() else partial(task, shared)
    crew = Crew(Job(packed(partial(_sealed, task), shared, rules)), size, rules[1], here)
    yield from _spread(_asked, [(crew, item, name(item)) for item in items], size, crew.stop)


def _sealed(task: Callable[[Shared, Item], Result], shared: Shared, item: Item) -> Any:
    """What a worker process replies: a finished block as the bytes of its file, which its employer need not unpack."""
    from caresim.run.block_file import Finished, Sealed  # late: it loads pandas

    result = task(shared, item)
    return Sealed.of(result) if isinstance(result, Finished) else result


def _asked(crew: Crew, item: Item, name: str) -> tuple[Item, Any]:
    from caresim.run.block_file import Sealed

    result = crew.compute(item, name)
    return item, result.opened() if isinstance(result, Sealed) else result


def _spread(
    function: Callable[..., Result],
    calls: Iterable[tuple[Any, ...]],
    threads: int,
    stop: Callable[[], None] = lambda: None,
) -> Generator[Result, None, None]:
    """What each call gives, as it comes: by so many threads.

    `stop` is called at the end, or when the rest is given up.
    """
    from joblib import Parallel, delayed, parallel_config

    with parallel_config(backend="threading", n_jobs=threads):
        finished = Parallel(return_as="generator_unordered", batch_size=1)(delayed(function)(*call) for call in calls)
        try:
            for result in finished:  # noqa: UP028 (`yield from` would close it before this function can)
                yield result
        finally:
            stop()
            with warnings.catch_warnings():
                # The next attempt computes what is given up half-way. The caller says why it was given up.
                warnings.filterwarnings("ignore", r"\d+ tasks (which|have been)", UserWarning)
                finished.close()
