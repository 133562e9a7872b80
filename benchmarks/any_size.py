"""What a study of any size costs: a block, its bytes, the scheduler, and reading what came out.

    python benchmarks/any_size.py             some three minutes on two cores; writes benchmarks/any_size.csv
    python benchmarks/any_size.py --show      puts the tables from that file into docs/any_size.md

The plan for a large study is computed from what was measured, with one core's seconds a block and no law but that of
proportion.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import pickle
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from markers import put

import caresim
from caresim.run import cluster
from caresim.run.block import compute, cut
from caresim.run.block_file import encoded
from caresim.tasks.compare.sweep import sweep

HERE = Path(__file__).parent
KEPT, PAGE = HERE / "any_size.csv", HERE.parent / "docs" / "any_size.md"
COLUMNS = ("what", "value", "unit", "how")
STUDIES = {
    "queue": ("experiment=queue", "queue.customers=10000", "record=none"),
    "tokyo": ("experiment=tokyo", "record=none", "only=[social_team,hybrid]"),
}
EMPTY = 400
"""Empty items for the scheduler."""
POINTS = (50, 400)
"""Runs of a sweep that is read."""
LARGE_POINTS, LARGE_REPLICATIONS, LARGE_MODELS, PAIR = 10**5, 10**3, 2, 2
CORES = (16, 256, 4096)
TICK = os.sysconf("SC_CLK_TCK")


def nothing(shared: None, item: int) -> int:
    """An item without work."""
    return item


def block_costs(name: str) -> Iterator[tuple[str, float, str, str]]:
    """CPU seconds and bytes of a block: two replications of one staffing model."""
    experiment = caresim.load(*STUDIES[name])
    blocks = cut(experiment, 2, 12)
    compute(experiment, blocks[0])
    started = time.process_time()
    done = [compute(experiment, block) for block in blocks]
    seconds = (time.process_time() - started) / len(blocks)
    yield f"{name}: a block", seconds, "CPU s", f"two replications, mean of {len(blocks)}"
    yield f"{name}: a block comes back as", mean_bytes(map(pickle.dumps, done)), "bytes", "pickled"
    yield f"{name}: a block on disk", mean_bytes(map(encoded, done)), "bytes", "the file in .blocks"
    yield f"{name}: an experiment goes out as", float(len(pickle.dumps(experiment))), "bytes", "once a worker and point"


def mean_bytes(contents: Iterator[bytes]) -> float:
    sizes = [len(content) for content in contents]
    return sum(sizes) / len(sizes)


@contextmanager
def scheduler() -> Iterator[tuple[str, int, int]]:
    """A Dask scheduler and one worker as processes over TCP: its address, and the numbers of both."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    port = address.rpartition(":")[2]
    started = [
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", *words], stderr=subprocess.DEVNULL)
        if kind == "scheduler"
        else subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", *words], stderr=subprocess.DEVNULL)
        for kind, words in (
            ("scheduler", ("--host", "127.0.0.1", "--port", port, "--no-dashboard", "--no-show")),
            ("worker", (address, "--nthreads", "1", "--no-nanny", "--no-dashboard")),
        )
    ]
    try:
        until = time.monotonic() + 60.0
        while True:
            try:
                cluster.connected(address).close()
                break
            except caresim.BadInput:
                if time.monotonic() > until:
                    raise
        yield address, started[0].pid, started[1].pid
    finally:
        for process in started:
            process.kill()
            process.wait()


