"""A requirement in the terminal: a table of days and hours for each desk, and in words what it is for."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

import numpy as np

from caresim.config.display_names import desk_name, readable
from caresim.model.media import Medium
from caresim.report.console import WIDTH, Printer
from caresim.report.wording import clock_span
from caresim.tasks.require.settings import ABANDONMENT, SERVICE_LEVEL, SIMULATION, THEORY, USEFUL, WAIT

if TYPE_CHECKING:
    from rich.console import Console

    from caresim.tasks.require.requirement import Needs, StaffNeeded

COLUMN = 2
"""Hours of a column of the table."""
MOST_DAYS = 31
"""Days that the table of a desk shows; requirement.csv has all."""
CELL = 5


def target_text(needed: StaffNeeded) -> str:
    """The target in words, such as `at least 80 % answered within 20 s, with a probability of 90 %`."""
    settings, experiment = needed.settings, needed.experiment
    share = f"{100 * settings.share:g} %"
    if settings.target == SERVICE_LEVEL:
        within = settings.within or experiment.study.service_level_within
        words = f"at least {share} answered within {clock_span(within.value)}"
        words += _elsewhere(needed) if settings.within is None else ""
    elif settings.target == WAIT:
        words = f"a mean wait of at most {clock_span(settings.within.value if settings.within else 0.0)}"
    elif settings.target == ABANDONMENT:
        words = f"at most {share} who give up"
    else:
        assert settings.target == USEFUL
        words = f"at least {share} usefully answered within an hour of their first request"
    return f"{words}, with a probability of {100 * settings.probability.value:g} %"


def _elsewhere(needed: StaffNeeded) -> str:
    """What stands for the seconds of a call on other media, where there are any."""
    desks = needed.experiment.staffing[needed.staffing].desks
    served = {name for needs in needed.desks for name in desks[needs.desk].serves}
    channels = {name: channel for one in needed.experiment.operators.values() for name, channel in one.channels.items()}
    calls = all(Medium.of_word(channels[name].medium).row.trunks for name in served)
    return "" if calls else " (where it is no call: within the time that customers expect)"


def lines(needed: StaffNeeded) -> list[str]:
    """The whole requirement, line by line, in at most 120 columns."""
    experiment = needed.experiment
    shown = [f"{experiment.name}, {readable(needed.staffing)}: how many people does it take?"]
    shown += textwrap.wrap(f"Target: {target_text(needed)}.", WIDTH)
    shown += [f"People on duty; a column has the most of its {COLUMN} hours, local time ({experiment.timezone}).", ""]
    for needs in needed.desks:
        shown += [*_desk(needed, needs), ""]
    for note in (*needed.notes, *methods(needed)):
        shown += textwrap.wrap(
            f"Note: {note}.", WIDTH, subsequent_indent=" " * 6, break_long_words=False, break_on_hyphens=False
        )
    return shown


def by_columns(needed: StaffNeeded, needs: Needs) -> tuple[range, dict[str, dict[int, int]]]:
    """The columns of COLUMN hours in which a desk is ever open, and by day the most people of each."""
    from caresim.measure.clock import wall_clock

    stamps = wall_clock(needed.experiment, needed.grid.edges[:-1])
    cells: dict[str, dict[int, int]] = {}
    for place in np.flatnonzero(needs.open).tolist():
        stamp = stamps[place]
        row = cells.setdefault(f"{stamp:%a} {stamp.day:>2} {stamp:%b}", {})
        column = stamp.hour // COLUMN
        row[column] = max(row.get(column, 0), int(needs.people[place]))
    if not cells:
        return range(0), cells
    return range(min(min(row) for row in cells.values()), max(max(row) for row in cells.values()) + 1), cells


def _desk(needed: StaffNeeded, needs: Needs) -> list[str]:
    """The table of a desk, and its sums."""
    columns, cells = by_columns(needed, needs)
    if not cells:
        return [f"{desk_name(needs.desk)}: never open in the window."]
    shown = [f"{desk_name(needs.desk)} (by {needs.method})"]
    shown.append(" " * 12 + "".join(f"{COLUMN * column:02d}h".rjust(CELL) for column in columns))
    for day, row in list(cells.items())[:MOST_DAYS]:
        shown.append(f"  {day:<10}" + "".join(str(row.get(column, "-")).rjust(CELL) for column in columns))
    if len(cells) > MOST_DAYS:
        shown.append(f"  ... and {len(cells) - MOST_DAYS} more days, which requirement.csv has")
    return shown + _sums(needed, needs)


def _sums(needed: StaffNeeded, needs: Needs) -> list[str]:
    width = needed.grid.width
    duty, roster, now = (needs.hours(people, width) for people in (needs.people, needs.on_roster, needs.now))
    work = math.fsum(float(load[needs.open].sum()) for load in needs.load.values()) * width / 60.0
    busy = f"work for {work:,.0f} h, {100 * work / duty:.0f} % of it" if duty else "no work"
    away = f"{roster:,.0f} h on the roster with {100 * needs.shrinkage:g} % shrinkage"
    compared = "" if math.isnan(now) else f"; as configured {now:,.0f} h on duty"
    first = f"  {duty:,.0f} h on duty ({busy}), {away}{compared}."
    short = int((needs.open & ~needs.reached).sum())
    shown = [first]
    if short:
        of_all = f"{short} of {int(needs.open.sum())} intervals"
        shown.append(
            f"  The target is not met in {of_all}, with any number that was tried: the table has what still helps."
        )
    return shown


def methods(needed: StaffNeeded) -> list[str]:
    """How sure the numbers are, and what the probability is of."""
    said, settings = [], needed.settings
    methods = {needs.method for needs in needed.desks}
    if THEORY in methods:
        days = f"the factor on a day's calls has a coefficient of variation of {100 * settings.day_cv.value:g} %"
        said.append(f"by theory, the probability is of days that differ: {days} (require.day_cv)")
    if SIMULATION in methods:
        runs = needed.experiment.replications
        block = clock_span(settings.block.value)
        said.append(
            f"by simulation, the target is judged over {block} of each of {runs} runs, and probabilities are of "
            f"{runs} others"
        )
        if needed.experiment.replay is not None and needed.experiment.replay.days is None:
            said.append(
                "every run plays the file as it is: that days differ from their forecast (require.day_cv) is not in it;"
                " with replay.resample=days the days of the runs differ"
            )
    return said


def show(needed: StaffNeeded, console: Console | None = None) -> None:
    """Print it. Without a console: to standard output."""
    printer = Printer(console)
    for line in lines(needed):
        printer.console.print(printer.letters(line), markup=False, highlight=False, soft_wrap=True)
