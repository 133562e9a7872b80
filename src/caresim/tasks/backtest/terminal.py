"""Stylised facts in the terminal: observed beside simulated, and the likely reason where they do not agree."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caresim.report.console import Printer
from caresim.report.verdicts import OBSERVED, PUT_IN
from caresim.report.wording import level, span

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

TIMES = {"d": (1440.0, 4.0), "h": (60.0, 2.0), "min": (1.0, 0.0)}
"""Minutes in a unit, and from how many of it on it is used."""
MEANS = " Of evenings the mean over all replications, of persons the share of all of them, and its interval are meant."


FREE, FOLLOWS = "facts that nothing was set to", "facts that were put in or follow from what was"


def value_text(value: float, unit: str) -> str:
    """A value of a fact with its unit."""
    if math.isnan(value):
        return "not known"
    if unit == "min":
        return minutes_text(value)
    if unit in ("share", "points"):
        number = 100 * value
        text = f"{number:.1f}" if 0 < abs(number) < 9.95 else f"{number:.0f}"
        return f"{text} %" if unit == "share" else f"{text} points".replace("-", "−")
    return number_text(value)


def minutes_text(*minutes: float) -> str:
    """Times in the unit of the longest, said once: `3.7 min`, `9.8–10.6 h`; what is endless in words."""
    if not all(map(math.isfinite, minutes)):
        return " – ".join(minutes_text(time) if math.isfinite(time) else "not reached" for time in minutes)
    unit = next(unit for unit, (size, least) in TIMES.items() if max(minutes) >= least * size)
    scaled = [time / TIMES[unit][0] for time in minutes]
    decimals = 1 if max(scaled) < 19.95 else 0
    return "–".join(f"{number:.{decimals}f}" for number in scaled) + f" {unit}"


def number_text(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 99.5 else f"{value:.3g}".replace("-", "−")


def range_text(low: float, high: float, unit: str) -> str:
    """Two values with the unit once; an endless upper end in words."""
    if math.isnan(low) or math.isnan(high):
        return ""
    if math.isinf(high):
        return f"{value_text(low, unit)} or more"
    if unit == "min":
        return minutes_text(low, high)
    if unit == "share":
        return span(low, high, unit)
    if unit == "points":
        return f"{value_text(low, unit).removesuffix(' points')} to {value_text(high, unit)}"
    return f"{number_text(low)}–{number_text(high)}" if low >= 0 else f"{number_text(low)} to {number_text(high)}"


def summary_text(table: Any) -> str:
    """How many facts came out, in one sentence each for those that were not put in and those that were."""
    from caresim.inference.observation_check import NOT_COMPUTED, VERDICTS

    done = table[table["verdict"] != NOT_COMPUTED]
    parts = []
    for put_in, words in ((False, FREE), (True, FOLLOWS)):
        mine = done[done["put_in"].astype(bool) == put_in]
        if len(mine):
            counts = ", ".join(f"{int((mine['verdict'] == word).sum())} {word}" for word in VERDICTS[:3])
            parts.append(f"{len(mine)} {words}: {counts}.")
    tried = done[done["wrong_noticed"] != ""]
    if len(tried):
        ours = tried[(tried["verdict"] == VERDICTS[0]) & ~tried["put_in"].astype(bool)]
        noticed = int((ours["wrong_noticed"] == "noticed").sum())
        parts.append(f"Of the {len(ours)} facts inside that nothing was set to, {noticed} would notice a wrong model.")
    return " ".join([*parts, f"{len(table) - len(done)} not computed."])


def rows(table: Any, printer: Printer) -> Table:
    """A row per fact."""
    from rich import box
    from rich.table import Table

    table_of_facts = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold")
    for heading, least in (("fact", 24), ("of", 6), ("observed", 12), ("simulated", 12), ("", 12), ("wrong model", 12)):
        table_of_facts.add_column(heading, min_width=least, overflow="fold")
    for row in table.to_dict("records"):
        look = OBSERVED[row["verdict"]]
        observed = printer.text(value_text(row["observed"], row["unit"]))
        if band := range_text(row["band_low"], row["band_high"], row["unit"]):
            observed.append(printer.text(f"\n{band}", "dim"))
        simulated = printer.text("")
        if row["verdict"] != "not computed":
            simulated = printer.text(value_text(row["simulated"], row["unit"]))
            simulated.append(printer.text(f"\n{range_text(row['low'], row['high'], row['unit'])}", "dim"))
        table_of_facts.add_row(
            printer.letters(row["what"] + (f" {PUT_IN}" if row["put_in"] else "")),
            row["target"],
            observed,
            simulated,
            printer.text(look.text, look.colour),
            printer.text(row["wrong_noticed"], "dim"),
        )
    return table_of_facts


def show(tested: Any, console: Console | None = None) -> None:
    """Print the table, then what does not fit and why. Without a console: to standard output, 120 columns wide where
    that is no terminal.
    """
    from caresim.inference.observation_check import NOT_COMPUTED, OUTSIDE, PARTLY, SPREAD

    printer = Printer(console)
    table = tested.table
    printer.line()
    printer.line(f"{tested.backtest.name}: {tested.backtest.question}", "bold")
    printer.console.print(rows(table, printer))
    printer.line(
        "Second line: of what was observed, the band that is tolerated; of what was simulated, the "
        f"{level(SPREAD)} range of {tested.backtest.replications} replications, luck and assumptions together. Inside:"
        " the simulated median lies in the band; partly: only part of the range does; outside: nothing of it does."
        f"{MEANS if any(fact.over_runs != 'spread' for fact in tested.backtest.facts.values()) else ''}"
        f" {PUT_IN} a parameter was set to this observation or with it in view, or it follows from what was put in:"
        " that it comes out is no evidence. Last column: would it have noticed a model that is wrong on purpose?",
        "dim",
    )
    for words, (heading, reasons) in {
        "misfits": ("What does not fit, and the likely reason", (PARTLY, OUTSIDE)),
        "missing": ("What was not computed, and why", (NOT_COMPUTED,)),
    }.items():
        chosen = table[table["verdict"].isin(reasons)]
        if not len(chosen):
            continue
        printer.line()
        printer.line(heading, "bold")
        for row in chosen.to_dict("records"):
            values = (
                f" {value_text(row['simulated'], row['unit'])}, observed {value_text(row['observed'], row['unit'])}"
            )
            printer.line(
                f"{OBSERVED[row['verdict']].mark} {row['what']}:{values + '.' if words == 'misfits' else ''} "
                + (row["reason"] or "No reason is known yet."),
                indent=2,
            )
    printer.line()
    printer.line(summary_text(table), "bold")
