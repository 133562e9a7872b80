"""Large files of a user, from the command to the written folder: CPU time, memory beside what was said, and silence.

    python benchmarks/large_replay.py                   three million contacts, and a year of half hours
    python benchmarks/large_replay.py --rows 100000     a shorter list, and as much of the year
    python benchmarks/large_replay.py --folder DIR      keep the files and what comes out in DIR

Each file is replayed twice: without rows and figures, and as it comes. A silence is the time between two lines on the
error stream; on a busy machine seconds say little, and memory as much as ever.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

ROWS, HALF_HOURS = 3_000_000, 17_520
MEANS = {"phone": 100.0, "email": 40.0, "public": 20.0}
"""Contacts of each channel in a half hour: 2.8 million a year."""
AHT_S, PEOPLE = 300.0, 30
START = np.datetime64("2025-01-01T00:00:00")
BARE = ("figures=none", "record=none")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS, help="contacts of the list")
    parser.add_argument("--folder", type=Path, help="where the files and what comes out are kept")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        contacts, intervals = folder / "contacts.csv", folder / "intervals.csv"
        write_contacts(contacts, asked.rows)
        write_intervals(intervals, max(1, HALF_HOURS * asked.rows // ROWS))
        files = (f"replay.contacts={contacts}", f"replay.servers={PEOPLE}"), (f"replay.intervals={intervals}",)
        print(f"{'':32} {'CPU s':>7} {'wall s':>7} {'GB':>6} {'GB said':>8} {'longest silence, s':>19}")
        for of_file in files:
            for setting in (BARE, ()):
                name = f"{of_file[0].split('.')[1].split('=')[0]}{', no rows, no figures' if setting else ''}"
                print(f"{name:32} {measured((*of_file, *setting), folder)}", flush=True)
    return 0


def write_contacts(path: Path, count: int) -> None:
    """So many contacts, evenly over their part of the year."""
    luck = np.random.default_rng(1)
    seconds = np.sort(luck.integers(0, max(1, 365 * 86_400 * count // ROWS), count))
    with path.open("w", encoding="utf-8") as file:
        file.write("arrival,channel,service_s,wait_s,outcome\n")
        for first in range(0, count, 50_000):
            part = seconds[first : first + 50_000]
            columns = (
                np.datetime_as_string(START + part.astype("timedelta64[s]")).tolist(),
                luck.choice(list(MEANS), len(part), p=np.array([*MEANS.values()]) / sum(MEANS.values())).tolist(),
                np.ceil(luck.exponential(AHT_S, len(part))).astype(int).tolist(),
                luck.exponential(60.0, len(part)).astype(int).tolist(),
                (luck.random(len(part)) < 0.95).tolist(),
            )
            for arrival, channel, service, wait, answered in zip(*columns, strict=True):
                rest = f"{service},{wait},answered" if answered else f",{wait},abandoned"
                file.write(f"{arrival},{channel},{rest}\n")


def write_intervals(path: Path, count: int) -> None:
    """So many half hours of each channel, with enough people."""
    luck = np.random.default_rng(2)
    with path.open("w", encoding="utf-8") as file:
        file.write("interval_start,channel,offered,answered,abandoned,aht_s,staff\n")
        for moment in (START + np.arange(count) * np.timedelta64(30, "m")).tolist():
            for channel, mean in MEANS.items():
                offered = int(luck.poisson(mean))
                lost = offered // 20
                people = int(mean * AHT_S / 1800 * 1.3) + 1
                file.write(f"{moment},{channel},{offered},{offered - lost},{lost},{AHT_S:.0f},{people}\n")


def measured(words: Sequence[str], folder: Path) -> str:
    """What a command takes, and what it said that it would take."""
    command = [sys.executable, "-m", "caresim", "experiment=replay", "replications=1", *words]
    started = time.monotonic()
    running = subprocess.Popen(
        [*command, f"output_dir={folder / 'out'}"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    told: list[tuple[float, str]] = [(started, "")]
    assert running.stderr is not None
    listening = threading.Thread(
        target=lambda lines: told.extend((time.monotonic(), line) for line in lines), args=(running.stderr,)
    )
    listening.start()
    _, status, took = os.wait4(running.pid, 0)
    listening.join()
    told.append((time.monotonic(), ""))
    if status:
        raise RuntimeError("".join(line for _, line in told))
    said = next((line.split(",")[1].split(" of memory")[0] for _, line in told if line.startswith("this takes")), "-")
    silence = max(later - earlier for (earlier, _), (later, _) in pairwise(told))
    peak = took.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9
    seconds = took.ru_utime + took.ru_stime
    return f"{seconds:7.0f} {told[-1][0] - started:7.0f} {peak:6.2f} {said.strip():>8} {silence:19.0f}"


if __name__ == "__main__":
    sys.exit(main())
