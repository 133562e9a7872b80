"""Can the staffing models be ranked? A sentence a metric, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caresim.report.console import Printer
from caresim.report.evidence import with_intervals
from caresim.report.number_format import effect_span, effect_text
from caresim.report.wording import joined, level, readable

if TYPE_CHECKING:
    from rich.console import Console

CONCLUSIONS = {
    "full": "a full ranking",
    "partial": "a ranking in part",
    "collapses": "the ranking collapses",
    "open": "no ranking can be given",
}


def sentence(row: Any) -> str:
    """Who stands apart, what the pairs of the others say, and the largest difference among these."""
    from caresim.measure.metrics import REGISTRY

    metric, rest = REGISTRY[row.metric], row.rest.split()
    alone = [readable(name) for name in row.set_apart.split()]
    apart = f"{joined(alone)} can be told from every other. " if alone else ""
    which = f"the {len(rest)} others" if alone else f"{len(rest)} staffing models"
    parts = {"told apart": row.told_apart, "no difference that matters": row.no_difference, "undecided": row.undecided}
    counts = ", ".join(f"{count} {words}" for words, count in parts.items() if count)
    return (
        f"{metric.label}: {apart}Of {row.pairs} pair{'s' * (row.pairs > 1)} of {which}, {counts}: "
        f"{'among these ' * bool(alone)}{CONCLUSIONS[row.conclusion]}. {_largest(row, metric)}"
    )


def _largest(row: Any, metric: Any) -> str:
    ratio = metric.compare == "ratio"
    value, interval = (
        effect_text(row.largest, metric.unit, ratio), effect_span(row.ci_low, row.ci_high, metric.unit, ratio)
    )  # fmt: skip
    return f"Largest: {readable(row.one)} against {readable(row.other)} {value}{f' ({interval})' if interval else ''}."


def show(results: Any, console: Console | None = None) -> None:
    """Print a sentence a metric; nothing with fewer than three staffing models or where there is no interval."""
    rows = results.ranking()
    rows = rows[rows["ci_low"].notna()]
    if not len(rows):
        return
    printer = Printer(console)
    confidence = level(results.experiment.study.confidence.value)
    printer.line("Can they be ranked?", "bold")
    note = f"All pairs of staffing models, {confidence} intervals simultaneous over the pairs of a metric (pairs.csv)."
    for row in with_intervals(rows, results).itertuples():
        printer.line(sentence(row), indent=2)
    printer.line(note, "dim", indent=2)
    printer.line()
