"""What is half-written belongs to somebody for as long as that process lives, however old it looks, and not longer."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.support.command_line import ROOT

from caresim.model import code_files, jit
from caresim.run import claim
from caresim.run.block import Finished
from caresim.run.claim import Claim, claimed, lock_of, remove_abandoned
from caresim.run.output_dir import clear_up, hidden, unfinished
from caresim.run.progress import Nobody
from caresim.run.resume import prepare
from caresim.run.store import Store

PATTERN = "unfinished-*"
LONG_AGO = (0, 0)
OWNER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from caresim.run.claim import Claim
place = Path(sys.argv[2])
claim = Claim(place)
place.mkdir()
(place / "half").write_text("half")
print("claimed", flush=True)
sys.stdin.read()
"""


@contextmanager
def owner(place: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has a claim on a place, until it is killed."""
    program = [sys.executable, "-c", OWNER, str(ROOT / "src"), str(place)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "claimed\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("when", [LONG_AGO, (4e9, 4e9)], ids=["long_ago", "in_the_future"])
def test_a_claim_lasts_as_long_as_its_owner_whatever_the_clock_says(tmp_path: Path, when: tuple[float, float]) -> None:
    place = tmp_path / "unfinished-1"
    with owner(place) as process:
        for path in (place, lock_of(place)):
            os.utime(path, when)
        remove_abandoned(tmp_path, PATTERN)
        assert {path.name for path in tmp_path.iterdir()} == {"unfinished-1", "unfinished-1.lock"}
        process.kill()
        process.wait()
        for path in (place, lock_of(place)):
            os.utime(path, when)
        remove_abandoned(tmp_path, PATTERN)
        assert list(tmp_path.iterdir()) == []


def test_the_claim_of_another_machine_ends_with_age(tmp_path: Path) -> None:
    """Its lock may not reach this one: that it can be had says nothing."""
    place = tmp_path / "unfinished-1"
    place.mkdir()
    lock_of(place).write_text("another machine")
    remove_abandoned(tmp_path, PATTERN)
    assert place.exists()
    os.utime(place, LONG_AGO)
    remove_abandoned(tmp_path, PATTERN)
    assert place.exists()  # its owner has touched the lock lately
    os.utime(lock_of(place), LONG_AGO)
    remove_abandoned(tmp_path, PATTERN)
    assert list(tmp_path.iterdir()) == []


def test_where_there_are_no_locks_age_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(claim, "_lock", none)
    with claimed(tmp_path / "unfinished-1") as mine:
        remove_abandoned(tmp_path, PATTERN)
        assert mine.is_there
        os.utime(lock_of(mine.place), LONG_AGO)
        mine.touch()
        remove_abandoned(tmp_path, PATTERN)
        assert mine.is_there
        os.utime(lock_of(mine.place), LONG_AGO)
        remove_abandoned(tmp_path, PATTERN)
        assert not mine.is_there


def test_what_an_older_version_left_ends_with_age(tmp_path: Path) -> None:
    for name in ("unfinished-old", "unfinished-new"):
        (tmp_path / name).write_bytes(b"half")
    os.utime(tmp_path / "unfinished-old", LONG_AGO)
    remove_abandoned(tmp_path, PATTERN)
    assert [path.name for path in tmp_path.iterdir()] == ["unfinished-new"]


def test_nobody_takes_what_is_being_claimed(tmp_path: Path) -> None:
    """Some claim, others clear up: whoever has a claim keeps it, and in the end nothing is left."""
    lost: list[str] = []

    def claim_often(number: int) -> None:
        for turn in range(40):
            with claimed(tmp_path / f"unfinished-{number}-{turn}") as mine:
                mine.place.mkdir()
                if not (mine.is_there and mine.place.is_dir()):
                    lost.append(mine.place.name)
                mine.place.rmdir()

    def clear_often() -> None:
        for _ in range(80):
            remove_abandoned(tmp_path, PATTERN)

    threads = [threading.Thread(target=claim_often, args=[number]) for number in range(3)]
    threads += [threading.Thread(target=clear_often) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    assert list(tmp_path.iterdir()) == []


def test_a_new_owner_of_a_dead_ones_place_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else clears up and a new owner comes, just before whoever clears up here has the dead one's lock."""
    place = tmp_path / "unfinished-1"
    place.mkdir()
    dead(place)
    lock, owners = claim._lock, []

    def late(descriptor: int, patiently: bool) -> None:
        if not patiently and not owners:
            lock_of(place).unlink()
            owners.append(Claim(place))
            (place / "half").write_text("the new owner's")
        lock(descriptor, patiently)

    monkeypatch.setattr(claim, "_lock", late)
    remove_abandoned(tmp_path, PATTERN)
    assert (place / "half").read_text() == "the new owner's"
    assert owners[0].is_there
    owners[0].release()


def test_a_claim_can_be_had_once(tmp_path: Path) -> None:
    first = Claim(tmp_path / "place")
    with pytest.raises(FileExistsError):
        Claim(tmp_path / "place")
    first.release()
    first.release()
    Claim(tmp_path / "place").release()
    assert list(tmp_path.iterdir()) == []


def dead(place: Path) -> None:
    """As a process of this machine leaves it that is killed."""
    lock_of(place).write_text(claim.machine())


def test_a_study_removes_what_dead_ones_have_left_when_it_begins(tmp_path: Path) -> None:
    """Half-written blocks, a run's hidden folder, the folder of a sweep without a run."""
    outputs, blocks = tmp_path / "outputs", tmp_path / "outputs" / ".blocks"
    blocks.mkdir(parents=True)
    run, sweep, other = (outputs / f"2011-03-11_06-46-0{number}_{name}_abc" for number, name in enumerate(
        ("tokyo", "sweep_tokyo", "sweep_queue")))  # fmt: skip
    for place in (blocks / "unfinished-1", hidden(run), sweep, other / "a run", hidden(other / run.name)):
        place.mkdir(parents=True)
    for place in (blocks / "unfinished-1", hidden(run), hidden(sweep), hidden(other / run.name)):
        dead(place)
    (blocks / "0123456789abcdef0123456789abcdef").write_bytes(b"a finished one")
    Store(outputs)
    left = sorted(path.relative_to(outputs).as_posix() for path in outputs.rglob("*"))
    assert left == [".blocks", ".blocks/0123456789abcdef0123456789abcdef", other.name, f"{other.name}/a run"]


def test_half_written_code_goes_when_a_study_begins(
    tokyo: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written within a moment, and has no lock."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(jit, "compiled_before", lambda: True)
    cache = next(code_files.caches())
    cache.mkdir(parents=True)
    for name in ("unfinished-old", "unfinished-new", "model.code"):
        (cache / name).write_bytes(b"half")
    os.utime(cache / "unfinished-old", LONG_AGO)
    prepare(tokyo, Nobody())
    assert {path.name for path in cache.iterdir()} == {"unfinished-new", "model.code"}


def test_a_run_in_the_making_is_left_alone(tmp_path: Path) -> None:
    with unfinished(tmp_path, "tokyo", "abc") as place:
        for path in (place, lock_of(place)):
            os.utime(path, LONG_AGO)
        clear_up(tmp_path)
        Store(tmp_path)
        assert place.exists()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_living_study_keeps_what_it_holds(tmp_path: Path) -> None:
    """It is at a block that takes hours; another one comes and goes."""
    mine = Store(tmp_path)
    mine.keep("block", Finished())
    for path in (mine.own, lock_of(mine.own)):
        os.utime(path, LONG_AGO)
    Store(tmp_path).forget()
    assert mine.own.exists()
    mine.keep("another", Finished())
    assert lock_of(mine.own).stat().st_mtime > 0
    mine.forget()
    assert list(tmp_path.iterdir()) == []


def test_a_clock_that_is_set_back_changes_nothing(
    tokyo: Any, without_engine: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour with every look at it, while blocks from the future lie in the folder."""
    from caresim.run.folder import digest, write
    from caresim.run.results import FRAMES, Results
    from caresim.tasks.compare.compare import compare

    small = tokyo.model_copy(update={"replications": 4, "workers": 1})
    undisturbed = write(compare(small, Store(tmp_path / "undisturbed")), tmp_path / "undisturbed")
    place = tmp_path / "disturbed"
    compare(small.model_copy(update={"replications": 2}), Store(place))
    for path in place.rglob("*"):
        os.utime(path, (4e9, 4e9))
    now, looks = time.time(), iter(range(10**6))
    monkeypatch.setattr(time, "time", lambda: now - 3600.0 * next(looks))
    store = Store(place)
    run = write(compare(small, store), place)
    store.forget()
    frames = [[digest(getattr(Results.load(each), name)) for name in FRAMES] for each in (undisturbed, run)]
    assert frames[0] == frames[1]
    assert list(place.iterdir()) == [run]
