"""A study of sensitivity in the terminal: three sentences, then a row an assumption."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from caresim.report.console import WIDTH, Printer
from caresim.report.wording import level, readable
from caresim.tasks.sensitivity.answer import difference, index, scaled, sentences, worth_head, worth_of
from caresim.tasks.sensitivity.assumptions import LUCK, OTHERS, label
from caresim.tasks.sensitivity.result import TOGETHER

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def show(told: Any, console: Console | None = None) -> None:
    """Print it. Without a console: to standard output, 120 columns wide where that is no terminal."""
    printer = Printer(console)
    printer.line()
    printer.line(f"{told.experiment.name}: which assumption decides?", "bold")
    for sentence in sentences(told):
        for line in textwrap.wrap(sentence, min(printer.console.width, WIDTH)):
            printer.line(line)
    printer.line()
    printer.console.print(grid(told, printer))
    for line in evidence(told):
        printer.line(line, "dim")


def grid(told: Any, printer: Printer) -> Table:
    """Assumptions as rows: the difference near both ends of the range, share of the variance, worth of knowing."""
    from rich import box
    from rich.table import Table

    best, next_best = told.pairs[0]
    apart = told.tornado()
    apart = apart[(apart["staffing"] == best) & (apart["against"] == next_best)].set_index("assumption")
    model, other = told.contest
    totals = told.shares(told.contest)
    worth = told.knowing().set_index("assumption")
    out = Table(box=box.SIMPLE_HEAD, padding=(0, 1), header_style="bold")
    out.add_column("")
    heads = [
        "near the low end", "near the high end", f"{readable(best)} less {readable(next_best)}",
        f"total index, {readable(model)} less {readable(other)}", worth_head(told, "worth knowing"),
    ]  # fmt: skip
    for head in heads:
        out.add_column(printer.text(head), justify="right")
    for name in [*apart.index, OTHERS, LUCK, TOGETHER]:
        if name not in apart.index and name not in totals.index and name not in worth.index:
            continue
        cells = [label(name)]
        if name in apart.index:
            row = apart.loc[name]
            moves = f"{difference(told, row['at_from'])} to {difference(told, row['at_to'])}"
            cells += [row["from_value"], row["to_value"], moves]
        else:
            cells += ["", "", ""]
        total = totals.loc[name] if name in totals.index else None
        cells.append(index(total, "total") if total is not None and total["total"] == total["total"] else "")
        known = name in worth.index and worth.loc[name, "worth"] == worth.loc[name, "worth"]
        cells.append(worth_of(told, worth.loc[name], "worth")[0] if known else "")
        out.add_row(*(printer.text(cell) for cell in cells))
    return out


def evidence(told: Any) -> list[str]:
    """What the numbers rest on."""
    rows, runs = len(told.rows.first), len(told.runs)
    if told.screening is not None:
        screened = f" Of {len(told.assumptions)} assumptions a screening passed these on."
    else:
        screened = ""
    return [
        f"{rows} rows of {told.rows.width} points, {runs:,} runs of {len(told.models)} staffing models.{screened} Luck"
        " is an input like the others: the points of a row share it, each row has its own.",
        f"Near the ends: at 5 % and 95 % of each range. Intervals ({level(told.confidence)}) are in the .csv files."
        " Worth: too high where it is near zero; knowing.csv has it held out, too.",
        *scaled(told),
    ]