def cpu_of(number: int) -> float:
    """CPU seconds of a process."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def scheduler_costs() -> Iterator[tuple[str, float, str, str]]:
    """CPU seconds an item of the scheduler and of whoever asks: empty items, and blocks of the queue."""
    experiment = caresim.load("experiment=queue", "queue.customers=200", "record=none", "replications=200")
    blocks = cut(experiment, 2, 202)
    with scheduler() as (address, number, _):
        list(cluster.each(nothing, None, range(20), address, ((), own_digest()), str))
        for what, task, shared, items in (
            ("an empty item", nothing, None, list(range(EMPTY))),
            ("a block of small runs", compute, experiment, blocks),
        ):
            before, here = cpu_of(number), time.process_time()
            count = len(list(cluster.each(task, shared, items, address, ((), own_digest()), str)))
            spent = cpu_of(number) - before, time.process_time() - here
            how = f"mean of {count}, one worker of one core over TCP"
            yield f"scheduler: {what}", spent[0] / count, "CPU s", how
            yield f"who asks: {what}", spent[1] / count, "CPU s", how


def own_digest() -> str:
    from caresim.model import own_rules

    return own_rules.digest()


def reading_costs(place: Path) -> Iterator[tuple[str, float, str, str]]:
    """Memory of reading a sweep at once and in pieces, by its number of runs; and the bytes and seconds of a run."""
    words = ("-m", *STUDIES["queue"][:2], "record=none", "replications=20", "queue.servers=10,11", "page=none")
    command = [sys.executable, "-m", "caresim", *words, "figures=none", "workers=1"]
    subprocess.run(command, cwd=place, check=True, capture_output=True)
    run = min(place.glob("outputs/2*/2*/manifest.json")).parent
    manifest = json.loads((run / "manifest.json").read_text())
    size = sum(path.stat().st_size for path in run.iterdir())
    yield "queue: the folder of a run", float(size), "bytes", "20 replications, record=none"
    yield "queue: writing a run's folder", manifest["durations"]["write_s"], "s", "on the core of who asks"
    for count in POINTS:
        folder = place / f"swept-{count}"
        for number in range(count):
            copy = folder / f"{number:06}"
            shutil.copytree(run, copy)
            told = {**manifest, "job": {"number": number, "overrides": {"queue.servers": str(number + 10)}}}
            (copy / "manifest.json").write_text(json.dumps(told))
        for how in ("at once", "in pieces"):
            yield f"reading {count} runs {how}", peak(folder, how), "MB", "most memory of a process that does only that"


def peak(folder: Path, how: str) -> float:
    """Megabytes that a process holds at most while it reads a sweep."""
    program = [sys.executable, str(Path(__file__)), "--read", str(folder), how]
    return float(subprocess.run(program, check=True, capture_output=True, text=True).stdout)


def read(folder: str, how: str) -> None:
    """In a process of its own."""
    if how == "at once":
        rows = len(sweep.gather(folder))
    else:
        rows = sum(len(piece) for piece in sweep.pieces(folder))
    assert rows
    # What the process itself has held: that of getrusage begins with what its parent held.
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    print(int(line.split()[1]) / 1024)


def measured() -> Iterator[tuple[str, float, str, str]]:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout
    yield "commit", 0.0, commit.strip(), "that was measured"
    yield "machine", float(os.cpu_count() or 0), "cores", f"{platform.machine()}, Python {platform.python_version()}"
    yield "load", os.getloadavg()[0], "processes", "that wanted a core when the measurement began"
    for name in STUDIES:
        yield from block_costs(name)
    yield from scheduler_costs()
    with tempfile.TemporaryDirectory() as place:
        yield from reading_costs(Path(place))


def kept() -> dict[str, tuple[float, str, str]]:
    with KEPT.open(encoding="utf-8", newline="") as file:
        return {row["what"]: (float(row["value"]), row["unit"], row["how"]) for row in csv.DictReader(file)}


def table() -> str:
    """What was measured, as a table of the page."""
    lines = ["| what | value | how |", "|---|---|---|"]
    for what, (value, unit, how) in kept().items():
        lines.append(f"| {what} | {unit if what == 'commit' else f'{value:,.4g} {unit}'} | {how} |")
    return "\n".join(lines) + "\n"


def plan() -> str:
    """The plan for the large study, computed from what was measured, as a table of the page."""
    found = {what: value for what, (value, _, _) in kept().items()}
    blocks = LARGE_POINTS * LARGE_REPLICATIONS // PAIR * LARGE_MODELS
    served = found["scheduler: a block of small runs"] * blocks / 3600.0
    lines = ["| of the study | queue | tokyo |", "|---|---|---|"]

    def row(what: str, value: Any) -> None:
        lines.append(f"| {what} | {value('queue')} | {value('tokyo')} |")

    def core_hours(name: str) -> float:
        return found[f"{name}: a block"] * blocks / 3600.0

    row("blocks", lambda name: f"{blocks:,}")
    row("core hours", lambda name: f"{core_hours(name):,.0f}")
    for cores in CORES:
        row(f"hours on {cores:,} cores, if nothing else held them up",
            lambda name, cores=cores: f"{core_hours(name) / cores:,.1f}")  # fmt: skip
    row("hours of one scheduler's core", lambda name: f"{served:,.0f}")
    row("cores that one scheduler keeps busy",
        lambda name: f"{found[f'{name}: a block'] / found['scheduler: a block of small runs']:,.0f}")  # fmt: skip
    ends = found["queue: writing a run's folder"] * LARGE_POINTS / 3600.0
    row("hours at the ends of points, one after the other (that of queue)", lambda name: f"{ends:,.0f}")
    row("bytes through the scheduler, TB",
        lambda name: f"{found[f'{name}: a block comes back as'] * blocks / 1e12:,.1f}")  # fmt: skip
    row("blocks on disk at a time (those of one run), MB", lambda name:
        f"{found[f'{name}: a block on disk'] * blocks / LARGE_POINTS / 1e6:,.0f}")  # fmt: skip
    row("all blocks, if they were kept to the end, TB",
        lambda name: f"{found[f'{name}: a block on disk'] * blocks / 1e12:,.1f}")  # fmt: skip
    return "\n".join(lines) + "\n"


def tables() -> dict[str, str]:
    """The tables of docs/any_size.md, by what stands around them."""
    return {"measured": table(), "plan": plan()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--read", nargs=2, metavar=("FOLDER", "HOW"))
    asked = parser.parse_args()
    if asked.read:
        read(*asked.read)
        return
    if not asked.show:
        with KEPT.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows((what, f"{value:.6g}", unit, how) for what, value, unit, how in measured())
    for marker, made in tables().items():
        put(PAGE, marker, made)
        print(made)


if __name__ == "__main__":
    main()
