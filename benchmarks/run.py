"""How fast caresim is, and beside whom: `python benchmarks/run.py` (a quarter of an hour on an idle machine).

    python benchmarks/run.py --quick              small sizes, to see that everything works; nothing is kept
    python benchmarks/run.py --part engines       one part, or several: engines, tokyo, study, startup, compile, scale
    python benchmarks/run.py --huge               ten million passengers and 1,000 replications, too (an hour)

Prints a table with what is aimed at, appends it with a description of the machine to runs.csv, history.csv and
sizes.csv, and draws docs/figures/performance_size.png and performance_history.png. What is compared was measured in
turn, again and again, in one run: trust the ratios, and their spread; seconds are the machine's as much as ours.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from figure import HISTORY, RUNS, Figure, keep, machine
from parts.effort import Effort
from targets import TARGETS

PARTS = ("engines", "tokyo", "study", "startup", "compile", "scale")
WIDTH = 30


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog=__doc__.split("\n\n")[1],
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--part", nargs="+", choices=PARTS, default=PARTS, metavar="NAME", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="small sizes; nothing is kept")
    parser.add_argument("--huge", action="store_true", help="ten million passengers, 1,000 replications")
    asked = parser.parse_args(words)
    effort = Effort(asked.quick, asked.huge)
    here = machine()
    print("  ".join(f"{name} {value}" for name, value in here.items() if value))
    print(f"{'figure':{WIDTH}} {'median':>10} {'low':>10} {'high':>10}  unit")
    found: list[Figure] = []
    for part in asked.part:
        found += shown(measured(part, effort, here["run"]))
    told(found)
    if not effort.quick:
        keep(RUNS, [here])
        keep(HISTORY, [figure.row(here["run"]) for figure in found])
        from performance_figure import draw

        draw()
    return 0


def measured(part: str, effort: Effort, run: str) -> list[Figure]:
    module = importlib.import_module(f"parts.{part}")
    return module.measure(effort, run) if part == "scale" else module.measure(effort)


def shown(found: list[Figure]) -> list[Figure]:
    for figure in found:
        values = " ".join(f"{value:10.4g}" for value in (figure.median, min(figure.values), max(figure.values)))
        print(f"{figure.name:{WIDTH}} {values}  {figure.unit}", flush=True)
    return found


def told(found: Sequence[Figure]) -> None:
    """What was aimed at, as far as it was measured."""
    known = {figure.name: figure for figure in found}
    print()
    for target in TARGETS:
        if target.name in known:
            value = known[target.name].median
            verdict = "met" if target.met(value) else f"missed by {100 * target.miss(value):.0f} %"
            print(f"{target.what}: {value:.3g} {target.unit}, wanted {target.bound}: {verdict}")


if __name__ == "__main__":
    sys.exit(main())
