"""An interval report: contacts offered in each interval, and the staff that it had."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from caresim.config.contacts import Contacts, Kind, Truths, constant
from caresim.config.errors import BadInput, choice
from caresim.config.exports.cells import is_empty
from caresim.config.exports.clock import Clock
from caresim.config.exports.durations import check_plausible
from caresim.config.exports.ends import without_last_moment
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import NO_DATA
from caresim.config.exports.places import places_of
from caresim.config.exports.room import BYTES_A_ROW, BYTES_A_SEAT
from caresim.config.traffic import COHORT, NEED, ON_THE_SPOT, Crew, Interval

COLUMNS = (
    *("interval_start", "offered", "channel", "medium", "desk", "interval_end", "aht_s", "staff", "staffing"),
    *("replication", "answered", "abandoned", "asa_s"),
)
WIDTH = 30.0
"""Minutes of an interval where a report has only one."""
GAP = 180.0
"""Minutes: a pause of at least this is a night, a shorter one may be a longer interval. Assumption."""


def intervals_of(table: ExportTable, clock: Clock, staffing: str | None) -> tuple[Interval, ...]:
    """The intervals, in the order of the file."""
    _keep_one(table, staffing)
    for row, cell in enumerate(table.texts("offered")):
        if not cell:
            raise table.wrong(row, "offered", cell, "must be a whole number, 0 where nobody came")
    offered = table.counts("offered", 0)
    starts = clock.read(table, "interval_start", may_skip=[count == 0 for count in offered]).tolist()
    if skipped := len([start for start in starts if math.isnan(start)]):
        table.notes.append(
            f"{skipped} empty interval{'s' if skipped > 1 else ''} of the hour that the clock skips left out"
        )
        there = [row for row, start in enumerate(starts) if not math.isnan(start)]
        table.keep(np.array(there, np.intp))
        starts, offered = [starts[row] for row in there], [offered[row] for row in there]
    places = places_of(table)
    _once(table, starts, places)
    _no_sums(table, starts, places, offered)
    widths = _widths(table, clock, starts)
    answered, abandoned = table.numbers("answered", math.nan).tolist(), table.numbers("abandoned", math.nan).tolist()
    spot = places.mapped(lambda place: place[1] in ON_THE_SPOT).among(True)
    handling, waits = _handling(table, spot, offered, answered), table.seconds("asa_s")
    check_plausible(table, "asa_s", waits, spot)
    for row, cell in enumerate(table.texts("staff") if table.has("staff") else ()):
        if is_empty(cell):
            raise table.wrong(row, "staff", cell, "must be a number, 0 where nobody is there; or leave the column out")
    columns = answered, abandoned, handling, waits.tolist(), table.numbers("staff", math.nan).tolist()
    rows = zip(starts, widths, places, offered, *columns, strict=True)
    return tuple(
        Interval(row, start, width, *place, *numbers) for row, (start, width, place, *numbers) in enumerate(rows)
    )


def contacts_in(table: ExportTable, intervals: Sequence[Interval], volume: float = 1.0) -> Contacts:
    """`offered` contacts, times `volume`, spread over each interval, with its mean handling time.

    An interval without one has that of its channel's other intervals, weighted by who was answered.
    """
    means = _means(intervals)
    missing = len([one for one in intervals if math.isnan(one.aht_s) and one.offered and one.channel in means])
    if missing:
        plural = "s" if missing > 1 else ""
        table.notes.append(f"{missing} interval{plural} without a mean handling time: that of the channel's others")
    if volume != 1.0:
        table.notes.append(f"{volume:g} times the contacts of the file are played (replay.volume)")
        intervals = times_offered(intervals, volume)
    table.check_counts("offered", [one.offered for one in intervals], BYTES_A_ROW, "contacts")
    there = sorted((one for one in intervals if one.offered), key=lambda one: (one.start, one.row))
    kinds: dict[Kind, int] = {}
    kind = [kinds.setdefault(Kind(one.channel, one.medium, one.desk, NEED, COHORT), len(kinds)) for one in there]
    aht_s = np.array([means.get(one.channel, math.nan) if math.isnan(one.aht_s) else one.aht_s for one in there], float)
    offered = [one.offered for one in there]
    service = np.repeat(aht_s / 60.0, offered)
    count = len(service)
    return Contacts(
        kinds=tuple(kinds),
        kind=np.repeat(np.array(kind, np.int32), offered),
        line=np.repeat(np.array([one.row for one in there], np.int32), offered),
        arrival=np.repeat(np.array([one.start for one in there], float), offered),
        width=np.repeat(np.array([one.width for one in there], float), offered),
        service=service,
        service_is_mean=~np.isnan(service),
        patience=constant(math.nan, count),
        patience_is_least=constant(False, count),
        priority=constant(math.nan, count),
    )


def times_offered(intervals: Sequence[Interval], volume: float) -> list[Interval]:
    """So many times the contacts, whole: what is rounded off in one interval comes in the channel's next one."""
    by_channel: dict[str, list[int]] = {}
    for place in sorted(range(len(intervals)), key=lambda place: (intervals[place].start, intervals[place].row)):
        by_channel.setdefault(intervals[place].channel, []).append(place)
    found = list(intervals)
    for places in by_channel.values():
        so_far = np.floor(np.cumsum([intervals[place].offered for place in places]) * volume + 0.5)
        for place, count in zip(places, np.diff(so_far, prepend=0.0).tolist(), strict=True):
            found[place] = intervals[place]._replace(offered=int(count))
    return found


