"""The facts of a crisis as a table in the terminal: observed, simulated, inside or not."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from caresim.view.console import opened
from caresim.view.terminal import PLAIN
from caresim.view.wording import clock_span, large, quantity, readable

if TYPE_CHECKING:
    from rich.console import Console


def worded(value: float, kind: str, experiment: Any) -> str:
    """4.2 -> "4.2 min", 22:15, "yes", "83 %", as the kind of fact has it."""
    if math.isnan(value):
        return "never"
    if kind == "moment":
        moment = experiment.start + timedelta(minutes=value)
        return f"{moment.astimezone(experiment_zone(experiment)):%H:%M}"
    if kind == "duration":
        return clock_span(value)
    if kind == "yes":
        return "yes" if value else "no"
    return quantity(value, "share") if kind == "share" else large(value)


def experiment_zone(experiment: Any) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(experiment.timezone)


def simulated(row: Any, experiment: Any) -> str:
    """What came out: a share for yes and no, else the median with its range."""
    if row.kind == "yes":
        return f"{quantity(row.mean, 'share')} of evenings" if row.count else "never"
    if row.kind == "share":
        ends = f"{quantity(row.low, 'share')} to {quantity(row.high, 'share')}"
        return f"{quantity(row.mean, 'share')} ({ends})"
    middle, low, high = (worded(value, row.kind, experiment) for value in (row.median, row.low, row.high))
    return f"{middle} ({low} to {high})"


def show(results: Any, console: Console | None = None) -> None:
    """Print the facts of the baseline, which is what was; the other staffing models' are in facts.csv."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    experiment = results.experiment
    if not experiment.facts:
        return
    console = opened(console)
    plain = console.options.ascii_only
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), header_style="bold")
    for name in ("fact", "observed", "simulated (median, 90 % range)", "inside"):
        table.add_column(name)
    known = results.facts()
    for row in known[known["staffing"] == results.baseline].itertuples():
        mark = Text("yes", style="green") if row.inside else Text("no", style="bold red")
        cells = (row.what, worded(row.observed, row.kind, experiment), simulated(row, experiment))
        table.add_row(*(text.translate(PLAIN) if plain else text for text in cells), mark)
    console.print(Text(f"What is known, and what {readable(results.baseline).lower()} gives", style="bold"))
    console.print(table)
