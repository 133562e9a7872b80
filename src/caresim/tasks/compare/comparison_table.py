"""The comparison as a table: staffing models side by side, a row per metric, verdicts in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caresim.inference.verdict import UNDECIDED
from caresim.report.number_format import interval_text, pairs_text, value_text
from caresim.report.verdicts import BRIEF, LONGEST, VERDICTS, by_either_law, counted_worlds
from caresim.report.wording import SPOKEN, axis_unit, quantity, readable

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from caresim.report.console import Printer

ORDINARY = ("ordinary_answered", "ordinary_wait", "ordinary_abandonment")
"""What becomes of ordinary customers: rows of every experiment that has any."""
MORE = (
    "useful_60",
    "csat",
    "informed_30",
    "acknowledged_60",
    "phone_first_60",
    "counter_first_60",
    "social_first_60",
    "resolved_in_time_seats",
    "resolved_in_time_other",
    "resolved_24h",
    "time_to_resolution",
    "median_first_response",
    *ORDINARY,
    "bad_answers",
    "agent_sd",
    "mood_area",
    "overload",
    "overload_peak",
    "overload_social",
    "overload_social_peak",
    "paid_hours",
    "cost",
)
"""Exploratory metrics below the headline ones."""
SIDE_BY_SIDE = 6
"""Up to this many staffing models fit beside each other; with more, each gets a row."""


class Sheet:
    """What the table says, looked up by staffing model and metric."""

    def __init__(self, results: Any, printer: Printer) -> None:
        from caresim.measure.metrics import REGISTRY

        self.registry = REGISTRY
        self.printer = printer
        self.baseline = str(results.baseline)
        self.staffings = list(results.staffings)
        self.summary = {(row.staffing, row.metric): row for row in results.summary().itertuples()}
        comparison = results.comparison()
        self.comparison = {(row.staffing, row.metric): row for row in comparison.itertuples()}
        measured = {metric for _, metric in self.summary}
        self.headline = [name for name in results.experiment.study.headline if name in measured]
        defined = {metric for (_, metric), row in self.summary.items() if not math.isnan(row.mean)}
        self.more = [name for name in MORE if name in defined and name not in self.headline]

    @property
    def metrics(self) -> list[str]:
        """All that the table shows, headline metrics first."""
        return [*self.headline, *self.more]

    def label(self, name: str) -> Text:
        """The metric's name, with its unit where the values do not say it; exploratory ones carry a degree sign."""
        metric, headline = self.registry[name], name in self.headline
        text = self.printer.text(metric.label + ("" if headline else " °"), "bold" if headline else "")
        if metric.unit not in SPOKEN:
            text.append(self.printer.text(f" ({axis_unit(metric.unit)})", "not bold dim"))
        return text

    def best(self, name: str) -> set[str]:
        """Staffing models whose estimate is the best of the row as it is printed; none where neither way is better."""
        metric = self.registry[name]
        means = {model: self.summary[model, name].mean for model in self.staffings if (model, name) in self.summary}
        finite = {model: mean for model, mean in means.items() if math.isfinite(mean)}
        if metric.better == "neither" or len(self.staffings) < 2 or not finite:
            return set()
        top = (max if metric.better == "higher" else min)(finite.values())
        winners = {model for model in finite if quantity(finite[model], metric.unit) == quantity(top, metric.unit)}
        return winners if len(winners) < len(means) else set()

    def value(self, staffing: str, name: str) -> str:
        """The estimate as it is printed."""
        row, metric = self.summary.get((staffing, name)), self.registry[name]
        if row is None:
            return "not known"
        return value_text(row.mean, row.ci_low, row.ci_high, metric.unit)

    def verdict(self, staffing: str, name: str, brief: bool) -> tuple[str, str]:
        """Verdict against the baseline and its colour: words for headline metrics, a sign for exploratory ones."""
        row = self.comparison.get((staffing, name))
        if row is None or staffing == self.baseline or row.verdict not in VERDICTS:
            return "", ""
        look = VERDICTS[row.verdict]
        if name not in self.headline:
            return look.mark, look.colour
        text = BRIEF[row.verdict] if brief else look.text
        if row.verdict == UNDECIDED and math.isfinite(row.pairs_needed):
            text += "\n" + pairs_text(row.pairs_needed, "pairs" if brief else "pairs needed")
        verdicts = {metric: row.verdict for (model, metric), row in self.comparison.items() if model == staffing}
        return text + by_either_law(name, row.verdict, verdicts), look.colour

    def cell(self, staffing: str, name: str, brief: bool) -> Text:
        """Value (best starred), interval and verdict; exploratory metrics carry its sign behind the value."""
        best, headline = staffing in self.best(name), name in self.headline
        words, colour = self.verdict(staffing, name, brief)
        text = self.printer.text(("★ " if best else "") + self.value(staffing, name), "bold" if best else "")
        if words and not headline:
            text.append(self.printer.text(f" {words}", f"not bold {colour}"))
        row = self.summary.get((staffing, name))
        interval = interval_text(row.ci_low, row.ci_high, self.registry[name].unit) if row is not None else ""
        if row is not None and interval and row.ci_low < row.ci_high:
            text.append(self.printer.text(f"\n{interval}", "not bold dim"))
        if words and headline:
            text.append(self.printer.text(f"\n{words}", f"not dim bold {colour}"))
            if worlds := self.worlds(staffing, name):
                text.append(self.printer.text(f"\n{worlds}", "not bold dim"))
        return text

    def worlds(self, staffing: str, name: str) -> str:
        """In how many worlds it is better, in brackets by enough to matter; empty where they are too few."""
        row = self.comparison.get((staffing, name))
        counted = None if row is None else counted_worlds(row)
        return "" if counted is None else "{} of {} worlds ({})".format(*counted)

    def heading(self, staffing: str) -> Text:
        """The name of a staffing model; the baseline is marked."""
        text = self.printer.text(readable(staffing), "bold")
        return text.append("\nbaseline", style="not bold") if staffing == self.baseline else text


