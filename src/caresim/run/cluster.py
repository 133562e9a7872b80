"""Work to the workers of a Dask scheduler: as many as there are, whenever they come, and whoever of them is killed."""

from __future__ import annotations

import logging
import threading
import time
import warnings
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from caresim.config.errors import BadInput
from caresim.config.pace import say
from caresim.run.attempt import ClusterLostError, WorkerLostError
from caresim.run.block import code_hash, library_versions

if TYPE_CHECKING:
    from distributed import Client, Future

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")
PATIENCE_S = 10
"""How long a scheduler may take to answer."""
LOOK_S = 5.0
"""Seconds between two looks at how many cores the cluster has: workers come and go."""
AHEAD = 3
"""Items for each core of the cluster that are with the scheduler at a time: a core that has done one finds another."""

_one_at_a_time = threading.Lock()
"""A worker with several threads imports the user's rules in one of them, and the others wait for that."""


class Expected(NamedTuple):
    """What a worker must have in common with whoever asks it, so that it gives the same bytes."""

    code: str
    libraries: str
    modules: tuple[str, ...]
    """Those of the user's own routing rules."""
    rules: str
    """Their digest."""


def connected(cluster: str) -> Client:
    """A client of the scheduler at `cluster`; BadInput when there is none or the extra is not installed."""
    try:
        from distributed import Client
    except ImportError as error:
        raise BadInput("cluster", cluster, "needs the package distributed: pip install 'caresim[cluster]'") from error
    try:
        client = Client(cluster, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BadInput(
            "cluster", cluster, f"the address of a running Dask scheduler, such as tcp://host:8786 ({error})"
        ) from error
    except TypeError as error:
        if not cluster.startswith("tls://"):
            raise
        allowed = (
            "needs certificates: Dask's settings distributed.comm.tls.ca-file, client.key and client.cert name them"
        )
        raise BadInput("cluster", cluster, allowed) from error
    if not client.scheduler_info(n_workers=-1)["workers"]:
        client.close()
        raise BadInput("cluster", cluster, "a Dask scheduler with at least one worker; this one has none")
    return client


def each(
    task: Callable[[Shared, Item], Result],
    shared: Shared,
    items: Collection[Item],
    cluster: str,
    rules: tuple[Sequence[str], str],
    name: Callable[[Item], str],
) -> Generator[tuple[Item, Result], None, None]:
    """Every item with its result, in the order in which they are finished; as `workers.each` has it.

    BadInput where a worker has another version of caresim, of its libraries, or of the user's own routing rules.
    ClusterLostError where the scheduler ends, WorkerLostError where workers die of the same item again and again.
    """
    modules, digest = rules
    expected = Expected(code_hash(), library_versions(), tuple(modules), digest)
    with _client(cluster) as client:
        crowd = Crowd(client, cluster)
        # A result of the cluster's, and no data scattered over it: it is made anew when the worker that has it dies.
        job = crowd.submit(_together, task, shared)
        waiting = iter(items)
        at_work: dict[Any, tuple[Item, Future]] = {}
        done: SimpleQueue[Future] = SimpleQueue()
        rest = True
        while rest or at_work:
            while rest and len(at_work) < AHEAD * crowd.cores():
                for item in waiting:
                    future = crowd.submit(_computed, job, expected, item)
                    at_work[future.key] = item, future
                    future.add_done_callback(done.put)
                    break
                else:
                    rest = False
            try:
                future = done.get(timeout=LOOK_S)
            except Empty:
                crowd.cores()  # says so where the last worker has gone
                continue
            item, _ = at_work.pop(future.key)
            yield item, crowd.result(future, name(item))


@dataclass
class Crowd:
    """The workers of a scheduler, however many there are at the moment."""

    client: Client
    address: str
    _cores: int = 0
    _looked: float = -LOOK_S
    _is_missed: bool = False
    """Has it been said that there is no worker?"""

    def cores(self) -> int:
        """How many cores the workers have together, as of some seconds ago; at least one: workers may yet come."""
        if time.monotonic() - self._looked >= LOOK_S:
            with self._reached():
                self._cores = sum(self.client.ncores().values())
            self._looked = time.monotonic()
            if not self._cores and not self._is_missed:
                say(f"the cluster at {self.address} has no worker at the moment; the work goes on when one comes")
            self._is_missed = not self._cores
        return max(1, self._cores)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future:
        """The result to be of a function that some worker calls."""
        with self._reached(), warnings.catch_warnings():
            # Days of contacts that are replayed travel with the job, once.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            return self.client.submit(function, *arguments, pure=False)

    def result(self, future: Future, name: str) -> Any:
        """What a worker has given, or the error that it had."""
        from distributed import KilledWorker

        with self._reached():
            problem = future.exception() if future.status == "error" else None
            if problem is None:
                return future.result()
        if isinstance(problem, KilledWorker):
            raise WorkerLostError(
                f"{problem.allowed_failures + 1} workers of the cluster, one after the other, ended while they "
                f"computed {name}; where memory is short, fewer of them a machine need less of it"
            ) from None
        raise problem

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """ClusterLostError where the scheduler does not answer any more."""
        from distributed.client import ClosedClientError

        try:
            yield
        except (OSError, CancelledError, ClosedClientError) as problem:
            raise ClusterLostError(f"the scheduler at {self.address} has ended, or cannot be reached") from problem


def _together(
    task: Callable[[Shared, Item], Result], shared: Shared
) -> tuple[Callable[[Shared, Item], Result], Shared]:
    """On a worker: what the items have in common. Other workers get it from there, as data."""
    return task, shared


def _computed(job: tuple[Callable[[Shared, Item], Result], Shared], expected: Expected, item: Item) -> Result:
    """On a worker: an item's result. BadInput where it would compute something else."""
    with _one_at_a_time:
        _check(expected)
    task, shared = job
    return task(shared, item)


@lru_cache(maxsize=64)
def _check(expected: Expected) -> None:
    """Once in each worker: is it what is expected? It has the user's own rules afterwards. BadInput where it is not."""
    from caresim.model import own_rules
    from caresim.run.plugins import load

    if (code_hash(), library_versions()) != (expected.code, expected.libraries):
        allowed = f"a worker has another caresim, or other libraries than {expected.libraries}; install the same there"
        raise BadInput("cluster", library_versions(), allowed)
    if missing := set(expected.modules) - set(own_rules.modules()):
        load(sorted(missing))
    if own_rules.digest() != expected.rules:
        allowed = "a worker has another version of the routing rules in these modules; restart the workers"
        raise BadInput("cluster", ", ".join(expected.modules), allowed)


@contextmanager
def _client(cluster: str) -> Iterator[Client]:
    """A client that writes nothing: what becomes of the connection is told once, in an error of ours."""
    log = logging.getLogger("distributed.client")
    was_disabled, log.disabled = log.disabled, True
    client = connected(cluster)
    try:
        yield client
    finally:
        client.close()
        log.disabled = was_disabled