def _means(intervals: Sequence[Interval]) -> dict[str, float]:
    """Mean handling time of each channel in seconds, where any of its intervals has one."""
    sums: dict[str, tuple[float, float]] = {}
    for one in intervals:
        weight = float(one.offered) if math.isnan(one.answered) else one.answered
        if not math.isnan(one.aht_s) and weight > 0:
            total, weights = sums.get(one.channel, (0.0, 0.0))
            sums[one.channel] = total + weight * one.aht_s, weights + weight
    return {channel: total / weights for channel, (total, weights) in sums.items()}


def _keep_one(table: ExportTable, staffing: str | None) -> None:
    """Go on with one staffing model and its first replication, where a report holds several."""
    model_of_row = table.texts("staffing").words()
    models = model_of_row.words if table.has("staffing") else []
    if staffing is None and len(models) > 1:
        raise BadInput("replay.staffing", None, f"is required: the report holds several; {choice(models)}")
    if staffing is not None and staffing not in models:
        raise BadInput("replay.staffing", staffing, choice(models, staffing))
    if models:
        table.keep(np.flatnonzero(model_of_row.among(staffing or models[0])))
        replications = table.texts("replication").words()
        table.keep(np.flatnonzero(replications.among(replications[0])))


def _once(table: ExportTable, starts: Sequence[float], places: Sequence[tuple[str, str, str]]) -> None:
    """Refuse an interval that a channel has twice."""
    seen: dict[tuple[str, float], int] = {}
    for row, (start, (channel, _, _)) in enumerate(zip(starts, places, strict=True)):
        first = seen.setdefault((channel, start), row)
        if first != row:
            allowed = f"channel {channel} has this interval in line {table.lines[first]} already; allowed: once"
            raise table.wrong(row, "interval_start", table.texts("interval_start")[row], allowed)


