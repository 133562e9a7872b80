"""Every task, killed in the middle and started again: what the second attempt computes, and what it leaves.

    python -m tests.faults.every_task FOLDER      prints a line of JSON a task

A study is a copy of this process. It is killed when it is about to keep its n-th block, so it is in the middle however
fast the machine is, and exactly one block is at work.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from tests.faults import killing
from tests.support.centre import history_of, some_truth, written

import caresim
from caresim.run.store import Store

QUEUE = ("experiment=queue", "queue.customers=300", "workers=1")
TOKYO = ("experiment=tokyo", "population.scale=0.005", "workers=1")
PLAIN = ("figures=none", "page=none")
HISTORY = ("draws=20", "choosing=2", "workers=1")
FILE = "history.csv"
TWO = "only=[social_team,hybrid]"


def swept() -> None:
    """`caresim.sweep`, whose table goes to a file."""
    answer = caresim.sweep(caresim.load(*QUEUE, "replications=4", "output_dir=outputs"), {"queue.servers": [9, 10, 11]})
    run = Path("outputs", "swept")
    run.mkdir(parents=True)
    answer.table.to_csv(run / "sweep.csv", index=False)
    (run / "manifest.json").write_text("{}", encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """A command line, or a function, and at which block it is killed."""

    task: str
    what: tuple[str, ...] | Callable[[], None]
    block: int = 2
    reads: bool = False
    """Does it read FILE, the contacts of a small centre?"""


CASES = (
    Case("compare", (*QUEUE, *PLAIN, "replications=6")),
    Case("sweep", ("-m", "queue.servers=9,10", *QUEUE, *PLAIN, "replications=4"), 4),
    Case("caresim.sweep", swept),
    Case("explain", (*TOKYO, TWO, "task=explain", "explain.one=social_team", "explain.other=hybrid", "replications=4")),
    Case("require", (*TOKYO, "task=require", "require.method=simulation", "replications=2",
                     "require.probability=50 %", "page=none")),
    Case("plan", (*TOKYO, "task=plan", "plan.staffing=call_center_24_7", "replications=2", "page=none")),
    Case("sensitivity", ("task=sensitivity", "experiment=messenger", "population.scale=0.02", "workers=1", "page=none",
                         "sensitivity.assumptions=[behaviour.choice.seen_penalty]", "sensitivity.rows=16")),
    Case("calibrate", ("task=calibrate", f"calibrate={FILE}", *HISTORY), 3, reads=True),
    Case("backtest=history", ("task=backtest", "backtest=history", f"contacts={FILE}", "train=2026-03-05",
                              "test=2026-03-07", "replications=20", "page=none", *HISTORY), 5, reads=True),
    Case("nowcast", ("task=nowcast", f"nowcast={FILE}", "now=2026-03-07T13:30", "hours=3", "replications=20",
                     "page=none", *HISTORY), 5, reads=True),
)  # fmt: skip


QUICK = ("compare", "sweep", "caresim.sweep", "calibrate", "backtest=history", "nowcast")
"""Tasks that are killed with every change."""


def attempted(case: Case, place: Path, dies_at: int | None) -> tuple[int, int]:
    """The exit status of an attempt in a folder, and how many blocks it has kept; it is killed at one of them."""
    count = place / "blocks"
    count.write_bytes(b"")
    copy = os.fork()
    if copy == 0:
        keep = Store.keep

        def counted(self: Store, name: str, finished: Any) -> None:
            if dies_at is not None and count.stat().st_size + 1 == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            keep(self, name, finished)
            with count.open("ab") as file:
                file.write(b".")

        Store.keep = counted  # type: ignore[method-assign]
        Figure.savefig = lambda *_, **__: None  # type: ignore[method-assign]
        killing.in_copy(lambda: carried_out(case, place))
    status = killing.ended(copy)
    return status, count.stat().st_size


def carried_out(case: Case, place: Path) -> int:
    """In the copy."""
    if callable(case.what):
        os.chdir(place)
        case.what()
        return 0
    return killing.carried_out(place, "threads", case.what)


def outcome(case: Case, folder: Path) -> dict[str, Any]:
    """What becomes of a task that nobody disturbs, and of one that is killed and started again."""
    started = time.monotonic()
    places = folder / f"{case.task}-whole", folder / f"{case.task}-killed"
    for place in places:
        (place / "tmp").mkdir(parents=True)
        if case.reads:
            luck = np.random.default_rng(5)
            written(history_of(some_truth(luck, days=7), luck), place / FILE)
    whole, killed = places
    status, blocks = attempted(case, whole, None)
    death, first = attempted(case, killed, case.block)
    again, second = attempted(case, killed, None)
    told: dict[str, Any] = {"task": case.task, "status": [status, death, again], "blocks": [blocks, first, second]}
    if status == again == 0:
        runs = [sorted(path for path in (place / "outputs").iterdir() if path.name != "latest") for place in places]
        told["runs"] = [len(found) for found in runs]
        told["differs"] = killing.differing(*(contents(found[0]) for found in runs))
    else:
        told["words"] = [(place / "words").read_text(encoding="utf-8")[-600:] for place in places]
    return {**told, "seconds": round(time.monotonic() - started, 1)}


def contents(run: Path) -> dict[str, Any]:
    """Every file of a run, or of the runs of a sweep in the order of their hashes, by a name without the time."""
    inner = sorted((path.parent for path in run.glob("*/manifest.json")), key=lambda place: place.name.split("_")[-1])
    found: dict[str, Any] = {}
    for number, each in enumerate(inner):
        found |= {f"{number}/{name}": content for name, content in killing.contents(each).items()}
    for path in run.rglob("*"):
        if path.is_file() and not any(path.is_relative_to(each) for each in inner):
            content = path.read_bytes()
            for number, each in enumerate(inner):
                content = content.replace(each.name.encode(), str(number).encode())
            found[path.relative_to(run).as_posix()] = content.replace(run.name.encode(), b"")
    if "manifest.json" in found:
        manifest = json.loads(found["manifest.json"])
        found["manifest.json"] = {key: value for key, value in manifest.items() if key not in killing.VARYING}
    return found


def main(folder: Path, tasks: list[str]) -> None:
    killing.load()
    for case in CASES:
        if not tasks or case.task in tasks:
            print(json.dumps(outcome(case, folder)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
