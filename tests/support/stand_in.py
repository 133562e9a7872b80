"""A stand-in for the simulation: blocks in no time, with values that depend on staffing model and replication alone.

Run as a script it is the command line with this stand-in in place of the engine: for tests of what surrounds it.
CARESIM_STAND_IN_BLOCKS: so many blocks are computed, and the next one never ends; CARESIM_STAND_IN_COMPANY: the first
block ends when so many processes are at work in this folder; CARESIM_STAND_IN_FAILS: a staffing model or `seed=N` that
fails; CARESIM_STAND_IN_KILLS: a staffing model that kills the process that computes it; CARESIM_STAND_IN_DRAWS: `die`
ends the process while the run's folder is being written, `deaf` stays in machine code; CARESIM_STAND_IN_PATIENCE: how
many seconds a command has that was asked to end. Where workers are processes, each of them counts for itself.
"""

from __future__ import annotations

import ctypes
import hashlib
import itertools
import math
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from caresim.measure.metrics import REGISTRY
from caresim.run import stop_signals
from caresim.run.attempt import interrupted
from caresim.run.block import TABLES, Block, Finished
from caresim.run.uncertain import draw_of
from tests.support.waiting import wait_for

BEGUN = itertools.count()
"""Numbers the blocks of this process."""


def number(*parts: Any) -> float:
    """A value in (0, 1) that depends on `parts`."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:4], "big") / 2**32


def compute(experiment: Any, block: Block) -> Finished:
    """Takes the place of caresim.run.block.compute."""
    fails = os.environ.get("CARESIM_STAND_IN_FAILS")
    if fails in (block.staffing, f"seed={experiment.seed}"):
        raise RuntimeError("the stand-in was told to fail")
    if os.environ.get("CARESIM_STAND_IN_KILLS") == block.staffing:
        os.kill(os.getpid(), signal.SIGKILL)
    wait_in_turn(next(BEGUN))
    finished = Finished()
    for replication in block.replications:
        who = (experiment.seed, block.staffing, replication)
        key = {"staffing": block.staffing, "replication": replication}
        finished.rows.append(
            {**key, "draw": draw_of(replication), **{name: number(*who, name) + 1 for name in REGISTRY}}
        )
        finished.curves.append(curve(key, who))
        finished.courses.append(
            pd.DataFrame(
                {**key, "time_min": [30.0, 60.0], "posts": [3, 4], "waiting": [2, 1], "mood": [number(*who), math.nan]}
            )
        )
        if replication in block.recorded or replication == 0:
            for name in TABLES:
                table = rows(key, name)
                finished.tables[name].append(table if replication in block.recorded else table.iloc[:0])
        if replication == 0:
            start = pd.Timestamp("2011-03-11T06:30+01:00")
            place = {"interval_start": [start], "desk": ["a"], "channel": ["a"], "staff": [math.nan]}
            counts = {"offered": [7], "answered": [7], "within_target": [7]}
            none = {name: [0] for name in ("abandoned", "blocked", "dropped", "unanswered")}
            finished.intervals.append(pd.DataFrame({**key, **place, **counts, **none, "asa_s": [1 / 3]}))
    return finished


def wait_in_turn(begun: int) -> None:
    """Hold up a block before which so many have begun, as the environment says."""
    if company := os.environ.get("CARESIM_STAND_IN_COMPANY"):
        Path(f"at_work_{os.getpid()}").touch()
        wait_for(lambda: len(list(Path().glob("at_work_*"))) >= int(company), "company", pause_s=0.01)
    if begun >= int(os.environ.get("CARESIM_STAND_IN_BLOCKS", sys.maxsize)):
        threading.Event().wait()


def curve(key: dict[str, Any], who: tuple[Any, ...]) -> pd.DataFrame:
    answered = [number(*who, "curve") * share for share in (0.1, 0.5, 1)]
    return pd.DataFrame({**key, "group": "all", "minutes": [1.0, 15.0, 60.0], "answered": answered})


def rows(key: dict[str, Any], name: str) -> pd.DataFrame:
    """Texts as categories that differ between staffing models, whole numbers with gaps, missing values."""
    desk = pd.Categorical(["phone", key["staffing"], None])
    return pd.DataFrame(
        {
            **key,
            name: [0, 1, 2],
            "desk": desk,
            "staff_member": pd.array([1, None, 3], dtype="Int64"),
            "wait_min": [0.1, math.nan, 2.5],
        }
    )


def save_all(results: Any, folder: Path, which: str) -> list[Path]:
    """Takes the place of caresim.tasks.compare.figures.save_all."""
    file = folder / "latency.png"
    file.write_bytes(b"half a picture")
    if os.environ.get("CARESIM_STAND_IN_DRAWS") == "die":
        os._exit(1)
    if os.environ.get("CARESIM_STAND_IN_DRAWS") == "deaf":
        stay_in_machine_code()
    return [file]


def stay_in_machine_code() -> None:
    """For ever, in the main thread: a lock that nobody gives back, waited for where no signal is looked at."""
    system = ctypes.CDLL(None)
    lock = ctypes.create_string_buffer(256)
    system.pthread_mutex_lock(lock)
    Path("deaf").touch()
    system.pthread_mutex_lock(lock)


def hear() -> None:
    """Tell in a file that a signal was asked for, which a test waits for."""
    listen = stop_signals._Asked._next

    def listening(asked: Any) -> int:
        number = listen(asked)
        Path("heard").touch()
        return number

    stop_signals._Asked._next = listening  # type: ignore[method-assign]
    if patience := os.environ.get("CARESIM_STAND_IN_PATIENCE"):
        stop_signals.PATIENCE_S = float(patience)


def command(words: list[str]) -> int:
    """The command line without the engine and without figures."""
    import caresim.run.workers
    import caresim.tasks.compare.compare
    from caresim.__main__ import command
    from caresim.run.reader_gone import with_streams
    from caresim.tasks.compare import figures, terminal

    caresim.tasks.compare.compare.prepare = lambda experiment, watch: None
    caresim.run.workers.compute = compute
    figures.save_all = save_all
    terminal.show = lambda results: print("the table")
    return with_streams(command, words)


if __name__ == "__main__":
    # Whoever starts the tests in the background has them, and this, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    hear()
    stop_signals.install(interrupted)
    # A worker process cannot import from the main file.
    sys.exit(import_module("tests.support.stand_in").command(sys.argv[1:]))