def _no_sums(
    table: ExportTable, starts: Sequence[float], places: Sequence[tuple[str, str, str]], offered: Sequence[int]
) -> None:
    """Refuse a channel that has the sum of all others in every interval: lines of totals."""
    by_channel: dict[str, dict[float, int]] = {}
    for start, (channel, _, _), count in zip(starts, places, offered, strict=True):
        by_channel.setdefault(channel, {})[start] = count
    if len(by_channel) < 3:
        return
    for channel, counts in by_channel.items():
        others = [other for name, other in by_channel.items() if name != channel]
        if any(counts.values()) and all(math.fsum(o.get(start, 0) for o in others) == n for start, n in counts.items()):
            row = next(row for row, place in enumerate(places) if place[0] == channel)
            allowed = "has the sum of all other channels in every interval; allowed: the file without these totals"
            raise table.wrong(row, "channel", table.texts("channel")[row], allowed)


def _widths(table: ExportTable, clock: Clock, starts: Sequence[float]) -> list[float]:
    """Minutes of each interval: to its end where the file says that, else the shortest step from one to the next.

    A step of three hours and more is a gap, as at night. A shorter one that is longer than others may be a row that was
    left out, or a longer interval: the file does not say which.
    """
    if table.has("interval_end"):
        ends = without_last_moment(table, clock, "interval_end", starts)
        return [end - start for start, end in zip(starts, ends, strict=True)]
    steps = [round(later - earlier, 6) for earlier, later in pairwise(sorted(set(starts)))]
    shortest = min(steps, default=WIDTH)
    if table.form.interval is not None:
        width = table.form.interval.value
        if width > shortest:
            allowed = f"is longer than the {shortest:g} min from one interval to the next"
            raise BadInput("replay.format.interval", table.form.interval.text, allowed)
        return [width] * len(starts)
    between = [step for step in steps if shortest < step < GAP]
    if between:
        allowed = (
            f"has intervals {shortest:g} and {min(between):g} min apart; allowed: a column interval_end too, or "
            f'replay.format.interval="{shortest:g} min" where rows are left out'
        )
        raise BadInput(table.key, table.path, allowed)
    return [shortest] * len(starts)


def _handling(
    table: ExportTable, on_the_spot: Truths, offered: Sequence[int], answered: Sequence[float]
) -> list[float]:
    """Mean handling time of each interval in seconds, NaN where there is none: a zero without answers is no data."""
    handling: list[float] = table.seconds("aht_s").tolist()
    for row, seconds in enumerate(handling):
        if seconds != 0:
            continue
        if answered[row] == 0 or not offered[row] or table.form.zeros == NO_DATA:
            handling[row] = math.nan
        elif table.form.zeros is None:
            allowed = "is no time, or no data because nobody was answered; say replay.format.zeros=no_data or =no_time"
            raise table.wrong(row, "aht_s", table.texts("aht_s")[row], allowed)
    check_plausible(table, "aht_s", np.array(handling, float), on_the_spot)
    return handling


def crews_in(table: ExportTable, intervals: Sequence[Interval]) -> tuple[Crew, ...]:
    """People at each desk, where the report says it; a desk that serves several channels shows the same on each row.

    A mean of 3.4 people is three, and a fourth for the first 40 % of the interval: the hours are kept.
    """
    if not table.has("staff"):
        return ()
    table.check_counts("staff", [one.staff for one in intervals], BYTES_A_SEAT, "people")
    heads: dict[tuple[str, float, float], float] = {}
    for one in intervals:
        spell = one.desk, one.start, one.start + one.width
        heads[spell] = max(heads.get(spell, 0.0), one.staff)
    crews, odd = [], 0
    for (desk, start, end), count in heads.items():
        whole = math.floor(count + 1e-9)
        part = count - whole
        if whole:
            crews.append(Crew(desk, start, end, whole))
        if part > 1e-9:
            crews.append(Crew(desk, start, start + part * (end - start), 1))
            odd += 1
    if not crews:
        raise BadInput(table.key, table.path, "has nobody in its column staff; allowed: somebody, or no such column")
    if odd:
        plural = "s" if odd > 1 else ""
        table.notes.append(f"staff with decimals in {odd} interval{plural}: one more person for that share of it")
    return tuple(crews)
