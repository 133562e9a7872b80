"""Worker processes: the same results as threads, no orphans, and a killed worker costs nothing but time."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support import items
from tests.support.waiting import PATIENCE_S, wait_for

import caresim
from caresim.config.errors import BadInput
from caresim.model import compilation, jit, own_rules
from caresim.run import crew, effort, workers
from caresim.run.attempt import WorkerLostError
from caresim.run.block_file import Contents, encoded
from caresim.run.folder import digest
from caresim.run.processes import Job, idle
from caresim.run.results import FRAMES
from caresim.run.store import Store
from caresim.run.workers import each

Start = Callable[..., "subprocess.Popen[str]"]
Interrupt = Callable[["subprocess.Popen[str]", Callable[[], bool]], tuple[str, str]]
ONLY_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are processes, however few; the tests share them."""
    monkeypatch.setenv(workers.KIND, "processes")
    # It says which test runs: workers of other circumstances would not be used again.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")


@pytest.fixture(scope="module", autouse=True)
def none_left() -> Iterator[None]:
    yield
    idle.dismiss()


def is_there(number: int) -> bool:
    """Is there such a process, and is it more than a zombie that nobody has asked about?"""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{number}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def at_work(folder: Path) -> list[int]:
    return [int(path.name.rpartition("_")[2]) for path in folder.glob("at_work_*")]


def test_every_item_comes_once_with_its_result() -> None:
    assert sorted(each(items.times, 3, range(9), 2)) == [(item, 3 * item) for item in range(9)]


def test_a_block_comes_as_the_bytes_that_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for item, block in each(items.finished, 1000, range(3), 1):
        assert isinstance(block.kept, Contents)
        store.keep(f"block{item}", block)
        assert (store.folder / f"block{item}").read_bytes() == encoded(items.finished(1000, item))


def test_a_worker_keeps_what_one_block_after_the_other_takes() -> None:
    assert list(each(items.is_one_by_one, None, range(2), 1)) == [(0, True), (1, True)]
    assert not items.is_one_by_one(None, 0)


def test_workers_are_other_processes_and_serve_the_next_job_too() -> None:
    first = {number for _, number in each(items.whose, None, range(4), 1)}
    again = {number for _, number in each(items.whose, None, range(4), 1)}
    assert len(first) == 1
    assert first == again
    assert os.getpid() not in first


@ONLY_POSIX
def test_ctrl_c_on_a_terminal_reaches_no_worker() -> None:
    """It goes to the whole group of the process in front."""
    ((_, number),) = each(items.whose, None, [0], 1)
    assert os.getpgid(number) != os.getpgid(0)


def test_there_are_as_many_as_asked_for(tmp_path: Path) -> None:
    """Each item waits for the company of another."""
    assert len({number for _, number in each(items.in_company, tmp_path, [2, 2], 2)}) == 2


def test_other_circumstances_take_other_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    ((_, before),) = each(items.whose, None, [0], 1)
    monkeypatch.setenv("SOME_LIBRARY_READS_THIS", "1")
    ((_, after),) = each(items.whose, None, [0], 1)
    assert before != after
    assert not is_there(before)


def test_workers_that_nobody_needs_are_sent_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caresim.run.processes.IDLE_S", 0.05)
    ((_, number),) = each(items.whose, None, [0], 1)
    wait_for(lambda: not is_there(number), "an idle worker to end")


