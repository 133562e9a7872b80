"""How long until the first response: cumulative incidence of answered, gave up, still waiting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullFormatter

from caresim.config.arguments import names_of, one_name
from caresim.config.errors import BadInput
from caresim.model.media import GROUPS, TRUNKS
from caresim.report.bands import draw_band, matrix, percentiles
from caresim.report.evidence import replications_in_words
from caresim.report.labels import label_ends, outlined
from caresim.report.on_axes import on_axes
from caresim.report.style import GAVE_UP, INK, QUIET, WAITING, WIDTH, drawn, page, panels, quiet_grid
from caresim.report.wording import wrapped
from caresim.run.long_table import LongTable, pieces_of, rows_of
from caresim.tasks.compare.chosen import palette_of
from caresim.tasks.compare.figure import DENSE, comparison_figure

COLUMNS = ("staffing", "replication", "group", "minutes", "answered", "gave_up", "waiting")
GROUP = "group of media"
MOST_GROUPS = 2
"""Groups of media that fit beside each other: the first of `GROUPS` in which somebody asked for something."""
WITH_BUSY_TONES = {medium.row.group for medium in TRUNKS}
"""Groups in which a customer may find all lines taken."""
TICKS = {1 / 6: "10 s", 1: "1 min", 5: "5", 15: "15", 60: "60 min", 360: "6 h", 1440: "1 d", 7200: "5 d"}
FEW_TICKS = {1 / 6: "10 s", 1: "1 min", 60: "1 h", 1440: "1 d"}
MARKS = (15, 60)
FIRST = 0.5
SHORT = 60.0
"""Minutes within which all is decided where the axis begins with seconds."""
DECIDED = 0.001
"""Share still waiting below which nothing more is to be seen."""
SETTLED = 0.01
"""Share of the requests that still come to be answered or given up after the axis ends."""


class Shown:
    """The curves of the groups that have panels, a staffing model at a time: there may be too many to hold at once."""

    def __init__(self, results: Any, groups: Sequence[str]) -> None:
        self.groups, self.staffings = list(groups), list(results.staffings)
        self._table = results.curves

    def of(self, staffing: str, group: str = "") -> pd.DataFrame:
        """The rows of one staffing model, and of one group if it is named."""
        rows = rows_of(self._table, staffing, COLUMNS)
        return rows[rows["group"].isin([group] if group else self.groups)]

    def parts(self, group: str = "") -> Iterator[pd.DataFrame]:
        """`of` for each staffing model in turn."""
        return (self.of(staffing, group) for staffing in self.staffings)


def reach(curves: Shown) -> tuple[float, float]:
    """First and last minute of the axis: from seconds on where all is decided within the hour.

    Else to the first long tick after which a hundredth of the requests or less changes, on average over replications.
    """
    maxima = pd.concat([part.groupby("minutes")["waiting"].max() for part in curves.parts()])
    waits = maxima.groupby(level="minutes").max()
    open_still = waits.index[waits > DECIDED]
    last = float(waits.index[waits.index > open_still.max()].min()) if len(open_still) else float(waits.index.min())
    if not last <= SHORT:
        return FIRST, settled(curves.parts())
    return float(waits.index.min()), max(last, 1.0)


def settled(parts: Iterable[pd.DataFrame], column: str = "waiting") -> float:
    """Minute of the first tick from an hour on after which next to nothing changes; else the last minute."""
    keys = ["group", "staffing", "minutes"]
    means = pd.concat([part.groupby(keys, observed=True)[column].mean() for part in parts]).unstack("minutes")
    moving = (means.sub(means.iloc[:, -1], axis=0).abs() > SETTLED).any()
    end = float(moving.index.max())
    open_until = float(moving.index[moving].max()) if moving.any() else 0.0
    return min((tick for tick in TICKS if SHORT <= tick < end and tick > open_until), default=end)


def banded(parts: Iterable[pd.DataFrame], baseline: str) -> set[str]:
    """The staffing models whose replications are drawn as a band: the baseline, and who answers most in the hour."""
    soon = (part[part["minutes"] <= SHORT] for part in parts)
    medians = pd.concat([part.groupby(["staffing", "minutes"], observed=True)["answered"].median() for part in soon])
    at_an_hour = medians.groupby("staffing", observed=True).last().dropna()
    return {baseline} if at_an_hour.empty else {baseline, str(at_an_hour.idxmax())}


def minutes_axis(axes: Axes, ticks: dict[float, str], first: float, last: float) -> None:
    axes.set_xscale("log")
    axes.set_xlim(first, last)
    shown = {minute: text for minute, text in ticks.items() if first <= minute <= last}
    axes.xaxis.set_major_locator(FixedLocator(list(shown)))
    axes.xaxis.set_major_formatter(FixedFormatter(list(shown.values())))
    axes.xaxis.set_minor_locator(FixedLocator([]))
    axes.xaxis.set_minor_formatter(NullFormatter())
    for mark in (mark for mark in MARKS if mark <= last):
        axes.axvline(mark, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)


def overlay(
    axes: Axes, curves: Shown, group: str, palette: dict[str, str], span: tuple[float, float], baseline: str
) -> None:
    """Share answered by staffing model, all in one panel; bands for two of them, so that they can be told apart."""
    ends, bands = [], banded(curves.parts(group), baseline)
    for staffing in curves.staffings:
        part = curves.of(staffing, group)
        x, values = matrix(part, "answered", "minutes")
        draw_band(axes, x, 100 * values, palette[staffing], staffing, shade=0.14 if staffing in bands else 0)
        last = np.flatnonzero(x <= span[1])[-1]
        ends.append((x[last], 100 * percentiles(values)[1, last], wrapped(staffing, 20), palette[staffing]))
    minutes_axis(axes, TICKS, *span)
    axes.set_ylim(0, 100)
    axes.set_title(f"{GROUPS[group]}: share answered")
    quiet_grid(axes)
    if not any(np.isfinite(height) for _, height, *_ in ends):
        axes.text(0.5, 0.5, "no requests", transform=axes.transAxes, ha="center", color=QUIET)
    label_ends(axes, ends, size=10.5)


def busy_tones(results: Any) -> bool:
    """Did any call meet a busy tone? With those who gave up it is among the requests that ended without an answer."""
    rows = results.replications
    return "phone_blocked" in rows and bool((rows["phone_blocked"] > 0).any())


def sent_off(results: Any) -> bool:
    """May a request end at an assistant that neither helps nor passes it on? That is no answer either."""
    models = getattr(results.experiment, "staffing", {})
    return any(name in models and models[name].assistant is not None for name in results.staffings)


def endings(results: Any, groups: Iterable[str]) -> list[str]:
    """How requests end without an answer, in words."""
    busy = busy_tones(results) and not WITH_BUSY_TONES.isdisjoint(groups)
    others = {"met a busy tone": busy, "were ended by the assistant": sent_off(results)}
    return ["gave up", *(words for words, happened in others.items() if happened)]


def stack(axes: Axes, curves: pd.DataFrame, colour: str, span: tuple[float, float], gave_up: str = "gave up") -> None:
    """Answered from below, gave up from above (`gave_up`: in words), still waiting between them: replications' mean."""
    means = curves.groupby("minutes")[["answered", "gave_up", "waiting"]].mean() * 100
    x = means.index.to_numpy(dtype=float)
    answered, top = means["answered"].to_numpy(), 100 - means["gave_up"].to_numpy()
    axes.fill_between(x, 0, answered, color=colour, alpha=0.78, linewidth=0, label="answered")
    axes.fill_between(x, answered, top, color=WAITING, linewidth=0, label="still waiting")
    axes.fill_between(x, top, 100, color=GAVE_UP, linewidth=0, label="gave up")
    axes.plot(x, answered, color=colour, linewidth=1.4)
    minutes_axis(axes, FEW_TICKS if span[1] > SHORT else TICKS, *span)
    axes.set_ylim(0, 100)
    if not np.isfinite(answered[-1]):
        axes.text(0.5, 0.5, "no requests", transform=axes.transAxes, ha="center", color=QUIET)
        return
    ends = [(answered[-1], "answered", 0.03, "bottom"), (100 - top[-1], gave_up, 0.97, "top")]
    waiting = top[-1] - answered[-1]
    if waiting >= 0.5:
        ends.append((waiting, "waiting", 0.5, "center"))
    for share, word, place, anchor in ends:
        style = {"transform": axes.transAxes, "ha": "right", "va": anchor, "size": 9.5, "color": INK}
        outlined(axes, 0.97, place, f"{word} {share:.0f} %", **style)


