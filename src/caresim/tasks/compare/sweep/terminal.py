"""The sweep in the terminal: a row a point, a column a staffing model, differences with intervals and verdicts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from caresim.report.console import Printer
from caresim.report.number_format import effect_span, effect_text, value_text
from caresim.report.verdicts import DETAILED, MEANINGS
from caresim.report.wording import level, readable
from caresim.tasks.compare.sweep import answer
from caresim.tasks.compare.sweep.choice import (
    as_shown,
    compared_with_first,
    few_draws,
    metric_of,
    reference_of,
    shown_metrics,
)
from caresim.tasks.compare.sweep.keys import key_words, many_in_words, points_of, swept_keys

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from caresim.tasks.compare.sweep.sweep import Failure

MOST_POINTS = 40
"""Rows of the table; sweep.csv has all."""
DETAILED_COLUMNS, MOST_COLUMNS = 4, 9
"""So many staffing models have cells with intervals; up to so many fit beside each other at all."""


def show(
    table: pd.DataFrame,
    chosen: Sequence[str] = (),
    failed: Sequence[Failure] = (),
    confidence: float | None = None,
    console: Console | None = None,
) -> None:
    """Print what the sweep answers and its table of the first metric that is shown."""
    printer = Printer(console)
    warning, table = few_draws(table), as_shown(table)
    printer.line()
    keys = swept_keys(table) if len(table) else []
    if keys:
        printer.line(f"What changes with {' and '.join(map(key_words, keys))}?", "bold")
        printer.line()
    for sentence in answer.sentences(table, chosen, failed):
        printer.line(sentence)
    names = shown_metrics(table, chosen) if len(table) else []
    if not names:
        return
    rows = table[table["metric"] == names[0]]
    models = [str(name) for name in rows["staffing"].unique()]
    printer.line()
    printer.line(metric_of(names[0]).label, "bold")
    if compared_with_first(table):
        printer.console.print(_of_points(printer, table, rows, models[0]))
    elif len(models) <= DETAILED_COLUMNS:
        printer.console.print(_of_models(printer, table, rows, models, brief=False))
    else:
        first, *others = models
        for start in range(0, len(others), MOST_COLUMNS - 1):
            part = [first, *others[start : start + MOST_COLUMNS - 1]]
            printer.console.print(_of_models(printer, table, rows, part, brief=True))
    for line in _notes(table, rows, names, confidence, warning):
        printer.line(line, "dim")


def _empty(printer: Printer, heads: Sequence[str], widths: Sequence[int | None]) -> Table:
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold")
    for head, width in zip(heads, widths, strict=True):
        made.add_column(printer.text(head), max_width=width, overflow="fold")
    return made


def _of_points(printer: Printer, table: pd.DataFrame, rows: pd.DataFrame, staffing: str) -> Table:
    """One staffing model: its value at each point, and the difference from the first point."""
    points = points_of(table)
    made = _empty(printer, ("", readable(staffing), "against the first", "interval", "verdict"), (44, 20, 18, 24, 30))
    for row in rows.head(MOST_POINTS).to_dict("records"):
        difference, interval, verdict, colour = _effect(row)
        made.add_row(
            printer.text(points[row["job"]]), printer.text(_value(row)), printer.text(difference),
            printer.text(interval, "dim"), printer.text(verdict, colour),
        )  # fmt: skip
    return made


def _of_models(printer: Printer, table: pd.DataFrame, rows: pd.DataFrame, models: Sequence[str], brief: bool) -> Table:
    """A row a point; in a cell the value and, against the baseline of the same run, difference, interval, verdict."""
    points = points_of(table)
    room = max(11, (printer.console.width - 24) // len(models) - 2)
    made = _empty(printer, ("", *map(readable, models)), (24, *[room] * len(models)))
    by_place = {(row["job"], row["staffing"]): row for row in rows.to_dict("records")}
    for job in list(dict.fromkeys(rows["job"]))[:MOST_POINTS]:
        cells = []
        for model in models:
            row = by_place.get((job, model))
            cells.append(printer.text("") if row is None else _cell(printer, row, brief))
        made.add_row(printer.text(points[job]), *cells, end_section=not brief)
    return made


def _cell(printer: Printer, row: dict[str, Any], brief: bool) -> Any:
    difference, interval, verdict, colour = _effect(row)
    text = printer.text(_value(row), "bold")
    if brief:
        mark = DETAILED[row["verdict_detail"]].mark if row["verdict_detail"] in DETAILED else ""
        return text.append(printer.text(f" {mark}", f"not bold {colour}")) if mark else text
    if difference:
        text.append(printer.text(f"\n{difference}", "not bold"))
        text.append(printer.text(f" ({interval})" if interval else "", "not bold dim"))
        text.append(printer.text(f"\n{verdict}", f"not bold {colour}"))
    return text


def _value(row: dict[str, Any]) -> str:
    return value_text(row["mean"], row["ci_low"], row["ci_high"], metric_of(row["metric"]).unit)


def _effect(row: dict[str, Any]) -> tuple[str, str, str, str]:
    """Difference, its interval, the verdict with its sign, and its colour; empty for what is compared with."""
    if math.isnan(row["difference"]):
        return "", "", "", "default"
    metric = metric_of(row["metric"])
    ratio = metric.compare == "ratio"
    interval = effect_span(row["difference_ci_low"], row["difference_ci_high"], metric.unit, ratio)
    look = DETAILED.get(row["verdict_detail"])
    words, colour = (look.text, look.colour) if look else ("", "default")
    return effect_text(row["difference"], metric.unit, ratio), interval, words, colour


def _notes(
    table: pd.DataFrame, rows: pd.DataFrame, names: Sequence[str], confidence: float | None, warning: str
) -> list[str]:
    """What the intervals are, what the signs mean, and what is not in the table."""
    first = compared_with_first(table)
    against = "the first point" if first else f"{readable(reference_of(table))} of the same run"
    held = "hold for all points at once" if first else "hold for all staffing models of a run at once"
    if not rows["headline"].astype(bool).all():
        held = "hold one by one, as this is no headline metric"
    interval = f"{level(confidence)} intervals" if confidence else "Intervals"
    found = set(rows["verdict_detail"])
    meanings = "; ".join(f"{look.mark} {MEANINGS[word]}" for word, look in DETAILED.items() if word in found)
    shown = rows["ci_low"].notna().any() or rows["difference_ci_low"].notna().any()
    what = f"; {interval} of luck and assumptions {held}" if shown else ""
    lines = [
        f"{many_in_words(rows)} paired replications a point. Differences are from {against}, in the same"
        f" replications{what}."
    ]
    lines += [warning] if warning else []
    lines += [f"{meanings}."] if meanings else []
    if (more := rows["job"].nunique() - MOST_POINTS) > 0:
        lines.append(f"{more} more points are in sweep.csv.")
    others = [metric_of(name).label for name in names[1:]]
    if others:
        lines.append(f"On the page and in the figures as well: {', '.join(others)}.")
    return lines
