"""A Dask cluster over TCP: the bytes of threads, on its cores alone, whichever of its processes is killed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from tests.support import items
from tests.support.tcp_cluster import KILLS_ALLOWED, TcpCluster, tcp_cluster
from tests.support.waiting import wait_for

from caresim.__main__ import command
from caresim.config.errors import BadInput
from caresim.model import own_rules
from caresim.run import cluster as far
from caresim.run.attempt import KEPT, ClusterLostError, WorkerLostError
from caresim.run.plugins import load
from caresim.run.store import Store
from caresim.run.workers import each

pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("default")  # what another package warns about is not ours to judge
QUEUE = ("experiment=queue", "queue.customers=300", "replications=8", "figures=none", "page=none", "workers=1")

RULE = """
    import caresim

    @caresim.routing_rule
    def latest_of_two(world, contact):
        '''What was posted last is next.'''
        return -world.contacts[contact].posted
"""


@pytest.fixture(scope="module")
def small() -> Iterator[TcpCluster]:
    """One worker of one core."""
    with tcp_cluster(1) as cluster:
        yield cluster


def test_the_work_of_a_cluster_of_one_core_is_done_there(small: TcpCluster) -> None:
    found = dict(each(items.whose, None, range(6), None, small.address))
    assert set(found.values()) == {small.workers[0].pid}
    assert sorted(found) == list(range(6))


def test_what_goes_wrong_with_an_item_goes_wrong_here(small: TcpCluster) -> None:
    with pytest.raises(BadInput, match="key = 0: must be another"):
        list(each(items.fails, "input", [0], None, small.address))
    assert sorted(each(items.times, 2, range(3), None, small.address)) == [(item, 2 * item) for item in range(3)]


def test_a_worker_with_another_caresim_is_refused(small: TcpCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far, "code_hash", lambda: "of another version")
    with pytest.raises(BadInput, match="a worker has another caresim"):
        list(each(items.times, 2, range(3), None, small.address))


def one_item_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler has no item that waits behind another: a worker that comes gets the next one."""
    monkeypatch.setattr(far, "AHEAD", 1)
    monkeypatch.setattr(far, "LOOK_S", 0.1)


def test_each_worker_is_asked_what_it_is_and_not_the_first_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one comes when the first has the job: it gets that as data."""
    one_item_a_core(monkeypatch)
    with tcp_cluster(1) as cluster:
        found = each(items.in_company, tmp_path, [1, 2, 2, 2], None, cluster.address)
        next(found)
        cluster.hire(1, "--preload", "tests.support.another_caresim")
        with pytest.raises(BadInput, match="a worker has another caresim"):
            list(found)


def test_each_worker_has_the_rules_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_item_a_core(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    for name in ("OWN", "_addresses", "_sources"):
        monkeypatch.setattr(own_rules, name, {})
    Path("rules_of_two.py").write_text(dedent(RULE), encoding="utf-8")
    load(["rules_of_two"])
    with tcp_cluster(1) as cluster:
        found = each(items.rules_in_company, tmp_path, [1, 2, 2, 2], None, cluster.address)
        told = [next(found)]
        cluster.hire(1)
        told += found
    assert {process for _, (process, _) in told} == {worker.pid for worker in cluster.workers}
    assert all(modules == ["rules_of_two"] for _, (_, modules) in told)


def test_it_is_said_that_no_worker_is_left_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last item is with a worker that is killed: nothing is left to be handed out."""
    said = list[str]()
    monkeypatch.setattr(far, "LOOK_S", 0.1)
    monkeypatch.setattr(far, "say", said.append)
    with tcp_cluster(1) as cluster, ThreadPoolExecutor(1) as thread:
        found = thread.submit(lambda: list(each(items.kills_once, tmp_path, [3], None, cluster.address)))
        try:
            wait_for(lambda: said, "a line", within_s=60)
        finally:
            cluster.hire(1)
        assert found.result() == [(3, 3)]
    assert said == [f"the cluster at {cluster.address} has no worker at the moment; the work goes on when one comes"]


def test_a_killed_worker_costs_its_item_alone(tmp_path: Path) -> None:
    """The other one may hold nothing of the job: it is made anew."""
    with tcp_cluster(2) as cluster:
        found = sorted(each(items.kills_once, tmp_path, range(8), None, cluster.address))
        assert found == [(item, item) for item in range(8)]
        assert sum(worker.poll() is not None for worker in cluster.workers) == 1
    assert (tmp_path / "killed").exists()


def test_an_item_that_kills_its_workers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KILLS_ALLOWED, "0")
    with (
        tcp_cluster(1) as cluster,
        pytest.raises(WorkerLostError, match=r"1 workers of the cluster.* while they computed 3;"),
    ):
        list(each(items.kills, None, [3], None, cluster.address))


def test_a_killed_scheduler_is_told_and_the_same_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two blocks of four are kept; another scheduler at the same place has the others computed, to the same bytes."""
    monkeypatch.chdir(tmp_path)
    assert command([*QUEUE, "output_dir=threads"]) == 0
    capsys.readouterr()
    keep, kept = Store.keep, list[str]()
    with tcp_cluster(1) as cluster:
        words = [*QUEUE, f"cluster={cluster.address}"]

        def kills(self: Store, name: str, finished: Any) -> None:
            keep(self, name, finished)
            kept.append(name)
            if len(kept) == 2:
                os.kill(cluster.scheduler.pid, 9)
                cluster.scheduler.wait()

        monkeypatch.setattr(Store, "keep", kills)
        assert command(words) == 1
        last = capsys.readouterr().err.splitlines()[-1]
        assert last == f"caresim: the scheduler at {cluster.address} has ended, or cannot be reached; {KEPT}"
        port = int(cluster.address.rpartition(":")[2])
    with tcp_cluster(1, port):
        assert command(words) == 0
    assert f"{2 * len(kept[:2])} of them already computed" in capsys.readouterr().err
    assert len(kept) == len(set(kept)) == 4
    one, other = (next((tmp_path / name).glob("2*/replications.parquet")) for name in ("threads", "outputs"))
    assert one.read_bytes() == other.read_bytes()


def test_a_sweep_is_not_listed_as_failed_because_the_scheduler_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caresim.tasks.compare.sweep.sweep import run_all
    from caresim.tasks.job import Job

    def lost(job: Job) -> None:
        raise ClusterLostError("the scheduler has ended")

    told: list[Any] = []
    jobs = [Job(number, lambda: pytest.fail("composed"), {}) for number in range(2)]
    with pytest.raises(ClusterLostError):
        run_all(jobs, lost, lambda *what: told.append(what), lambda *what: told.append(what))
    assert told == []
