"""A study that is killed at any moment and started again ends as if nobody had killed it, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults import killing
from tests.support.command_line import ROOT
from tests.support.waiting import PATIENCE_S

from caresim.run.claim import machine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of a session, as Linux tells them")


def test_killed_at_a_few_moments() -> None:
    """The command kills a hundred: `python -m tests.faults`."""
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--count", "3"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, timeout=4 * PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 studies" in done.stdout
    assert ": 0 not as they should be" in done.stdout


def test_what_is_left_over_and_what_differs_is_told(tmp_path: Path) -> None:
    """The trial itself can fail."""
    whole = {"summary.csv": b"1", "manifest.json": {"seed": 0}}
    run = tmp_path / "outputs" / "2011-03-11_06-46-00_queue_abc"
    run.mkdir(parents=True)
    (run / "summary.csv").write_bytes(b"1")
    (run / "manifest.json").write_text('{"seed": 0, "finished": "now"}')
    assert killing.complaints(tmp_path, 0, whole, [], False) == []
    (run / "summary.csv").write_bytes(b"2")
    (tmp_path / "outputs" / ".2011-03-11_06-46-00_queue_abc.lock").write_text(machine())
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "caresim-1").touch()
    wrong = killing.complaints(tmp_path, 0, whole, [17], True)
    assert [words.split(" is not")[0] for words in wrong] == [
        "process 17 has outlived the study",
        "left over: .2011-03-11_06-46-00_queue_abc.lock",
        "left over: caresim-1",
        "1 runs in all",
        "summary.csv",
    ]
    (tmp_path / "words").write_text("what it said")
    assert killing.complaints(tmp_path, 1, whole, [], False) == ["exit status 1: what it said"]
