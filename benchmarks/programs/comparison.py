"""One `caresim.compare`: `comparison.py --workers 16 experiment=tokyo replications=100`.

The compiled code is loaded, by a small comparison, before the clock starts. A line of JSON: seconds on the wall,
seconds that this process itself has worked when it begins and when it ends (workers that are processes work beside it),
runs, and the most that it has ever held.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from memory import peak_gb

import caresim
from caresim.config.experiment import Experiment

SMALL = ("experiment=queue", "queue.customers=1000 people", "replications=2", "record=none")


def compared(experiment: Experiment, workers: int) -> dict[str, float]:
    start, begun = time.perf_counter(), time.process_time()
    results = caresim.compare(experiment, workers=workers)
    wall, ended = time.perf_counter() - start, time.process_time()
    runs = len(results.replications)
    return {"wall_s": wall, "begun_s": begun, "ended_s": ended, "runs": runs, "peak_gb": peak_gb()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("words", nargs="+", metavar="key=value")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = f"output_dir={folder}"
        compared(caresim.load(*SMALL, where), 1)
        print(json.dumps(compared(caresim.load(*asked.words, "record=none", where), asked.workers)), flush=True)


if __name__ == "__main__":
    main()
