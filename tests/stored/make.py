"""Keep a small finished run and a finished block of this version, for later versions to open.

    python -m tests.stored.make VERSION      writes tests/stored/VERSION/: once, when a version is released

All that is kept is data. What a later version reads otherwise it has to say in CHANGELOG.md.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import caresim
from caresim.run import folder
from caresim.run.store import Store
from caresim.tasks.compare.compare import compare

HERE = Path(__file__).parent
WORDS = ("experiment=queue", "queue.customers=60", "replications=2", "figures=none", "workers=1")
RUN, BLOCK, SAID = "run", "finished.block", "said.json"
"""The folder of the run, the file of the block, and what the run's own methods said of it."""
HEADLINE = ("mean", "ci_low", "ci_high")


def main(version: str) -> None:
    """Run, and keep."""
    place = HERE / version
    place.mkdir()
    with tempfile.TemporaryDirectory() as work:
        experiment = caresim.load(*WORDS)
        store = Store(work)
        results = compare(experiment, store)
        (block,) = store.folder.glob("[!u]*")
        shutil.copyfile(block, place / BLOCK)
        shutil.move(folder.write(results, work), place / RUN)
    (place / SAID).write_text(json.dumps(said(results), indent=1) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    print(f"{place}: {size / 1000:.0f} kB")


def said(results: caresim.Results) -> dict[str, dict[str, list[float]]]:
    """Mean and interval of every metric, by staffing model and metric, to ten digits."""
    rows = results.summary().set_index(["staffing", "metric"])[list(HEADLINE)]
    told: dict[str, dict[str, list[float]]] = {}
    for (staffing, metric), values in rows.iterrows():  # type: ignore[misc]
        told.setdefault(staffing, {})[metric] = [float(f"{value:.10g}") for value in values]
    return told


if __name__ == "__main__":
    main(sys.argv[1])
