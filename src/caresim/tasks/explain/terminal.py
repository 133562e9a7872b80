"""An explanation in the terminal and as files: which factor makes how much of a difference."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.report.console import opened
from caresim.report.wording import level, readable, signed, verdict_mark
from caresim.tasks.compare.terminal import COLOURS, PLAIN, few_draws
from caresim.tasks.explain.factors import ORGANISATION

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    Say = Callable[..., Text]


def show(explanation: Any, console: Console | None = None) -> None:
    """Print the shares. Without a console: to standard output, 120 columns wide where that is no terminal."""
    from rich.padding import Padding
    from rich.text import Text

    console = opened(console)
    plain = console.options.ascii_only

    def say(text: str, style: str = "") -> Text:
        return Text(text.translate(PLAIN) if plain else text, style=style)

    title = f"Who gets the credit? From {readable(explanation.one)} to {readable(explanation.other)}"
    console.print()
    console.print(say(f"{explanation.experiment.name}: {title}", "bold"))
    for factor, meaning in explanation.factors.items():
        line = say(f"{readable(factor)}: ", "bold").append(say(meaning, "not bold"))
        console.print(Padding(line, (0, 0, 0, 2)))
    console.print()
    table = explanation.table()
    console.print(grid(explanation, table, say))
    for note in notes(explanation, table):
        console.print(say(note, "dim"))


def grid(explanation: Any, table: pd.DataFrame, say: Say) -> Table:
    """Factors as rows, headline metrics as columns; below the total, and of it what staffing alone makes."""
    from rich import box
    from rich.table import Table

    from caresim.measure.metrics import REGISTRY

    found = table[table["headline"].astype(bool)]
    cells = {(row.game, row.kind, row.factor, row.metric): row for row in found.itertuples()}
    metrics = list(dict.fromkeys(found["metric"]))
    whole, factors = table["game"].iloc[-1], list(explanation.factors)
    rows = [(readable(factor), whole, "share", factor) for factor in factors] + [("Total", whole, "total", "all")]
    if explanation.design.seats is not None:
        rows.append(("of it at the seats there are", "staffing", "total", "all"))
    out = Table(box=box.SIMPLE_HEAD, padding=(0, 1), header_style="bold")
    out.add_column("", width=18)
    for name in metrics:
        out.add_column(say(REGISTRY[name].label), width=21)
    for label, *key in rows:
        style = "bold" if label == "Total" else ""
        line = [cell(cells[(*key, name)], REGISTRY[name], say) for name in metrics]
        out.add_row(say(label, style), *line, end_section=label == readable(factors[-1]))
    return out


def cell(row: Any, metric: Any, say: Say) -> Text:
    """A share with the sign of its verdict, and its interval."""
    ratio = metric.compare == "ratio"
    text = say(signed(row.value, metric.unit, ratio))
    if row.verdict in COLOURS:
        text.append(say(f" {verdict_mark(row.verdict)}", COLOURS[row.verdict]))
    if not math.isnan(row.ci_low):
        text.append(say(f"\n{between(row.ci_low, row.ci_high, metric)}", "not bold dim"))
    return text


def between(low: float, high: float, metric: Any) -> str:
    """An interval of differences, its unit said once where it follows the number."""
    ends = [signed(end, metric.unit, metric.compare == "ratio") for end in (low, high)]
    unit = ends[1][ends[1].rfind(" ") :] if " " in ends[1] else ""
    return f"{ends[0].removesuffix(unit)} to {ends[1]}" if unit else " to ".join(ends)


def notes(explanation: Any, table: pd.DataFrame) -> list[str]:
    """What the numbers are, and the interaction that matters most in each headline metric."""
    count = explanation.combinations["replication"].nunique()
    confidence = level(explanation.experiment.study.confidence.value)
    factors, seats = len(explanation.factors), explanation.design.seats
    headline = explanation.experiment.study.headline
    found = [
        f"{2**factors} combinations of {factors} factors in the same {count} replications (same passengers and luck)."
        " Shapley shares: what a factor adds, averaged over all orders in which the factors may change; they sum to the"
        f" total (those written × multiply). Second line: {confidence} interval, luck and assumptions, simultaneous"
        " over all shares and totals. ✔ better, ✘ worse, = no difference that matters (within the margin),"
        " ? undecided.",
    ]
    if seats is not None:
        found.append(
            f"Seats are no matter of staffing: {seats:g} times the free seats on every flight, to see what they do"
            " beside staff. explain.seats=null leaves them out."
        )
    if told := few_draws(explanation.combinations):
        found.insert(0, told)
    if explanation.unmatched:
        found.append(
            f"Without a counterpart in the other model: {', '.join(map(readable, explanation.unmatched))}. Such a desk"
            f" comes or goes with {readable(ORGANISATION)} whole, its people, hours, access and skills included."
        )
    if together := [text for name in headline if (text := interaction(table, name))]:
        found.append(f"Strongest interactions (together beyond apart): {'; '.join(together)}.")
    if left_out := [name for name in headline if name not in set(table["metric"])]:
        found.append(f"Not defined in every combination, so not divided: {', '.join(left_out)}.")
    found.append("Main effects, all interactions and the other metrics: explain.csv.")
    return found


def interaction(table: pd.DataFrame, name: str) -> str:
    """The strongest interaction in a headline metric, with its interval; empty where there is none."""
    from caresim.measure.metrics import REGISTRY

    rows = table[(table["metric"] == name) & (table["kind"] == "interaction")]
    rows = rows[rows["game"] == table["game"].iloc[-1]]
    if rows.empty or not rows["value"].abs().max():
        return ""
    row, metric = rows.loc[rows["value"].abs().idxmax()], REGISTRY[name]
    value = signed(row["value"], metric.unit, metric.compare == "ratio")
    told = "" if math.isnan(row["ci_low"]) else f" ({between(row['ci_low'], row['ci_high'], metric)})"
    return f"{metric.label}: {row['factor']} {value}{told}"


def save(explanation: Any, folder: str | Path) -> list[Path]:
    """Draw the figure and write it to `folder` as explain.png and explain.svg; returns the paths."""
    from caresim.report.style import save as write
    from caresim.tasks.explain.figure import explain

    figure = explain(explanation)
    return [write(figure, Path(folder) / f"explain.{kind}") for kind in ("png", "svg")]
