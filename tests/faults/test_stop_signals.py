"""A command that is asked to end does so in order, in one sentence, whatever it is doing; asked again, at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.faults import struck
from tests.support.command_line import ROOT
from tests.support.waiting import PATIENCE_S, wait_for

import caresim
from caresim.__main__ import command
from caresim.run.attempt import COMPLETE, KEPT, NOTHING, begin_anew, complete, incomplete, interrupted
from caresim.run.output_dir import AT_WORK

Start = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
STUCK = ("replications=8", "workers=2")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of each case, by its name."""
    folder = tmp_path_factory.mktemp("struck")
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    program = [sys.executable, "-m", "tests.faults.struck", str(folder)]
    done = subprocess.run(
        program, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stderr
    return {outcome["name"]: outcome for outcome in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("case", struck.CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_whatever_it_is_doing_it_ends_in_order(case: struck.Case, outcomes: dict[str, dict[str, Any]]) -> None:
    outcome = outcomes[case.name]
    assert outcome["status"] == 128 + case.signal, outcome["words"]
    assert "Traceback" not in outcome["words"]
    (said,) = [line for line in outcome["words"].splitlines() if line.startswith("caresim: interrupted")]
    assert outcome["words"].endswith(f"\n{said}\n")
    blocks = [name for name in outcome["left"] if name.startswith("outputs/.blocks/") or name.endswith(f"/{AT_WORK}")]
    if case.complete:
        (place,) = {name.removesuffix("/manifest.json") for name in outcome["left"] if name.endswith("/manifest.json")}
        assert said == f"caresim: interrupted; {COMPLETE}: {place}"
        assert f"\n{place}\n" in outcome["words"]
    else:
        assert said == f"caresim: interrupted; {KEPT if blocks else NOTHING}"
    if case.kept is not None:
        assert bool(blocks) == case.kept
    half = [name for name in outcome["left"] if "unfinished" in name or "/.2" in name or name.endswith(".lock")]
    assert not half


def blocks(folder: Path) -> int:
    return len(list((folder / "outputs" / ".blocks").glob("[!u]*")))


def stuck(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    """So many blocks are done, and the workers are at some that never end."""
    wait_for(lambda: blocks(folder) == count or process.poll() is not None, "blocks", pause_s=0.02)
    assert process.poll() is None, process.communicate()


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_workers_that_are_stuck_are_not_waited_for(
    kind: str, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARESIM_WORKERS", kind)
    process = start(*STUCK, blocks="2", **({"company": "2"} if kind == "processes" else {}))
    stuck(process, tmp_path, 4 if kind == "processes" else 2)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 143
    assert told.splitlines()[-1] == f"caresim: interrupted; {KEPT}"
    assert "Traceback" not in told
    assert all(not path.name.startswith("unfinished") for path in (tmp_path / "outputs" / ".blocks").iterdir())


def deaf(process: subprocess.Popen[str], folder: Path) -> None:
    """It is in machine code, from which it does not come back to Python."""
    wait_for((folder / "deaf").exists, "a stretch of machine code", pause_s=0.02)
    assert process.poll() is None, process.communicate()


def test_who_asks_again_is_heard_at_once(start: Start, tmp_path: Path) -> None:
    process = start("replications=2", draws="deaf", patience=str(PATIENCE_S))
    deaf(process, tmp_path)
    process.send_signal(signal.SIGINT)
    wait_for((tmp_path / "heard").exists, "the first to be heard", pause_s=0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=PATIENCE_S / 2)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert told.splitlines()[-1] == f"caresim: interrupted; {KEPT}"
    assert len([line for line in told.splitlines() if line.startswith("caresim: ")]) == 1


def test_machine_code_is_not_waited_for(start: Start, tmp_path: Path) -> None:
    process = start("replications=2", draws="deaf", patience="0.1")
    deaf(process, tmp_path)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 143
    assert told.splitlines()[-1] == f"caresim: interrupted; {KEPT}"


def test_whoever_interrupts_when_all_is_written_is_told_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until the next command of the same process begins."""
    begin_anew()
    assert interrupted() == f"interrupted; {NOTHING}"
    complete(tmp_path)
    assert capsys.readouterr().out == f"{tmp_path}\n"
    assert interrupted() == f"interrupted; {COMPLETE}: {tmp_path}"
    begin_anew()
    incomplete(tmp_path)
    assert interrupted() == f"interrupted; {KEPT}", "runs of a sweep have failed"
    begin_anew()
    assert interrupted() == f"interrupted; {NOTHING}"


def test_a_library_leaves_signals_alone(tmp_path: Path, without_engine: object, tokyo: Any) -> None:
    """Neither a comparison through Python nor a command line within a program changes who is asked."""
    numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    before = [signal.getsignal(number) for number in numbers]
    caresim.compare(tokyo.model_copy(update={"output_dir": str(tmp_path)}), workers=1)
    assert command(["--help"]) == 0
    assert [signal.getsignal(number) for number in numbers] == before
    assert signal.set_wakeup_fd(-1) == -1
