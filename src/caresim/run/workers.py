"""Blocks to workers: threads of this process, or a Dask cluster when one is named. The same code, the same bytes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from caresim.config.errors import BadInput
from caresim.run.block import compute
from caresim.run.plugins import load

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.run.block import Block, Finished

Compute: TypeAlias = "Callable[[Experiment, Block], Finished]"
"""Gives a block its results; a function at the top of a module, so that it can be sent to a cluster's workers."""
PATIENCE_S = 10
"""How long a scheduler may take to answer, and a cluster to show a worker."""


def computed(
    experiment: Experiment,
    blocks: Iterable[Block],
    workers: int | None,
    cluster: str | None,
    way: Compute | None = None,
) -> Generator[tuple[Block, Finished], None, None]:
    """Every block with its results, in the order in which they are finished.

    `workers` threads (None: all cores), or the workers of the Dask scheduler at `cluster`. `way` is what a block is
    computed by; None: as one of a comparison.
    """
    from joblib import Parallel, delayed

    from caresim.model import own_rules  # late: it loads Numba

    rules = own_rules.modules(), own_rules.digest()
    jobs = (delayed(_labelled)(experiment, block, way, rules) for block in blocks)
    with _backend(workers, cluster):
        parallel = Parallel(return_as="generator_unordered", batch_size=1)
        finished = parallel(jobs)
        try:
            for block in finished:  # noqa: UP028 (`yield from` would close it before this function can)
                yield block
        finally:
            with warnings.catch_warnings():
                # The next attempt computes what is given up half-way. The caller says why it was given up.
                warnings.filterwarnings("ignore", r"\d+ tasks (which|have been)", UserWarning)
                finished.close()


def cores() -> int:
    """Cores this process may use."""
    from joblib import cpu_count

    return cpu_count()


def _labelled(
    experiment: Experiment, block: Block, way: Compute | None, rules: tuple[Sequence[str], str]
) -> tuple[Block, Finished]:
    """A block with its results, by the user's own rules: modules and digest. A worker may be another process."""
    from caresim.model import own_rules

    modules, digest = rules
    if missing := set(modules) - set(own_rules.modules()):
        load(sorted(missing))
    if own_rules.digest() != digest:
        allowed = "a worker has another version of the routing rules in these modules; restart the workers"
        raise BadInput("cluster", ", ".join(modules), allowed)
    return block, (way or compute)(experiment, block)


@contextmanager
def _backend(workers: int | None, cluster: str | None) -> Iterator[None]:
    from joblib import parallel_config

    if cluster is None:
        # Threads: the compiled loop releases the lock, and nothing has to be copied.
        with parallel_config(backend="threading", n_jobs=workers or cores()):
            yield
        return
    client = connected(cluster)
    try:
        with parallel_config(backend="dask", n_jobs=-1, wait_for_workers_timeout=PATIENCE_S):
            yield
    finally:
        client.close()


def connected(cluster: str) -> Any:
    """A client of the scheduler at `cluster`; BadInput when there is none or the extra is not installed."""
    try:
        from distributed import Client
    except ImportError as error:
        raise BadInput("cluster", cluster, "needs the package distributed: pip install 'caresim[cluster]'") from error
    try:
        client = Client(cluster, timeout=PATIENCE_S)
    except (OSError, ValueError) as error:
        raise BadInput(
            "cluster", cluster, f"the address of a running Dask scheduler, such as tcp://host:8786 ({error})"
        ) from error
    if not client.scheduler_info(n_workers=-1)["workers"]:
        client.close()
        raise BadInput("cluster", cluster, "a Dask scheduler with at least one worker; this one has none")
    return client
