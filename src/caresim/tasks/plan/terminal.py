"""A plan in the terminal: its rules, what changes, what that buys, and what it does to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caresim.config.display_names import desk_name
from caresim.report.console import Printer
from caresim.report.wording import level, quantity, readable, span
from caresim.tasks.plan.measures import MONEY, label
from caresim.tasks.plan.part_table import conditions
from caresim.tasks.plan.words import (
    changes,
    evidence,
    guards,
    rules_in_words,
    sentences,
    unit_of,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

HEADINGS = {
    "csat_all_additive": "Satisfaction, additive", "csat_all_justice": "Satisfaction, justice",
    "ordinary_answered": "Ordinary, answered", "ordinary_minute": "Ordinary, in a minute",
    "paid_hours": "Paid hours",
}  # fmt: skip
"""Short, for a narrow column."""
CALLED = {"before": "as it was", "plan": "planned", "earlier": "changes earlier", "more_people": "more people at once"}


def show(plan: Any, console: Console | None = None) -> None:
    """Print the plan. Without a console: to standard output, 120 columns wide where that is no terminal."""
    printer = Printer(console)
    rules = plan.rules
    printer.line()
    printer.line(f"{plan.experiment.name}: a roster for {desk_name(rules.desk)} of {readable(rules.staffing)}", "bold")
    for line in rules_in_words(plan):
        printer.line(line, indent=2)
    if rules.is_given:
        printer.line("What changes:", "bold")
        for line in changes(plan) or ["nothing"]:
            printer.line(line, indent=2)
    printer.line("What it buys:" if rules.is_given else "What it reaches:", "bold")
    for line in [*conditions(plan), *sentences(plan)]:
        printer.line(line, indent=2)
    if others := guards(plan):
        printer.line("Everybody else:", "bold")
        for line in others:
            printer.line(line, indent=2)
    printer.line()
    printer.console.print(grid(plan, printer))
    printer.line(evidence(plan), "dim")


def grid(plan: Any, printer: Printer) -> Table:
    """Rosters as rows, the aim, ordinary customers, cost and hours as columns."""
    from rich import box
    from rich.table import Table

    names = [plan.aim, "csat_all_additive", "csat_all_justice", "ordinary_answered", "ordinary_minute", "cost"]
    columns = [name for name in dict.fromkeys([*names, "paid_hours"]) if plan.judged[name].notna().any()]
    out = Table(box=box.SIMPLE_HEAD, padding=(0, 1), header_style="bold")
    out.add_column(f"mean ({level(plan.experiment.study.confidence.value)} interval)", width=20)
    for name in columns:
        out.add_column(printer.text(HEADINGS.get(name, label(name))), justify="right", min_width=13)
    for roster in plan.rosters:
        if roster == "before" and not plan.rules.is_given:
            continue
        called = readable(plan.settings.beside) if roster == "beside" else CALLED.get(roster)
        called = called or called_by_hours(plan, roster)
        cells = [printer.text(called, "bold" if roster == "plan" else "")]
        for name in columns:
            mean, unit = plan.judging.mean(roster, name), unit_of(name)
            interval = "" if name in MONEY else f"\n{span(mean.low, mean.high, unit)}"
            cells.append(printer.text(f"{quantity(mean.value, unit)}{interval}"))
        out.add_row(*cells)
    return out


def called_by_hours(plan: Any, roster: str) -> str:
    """`hours_0.9` as people say it."""
    if not plan.rules.is_given:
        return f"likewise, {quantity(plan.judging.mean(roster, 'paid_hours').value, 'h')}"
    return f"{roster.removeprefix('hours_')} of the hours before"