def test_those_that_the_next_work_does_not_need_are_sent_home_meanwhile(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    idle.dismiss()
    both = {number for _, number in each(items.in_company, tmp_path, [2, 2], 2)}
    assert all(is_there(number) for number in both)
    monkeypatch.setattr("caresim.run.processes.IDLE_S", 0.05)
    work = each(items.whose, None, range(2), 1)
    _, number = next(work)
    (unneeded,) = both - {number}
    wait_for(lambda: not is_there(unneeded), "an idle worker to end")
    assert is_there(number)
    work.close()


@pytest.mark.parametrize(
    ("kind", "error", "words", "count"),
    [
        ("input", BadInput, "key = 0: must be another", 1),
        ("plain", ZeroDivisionError, "as it was told to", 2),
        ("strange", RuntimeError, "StrangeError", 1),
        ("stays", (TypeError, AttributeError, pickle.PicklingError), "(?i)pickle", 1),
    ],
)
def test_what_goes_wrong_with_an_item_goes_wrong_here(
    kind: str, error: type[Exception] | tuple[type[Exception], ...], words: str, count: int
) -> None:
    with pytest.raises(error, match=words):
        list(each(items.fails, kind, [0, 0, 0, 0], count))
    assert sorted(each(items.times, 1, range(3), count)) == [(item, item) for item in range(3)]


def test_what_a_worker_prints_is_told_and_no_reply(capfd: pytest.CaptureFixture[str]) -> None:
    idle.dismiss()
    assert sorted(each(items.talks, None, [1, 2], 1)) == [(1, 1), (2, 2)]
    idle.dismiss()
    said = capfd.readouterr()
    assert said.out == ""
    assert sorted(said.err.split("\n")) == sorted(["", "said 1", "said 2", "written", "written"])


@ONLY_POSIX
def test_a_killed_worker_is_replaced_and_its_item_computed_again(tmp_path: Path) -> None:
    assert sorted(each(items.kills_once, tmp_path, range(8), 2)) == [(item, item) for item in range(8)]
    assert (tmp_path / "killed").exists()


@ONLY_POSIX
def test_workers_that_were_killed_while_they_were_idle_are_not_asked() -> None:
    idle.dismiss()
    ((_, number),) = each(items.whose, None, [0], 1)
    os.kill(number, signal.SIGKILL)
    wait_for(lambda: not is_there(number), "a killed worker to end")
    ((_, other),) = each(items.whose, None, [0], 1)
    assert number != other


@ONLY_POSIX
def test_an_item_that_kills_its_workers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "ATTEMPTS", 2)
    with pytest.raises(WorkerLostError, match=r"^2 worker .* computed the number 3 \(signal 9, signal 9\); .*fewer"):
        list(each(items.kills, None, range(5), 2, name=lambda item: f"the number {item}"))


def test_workers_that_cannot_begin_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caresim.run.processes.BEGIN", "raise SystemExit(7)")
    monkeypatch.setattr(crew, "ATTEMPTS", 2)
    idle.dismiss()
    with pytest.raises(WorkerLostError, match=r"ended before .*\(exit status 7, exit status 7\)"):
        list(each(items.times, 1, [1], 1))


def test_workers_that_the_system_refuses_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    idle.dismiss()
    monkeypatch.setattr("caresim.run.processes.subprocess.Popen", refused)
    with pytest.raises(BadInput, match=r"workers = 1: .*Resource temporarily unavailable"):
        list(each(items.times, 1, [1], 1))


@ONLY_POSIX
def test_where_no_other_worker_can_be_had_those_who_are_there_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two begin, one is killed, and the system refuses a third."""
    begin, begun = subprocess.Popen, []

    def refused_from_the_third_on(*words: Any, **options: Any) -> subprocess.Popen[bytes]:
        if len(begun) == 2:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        begun.append(begin(*words, **options))
        return begun[-1]

    idle.dismiss()
    monkeypatch.setattr("caresim.run.processes.subprocess.Popen", refused_from_the_third_on)
    assert sorted(each(items.kills_once, tmp_path, range(8), 2)) == [(item, item) for item in range(8)]
    assert (tmp_path / "killed").exists()


class Beginner:
    """In the place of a worker process: not ready before it may be."""

    peak_bytes = 0
    is_there = True

    def __init__(self, begun: list[Beginner], may_be_ready: threading.Event) -> None:
        begun.append(self)
        self._may_be_ready = may_be_ready

    def take_up(self, _: Job) -> tuple[bool, None]:
        self._may_be_ready.wait()
        return True, None

    def end(self) -> None:
        self._may_be_ready.set()


def test_who_is_being_started_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed worker's successor is on its way when all others are hired, and more successors are asked for."""
    begun: list[Beginner] = []
    ready = threading.Event()
    monkeypatch.setattr(crew, "WorkerProcess", lambda: Beginner(begun, ready))
    monkeypatch.setattr(crew, "GRACE_S", PATIENCE_S)
    hiring = crew.Crew(Job(b""), 2, "", here=lambda item: item)
    threads = [threading.Thread(target=hire) for hire in (hiring._hire, hiring._hire_all, hiring._hire)]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(begun) >= 2, "two workers to be started")
    ready.set()
    for thread in threads:
        thread.join()
    wait_for(lambda: len(hiring._team) >= 2, "two workers to be ready")
    hiring._hire_all()
    hiring._hire()
    hiring.stop()
    idle.dismiss()
    assert len(begun) == 2


