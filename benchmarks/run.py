"""How fast caresim is, and beside whom: `python benchmarks/run.py`.

    python benchmarks/run.py --quick              small sizes, to see that everything works; nothing is kept
    python benchmarks/run.py --part engines       one part, or several
    python benchmarks/run.py --huge               ten million passengers and 1,000 replications, too
    python benchmarks/run.py --line PYTHON        LINE, too: PYTHON is that of an environment with line-solver
    python benchmarks/run.py --offline            without what needs a package index (part newcomer)
    python benchmarks/run.py --out DIR            keep the figures in DIR and not beside this program

Prints what was measured and what is aimed at. What a part has measured is appended to runs.csv, history.csv and
sizes.csv as soon as the part is done, so that an interrupted run keeps it; at the end the figures of
docs/performance.md are drawn. What is compared was measured in turn, again and again, in one run: trust the ratios, and
their spread; seconds are the machine's as much as ours.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from busy import Others, was_busy
from figure import HERE, HISTORY, RUNS, Measured, keep, machine
from line_mmcm import version as version_of_line
from parts.effort import Effort
from targets import EARLIER, TARGETS

PARTS = ("engines", "pairs", "tokyo", "workers", "study", "startup", "compile", "newcomer", "scale")
MINUTES = {
    "engines": 2, "pairs": 3, "tokyo": 2, "workers": 3, "study": 3, "startup": 1, "compile": 3, "newcomer": 5,
    "scale": 3,
}  # fmt: skip
HUGE_MINUTES = MINUTES | {"workers": 6, "study": 9, "scale": 22}
"""About, on an idle machine of two cores."""
WIDTH = 30
LINE_PYTHON = "CARESIM_LINE_PYTHON"
"""The environment variable that --line is taken from where it is left out."""


def main(words: Sequence[str] | None = None) -> int:
    asked = arguments(words)
    effort = Effort(asked.quick, asked.huge, asked.line, asked.offline)
    kept = asked.out or (None if effort.quick else HERE)
    here = machine(version_of_line(asked.line))
    print("  ".join(f"{name} {value}" for name, value in here.items() if value))
    print(f"about {minutes(asked.part, effort)} on an idle machine", flush=True)
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        keep(kept / RUNS.name, [here])
    print(f"{'figure':{WIDTH}} {'median':>10} {'low':>10} {'high':>10}  unit")
    found: list[dict[str, str]] = []
    for part in asked.part:
        rows = measured(part, effort, here["run"], kept)
        if kept:
            keep(kept / HISTORY.name, rows)
        found += rows
    if effort.quick:
        return 0
    told(found, here)
    from performance_figure import FIGURES, draw

    draw(kept, FIGURES if kept == HERE else kept)
    return 0


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog=__doc__.split("\n\n")[1],
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--part", nargs="+", choices=PARTS, default=PARTS, metavar="NAME", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="small sizes; kept only with --out")
    parser.add_argument("--huge", action="store_true", help="ten million passengers, 1,000 replications")
    parser.add_argument(
        "--line", metavar="PYTHON", default=os.environ.get(LINE_PYTHON),
        help=f"the Python of an environment with line-solver (else: {LINE_PYTHON})",
    )  # fmt: skip
    parser.add_argument("--offline", action="store_true", help="install nothing")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the figures are kept (beside this program)")
    return parser.parse_args(words)


def minutes(parts: Sequence[str], effort: Effort) -> str:
    if effort.quick:
        return f"{len(parts)} min"
    return f"{sum((HUGE_MINUTES if effort.huge else MINUTES)[part] for part in parts)} min"


def measured(part: str, effort: Effort, run: str, kept: Path | None) -> list[dict[str, str]]:
    """Rows of history.csv, with the share of the machine that worked for others meanwhile."""
    module = importlib.import_module(f"parts.{part}")
    others, start = Others(), time.perf_counter()
    found: list[Measured] = module.measure(effort, run, kept) if part == "scale" else module.measure(effort)
    share = others.share()
    for figure in found:
        values = " ".join(f"{value:10.4g}" for value in (figure.median, min(figure.values), max(figure.values)))
        print(f"{figure.name:{WIDTH}} {values}  {figure.unit}")
    busy = "" if share is None else f", {share:.0%} of the machine worked for others"
    print(f"-- {part}: {(time.perf_counter() - start) / 60:.1f} minutes{busy}", flush=True)
    return [figure.row(run) | {"others": "" if share is None else f"{share:.3f}"} for figure in found]


def told(found: Sequence[dict[str, str]], here: dict[str, str]) -> None:
    """What was aimed at, as far as it was measured."""
    known = {row["name"]: row for row in found}
    print()
    for target in (*TARGETS, *EARLIER):
        if target.name in known and target.wanted is not None:
            row = known[target.name]
            value = float(row["median"])
            busy = " (busy machine)" if target.by_wall and was_busy(row, {here["run"]: here}) else ""
            print(f"{target.what}: {value:.3g} {target.unit}, wanted {target.bound}: {target.verdict(value)}{busy}")


if __name__ == "__main__":
    sys.exit(main())
