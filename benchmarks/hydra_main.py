"""What `hydra.main` would cost at the start of a command, beside caresim's own command line, in CPU seconds.

    python benchmarks/hydra_main.py             10 repeats in turn, writes benchmarks/hydra_main.csv
    python benchmarks/hydra_main.py --show      the table of docs/hydra.md from that file

Each is a process of its own that composes and validates, and stops before anything is run.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE / "hydra_main.csv"
PROGRAM = HERE / "programs" / "composed.py"
RUN = ("experiment=tokyo", "replications=64")
SWEEP = ("-m", "experiment=tokyo", "seed=1,2,3,4")
FIRST = "one run, caresim, the first of its kind: nothing of it is kept yet"
WAYS = {
    FIRST: ("caresim", *RUN),
    "one run, caresim": ("caresim", *RUN),
    "one run, `hydra.main`": ("hydra.main", *RUN),
    "one run, `hydra.main` that does not ask for its mode first": ("once", *RUN),
    "a sweep of four, caresim": ("caresim", *SWEEP),
    "a sweep of four, `hydra.main`": ("hydra.main", *SWEEP),
}
COLUMNS = ("what", "median_cpu_s", "lowest_cpu_s", "highest_cpu_s", "repeats")


def seconds(words: Sequence[str], first: bool) -> float:
    """CPU seconds of a process that composes what the words ask for; `first`: with an empty cache."""
    with tempfile.TemporaryDirectory() as place:
        other = {**os.environ, "XDG_CACHE_HOME": str(Path(place, "cache"))} if first else None
        before = os.times()
        subprocess.run([sys.executable, str(PROGRAM), *words], cwd=place, check=True, capture_output=True, env=other)
        after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measured(repeats: int) -> list[tuple[str, float, float, float, int]]:
    """A row for each way; they take turns."""
    found: dict[str, list[float]] = {what: [] for what in WAYS}
    for _ in range(repeats):
        for what, words in WAYS.items():
            found[what].append(seconds(words, first=what == FIRST))
    return [(what, statistics.median(times), min(times), max(times), repeats) for what, times in found.items()]


def rows() -> list[str]:
    """The rows of the page's table."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    return [
        f"| {row['what']} | {float(row['median_cpu_s']):.2f} "
        f"({float(row['lowest_cpu_s']):.2f}-{float(row['highest_cpu_s']):.2f}) |"
        for row in kept
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    if not asked.show:
        with KEPT.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(COLUMNS)
            table.writerows(
                (what, *(f"{number:.3f}" for number in numbers), n) for what, *numbers, n in measured(asked.repeats)
            )
    print("\n".join(rows()))


if __name__ == "__main__":
    main()
