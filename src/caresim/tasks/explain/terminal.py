"""An explanation in the terminal and as files: which factor makes how much of a difference."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.report.console import Printer
from caresim.report.evidence import few_draws
from caresim.report.verdicts import VERDICTS
from caresim.report.wording import level, readable, signed, signed_span
from caresim.tasks.explain.factors import ORGANISATION

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text


def show(explanation: Any, console: Console | None = None) -> None:
    """Print the shares. Without a console: to standard output, 120 columns wide where that is no terminal."""
    printer = Printer(console)
    title = f"Who gets the credit? From {readable(explanation.one)} to {readable(explanation.other)}"
    printer.line()
    printer.line(f"{explanation.experiment.name}: {title}", "bold")
    for factor, meaning in explanation.factors.items():
        line = printer.text(f"{readable(factor)}: ", "bold").append(printer.text(meaning, "not bold"))
        printer.line(line, indent=2)
    printer.line()
    table = explanation.table()
    printer.console.print(grid(explanation, table, printer))
    for note in notes(explanation, table):
        printer.line(note, "dim")


def grid(explanation: Any, table: pd.DataFrame, printer: Printer) -> Table:
    """Factors as rows, headline metrics as columns; below them the total, and what staffing alone makes of it."""
    from rich import box
    from rich.table import Table

    from caresim.measure.metrics import REGISTRY

    headline = table[table["headline"].astype(bool)]
    cells = {(row.game, row.kind, row.factor, row.metric): row for row in headline.itertuples()}
    metrics = list(dict.fromkeys(headline["metric"]))
    whole, factors = table["game"].iloc[-1], list(explanation.factors)
    rows = [(readable(factor), whole, "share", factor) for factor in factors] + [("Total", whole, "total", "all")]
    if explanation.design.seats is not None:
        rows.append(("of it at the seats there are", "staffing", "total", "all"))
    out = Table(box=box.SIMPLE_HEAD, padding=(0, 1), header_style="bold")
    out.add_column("", width=18)
    for name in metrics:
        out.add_column(printer.text(REGISTRY[name].label), width=21)
    for label, *key in rows:
        style = "bold" if label == "Total" else ""
        line = [cell(cells[(*key, name)], REGISTRY[name], printer) for name in metrics]
        out.add_row(printer.text(label, style), *line, end_section=label == readable(factors[-1]))
    return out


def cell(row: Any, metric: Any, printer: Printer) -> Text:
    """A share with the sign of its verdict, and its interval."""
    ratio = metric.compare == "ratio"
    text = printer.text(signed(row.value, metric.unit, ratio))
    if row.verdict in VERDICTS:
        text.append(printer.text(f" {VERDICTS[row.verdict].mark}", VERDICTS[row.verdict].colour))
    if not math.isnan(row.ci_low):
        text.append(printer.text(f"\n{signed_span(row.ci_low, row.ci_high, metric.unit, ratio)}", "not bold dim"))
    return text


def notes(explanation: Any, table: pd.DataFrame) -> list[str]:
    """What the numbers are, and the interaction that matters most in each headline metric."""
    count = explanation.combinations["replication"].nunique()
    confidence = level(explanation.experiment.study.confidence.value)
    factors, seats = len(explanation.factors), explanation.design.seats
    headline = explanation.experiment.study.headline
    lines = [
        f"{2**factors} combinations of {factors} factors in the same {count} replications (same passengers and luck)."
        " Shapley shares: what a factor adds, averaged over all orders in which the factors may change; they sum to the"
        f" total (those written × multiply). Second line: {confidence} interval, luck and assumptions, simultaneous"
        " over all shares and totals. ✔ better, ✘ worse, = no difference that matters (within the margin),"
        " ? undecided.",
    ]
    if seats is not None:
        lines.append(
            f"Seats are no matter of staffing: {seats:g} times the free seats on every flight, to see what they do"
            " beside staff. explain.seats=null leaves them out."
        )
    if warning := few_draws(explanation.combinations, hidden=False):
        lines.insert(0, warning)
    if explanation.unmatched:
        lines.append(
            f"Without a counterpart in the other model: {', '.join(map(readable, explanation.unmatched))}. Such a desk"
            f" comes or goes with {readable(ORGANISATION)} whole, its people, hours, access and skills included."
        )
    if together := [text for name in headline if (text := interaction(table, name))]:
        lines.append(f"Strongest interactions (together beyond apart): {'; '.join(together)}.")
    if left_out := [name for name in headline if name not in set(table["metric"])]:
        lines.append(f"Not defined in every combination, so not divided: {', '.join(left_out)}.")
    lines.append("Main effects, all interactions and the other metrics: explain.csv.")
    return lines


def interaction(table: pd.DataFrame, name: str) -> str:
    """The strongest interaction in a headline metric, with its interval; empty where there is none."""
    from caresim.measure.metrics import REGISTRY

    rows = table[(table["metric"] == name) & (table["kind"] == "interaction")]
    rows = rows[rows["game"] == table["game"].iloc[-1]]
    if rows.empty or not rows["value"].abs().max():
        return ""
    row, metric = rows.loc[rows["value"].abs().idxmax()], REGISTRY[name]
    ratio = metric.compare == "ratio"
    value = signed(row["value"], metric.unit, ratio)
    interval = (
        "" if math.isnan(row["ci_low"]) else f" ({signed_span(row['ci_low'], row['ci_high'], metric.unit, ratio)})"
    )
    return f"{metric.label}: {row['factor']} {value}{interval}"


def save(explanation: Any, folder: str | Path) -> list[Path]:
    """Draw the figure and write it to `folder` as explain.png and explain.svg; returns the paths."""
    from caresim.report.style import save_both
    from caresim.tasks.explain.figure import explain

    return save_both(explain(explanation), folder, "explain")
