"""The cases at the size of a test: without the long ones, and without comparisons that would say too little."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

from tests.support.theory.cases import REPLICATIONS, Case, all_cases, comparisons
from tests.support.theory.verdicts import quantile

NUMBERS = Path(__file__).parents[3] / "benchmarks" / "verification.csv"
"""What the long run measured."""
TELLING = 0.2
"""Largest half-width, as a share of the value: beyond it only a bias of a fifth and more would be noticed."""


def expected(cases: list[Case]) -> dict[tuple[str, str], float]:
    """(case, measure) -> half-width in the short run as a share of the value, from that of the long run.

    It goes with Student's quantile over the root of the number of replications. Known beforehand, so that what a short
    run happens to find has no say in what it is asked. (A value of 0 has no share: inf.)
    """
    with NUMBERS.open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    share = comparisons(cases)
    copies = {case.name: case.copies for case in cases}
    widths = {}
    for row in rows:
        if row["case"] in copies:
            long, short = int(row["replications"]), REPLICATIONS * copies[row["case"]]
            wider = quantile(share, short) / quantile(len(rows), long) * math.sqrt(long / short)
            value = abs(float(row["theory"]))
            widths[row["case"], row["measure"]] = wider * float(row["half_width"]) / value if value else math.inf
    return widths


def short_cases() -> tuple[list[Case], set[tuple[str, str]]]:
    """The cases with what is compared in the short run, and (case, measure) of what is left to the long one."""
    cases = [case for case in all_cases() if not case.long]
    out = {key for key, width in expected(cases).items() if TELLING < width < math.inf}
    kept = [
        replace(case, theory={name: value for name, value in case.theory.items() if (case.name, name) not in out})
        for case in cases
    ]
    return [case for case in kept if case.theory], out
