"""The analyst's part of the page: every metric with its intervals, the assumptions, and where the rest lies."""

from __future__ import annotations

from caresim.report.number_format import pairs_text
from caresim.report.page.document import Cell, Items, Section, Table
from caresim.report.wording import readable
from caresim.tasks.compare.page.lookup import Lookup

FILES = {
    "results.xlsx": "summary, comparison, roster, intervals and assumptions, as a workbook",
    "summary.csv": "every metric of every staffing model",
    "comparison.csv": "every metric against the baseline, with intervals and verdicts",
    "intervals.csv": "the 30-minute interval report of the first replication",
    "manifest.json": "the configuration, versions, hashes and durations",
}


def metrics(look: Lookup) -> Section:
    """Every metric of every staffing model: value, difference, intervals, verdict."""
    rows: list[list[Cell | str]] = []
    ordered = [*look.headline, *(name for name in look.measured if name not in look.headline)]
    for name in ordered:
        if not look.is_known(name) or name not in look.registry:
            continue
        for model in look.staffings:
            row = look.comparison.get((model, name))
            needed = pairs_text(row.pairs_needed) if row is not None and row.pairs_needed > 0 else ""
            rows.append(
                [
                    f"{look.label(name)}{'' if name in look.headline else ' °'}",
                    readable(model),
                    Cell(look.value(model, name), look.interval(model, name)),
                    Cell(look.difference(model, name), look.difference_interval(model, name)),
                    Cell("", "", look.verdict_words(model, name), look.cell(model, name).look),
                    needed,
                ]
            )
    heads = ["Metric", "Staffing model", "Value", f"Against {readable(look.baseline)}", "Verdict", "Pairs needed"]
    caption = (
        "In small letters intervals for luck and assumptions. Those of headline metrics hold for all of them together; "
        "° exploratory: each holds for itself. docs/results.md says what each metric means."
    )
    return Section("Every metric, with intervals", [Table(caption, heads, rows)])


def files(figures: list[str]) -> Section:
    """What else lies in the folder."""
    items = [*FILES.items(), *((f"figures/{name}.png", "also as SVG") for name in figures)]
    return Section("Beside this page", [Items(items)])
