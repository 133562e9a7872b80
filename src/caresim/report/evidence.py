"""How much stands behind what is shown, in words: replications, draws of the assumptions, intervals."""

from __future__ import annotations

from typing import Any

from caresim.report.wording import level


def replications_in_words(results: Any, band: str = "bands: 90 % of replications") -> str:
    """How much stands behind a figure, for its subtitle."""
    count = results.replications["replication"].nunique()
    if count == 1:
        return "1 replication: no interval can be given"
    one_draw = ", one draw of the assumptions: no verdicts" if results.replications["draw"].nunique() < 2 else ""
    return f"{count} paired replications of every staffing model{one_draw}; {band}"


def intervals_in_words(results: Any) -> str:
    """What the two intervals of `draw_interval` are, for a subtitle."""
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
    if draws == count:
        return (
            f"{count} paired replications of every staffing model (same customers and luck); nothing else is uncertain."
            f" Second line: {interval}."
        )
    return (
        f"{count} paired replications of every staffing model (same passengers, seats and luck), "
        f"{draws} draws of the assumptions."
        f" Second line: {interval}, luck and assumptions together (luck alone: summary.csv)."
    )


def few_draws(rows: Any) -> str:
    """A warning where the draws of the assumptions are too few for their interval to say much; else empty."""
    from caresim.inference.variance_components import FEW_DRAWS

    count, draws = rows["replication"].nunique(), rows["draw"].nunique()
    if not 1 < draws < min(FEW_DRAWS, count):
        return ""
    return (
        f"Too few draws ({draws}) for an interval of the assumptions to say much: most of its width is that."
        f" Take at least {FEW_DRAWS * count // draws} replications."
    )
