"""The answer in sentences and the rows of a manager's table, until tasks/compare/answer.py has them."""

from __future__ import annotations

from typing import Any

from caresim.report.wording import quantity, readable


def rows(results: Any) -> list[str]:
    """The metrics of the table: at most six."""
    summary = results.summary()
    there = set(summary["metric"][summary["mean"].notna()])
    wanted = [*results.experiment.study.headline, "ordinary_answered", "ordinary_abandonment", "cost", "paid_hours"]
    return [name for name in dict.fromkeys(wanted) if name in there][:6]


def sentences(results: Any) -> list[str]:
    """The answer: who is better, what it costs, what is left open."""
    from caresim.measure.metrics import REGISTRY

    table = results.comparison()
    table = table[table["headline"].astype(bool)]
    others = [name for name in results.staffings if name != results.baseline]
    if not others or not len(table):
        return [f"Only {readable(results.baseline)} was run: there is nothing to compare it with."]
    counts = {
        name: table[(table["staffing"] == name) & (table["verdict"] == "better")]["metric"].tolist() for name in others
    }
    best = max(others, key=lambda name: len(counts[name]))
    labels = ", ".join(REGISTRY[name].label for name in counts[best]) or "none of the headline metrics"
    costs = results.summary().set_index(["staffing", "metric"])["mean"]
    money = " against ".join(
        quantity(costs.get((name, "cost"), float("nan")), "EUR") for name in (best, results.baseline)
    )
    open_ones = int((table["verdict"] == "undecided").sum())
    return [
        f"{readable(best)} is better than {readable(results.baseline)} in {labels}.",
        f"Its staff cost {money}.",
        f"{open_ones} of {len(table)} comparisons are undecided.",
    ]
