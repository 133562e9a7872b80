"""The comparison as a table in the terminal, for a manager: staffing models side by side, verdicts in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caresim.model.spill import in_words
from caresim.report.console import opened
from caresim.report.number_format import TOO_FEW, interval_text, pairs_text, vague, value_text
from caresim.report.wording import SPOKEN, axis_unit, level, quantity, readable, times, verdict_mark
from caresim.tasks.compare.input_summary import given

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

MORE = (
    "median_first_response",
    "answered_15",
    "social_answered_60",
    "social_median",
    "phone_answered",
    "overload",
    "overload_social",
    "paid_hours",
    "cost",
)
SIDE_BY_SIDE = 6
"""So many staffing models fit beside each other; with more, each gets a row."""
COLOURS = {"better": "green", "worse": "red", "no difference that matters": "bright_black", "undecided": "yellow"}
WORDS = {"better": "better", "worse": "worse", "no difference that matters": "no difference", "undecided": "undecided"}
BRIEF_WORDS = {
    "better": "✔ better",
    "worse": "✘ worse",
    "no difference that matters": "= same",
    "undecided": "undecided",
}
LONGEST_WORD = len("= no difference")
PLAIN = str.maketrans({"✔": "+", "✘": "x", "★": "*", "–": "-", "×": "x", "°": "'", "€": "EUR", "…": "...", "−": "-"})
"""For terminals that know ASCII only."""


class Sheet:
    """What the table says, looked up by staffing model and metric."""

    def __init__(self, results: Any, plain: bool) -> None:
        from caresim.measure.metrics import REGISTRY

        self.registry = REGISTRY
        self.plain = plain
        self.baseline = str(results.baseline)
        self.staffings = list(results.staffings)
        self.summary = {(row.staffing, row.metric): row for row in results.summary().itertuples()}
        comparison = results.comparison()
        self.comparison = {(row.staffing, row.metric): row for row in comparison.itertuples()}
        known = {metric for _, metric in self.summary}
        self.headline = [name for name in results.experiment.study.headline if name in known]
        told = {metric for (_, metric), row in self.summary.items() if not math.isnan(row.mean)}
        self.more = [name for name in MORE if name in told and name not in self.headline]

    def say(self, text: str) -> str:
        return text.translate(PLAIN) if self.plain else text

    def label(self, name: str) -> Text:
        """The metric's name, with its unit where the values do not say it; exploratory ones carry a degree sign."""
        from rich.text import Text

        metric, headline = self.registry[name], name in self.headline
        text = Text(self.say(metric.label + ("" if headline else " °")), style="bold" if headline else "")
        if metric.unit not in SPOKEN:
            text.append(self.say(f" ({axis_unit(metric.unit)})"), style="not bold dim")
        return text

    def best(self, name: str) -> set[str]:
        """Staffing models whose estimate is the best of the row as it is printed; none where neither way is better."""
        metric = self.registry[name]
        means = {each: self.summary[each, name].mean for each in self.staffings if (each, name) in self.summary}
        finite = {each: mean for each, mean in means.items() if math.isfinite(mean)}
        if metric.better == "neither" or len(self.staffings) < 2 or not finite:
            return set()
        top = (max if metric.better == "higher" else min)(finite.values())
        winners = {each for each in finite if quantity(finite[each], metric.unit) == quantity(top, metric.unit)}
        return winners if len(winners) < len(means) else set()

    def value(self, staffing: str, name: str) -> str:
        row, metric = self.summary.get((staffing, name)), self.registry[name]
        if row is None:
            return "not known"
        return value_text(row.mean, row.ci_low, row.ci_high, metric.unit)

    def verdict(self, staffing: str, name: str, brief: bool) -> tuple[str, str]:
        """Verdict against the baseline and its colour: words for headline metrics, a sign for exploratory ones."""
        row = self.comparison.get((staffing, name))
        if row is None or staffing == self.baseline or row.verdict not in COLOURS:
            return "", ""
        if name not in self.headline:
            return verdict_mark(row.verdict), COLOURS[row.verdict]
        text = BRIEF_WORDS[row.verdict] if brief else f"{verdict_mark(row.verdict)} {WORDS[row.verdict]}"
        if row.verdict == "undecided" and math.isfinite(row.pairs_needed):
            text += "\n" + pairs_text(row.pairs_needed, "pairs" if brief else "pairs needed")
        return text, COLOURS[row.verdict]

    def cell(self, staffing: str, name: str, brief: bool) -> Text:
        """Value (best starred), interval and verdict; exploratory metrics carry its sign behind the value."""
        from rich.text import Text

        best, headline = staffing in self.best(name), name in self.headline
        words, colour = self.verdict(staffing, name, brief)
        text = Text(self.say(("★ " if best else "") + self.value(staffing, name)), style="bold" if best else "")
        if words and not headline:
            text.append(" " + self.say(words), style=f"not bold {colour}")
        row = self.summary.get((staffing, name))
        interval = interval_text(row.ci_low, row.ci_high, self.registry[name].unit) if row is not None else ""
        if row is not None and interval and row.ci_low < row.ci_high:
            text.append("\n" + self.say(interval), style="not bold dim")
        if words and headline:
            text.append("\n" + self.say(words), style=f"not dim bold {colour}")
        return text

    def heading(self, staffing: str) -> Text:
        from rich.text import Text

        text = Text(self.say(readable(staffing)), style="bold")
        return text.append("\nbaseline", style="not bold") if staffing == self.baseline else text