def anybody_asked(results: Any) -> bool:
    """Was there any request whose answer could be waited for?"""
    return bool(results.curves["answered"].notna().any())


def groups_there(curves: pd.DataFrame | LongTable) -> list[str]:
    """The groups of media in which somebody asked for something; where nobody did, one that says so."""
    pieces = pieces_of(curves, ["group", "answered"])
    with_requests = {group for piece in pieces for group in piece.loc[piece["answered"].notna(), "group"].unique()}
    return [group for group in GROUPS if group in with_requests] or list(GROUPS)[:1]


def groups_shown(curves: pd.DataFrame | LongTable, asked: str | Sequence[str] | None = None) -> list[str]:
    """The groups of media that have panels: those `asked` for, else the first that there are. BadInput for too many."""
    there = groups_there(curves)
    groups = names_of("group", asked, there, GROUP) if asked is not None else there[:MOST_GROUPS]
    if len(groups) > MOST_GROUPS:
        raise BadInput("group", groups, f"must name at most {MOST_GROUPS}: more have no room beside each other")
    return groups


def subtitle(results: Any, last: float, ends: Sequence[str]) -> str:
    """What stands behind the figure, which minutes are marked, and what counts as not answered."""
    marked = " and ".join(f"{mark}" for mark in MARKS if mark <= last)
    return (
        replications_in_words(results, "lines: median; bands: 90 % of the baseline's and the best model's")
        + (f".\nDashed: {marked} minutes. " if marked else ".\n")
        + f"Of all requests: those that {', '.join(ends)} or still wait when the run ends count as not answered."
    )


