"""The tables of docs/verification.md that are made of numbers."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from pathlib import Path

from markers import put
from tests.support.theory.short import TELLING, expected, short_cases

FAMILIES = {
    "Erlang B": "Erlang B, also with equal and with lognormal services",
    "Erlang C": "Erlang C, load per person 0.7 to 0.96",
    "Erlang A": "Erlang A, load per person 0.7 to 2",
    "M/G/1": "M/G/1, six distributions of service, load 0.8",
    "M/M/c/K": "M/M/c/K, load per person 1.1",
    "M/M/c/K+M": "M/M/c/K+M, load per person 1.2",
    "M(t)/M/infinity": "M(t)/M/infinity, a day's wave",
    "Halfin-Whitt": "Halfin-Whitt, 25 to 1,600 people",
    "Redials": "redials after 100 service times",
    "Days from empty": "days that begin empty",
}
"""Family as the cases name it (or begin to) -> as the page does."""
SHOWN = (
    ("M/M/10/10, 9 Erlang", "blocking"),
    ("M/M/10, 9 Erlang", "P(wait)"),
    ("M/M/10, 9.5 Erlang", "mean wait"),
    ("100 calls in half an hour, 3 min each, 14 people", "service level"),
    ("100 calls in half an hour, 3 min each, 14 people, patience 5 min", "abandonment"),
    ("M/M/10+M, 14 Erlang, patience 5 min", "abandonment"),
    ("M/M/50+M, 48 Erlang, patience 2 min", "ASA"),
    ("M/G/1, load 0.8, deterministic service, cv 0", "mean wait"),
    ("M/G/1, load 0.8, lognormal service, cv 1.4", "mean wait"),
    ("M/G/1, load 0.8, hyperexponential service, cv 2", "mean wait"),
    ("M/M/10/15, 11 Erlang", "blocking"),
    ("M/M/10/15+M, 12 Erlang, patience 2 min", "abandonment"),
    ("10 an hour, swing 50 %, a day's cycle, 2 h each", "amplitude"),
    ("M/M/1600, beta 0.5", "P(wait)"),
    ("M/M/10+M, 12 fresh Erlang, patience 2 min, 50% redial", "calls per fresh call"),
    ("M/M/12, 480 min from empty", "ASA"),
    ("M/M/12+M, patience 1 min, 480 min from empty", "abandonment"),
)
"""(case, measure) of the rows that the page shows; the file holds them all."""
CALLS_A_DAY = 4.2 * 480
PUBLISHED = (
    ("M/M/12, 480 min from empty", "service level", "answered within 20 s", 1, 3, "0.902 ± 0.002"),
    ("M/M/12, 480 min from empty", "ASA", "ASA (min)", 1, 4, "0.099 ± 0.0025"),
    ("M/M/12, 480 min from empty", "occupancy", "occupancy", 1, 4, "0.695"),
    ("M/M/12+M, patience 1 min, 480 min from empty", "abandonment", "patience 1 min: calls a day that hang up",
     CALLS_A_DAY, 2, "58.61 ± 0.95"),
    ("M/M/12+M, patience 1 min, 480 min from empty", "ASA", "patience 1 min: ASA (min)", 1, 4, "0.024"),
    ("M/M/12+M, patience 1 min, 480 min from empty", "occupancy", "patience 1 min: occupancy", 1, 4, "0.675"),
)  # fmt: skip
"""(case, measure, what the page calls it, factor, digits, what MMC.res and MMCAb.res print of 1,000 days)."""


def fill(found: Sequence, file: Path) -> None:
    """Put the tables between their markers."""
    for marker, table in TABLES.items():
        put(file, marker, table(found))


def families(found: Sequence) -> str:
    rows = [
        "| queue | cases | comparisons | million calls | farthest off | noticed: best, median, worst |",
        "|---|---|---|---|---|---|",
    ]
    for family, name in FAMILIES.items():
        exact = [line for line in found if line.family == family]
        part = exact or [line for line in found if line.family.startswith(family)]
        rows.append(_row(name, part))
    rows.append(_row("all", found))
    return "\n".join(rows) + "\n"


def _row(name: str, part: Sequence) -> str:
    calls = {line.verdict.case: line.calls for line in part}
    worst = max(abs(line.verdict.simulated - line.verdict.theory) / line.verdict.half_width for line in part)
    seen = [line.verdict.noticed for line in part if math.isfinite(line.verdict.noticed)]
    bias = ", ".join(f"{100 * value:.2g} %" for value in (min(seen), statistics.median(seen), max(seen)))
    return f"| {name} | {len(calls)} | {len(part)} | {sum(calls.values()) / 1e6:.1f} | {100 * worst:.0f} % | {bias} |"


def comparisons(found: Sequence) -> str:
    known = {(line.verdict.case, line.verdict.measure): line.verdict for line in found}
    rows = ["| queue | number | theory | simulated | ± | noticed |", "|---|---|---|---|---|---|"]
    for case, measure in SHOWN:
        told = known[case, measure]
        digits = 1 - math.floor(math.log10(told.half_width))
        minutes = " (min)" if measure in ("mean wait", "ASA") else ""
        figures = [f"{value:.{digits}f}" for value in (told.theory, told.simulated, told.half_width)]
        name = case.replace("50%", "50 %")
        rows.append(f"| {name} | {measure}{minutes} | {' | '.join(figures)} | {100 * told.noticed:.2g} % |")
    return "\n".join(rows) + "\n"


def lag(found: Sequence) -> str:
    """The lag in hours, from the coefficients of the wave."""
    wave = {line.verdict.measure: line.verdict for line in found if line.family == "M(t)/M/infinity"}
    amplitude, quarter = wave["amplitude"], wave["quarter wave (0: the lag is right)"]
    turn = 2 * math.pi / 24
    late = math.atan(2 * turn) / turn
    found_lag = late - quarter.simulated / amplitude.simulated / turn
    width = quarter.half_width / amplitude.simulated / turn
    return f"The wave lags {late:.4f} h behind the rate in theory, {found_lag:.3f} ± {width:.3f} h in simulation.\n"


def days(found: Sequence) -> str:
    known = {(line.verdict.case, line.verdict.measure): line.verdict for line in found}
    rows = ["| number | published | exact | simulated here |", "|---|---|---|---|"]
    for case, measure, name, factor, digits, published in PUBLISHED:
        told = known[case, measure]
        exact, mean, width = (
            f"{factor * value:.{digits}f}" for value in (told.theory, told.simulated, told.half_width)
        )
        rows.append(f"| {name} | {published} | {exact} | {mean} ± {width} |")
    return "\n".join(rows) + "\n"


def short(found: Sequence) -> str:
    """What the test's run is to notice beside this one: foreseen from it."""
    cases, out = short_cases()
    kept = {(case.name, measure) for case in cases for measure in case.theory}
    brief = [width for key, width in expected(cases).items() if key in kept and math.isfinite(width)]
    whole = [line.verdict.noticed for line in found if math.isfinite(line.verdict.noticed)]
    told = [f"{100 * value:.2g} %" for run in (brief, whole) for value in (statistics.median(run), max(run))]
    return (
        f"The test's short run is to notice {told[0]} in the median and {told[1]} at worst, the long one noticed "
        f"{told[2]} and {told[3]};\n{len(out)} comparisons of which the test would notice no less than "
        f"{100 * TELLING:.0f} % are made in the long run only.\n"
    )


TABLES = {"families": families, "comparisons": comparisons, "lag": lag, "days": days, "short": short}
"""Marker -> what is written between it and its end."""
