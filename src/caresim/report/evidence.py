"""How much stands behind what is shown, in words: replications, draws of the assumptions, intervals."""

from __future__ import annotations

from typing import Any

from caresim.report.wording import level

ENDS = ("ci_low", "ci_high", "luck_low", "luck_high")
"""Columns of the ends of intervals."""
LEAST = 4
"""Replications, where nothing is assumed: of fewer an interval is as wide as one likes."""


def replications_in_words(results: Any, band: str = "bands: 90 % of replications") -> str:
    """How much stands behind a figure, for its subtitle."""
    count = results.replications["replication"].nunique()
    if count == 1:
        return "1 replication: no interval can be given"
    one_draw = ", one draw of the assumptions: no verdicts" if results.replications["draw"].nunique() < 2 else ""
    return f"{count} paired replications of every staffing model{one_draw}; {band}"


def intervals_in_words(results: Any) -> str:
    """What the two intervals of `draw_interval` are, for a subtitle; where there are none, why."""
    if few_draws(results.replications):
        return "too few for intervals"
    return f"thick: {level(results.experiment.study.confidence.value)} interval, luck; thin: luck and assumptions"


def replications_note(results: Any) -> str:
    """How much stands behind a table, and what its intervals are; instead of these, why there are none."""
    rows = results.replications
    count, draws = rows["replication"].nunique(), rows["draw"].nunique()
    interval = f"{level(results.experiment.study.confidence.value)} interval"
    if count == 1:
        return "1 replication: no interval and no verdict can be given; take at least 4."
    if draws < 2:
        return (
            f"{count} paired replications of every staffing model (same passengers, seats and luck), but only one draw"
            " of the assumptions: no interval and no verdict can be given; take at least 4."
        )
    few = few_draws(rows)
    if draws == count:
        return (
            f"{count} paired replications of every staffing model (same customers and luck); nothing else is uncertain."
            + ("" if few else f" Second line: {interval}.")
        )
    return f"{count} paired replications of every staffing model (same passengers, seats and luck), " + (
        f"{draws} draws of the assumptions."
        + ("" if few else f" Second line: {interval}, luck and assumptions together (luck alone: summary.csv).")
    )


def few_draws(rows: Any, hidden: bool = True) -> str:
    """Why no interval is shown, where so few draws of the assumptions make it as wide as one likes; else empty.

    Nothing but empty where there is one draw: then there is no interval at all. `hidden`: not shown for that reason.
    """
    return few(rows["replication"].nunique(), rows["draw"].nunique(), hidden)


def few(count: int, draws: int, hidden: bool = True, file: str = "summary.csv") -> str:
    """The same of so many replications with so many draws; `file` has the intervals that are not shown."""
    from caresim.inference.variance_components import FEW_DRAWS

    enough = LEAST if draws == count else FEW_DRAWS
    if not 1 < draws < enough:
        return ""
    of = "replications" if draws == count else "draws of the assumptions"
    take = f"Take at least {enough * count // draws} replications."
    if not hidden:
        return f"Too few draws ({draws}): the intervals are as wide as one likes. {take}"
    return f"{draws} {of} give intervals so wide that none is shown ({file} has them); verdicts allow for it. {take}"


def with_intervals(table: Any, results: Any) -> Any:
    """Rows of the summary, the comparison or the ranking as they are shown: no interval where draws are too few."""
    if not few_draws(results.replications):
        return table
    return table.assign(**{end: float("nan") for end in ENDS if end in table})
