"""A Dask scheduler and its workers as processes of their own, over TCP: each can be killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from caresim.config.errors import BadInput
from caresim.run.cluster import connected
from tests.support.command_line import ROOT
from tests.support.waiting import wait_for

PLAIN = ("--no-dashboard",)
KILLS_ALLOWED = "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"
"""The environment variable that says how many workers an item may kill."""


@dataclass
class TcpCluster:
    """Where it is, and its processes."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def hire(self, count: int, *words: str) -> None:
        """Start workers of one core, and wait until they are there; `words`: options of theirs."""
        there = cores_at(self.address)
        options = ("--nthreads", "1", "--no-nanny", *PLAIN, *words)
        self.workers += [started("worker", self.address, *options) for _ in range(count)]
        wait_for(lambda: cores_at(self.address) >= there + count, "workers")

    def end(self) -> None:
        for process in (self.scheduler, *self.workers):
            process.kill()
            process.wait()


@contextmanager
def tcp_cluster(workers: int, port: int = 0) -> Iterator[TcpCluster]:
    """A scheduler at a port (0: a free one) with so many workers."""
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    scheduler = started("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-show", *PLAIN)
    cluster = TcpCluster(address, scheduler)
    try:
        cluster.hire(workers)
        yield cluster
    finally:
        cluster.end()


def started(kind: str, *words: str) -> subprocess.Popen[bytes]:
    """A process of Dask's that finds the tests' own modules."""
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    program = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words]
    return subprocess.Popen(program, env={**os.environ, "PYTHONPATH": paths}, stderr=subprocess.DEVNULL)


def cores_at(address: str) -> int:
    """How many cores the workers of a scheduler have together; 0 where it does not answer yet."""
    try:
        client = connected(address)
    except BadInput:
        return 0
    try:
        return sum(client.ncores().values())
    finally:
        client.close()
