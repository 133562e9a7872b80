"""The engine against the formulas, at ten times the size of the tests: `python benchmarks/verification.py`.

Takes some ten minutes on two cores. Writes every comparison to benchmarks/verification.csv, the tables of
docs/verification.md between their markers, and the figure with the digest of the numbers that it shows. `--draw` makes
page and figure from the numbers of the last time. Exit status 1 if any number of theory lies outside its interval.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
NUMBERS = Path(__file__).with_suffix(".csv")
FIGURE = ROOT / "docs" / "figures" / "verification.png"
SHOWN = FIGURE.with_suffix(".sha256")
"""Digest of the numbers that the figure was drawn from."""
TIMES = 10
sys.path.insert(0, str(ROOT))

from tests.support.theory import cases  # noqa: E402  the path comes first
from tests.support.theory.verdicts import Verdict  # noqa: E402


@dataclass(frozen=True)
class Line:
    """One comparison as the file holds it."""

    family: str
    x: float
    replications: int
    calls: int
    verdict: Verdict


HEAD = ["family", "case", "x", "measure", "theory", "simulated", "half_width", "replications", "calls"]


def measure() -> list[Line]:
    """All cases, all comparisons."""
    begun = time.perf_counter()
    known = cases.all_cases()
    measured = cases.simulate(known, TIMES)
    verdicts = iter(cases.judge(known, measured))
    found = [
        Line(case.family, case.x, len(pairs), calls, next(verdicts))
        for case, (calls, pairs) in zip(known, measured, strict=True)
        for _ in case.theory
    ]
    print(f"{sum(calls for calls, _ in measured):,} calls in {time.perf_counter() - begun:.0f} s")
    return found


def write(found: list[Line]) -> None:
    with NUMBERS.open("w", newline="", encoding="utf-8") as text:
        table = csv.writer(text, lineterminator="\n")
        table.writerow(HEAD)
        for line in found:
            told = line.verdict
            figures = [f"{figure:.8g}" for figure in (told.theory, told.simulated, told.half_width)]
            table.writerow(
                [line.family, told.case, f"{line.x:g}", told.measure, *figures, line.replications, line.calls]
            )


def read() -> list[Line]:
    with NUMBERS.open(encoding="utf-8") as text:
        return [
            Line(
                row["family"],
                float(row["x"]),
                int(row["replications"]),
                int(row["calls"]),
                Verdict(
                    row["case"],
                    row["measure"],
                    *(float(row[name]) for name in ("theory", "simulated", "half_width")),
                ),
            )
            for row in csv.DictReader(text)
        ]


def digest() -> str:
    """Of the numbers, whatever the ends of lines."""
    return hashlib.sha256(NUMBERS.read_text(encoding="utf-8").encode()).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description="the engine against the formulas")
    parser.add_argument("--draw", action="store_true", help="page and figure from the numbers of the last time")
    if not parser.parse_args().draw:
        write(measure())
    from verification_figure import draw
    from verification_page import fill

    found = read()
    draw(found, FIGURE)
    SHOWN.write_text(f"{digest()}\n", encoding="utf-8")
    fill(found, ROOT / "docs" / "verification.md")
    against = [line.verdict for line in found if not line.verdict.agrees]
    print(*against, f"{len(found)} comparisons, {len(against)} contradictions", sep="\n")
    return 1 if against else 0


if __name__ == "__main__":
    raise SystemExit(main())
