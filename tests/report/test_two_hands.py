"""Jobs shared out between a process and its copy: each is done once, and an error is seen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from caresim.report import two_hands
from caresim.report.two_hands import share_out

pytestmark = pytest.mark.skipif(not two_hands.can_help(), reason="one core, or a system without copies of a process")


def note(folder: Path, number: int) -> None:
    """Say who did a job."""
    (folder / f"{number}-{os.getpid()}").touch()


def test_every_job_is_done_once(tmp_path: Path) -> None:
    share_out([partial(note, tmp_path, number) for number in range(50)])
    assert sorted(int(path.name.partition("-")[0]) for path in tmp_path.iterdir()) == list(range(50))


def test_a_copy_does_its_part(tmp_path: Path) -> None:
    """Two processes have done something, where jobs take long enough for both."""

    def job(number: int) -> None:
        time.sleep(0.05)
        note(tmp_path, number)

    share_out([partial(job, number) for number in range(12)])
    assert len({path.name.partition("-")[2] for path in tmp_path.iterdir()}) == 2


def test_alone_there_is_no_copy(tmp_path: Path) -> None:
    share_out([partial(note, tmp_path, number) for number in range(5)], alone=True)
    assert {path.name for path in tmp_path.iterdir()} == {f"{number}-{os.getpid()}" for number in range(5)}


def test_an_error_is_raised_here_whoever_met_it() -> None:
    def fail() -> None:
        raise ValueError("no such figure")

    with pytest.raises(ValueError, match="no such figure"):
        share_out([fail] * 4)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda: os._exit(9), id="killed"),
        # As it may, with a lock that another thread held when it was copied.
        pytest.param(lambda: time.sleep(600), id="hangs"),
    ],
)
def test_what_a_copy_leaves_that_is_killed_or_hangs_is_done_here(
    end: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_hands, "PATIENCE_S", 0.2)
    here = os.getpid()

    def job(number: int) -> None:
        if os.getpid() != here:
            end()
        note(tmp_path, number)

    share_out([partial(job, number) for number in range(6)])
    assert {path.name for path in tmp_path.iterdir()} == {f"{number}-{here}" for number in range(6)}