def test_who_gives_up_half_way_leaves_nobody_at_work(tmp_path: Path) -> None:
    """The first result comes while another item never ends; those that are free stay for the next job."""
    results = each(items.the_first_never_ends, tmp_path, range(4), 2)
    assert next(results)[0] > 0
    (stuck,) = at_work(tmp_path)
    assert is_there(stuck)
    results.close()
    assert not is_there(stuck)


def test_an_unknown_kind_of_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(workers.KIND, "process")
    with pytest.raises(BadInput, match="did you mean processes"):
        list(each(items.times, 1, [1], 1))


class TestWhoWorks:
    """Threads up to four workers, processes beyond; what threads do at once needs no process."""

    @pytest.fixture(autouse=True)
    def as_it_comes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(workers.KIND)

    @pytest.mark.parametrize(("count", "kind"), [(1, "threads"), (4, "threads"), (5, "processes"), (16, "processes")])
    def test_the_number_decides(self, count: int, kind: str) -> None:
        assert workers._kind(count, []) == kind

    def test_rules_of_the_main_file_stay_in_this_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(workers.KIND, "processes")
        assert workers._kind(16, ["__main__"]) == "threads"
        assert workers._kind(16, ["my_rules"]) == "processes"

    @pytest.mark.parametrize("program", ["", "/usr/bin/uwsgi", "/opt/care/care-desk"])
    def test_a_program_with_a_python_inside_is_not_started_again(
        self, monkeypatch: pytest.MonkeyPatch, program: str
    ) -> None:
        monkeypatch.setattr(sys, "executable", program)
        assert workers._kind(16, []) == "threads"

    def test_code_that_could_not_be_kept_stays_in_this_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each process would compile for itself. Interpreted, or not yet compiled, there is nothing to share."""
        monkeypatch.setattr(compilation, "find_whole", lambda: None)
        monkeypatch.setattr(jit, "INTERPRETED", False)
        monkeypatch.setattr(jit.by_the_book, "IN_USE", False)
        monkeypatch.setattr(jit, "_code", {"caresim.model.jit.probe": jit.probe})
        assert workers._kind(16, []) == "threads"
        monkeypatch.setenv(workers.KIND, "processes")
        assert workers._kind(1, []) == "threads"
        monkeypatch.setattr(jit, "INTERPRETED", True)
        assert workers._kind(16, []) == "processes"
        monkeypatch.setattr(jit, "INTERPRETED", False)
        monkeypatch.setattr(jit, "_code", {})
        assert workers._kind(16, []) == "processes"

    def test_few_items_have_few_workers(self) -> None:
        assert {number for _, number in each(items.whose, None, range(4), 16)} == {os.getpid()}

    def test_short_work_starts_no_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crew, "GRACE_S", PATIENCE_S)
        monkeypatch.setattr(crew, "WorkerProcess", None)
        assert {number for _, number in each(items.whose, None, range(40), 16)} == {os.getpid()}

    def test_work_that_lasts_goes_over_to_processes(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """What this process has in hand ends when another one is at work."""
        idle.dismiss()
        monkeypatch.setattr(crew, "GRACE_S", 0.01)
        monkeypatch.setattr(crew, "HERE", 1)
        monkeypatch.setattr(workers, "FEW", 1)
        found = {number for _, number in each(items.in_company, tmp_path, [2, 2], 2)}
        assert os.getpid() in found
        assert len(found) == 2


@ONLY_POSIX
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_its_owner(start: Start, tmp_path: Path, ending: signal.Signals) -> None:
    """What was finished is kept, and one sentence says so; who is killed cannot say anything."""
    owner = start("replications=8", "workers=2", blocks="2", company="2")
    wait_for(lambda: len(at_work(tmp_path)) == 2 and kept(tmp_path) == 4, "two workers that are stuck", pause_s=0.02)
    assert all(is_there(number) for number in at_work(tmp_path))
    assert owner.pid not in at_work(tmp_path)
    owner.send_signal(ending)
    _, told = owner.communicate(timeout=PATIENCE_S)
    wait_for(lambda: not any(is_there(number) for number in at_work(tmp_path)), "the workers to end")
    assert kept(tmp_path) == 4
    assert owner.returncode == (130 if ending == signal.SIGINT else -ending)
    assert "Traceback" not in told
    assert "resource_tracker" not in told
    if ending == signal.SIGINT:
        assert told.splitlines()[-1].startswith("caresim: interrupted; what was finished is kept")


def kept(folder: Path) -> int:
    return len(list((folder / "outputs" / ".blocks").glob("[!u]*")))


@ONLY_POSIX
def test_a_block_that_kills_its_workers_is_told_in_one_line(start: Start, tmp_path: Path) -> None:
    failing = start("replications=2", "workers=1", kills="assistant_first")
    told = failing.communicate(timeout=PATIENCE_S)[1]
    assert failing.returncode == 1
    assert "Traceback" not in told
    line = told.splitlines()[-1]
    assert line.startswith("caresim: 3 worker processes")
    assert "assistant_first, replications 0 and 1" in line
    assert line.endswith("the same command goes on from there")
    assert kept(tmp_path) == list(caresim.load("experiment=tokyo").staffing).index("assistant_first")


SCRIPT = """
import caresim

