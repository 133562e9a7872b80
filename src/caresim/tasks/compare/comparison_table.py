"""The comparison as a table: staffing models side by side, a row per metric, verdicts in words.

By default it has the six rows that matter; the full one has every metric that says something, and for what is undecided
the pairs of replications that it would take.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caresim.inference.verdict import UNDECIDED
from caresim.report.number_format import pairs_text
from caresim.report.verdicts import DETAILED, LONGEST, NARROW, VERDICTS, WORDY, by_either_law, counted_worlds
from caresim.report.wording import SPOKEN, axis_unit, quantity, readable
from caresim.tasks.compare.page.lookup import Lookup
from caresim.tasks.compare.what_matters import FIRST_CHOICE, ORDINARY, metrics_that_matter

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from caresim.report.console import Printer

MORE = (
    "useful_60",
    "csat",
    "informed_30",
    "acknowledged_60",
    *FIRST_CHOICE,
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
"""Exploratory metrics below the headline ones, in the full table."""
SIDE_BY_SIDE = 6
"""Up to this many staffing models fit beside each other; with more, each gets a row."""
WIDEST = 27
"""Columns of a cell: more than a sentence about worlds takes on two lines helps nobody."""
SENTENCE = 26
"""Columns from which on the worlds are counted in a sentence."""


class Sheet(Lookup):
    """What the table says, looked up by staffing model and metric."""

    def __init__(self, results: Any, printer: Printer, full: bool = False) -> None:
        super().__init__(results)
        self.printer = printer
        self.full = full
        defined = {metric for (_, metric), row in self.summary.items() if not math.isnan(row.mean)}
        chosen = MORE if full else metrics_that_matter(results)
        self.more = [name for name in chosen if name in defined and name not in self.headline]

    @property
    def metrics(self) -> list[str]:
        """All that the table shows, headline metrics first."""
        return [*self.headline, *self.more]

    def heading_of(self, name: str) -> Text:
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

    def told(self, staffing: str, name: str, width: int) -> tuple[str, str]:
        """The finer verdict against the baseline and its colour: words, in the full table a sign for what is
        exploratory.
        """
        detail = self.detail(staffing, name)
        if staffing == self.baseline or not detail:
            return "", ""
        look = DETAILED[detail]
        if self.full and name not in self.headline:
            return look.mark, look.colour
        text = NARROW[detail] if width < (LONGEST if detail in VERDICTS else WORDY) else look.text
        needed = self.comparison[staffing, name].pairs_needed
        if self.full and detail == UNDECIDED and math.isfinite(needed):
            text += "\n" + pairs_text(needed, "pairs" if width < LONGEST else "pairs needed")
        finer = {metric: self.detail(staffing, metric) for model, metric in self.comparison if model == staffing}
        return text + by_either_law(name, detail, finer), look.colour

    def shown(self, staffing: str, name: str, width: int) -> Text:
        """A cell `width` columns wide: value (best starred), interval, verdict, worlds; in the full table exploratory
        metrics carry the verdict's sign behind the value.
        """
        best, headline = staffing in self.best(name), name in self.headline
        words, colour = self.told(staffing, name, width)
        beside = self.full and not headline
        text = self.printer.text(("★ " if best else "") + self.value(staffing, name), "bold" if best else "")
        if words and beside:
            text.append(self.printer.text(f" {words}", f"not bold {colour}"))
        if interval := self.interval(staffing, name):
            text.append(self.printer.text(f"\n{interval}", "not bold dim"))
        if words and not beside:
            text.append(self.printer.text(f"\n{words}", f"not dim bold {colour}"))
        if words and headline and (worlds := self.worlds(staffing, name, width)):
            text.append(self.printer.text(f"\n{worlds}", "not bold dim"))
        return text

    def worlds(self, staffing: str, name: str, width: int = SENTENCE) -> str:
        """In how many worlds it is better, and by enough to matter; empty where they are too few."""
        row = self.comparison.get((staffing, name))
        counted = None if row is None else counted_worlds(row)
        if counted is None:
            return ""
        better, of, matter = counted
        if width < SENTENCE:
            return f"{better} of {of} worlds" + (f"\nenough in {matter}" if better else "")
        return f"better in {better} of {of} worlds, by enough to matter in {matter}"

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
    column = max(min((width - 2 - first) // count - 1, WIDEST), 9)
    table = _empty()
    table.add_column("", width=first)
    for staffing in sheet.staffings:
        table.add_column(sheet.heading(staffing), width=column, overflow="fold")
    for name in sheet.metrics:
        cells = (sheet.shown(staffing, name, column) for staffing in sheet.staffings)
        table.add_row(sheet.heading_of(name), *cells, end_section=name in sheet.headline or not sheet.full)
    return table


def by_staffing(sheet: Sheet, names: list[str], width: int) -> Table:
    """Staffing models as rows, for many of them."""
    first = 16 if width >= 100 else 14
    column = max(min((width - 2 - first) // len(names) - 1, 18), 9)
    table = _empty()
    table.add_column("", width=first, overflow="fold")
    for name in names:
        table.add_column(sheet.heading_of(name), width=column, overflow="fold")
    for staffing in sheet.staffings:
        cells = (sheet.shown(staffing, name, column) for name in names)
        table.add_row(sheet.heading(staffing), *cells, end_section=True)
    return table


def _empty() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, padding=0, header_style="bold")