def draw_shares(figure: Figure, results: Any, curves: Shown, first: float, last: float) -> None:
    """Above: the share answered within a time, a panel per group, until nothing changes any more."""
    bottom = float(figure.get_size_inches()[1]) - 4.55
    row = panels(figure, 1, len(curves.groups), left=0.85, right=2.5, top=1.85, bottom=bottom, across=3.0)[0]
    span = (first, min(last, settled(curves.parts(), "answered")))
    for axes, group in zip(row, curves.groups, strict=True):
        overlay(axes, curves, group, palette_of(results), span, results.baseline)
        axes.set_xlabel("time since the request (log scale)")
    row[0].set_ylabel("answered (% of requests)")


def draw_fates(figure: Figure, results: Any, curves: Shown, span: tuple[float, float], ends: Sequence[str]) -> None:
    """Below: what became of all requests, a row per group, a column per staffing model."""
    grid = panels(
        figure, len(curves.groups), len(results.staffings), left=1.5, right=0.3, top=6.15, bottom=0.75, across=0.24,
        down=0.45, sharex=True, sharey=True,
    )  # fmt: skip
    palette = palette_of(results)
    ended = "no answer" if len(ends) > 1 else "gave up"
    for row, group in zip(grid, curves.groups, strict=True):
        for axes, staffing in zip(row, results.staffings, strict=True):
            stack(axes, curves.of(staffing, group), palette[staffing], span, ended)
        row[0].set_ylabel(f"{GROUPS[group]}\n% of requests")
    for axes, staffing in zip(grid[0], results.staffings, strict=True):
        axes.set_title(wrapped(staffing, 17), size=11, color=palette[staffing], loc="left")
    width, height = figure.get_size_inches()
    key = f"What became of the requests (mean over replications): answered in colour, waiting pale, {ended} dark grey"
    figure.text(0.85 / width, 1 - 5.42 / height, key, size=12.5, weight="bold")
    figure.text(0.5, 0.14 / height, "time since the request (log scale)", ha="center", size=12)


@on_axes
def answered_within(axes: Axes, results: Any, group: str | None = None) -> None:
    """The share answered within a time on one group of media, the first with requests unless it is named."""
    shown = one_name("group", group, groups_there(results.curves), GROUP)
    curves = Shown(results, [shown])
    first, last = reach(curves)
    span = (first, min(last, settled(curves.parts(), "answered")))
    overlay(axes, curves, shown, palette_of(results), span, results.baseline)
    axes.set_xlabel("time since the request (log scale)")
    axes.set_ylabel("answered (% of requests)")


@comparison_figure(
    place=20, applies=anybody_asked, about=("latency", "phone", "persons", "ordinary"), kind=DENSE,
    panel=answered_within,
)  # fmt: skip
@drawn
def latency(results: Any, group: str | Sequence[str] | None = None) -> Figure:
    """First response as cumulative incidence by staffing model, groups of media apart.

    Above: share answered within a time, median over replications and a band. Below: answered, still waiting and gave up
    as shares of all requests, so that nothing disappears from the sum.

    `group`: of "social", "phone" and the like, one or two; None: the first two in which somebody asked for something.
    """
    groups = groups_shown(results.curves, group)
    curves = Shown(results, groups)
    first, last = reach(curves)
    ends = endings(results, groups)
    width, height = max(WIDTH, 1.4 + 1.75 * len(results.staffings)), 5.5 + 2.55 * len(groups)
    figure = page("How long until the first response?", subtitle(results, last, ends), width, height)
    draw_shares(figure, results, curves, first, last)
    draw_fates(figure, results, curves, (first, last), ends)
    return figure