print("once")
experiment = caresim.load("experiment=queue", "replications=4", "population.scale=0.01", "output_dir=out")
print(len(caresim.compare(experiment, workers=2).replications))
"""


@pytest.mark.parametrize("way", ["file", "input"])
def test_a_script_needs_no_guard(tmp_path: Path, way: str) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    words = {"file": ["script.py"], "input": ["-"]}[way]
    done = subprocess.run(
        [sys.executable, *words], input=SCRIPT if way == "input" else "", cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "once"
    assert len(done.stdout.splitlines()) == 2


RULE = """
import caresim

@caresim.routing_rule
def latest_of_all(world, contact):
    '''What was posted last is next.'''
    return -world.contacts[contact].posted
"""


def test_the_users_rules_are_known_to_workers_and_the_bytes_are_equal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule in a module of the current folder; rows of every replication; by threads and by processes."""
    monkeypatch.chdir(tmp_path)
    for name in ("OWN", "_addresses", "_sources"):
        monkeypatch.setattr(own_rules, name, {})
    (tmp_path / "rules_for_workers.py").write_text(RULE)
    from caresim.run.plugins import load

    load(["rules_for_workers"])
    words = ("population.scale=0.02", "window='5 d'", "drain='2 h'", "warm_up='6 h'", "replications=4", "record=all")
    rule = "staffing.social_team.desks.social.routing=latest_of_all"
    experiment = caresim.load("experiment=tokyo", *words, rule, f"output_dir={tmp_path}/out", "only=[social_team]")
    left = []
    for kind in workers.KINDS:
        monkeypatch.setenv(workers.KIND, kind)
        results = caresim.compare(experiment, workers=1)
        left.append({name: digest(getattr(results, name)) for name in FRAMES})
    assert left[0] == left[1]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells what a process shares")
def test_the_memory_of_workers_is_told_with_that_of_their_owner() -> None:
    list(each(items.times, 3, range(2), 1))
    own, all_together = effort._own_peak(), effort.peak_memory()
    assert own is not None
    assert all_together is not None
    assert own + 5e6 < all_together < own + 5e9