def tables(sheet: Sheet, width: int) -> list[Table]:
    """The comparison in `width` columns: staffing models beside each other, or below each other in several tables."""
    if len(sheet.staffings) <= SIDE_BY_SIDE:
        return [by_metric(sheet, width)]
    names, fits = sheet.metrics, max(2, (width - 16) // 14)
    return [by_staffing(sheet, names[start : start + fits], width) for start in range(0, len(names), fits)]


def by_metric(sheet: Sheet, width: int) -> Table:
    """Staffing models as columns."""
    count = len(sheet.staffings)
    first = 22 if width >= 2 + 22 + (LONGEST + 1) * count else 14
    column = max(min((width - 2 - first) // count - 1, 24), 9)
    table = _empty()
    table.add_column("", width=first)
    for staffing in sheet.staffings:
        table.add_column(sheet.heading(staffing), width=column, overflow="fold")
    for name in sheet.metrics:
        cells = (sheet.cell(staffing, name, column < LONGEST) for staffing in sheet.staffings)
        table.add_row(sheet.label(name), *cells, end_section=name in sheet.headline)
    return table


def by_staffing(sheet: Sheet, names: list[str], width: int) -> Table:
    """Staffing models as rows, for many of them."""
    first = 20 if width >= 100 else 14
    column = max(min((width - 2 - first) // len(names) - 1, 18), 9)
    table = _empty()
    table.add_column("", width=first)
    for name in names:
        table.add_column(sheet.label(name), width=column, overflow="fold")
    for staffing in sheet.staffings:
        cells = (sheet.cell(staffing, name, column < LONGEST) for name in names)
        table.add_row(sheet.heading(staffing), *cells, end_section=True)
    return table


def _empty() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, padding=0, header_style="bold")
