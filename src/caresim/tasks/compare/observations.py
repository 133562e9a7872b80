"""The observations of a crisis as a table in the terminal: observed, simulated, and whether they agree."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from caresim.report.console import Printer
from caresim.report.verdicts import OBSERVED, PUT_IN
from caresim.report.wording import clock_span, large, quantity, readable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

RULE = (
    "Simulated: the median and the range of 90 % of the runs; for yes or no, and for shares of persons, the mean and"
    " its 90 % interval (luck and assumptions). Inside: it lies in what is tolerated (yes: in most runs); partly: only"
    " some of its range does; outside: nothing does."
)


def worded(value: float, kind: str, experiment: Any) -> str:
    """4.2 -> "4.2 min", 22:15, "yes", "83 %", as the kind of observation has it."""
    if math.isnan(value):
        return "not asked"
    if math.isinf(value):
        return "never"
    if kind == "moment":
        moment = experiment.start + timedelta(minutes=value)
        return f"{moment.astimezone(ZoneInfo(experiment.timezone)):%H:%M}"
    if kind == "duration":
        return clock_span(value)
    if kind == "yes":
        return "yes" if value else "no"
    return quantity(value, "share") if kind == "share" else large(value)


def band(row: Any, experiment: Any) -> str:
    """What is tolerated, where it is more than what was observed."""
    if row.kind == "yes":
        return ""
    if row.kind == "share":
        return "or more"
    return f"{worded(row.tolerated_low, row.kind, experiment)} to {worded(row.tolerated_high, row.kind, experiment)}"


def simulated(row: Any, experiment: Any) -> str:
    """What came out with its range, and in how many runs, or of how many persons."""
    if not row.of:
        return "nothing to observe"
    kind = "share" if row.kind == "yes" else row.kind
    middle, low, high = (worded(value, kind, experiment) for value in (row.simulated, row.low, row.high))
    around = "" if math.isnan(row.low) else f" ({low} to {high})"
    counted = {"share": f"{row.of} persons", "yes": f"of {row.of} runs"}
    return f"{middle}{around}\n{counted.get(row.kind, f'{row.count} of {row.of} runs')}"


def counts(table: Any) -> str:
    """How many observations agree, counted apart for those that something was set to."""
    parts = []
    for put_in, words in ((False, "that nothing was set to"), (True, f"that something was set to ({PUT_IN})")):
        rows = table[(table["given"] != "") == put_in]
        count = rows["verdict"].value_counts()
        if len(rows):
            verdicts = ", ".join(f"{count[verdict]} {verdict}" for verdict in OBSERVED if verdict in count)
            parts.append(f"{len(rows)} {words}: {verdicts}")
    return ". ".join(parts) + "."


def show(results: Any, console: Console | None = None) -> None:
    """Print what was observed beside the baseline, which is what was; other staffing models': observations.csv."""
    experiment = results.experiment
    if not experiment.observations:
        return
    printer = Printer(console)
    rows = results.observations()
    rows = rows[rows["staffing"] == results.baseline]
    printer.line(f"What was observed, and what {readable(results.baseline)} gives", "bold")
    printer.console.print(as_table(rows, experiment, printer))
    printer.line(counts(rows), "bold")
    printer.line(RULE, "dim")
    for row in rows[rows["given"] != ""].itertuples():
        printer.line(f"{PUT_IN} {row.what}: {row.given}", "dim")


def as_table(rows: Any, experiment: Any, printer: Printer) -> Table:
    """A row per observation."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), header_style="bold")
    for name in ("what", "observed", "simulated", ""):
        table.add_column(name)
    for row in rows.itertuples():
        observed = printer.text(worded(row.observed, row.kind, experiment))
        result, _, counted = simulated(row, experiment).partition("\n")
        look = OBSERVED[row.verdict]
        table.add_row(
            printer.text(row.what + (f" {PUT_IN}" if row.given else "")),
            observed.append(printer.text(f"\n{band(row, experiment)}", "dim")),
            printer.text(result).append(printer.text(f"\n{counted}", "dim")),
            printer.text(look.text, look.colour),
        )
    return table
