"""A plan in pictures: people by day and hour, before and planned; and what more or less money buys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.config.arguments import names_of, one_name
from caresim.config.display_names import desk_name
from caresim.report.clock import clock_axis
from caresim.report.on_axes import on_axes
from caresim.report.style import BLACK, BLUE, ORANGE, QUIET, drawn, page, panels, quiet_grid, save_both
from caresim.report.wording import axis_scale, axis_unit, level, quantity, readable
from caresim.tasks.plan.judging import BEFORE, BESIDE, PLAN
from caresim.tasks.plan.measures import label
from caresim.tasks.plan.words import clock, unit_of

SATISFACTION = ("csat_all_additive", "csat_all_justice")


def draw_people(axes: Axes, planned: Any) -> None:
    """People on the roster through the window, and the work that was offered."""
    table, rules, given = planned.table(), planned.rules, planned.rules.is_given
    edges = np.append(table["start_min"], table["end_min"].iloc[-1])
    before = [(table["before"], BLACK, 1.8, "as it was")] if given else []
    busy = (table["busy_people"], ORANGE, 1.0, "kept busy by the work offered")
    for values, colour, width, words in (busy, *before, (table["planned"], BLUE, 2.4, "as planned")):
        axes.stairs(values, edges, baseline=None, color=colour, linewidth=width, label=words)
    axes.axhline(rules.most, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(
        f"at most {rules.most} people at once", (1.0, rules.most), xycoords=("axes fraction", "data"), xytext=(-4, 2),
        textcoords="offset points", ha="right", va="bottom", size=9, color=QUIET,
    )  # fmt: skip
    if rules.changes_from > float(edges[0]):
        axes.axvline(rules.changes_from, color=QUIET, linewidth=0.8)
        axes.annotate(
            "changes from here on", (rules.changes_from, rules.most), xytext=(4, 2), textcoords="offset points",
            ha="left", va="bottom", size=9, color=QUIET,
        )  # fmt: skip
    axes.set_ylim(
        0, 1.08 * max(rules.most, float(table[["before", "planned"] if given else ["planned"]].to_numpy().max()))
    )
    axes.set_ylabel("people")
    clock_axis(axes, planned.experiment, float(edges[0]), float(edges[-1]))
    quiet_grid(axes)


@on_axes
def people_on_axes(axes: Axes, planned: Any) -> None:
    """The roster as it was and as planned, with a key."""
    draw_people(axes, planned)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False, fontsize=10, borderaxespad=0.2)
    axes.set_title(f"Who works when? {desk_name(planned.rules.desk)}")


@drawn
def plan(planned: Any) -> Figure:
    """People on the roster through the window, as it was and as planned, above the work that was offered."""
    rules = planned.rules
    title = f"Who works when? {desk_name(rules.desk)} of {readable(rules.staffing)}"
    paid = float(rules.template.paid @ planned.choice.roster.people)
    given = rules.is_given
    offered = "the roster as it was" if given else "the starting roster"
    rosters = "as it was (black) and as planned (blue)" if given else "as planned (blue)"
    subtitle = (
        f"People on the roster: {rosters}, {paid:,.0f} paid hours, at most {rules.most}"
        f" at once, changes from {clock(planned, rules.changes_from)} on.\nOrange: people whom the work offered to"
        f" {offered} would keep busy{shrunk(rules)}; cut off above what may be on the roster."
    )
    figure = page(title, subtitle, height=6.6)
    draw_people(panels(figure, 1, 1, left=0.9, top=1.5, bottom=1.05)[0, 0], planned)
    return figure


def shrunk(rules: Any) -> str:
    """That people are on duty for a part of their paid time, where it is so."""
    shrinkage = 1.0 - rules.on_duty
    return f", with {100 * shrinkage:.3g} % shrinkage" if shrinkage > 0 else ""


def measures_of(planned: Any) -> list[str]:
    """What the frontier is drawn of unless it is asked for: the aim, satisfaction, ordinary customers."""
    names = [name for name in (planned.aim, *SATISFACTION, "ordinary_answered") if name in planned.judged]
    return [name for name in dict.fromkeys(names) if planned.judged[name].notna().any()]


def measures_there(planned: Any) -> list[str]:
    """All measures that the plan was judged by, those of `measures_of` first."""
    numbers = [str(name) for name in planned.judged if planned.judged[name].dtype == np.float64]
    return list(dict.fromkeys([*measures_of(planned), *numbers]))


@on_axes
def frontier_on_axes(axes: Axes, planned: Any, metric: str | None = None) -> None:
    """What money buys in one measure, the aim unless it is named."""
    name = one_name("metric", metric, measures_there(planned), "measure")
    draw_frontier(axes, planned, planned.judging, name)


@drawn
def frontier(planned: Any, metric: str | Sequence[str] | None = None) -> Figure:
    """What each amount of money buys: the aim, satisfaction under both laws, and ordinary customers, or a `metric`."""
    judging = planned.judging
    there = measures_there(planned)
    measures = measures_of(planned) if metric is None else names_of("metric", metric, there, "measure")
    confidence = level(planned.experiment.study.confidence.value)
    title = "What does money buy?"
    assumed = ", with assumptions" if planned.experiment.is_uncertain else ""
    others = " with so many times the paid hours (blue), the plan (filled), and the roster as it was (black)"
    if not planned.rules.is_given:
        others = " with other paid hours (blue), and the plan (filled)"
    subtitle = f"Rosters planned alike{others}.\nLines: {confidence} interval of the mean on fresh luck{assumed}."
    columns = min(2, len(measures))
    rows = -(-len(measures) // columns)
    figure = page(title, subtitle, height=1.7 + 3.1 * rows)
    grid = panels(figure, rows, columns, left=0.9, top=1.6, bottom=0.8, across=1.0, down=1.0)
    for place in range(rows * columns):
        axes = grid[divmod(place, columns)]
        if place >= len(measures):
            axes.set_visible(False)
            continue
        draw_frontier(axes, planned, judging, measures[place])
    return figure


def draw_frontier(axes: Axes, planned: Any, judging: Any, measure: str) -> None:
    """One measure against cost, a point a roster."""
    scale = axis_scale(unit_of(measure))
    names = [name for name in planned.rosters if name == PLAN or name.startswith("hours_")]
    at = {name: judging.mean(name, "cost").value / 1e3 for name in planned.rosters}
    names.sort(key=lambda name: at[name])
    means = {name: judging.mean(name, measure) for name in planned.rosters}
    axes.plot([at[name] for name in names], [scale * means[name].value for name in names], color=BLUE, linewidth=1.4)
    for name in [
        *names,
        *([BEFORE] if planned.rules.is_given else []),
        *([BESIDE] if BESIDE in planned.rosters else []),
    ]:
        colour = BLUE if name in names else BLACK
        mean = means[name]
        axes.plot([at[name]] * 2, [scale * mean.low, scale * mean.high], color=colour, linewidth=1.2)
        axes.plot(
            at[name], scale * mean.value, "o", color=colour, markersize=8,
            markerfacecolor=colour if name == PLAN else "white",
        )  # fmt: skip
        words = {BEFORE: "as it was", PLAN: "planned"}.get(name) or (
            readable(planned.settings.beside) if name == BESIDE else hours_label(planned, name)
        )
        left = name in (BEFORE, BESIDE)
        axes.annotate(
            words, (at[name], scale * mean.value), xytext=(-7 if left else 7, 7 if left else -13),
            ha="right" if left else "left", textcoords="offset points", size=10, color=colour,
        )  # fmt: skip
    axes.set_title(label(measure))
    axes.set_ylabel(axis_unit(unit_of(measure)))
    axes.set_xlabel("cost, thousand €")
    axes.margins(x=0.14, y=0.18)
    quiet_grid(axes)


def hours_label(planned: Any, name: str) -> str:
    """`× 0.9` of the hours as it was; where nobody gave a roster, the hours."""
    if planned.rules.is_given:
        return f"× {name.removeprefix('hours_')}"
    return quantity(planned.judging.mean(name, "paid_hours").value, "h")


def save(planned: Any, folder: Path) -> list[Path]:
    """Write both figures as pictures and drawings; the second where there is a frontier."""
    paths = save_both(plan(planned), folder, "plan")
    if planned.settings.frontier:
        paths += save_both(frontier(planned), folder, "frontier")
    return paths
