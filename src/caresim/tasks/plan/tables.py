"""The tables of a plan's page: people by day and hour, what it buys, what it costs, what less or more money buys."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from caresim.config.display_names import desk_name
from caresim.inference.variance_components import Estimate
from caresim.inference.verdict import BETTER, SAME, WORSE
from caresim.report.page import document as page
from caresim.report.page.document import Cell, Paragraph, Part, Section, Table
from caresim.report.verdicts import VERDICTS
from caresim.report.wording import level, quantity, readable, signed, signed_span, span
from caresim.tasks.plan.judging import BEFORE, BESIDE, EARLIER_NAME, MORE_NAME, PLAN, Counts, Difference
from caresim.tasks.plan.measures import GUARDS, MINUTE, MONEY, WORST_DAY, is_better_high, label, midnights
from caresim.tasks.plan.words import NO_WORSE, SHARE, local, margin_of, unit_of, verdict, worlds_word

MOST_TIMES = 10
"""Times of day that are columns of a table; where the people change at more, each column is TWO_HOURS."""
TWO_HOURS = 120
HOUR, DAY = 60, 1440
LOOKS = {BETTER: page.BETTER, WORSE: page.WORSE, SAME: page.SAME, NO_WORSE: page.SAME}
MARKS = {name: look.text for name, look in VERDICTS.items()} | {NO_WORSE: f"= {NO_WORSE}"}
SCORE = "score 1-5"
BRIEF = {
    "csat_all_additive": "satisfaction by the additive law",
    "csat_all_justice": "satisfaction by the justice law",
    "ordinary_answered": "ordinary customers answered at all",
    MINUTE: "ordinary customers answered within a minute",
    WORST_DAY: "ordinary customers answered on the day on which they lose most",
}
"""What happens to everybody else, within a sentence."""


@dataclass(frozen=True)
class Effect:
    """What a plan does to one measure."""

    measure: str
    label: str
    brief: str
    """The same within a sentence."""
    unit: str
    apart: Difference
    counts: Counts | None
    verdict: str
    """Empty where the study says no difference that matters."""
    day: int = -1
    """Of the window, where it is about a single day."""


def margin(planned: Any, measure: str) -> float | None:
    """The smallest difference of a measure that matters; None where the study says none."""
    return margin_of(planned, measure) if unit_of(measure) in (SHARE, SCORE) else None


def effects(planned: Any) -> Iterator[Effect]:
    """The aim, everybody else, and what must hold: what the plan does to each, against the roster as it was."""
    judging = planned.judging
    told = [condition.measure for condition in planned.conditions]
    names = [name for name in dict.fromkeys((planned.aim, *GUARDS, *told)) if name not in (WORST_DAY, *MONEY)]
    for name in names:
        apart = judging.difference(PLAN, BEFORE, name)
        if math.isnan(apart.value):
            continue
        least = margin(planned, name)
        word = "" if least is None else verdict(apart if is_better_high(name) else apart.turned, least)
        rises = apart.value >= 0  # enough to matter in the way in which the mean goes
        counts = judging.counts(*((PLAN, BEFORE) if rises else (BEFORE, PLAN)), name, least or 0.0)
        brief = BRIEF.get(name) or f"{label(name)[:1].lower()}{label(name)[1:]}"
        yield Effect(name, label(name), brief, unit_of(name), apart, counts, word)
    day, fall = judging.largest_fall(PLAN, BEFORE)
    if day >= 0:
        experiment = planned.experiment
        edges = [0.0, *midnights(experiment.start, experiment.window.value, experiment.timezone)]
        when = local(planned, edges[day])
        told_day = f"({when:%a} {when.day} {when:%B})"
        word = verdict(fall, margin_of(planned, WORST_DAY))
        long = f"Ordinary customers: answered, on the day on which they lose most {told_day}"
        yield Effect(WORST_DAY, long, f"{BRIEF[WORST_DAY]} {told_day}", SHARE, fall, None, word, day)


def bought(planned: Any) -> list[Part]:
    """What the plan buys against the same hours today, measure by measure."""
    judging, beside = planned.judging, BESIDE in planned.rosters
    rows = []
    for effect in effects(planned):
        cells = [value(judging, name, effect) for name in (BEFORE, PLAN)]
        before = judging.mean(BEFORE, effect.measure).value if effect.day < 0 else math.nan
        least = margin(planned, effect.measure)
        apart = apart_cell(effect.apart, effect.unit, before)
        row = [effect.label, *cells, apart, worlds_cell(effect), verdict_cell(effect, least)]
        rows.append([*row, value(judging, BESIDE, effect)] if beside else row)
    worlds = worlds_word(planned)
    heads = ["", "As it was", "As planned", "Difference", f"{worlds.capitalize()} in which it is better", "Verdict"]
    if beside:
        heads.append(f"Beside it: {readable(planned.settings.beside)}")
    confidence = level(planned.experiment.study.confidence.value)
    of = "luck and assumptions" if planned.experiment.is_uncertain else "luck"
    caption = (
        f"In small letters: the {confidence} interval for {of}, and how much a difference is of what it was; of"
        f" {worlds}, in how many it is worse or better by enough to matter."
    )
    smallest = f"Differences that matter begin at {100 * margin_of(planned, WORST_DAY):g} percentage points (pp)"
    if any(effect.unit == SCORE for effect in effects(planned)):
        smallest += (
            f" and {margin_of(planned, 'csat_all_additive'):.2f} points of satisfaction, which goes from 1 to 5. It is"
            " told by two laws, because science knows no single one"
        )
    smallest += ". No worse: all of the interval lies above minus that."
    return [Table(caption, heads, rows), Paragraph(smallest)]


def value(judging: Any, roster: str, effect: Effect) -> Cell:
    """A mean with its interval."""
    if effect.day >= 0:
        return estimate_cell(judging.on_day(roster, effect.day), SHARE)
    return mean_cell(judging, roster, effect.measure, effect.unit)


def mean_cell(judging: Any, roster: str, measure: str, unit: str) -> Cell:
    """The mean of a measure with its interval; of money the mean alone."""
    mean = judging.mean(roster, measure)
    return Cell(unbroken(quantity(mean.value, unit))) if measure in MONEY else estimate_cell(mean, unit)


def estimate_cell(mean: Estimate, unit: str) -> Cell:
    """An estimate with its interval."""
    return Cell(unbroken(quantity(mean.value, unit)), span(mean.low, mean.high, unit))


def unbroken(text: str) -> str:
    """A value that stays on one line with its unit."""
    return text.replace(" ", "\u00a0")


def apart_cell(apart: Difference, unit: str, before: float = math.nan) -> Cell:
    """A difference with its interval; of a share also how much that is of what it was `before`."""
    notes = [] if math.isnan(apart.low) else [signed_span(apart.low, apart.high, unit)]
    if unit == SHARE and before > 0:
        notes.append(f"{100 * apart.value / before:+.0f} % of what it was".replace("-", "−"))
    return Cell(signed(apart.value, unit), "; ".join(notes))


def worlds_cell(effect: Effect) -> Cell:
    """In how many worlds it is better; how many are worse, or better by enough to matter.

    Of measures of which neither way is better, more counts as better.
    """
    apart, counts = effect.apart, effect.counts
    if not apart.worlds:
        return Cell("")
    good = apart if is_better_high(effect.measure) else apart.turned
    note = f"enough in {counts.matter}" if counts is not None and effect.verdict else ""
    if good.value < 0:
        note = f"worse in {good.below}{f', {note}' if note else ''}"
    return Cell(f"{good.above} of {good.worlds}", note, share=good.above / good.worlds)


def verdict_cell(effect: Effect, least: float | None = None) -> Cell:
    """The verdict, coloured; of no difference that matters the margin that it rests on."""
    if not effect.verdict:
        return Cell("")
    note = ""
    if effect.verdict in (SAME, NO_WORSE) and least is not None:
        note = f"margin {100 * least:g} pp" if effect.unit == SHARE else f"margin {least:.2f}"
    return Cell("", note, verdict=MARKS[effect.verdict], look=LOOKS.get(effect.verdict, page.OPEN))


def cost(planned: Any) -> Table:
    """What each roster costs, and how many hours it pays."""
    rows, given = [], planned.rules.is_given
    for roster in planned.rosters:
        if roster.startswith("hours_") or (roster == BEFORE and not given):
            continue
        cells = [Cell(called(planned, roster))]
        for name in reversed(MONEY):
            cells.append(mean_cell(planned.judging, roster, name, unit_of(name)))
        apart = planned.judging.difference(roster, BEFORE, "cost")
        rows.append([*cells, *(["" if roster == BEFORE else signed(apart.value, "EUR")] if given else [])])
    hours = float(planned.rules.template.paid @ planned.choice.roster.people)
    return Table(
        "All desks of the staffing model together, at their loaded cost. Of the hours as planned"
        f" {quantity(hours, 'h')} are those of {desk_name(planned.rules.desk)}.",
        ["Roster", "Paid hours", "Cost", *(["Against the roster as it was"] if given else [])],
        rows,
    )


def called(planned: Any, roster: str) -> str:
    """What a roster is called on the page."""
    names = {BEFORE: "As it was", PLAN: "As planned", EARLIER_NAME: "Changes earlier", MORE_NAME: "More people at once"}
    if roster == BESIDE:
        return readable(planned.settings.beside)
    if roster.startswith("hours_") and not planned.rules.is_given:
        return f"Planned likewise, {quantity(planned.judging.mean(roster, 'paid_hours').value, 'h')}"
    return names.get(roster) or f"Planned likewise, {roster.removeprefix('hours_')} of the hours before"


def money(planned: Any) -> Table:
    """Rosters from the cheapest to the dearest, and what each reaches."""
    judging = planned.judging
    left_out = (EARLIER_NAME, MORE_NAME, *(() if planned.rules.is_given else (BEFORE,)))
    names = [name for name in planned.rosters if name not in left_out]
    names.sort(key=lambda name: judging.mean(name, "cost").value)
    measures = [name for name in dict.fromkeys((planned.aim, *GUARDS[:3])) if planned.judged[name].notna().any()]
    rows = [
        [
            Cell(called(planned, roster)),
            *(mean_cell(judging, roster, name, unit_of(name)) for name in reversed(MONEY)),
            *(mean_cell(judging, roster, name, unit_of(name)) for name in measures),
        ]
        for roster in names
    ]
    return Table(
        "From the cheapest to the dearest; in small letters the interval of each mean.",
        ["Roster", "Paid hours", "Cost", *map(label, measures)],
        rows,
    )


def by_day(planned: Any) -> list[Part]:
    """The roster: a row a day, a column from one change of shift to the next."""
    heads, rows = day_rows(planned)
    cells, given = [], planned.rules.is_given
    for day, people in rows:
        shown = [Cell("") if pair is None else people_cell(*(pair if given else (pair[1], pair[1]))) for pair in people]
        cells.append([day, *shown])
    against = "; in small letters how many more or fewer than as it was" if given else ""
    caption = (
        f"People on the roster as planned{against}. A shift that goes"
        f" past midnight belongs to the day on which it begins ({planned.experiment.timezone})."
    )
    return [Table(caption, ["Day", *heads], cells)]


def people_cell(before: float, after: float) -> Cell:
    """People as planned, and the change."""
    apart = after - before
    note = "" if abs(apart) < 0.05 else f"{apart:+.3g}".replace("-", "−")
    return Cell(f"{after:.3g}", note)


def day_rows(planned: Any) -> tuple[list[str], list[tuple[str, list[tuple[float, float] | None]]]]:
    """Times of day as column heads, and for each day its people before and as planned (None: outside the window)."""
    table = planned.table()
    people = table[["before", "planned"]].to_numpy(dtype=np.float64)
    minutes = [stamp.hour * HOUR + stamp.minute for stamp in table["start"]]
    changed = np.flatnonzero((people[1:] != people[:-1]).any(axis=1)) + 1
    times = sorted({minutes[place] for place in changed}) or [0]
    if len(times) > MOST_TIMES:
        times = list(range(0, DAY, TWO_HOURS))
    found: dict[Any, dict[int, list[tuple[float, float, float]]]] = {}
    for row, minute, (before, after) in zip(table.itertuples(), minutes, people, strict=True):
        column = int(np.searchsorted(times, minute, side="right")) - 1
        date = row.start.date() if column >= 0 else (row.start - np.timedelta64(1, "D")).date()
        spent = row.end_min - row.start_min
        found.setdefault(date, {}).setdefault(column % len(times), []).append((spent, before, after))
    ends = [*times[1:], times[0]]
    heads = [f"{clock_of(time)}–{clock_of(end)}" for time, end in zip(times, ends, strict=True)]
    rows = []
    for date in sorted(found):
        cells = [mean_people(found[date].get(column)) for column in range(len(times))]
        night_before = date < table["start"].iloc[0].date()
        if not night_before or any(cell is not None and any(cell) for cell in cells):
            rows.append((f"{date:%a} {date.day} {date:%B}", cells))
    return heads, rows


def mean_people(stretches: list[tuple[float, float, float]] | None) -> tuple[float, float] | None:
    """The mean over some stretches of time, weighted by how long they take."""
    if not stretches:
        return None
    total = math.fsum(spent for spent, _, _ in stretches)
    before, after = (math.fsum(one[0] * one[place] for one in stretches) / total for place in (1, 2))
    return before, after


def clock_of(minute: int) -> str:
    return f"{minute // HOUR:02d}:{minute % HOUR:02d}"


def everything(planned: Any) -> Section:
    """Every measure of every roster."""
    rows: list[list[Cell | str]] = []
    given = planned.rules.is_given
    for one in planned.figures().to_dict("records"):
        if one["roster"] == BEFORE and not given:
            continue
        unit = unit_of(one["measure"])
        apart = Difference(
            one["difference"], one["difference_low"], one["difference_high"], one["worlds_above"], one["worlds"]
        )
        against = one["roster"] != BEFORE and given
        rows.append(
            [
                called(planned, one["roster"]),
                label(one["measure"]),
                Cell(quantity(one["mean"], unit), span(one["ci_low"], one["ci_high"], unit)),
                apart_cell(apart, unit) if against else "",
                f"{apart.above} of {apart.worlds}" if against else "",
            ][: 5 if given else 3]
        )
    higher = f"{worlds_word(planned).capitalize()} in which it is higher"
    heads = ["Roster", "Measure", "Mean", "Against as it was", higher][: 5 if given else 3]
    return Section("Every measure of every roster", [Table("In small letters intervals.", heads, rows)])


def searched(planned: Any) -> Section | None:
    """The candidates on the runs by which one was taken; None where there was nothing to choose."""
    runs = planned.choice.searched
    if runs is None:
        return None
    names = [name for name in dict.fromkeys((planned.aim, *GUARDS[:3], *MONEY)) if name in runs]
    means = runs.groupby("staffing", sort=False)[names].mean()
    rows = [
        [str(name), *(quantity(float(row[measure]), unit_of(measure)) for measure in names)]
        for name, row in means.iterrows()
    ]
    count = runs["replication"].nunique()
    taken = f"Taken: {planned.choice.name or planned.choice.weights}."
    caption = f"Means of {count} replications, on which the plan was chosen: they flatter it. {taken}"
    return Section("The candidates", [Table(caption, ["Roster", *map(label, names)], rows)])