def by_metric(sheet: Sheet, width: int) -> Table:
    """Staffing models as columns."""
    many = len(sheet.staffings)
    first = 22 if width >= 2 + 22 + (LONGEST_WORD + 1) * many else 14
    each = max(min((width - 2 - first) // many - 1, 24), 9)
    table = _empty()
    table.add_column("", width=first)
    for staffing in sheet.staffings:
        table.add_column(sheet.heading(staffing), width=each, overflow="fold")
    for name in [*sheet.headline, *sheet.more]:
        cells = (sheet.cell(staffing, name, each < LONGEST_WORD) for staffing in sheet.staffings)
        table.add_row(sheet.label(name), *cells, end_section=name in sheet.headline)
    return table


def by_staffing(sheet: Sheet, names: list[str], width: int) -> Table:
    """Staffing models as rows, for many of them."""
    first = 20 if width >= 100 else 14
    each = max(min((width - 2 - first) // len(names) - 1, 18), 9)
    table = _empty()
    table.add_column("", width=first)
    for name in names:
        table.add_column(sheet.label(name), width=each, overflow="fold")
    for staffing in sheet.staffings:
        cells = (sheet.cell(staffing, name, each < LONGEST_WORD) for name in names)
        table.add_row(sheet.heading(staffing), *cells, end_section=True)
    return table


def _empty() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, padding=0, header_style="bold")


def few_draws(rows: Any) -> str:
    """A warning where the draws of the assumptions are too few for their interval to say much; empty otherwise."""
    from caresim.inference.variance_components import FEW_DRAWS

    count, draws = rows["replication"].nunique(), rows["draw"].nunique()
    if not 1 < draws < min(FEW_DRAWS, count):
        return ""
    return (
        f"Too few draws ({draws}) for an interval of the assumptions to say much: most of its width is that."
        f" Take at least {FEW_DRAWS * count // draws} replications."
    )


def footnotes(sheet: Sheet, results: Any) -> list[str]:
    """What the signs and the intervals mean."""
    replications = results.replications
    count = replications["replication"].nunique()
    draws = replications["draw"].nunique()
    interval = f"{level(results.experiment.study.confidence.value)} interval"
    notes = []
    if count == 1:
        notes.append("1 replication: no interval and no verdict can be given; take at least 4.")
    elif draws < 2:
        notes.append(
            f"{count} paired replications of every staffing model (same passengers, seats and luck), but only one draw"
            " of the assumptions: no interval and no verdict can be given; take at least 4."
        )
    elif draws == count:
        notes.append(
            f"{count} paired replications of every staffing model (same customers and luck); nothing else is uncertain."
            f" Second line: {interval}."
        )
    else:
        notes.append(
            f"{count} paired replications of every staffing model (same passengers, seats and luck), "
            f"{draws} draws of the assumptions."
            f" Second line: {interval}, luck and assumptions together (luck alone: summary.csv)."
        )
    if told := few_draws(replications):
        notes.append(told)
    if len(sheet.staffings) > 1:
        notes.append(
            f"Against {readable(sheet.baseline)}: ✔ better, ✘ worse, = no difference that matters (within the margin),"
            " ? undecided, with the pairs of replications it would take."
            " ★ best estimate of the row, not always better than the next."
        )
    gains = [f"{sheet.registry[name].label} {gain}" for name in sheet.headline if (gain := pairing(sheet, name))]
    if gains:
        notes.append(
            "What the same luck for all saves: without it, differences as sure against luck would take so many times"
            f" the replications: {'; '.join(gains)} (least and most over staffing models;"
            " each: pairing_gain in comparison.csv)."
        )
    notes.append(
        "° exploratory: one at a time, not protected against the many comparisons; the headline rows are, all together."
    )
    names = [*sheet.headline, *sheet.more]
    if any(vague(row.ci_low, row.ci_high, row.unit) for (_, name), row in sheet.summary.items() if name in names):
        notes.append(f"{TOO_FEW}: the interval takes up most of what is possible at all (see summary.csv).")
    if any(sheet.value(each, name) == "not reached" for each in sheet.staffings for name in names):
        notes.append(
            "not reached: in half of the replications or more, fewer than half of the requests were ever answered."
        )
    return notes


def pairing(sheet: Sheet, name: str) -> str:
    """The least and the most that the same luck saves in a metric, over staffing models; empty where undefined."""
    rows = [sheet.comparison[each, name] for each in sheet.staffings if (each, name) in sheet.comparison]
    gains = [row.pairing_gain for row in rows if not math.isnan(row.pairing_gain)]
    if not gains:
        return ""
    ends = list(dict.fromkeys(times(gain) for gain in (min(gains), max(gains))))
    return "–".join(ends) + " ×"


def effort(results: Any) -> list[str]:
    """What the comparison took, in a line; none where nobody counted."""
    taken = results.effort
    if not taken:
        return []
    runs, events = len(results.replications), taken["events"]
    many = f"{events / 1e6:,.{0 if events >= 9.95e6 else 1}f} million" if events >= 1e6 else f"{events:,.0f}"
    seconds = f"{taken['processor_s']:.1f}" if taken["processor_s"] < 9.95 else f"{taken['processor_s']:,.0f}"
    line = f"{many} events in {runs} run{'s' if runs != 1 else ''}, {seconds} s of the processor"
    if (peak := taken.get("peak_memory_bytes")) is not None:
        line += f", {in_words(peak)} of memory at most"
    return [f"{line}."]


def show(results: Any, console: Console | None = None) -> None:
    """Print the comparison. Without a console: to standard output, 120 columns wide where that is no terminal."""
    from rich.padding import Padding
    from rich.text import Text

    console = opened(console)
    sheet = Sheet(results, plain=console.options.ascii_only)
    experiment = results.experiment
    console.print()
    console.print(Text(sheet.say(f"{experiment.name}: {experiment.question}"), style="bold"))
    staffing_models = getattr(experiment, "staffing", {})
    for name in sheet.staffings:
        if name in staffing_models:
            line = Text(f"{readable(name)}: ", style="bold").append(
                sheet.say(str(staffing_models[name].differs)), style="not bold"
            )
            console.print(Padding(line, (0, 0, 0, 2)))
    for told in given(results):
        console.print(Padding(Text(sheet.say(told)), (0, 0, 0, 2)))
    console.print()
    if len(sheet.staffings) <= SIDE_BY_SIDE:
        console.print(by_metric(sheet, console.width))
    else:
        fits = max(2, (console.width - 16) // 14)
        names = [*sheet.headline, *sheet.more]
        for start in range(0, len(names), fits):
            console.print(by_staffing(sheet, names[start : start + fits], console.width))
    for note in [*footnotes(sheet, results), *effort(results)]:
        console.print(Text(sheet.say(note), style="dim"))
