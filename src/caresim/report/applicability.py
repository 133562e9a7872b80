"""Which figures have something to show of a run: an empty picture says less than none."""

from __future__ import annotations

from typing import Any


def telling(name: str, results: Any) -> bool:
    """Has the figure of this name anything to show of these results?"""
    if name == "differences":
        return len(results.staffings) > 1
    if name == "cost":
        return len(results.staffings) > 1 and rated(results) and known("csat", results)
    if name == "satisfaction":
        return rated(results) and known("csat", results)
    if name == "latency":
        return bool(results.curves["answered"].notna().any())
    if name == "mood":
        return bool((results.courses["mood"] > 0).any())
    if name == "resolution":
        return rated(results) or bool((results.courses["seats_free"] > 0).any())
    return True


def known(metric: str, results: Any) -> bool:
    """Has any replication a value? None has where so few are affected that none of them needs anything."""
    return metric in results.replications and bool(results.replications[metric].notna().any())


def rated(results: Any) -> bool:
    """Does satisfaction hang on anything but the wait? Where behaviour is switched off it does not."""
    settlement = results.experiment.behaviour.settlement
    return any(getattr(settlement, term).value != 0 for term in ("resolution", "effort", "tone", "anger"))
