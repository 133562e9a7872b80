"""The figure of docs/verification.md: lines are theory, points are simulated, with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from tests.support.theory.cases import load_for

from caresim import theory

BLUE, ORANGE, GREY, INK = "#0072B2", "#D55E00", "#767676", "#222222"
"""Okabe and Ito's blue and vermilion: told apart with any colour vision."""
SECONDS = 60.0


def draw(found: Sequence, file: Path) -> None:
    """`found`: lines of benchmarks/verification.csv."""
    plt.rcParams.update({"font.size": 9, "axes.titlesize": 10, "axes.spines.top": False, "axes.spines.right": False})
    figure, grid = plt.subplots(3, 3, figsize=(12, 10.2), layout="constrained")
    panels = (loss, waits, abandonment, variation, lines, wave, large_teams, redials, everything)
    for axes, panel in zip(grid.flat, panels, strict=True):
        panel(axes, found)
        axes.title.set_horizontalalignment("left")
        axes.title.set_position((0, 1))
    most = max(line.replications for line in found)
    figure.suptitle(
        "caresim against the formulas: lines are theory, points are simulated "
        f"({sum(_calls(found)) / 1e6:,.0f} million calls)\n"
        f"Bars are intervals from up to {most:,} independent replications; that all {len(found)} of them hold "
        "is 99.9 % certain if the engine is right",
        x=0.01,
        ha="left",
        fontsize=11,
    )
    file.parent.mkdir(exist_ok=True)
    figure.savefig(file, dpi=110)
    plt.close(figure)


def _calls(found: Sequence) -> list[int]:
    return list({line.verdict.case: line.calls for line in found}.values())


def _points(axes: Axes, found: Sequence, family: str, measure: str, colour: str, unit: float = 1.0) -> None:
    chosen = [line for line in found if line.family == family and line.verdict.measure == measure and line.x == line.x]
    if not chosen:
        raise ValueError(f"no case to draw for {family}, {measure}")
    axes.errorbar(
        [line.x for line in chosen],
        [unit * line.verdict.simulated for line in chosen],
        [unit * line.verdict.half_width for line in chosen],
        fmt="o",
        color=colour,
        markersize=4.5,
        capsize=3,
        zorder=3,
    )


def _curve(axes: Axes, xs: Sequence[float], value: Callable[[float], float], colour: str, **style: object) -> None:
    axes.plot(xs, [value(x) for x in xs], color=colour, linewidth=1.3, **style)


def _say(axes: Axes, x: float, y: float, text: str, colour: str, **style: object) -> None:
    axes.text(x, y, text, color=colour, transform=axes.transAxes, **style)


def loss(axes: Axes, found: Sequence) -> None:
    _curve(axes, np.linspace(0.3, 2.1, 60), lambda x: 100 * theory.erlang_b(10 * x, 1, 10).blocking, BLUE)
    _points(axes, found, "Erlang B", "blocking", BLUE, 100)
    axes.set(
        title="Erlang B: 10 lines, nobody waits", xlabel="load per line (Erlang)", ylabel="blocked calls (%)", ylim=0
    )


def waits(axes: Axes, found: Sequence) -> None:
    _curve(axes, np.linspace(0.5, 0.962, 80), lambda x: SECONDS * theory.erlang_c(10 * x, 1, 10).asa, BLUE)
    _points(axes, found, "Erlang C", "mean wait", BLUE, SECONDS)
    a = np.linspace(0.5, 1.45, 60)
    _curve(axes, a, lambda x: SECONDS * theory.erlang_a(10 * x, 1, 10, 5).mean_wait, ORANGE)
    _points(axes, found, "Erlang A", "mean wait", ORANGE, SECONDS)
    _say(axes, 0.44, 0.80, "endless patience", BLUE, ha="right")
    _say(axes, 0.99, 0.28, "patience 5 min", ORANGE, ha="right")
    axes.set(
        title="Erlang C and A: 10 people, calls of 1 min", xlabel="load per person (Erlang)", ylabel="mean wait (s)"
    )
    axes.set_ylim(0, 125)


def abandonment(axes: Axes, found: Sequence) -> None:
    a = np.linspace(0.5, 1.45, 60)
    _curve(axes, a, lambda x: 100 * theory.erlang_a(10 * x, 1, 10, 5).abandonment, ORANGE)
    _points(axes, found, "Erlang A", "abandonment", ORANGE, 100)
    _curve(axes, a, lambda x: 100 * theory.erlang_a(10 * x, 1, 10, 5).occupancy, BLUE)
    _points(axes, found, "Erlang A", "occupancy", BLUE, 100)
    _say(axes, 0.10, 0.78, "occupancy", BLUE)
    _say(axes, 0.62, 0.36, "abandonment", ORANGE)
    axes.set(
        title="Erlang A: the same 10 people, patience 5 min", xlabel="load per person (Erlang)", ylabel="%", ylim=0
    )


def variation(axes: Axes, found: Sequence) -> None:
    _curve(axes, [0, 4.2], lambda x: theory.mg1(0.8, 1, x**0.5).mean_wait, BLUE)
    _points(axes, found, "M/G/1", "mean wait", BLUE)
    for x, y, name in (
        (0, 2.0, "all alike"),
        (0.25, 2.5, "lognormal"),
        (1, 4, "exponential"),
        (1.96, 5.92, "lognormal and\nhyperexponential"),
        (4, 10, "hyperexponential"),
    ):
        right = x < 3
        style = {"ha": "left", "va": "top"} if right else {"ha": "right", "va": "bottom"}
        place = (2, -10) if x == 0 else (8, -4) if right else (-8, 4)
        axes.annotate(name, (x, y), place, textcoords="offset points", fontsize=8, color=INK, **style)
    axes.set(title="M/G/1: one person, load 0.8, calls of 1 min", ylabel="mean wait (min)", ylim=0)
    axes.set_xlabel("squared coefficient of variation of handling times")


def lines(axes: Axes, found: Sequence) -> None:
    room = range(10, 31)
    _curve(axes, room, lambda k: 100 * theory.mmck(11, 1, 10, k).blocking, BLUE)
    _points(axes, found, "M/M/c/K", "blocking", BLUE, 100)
    _curve(axes, room, lambda k: 100 * theory.mmck(12, 1, 10, k, 2).blocking, ORANGE)
    _points(axes, found, "M/M/c/K+M", "blocking", ORANGE, 100)
    _say(axes, 0.60, 0.46, "11 Erlang, endless patience", BLUE, ha="center")
    _say(axes, 0.98, 0.10, "12 Erlang,\npatience 2 min", ORANGE, ha="right")
    axes.set(title="M/M/c/K and M/M/c/K+M: 10 people", xlabel="lines", ylabel="blocked calls (%)", ylim=0)
    axes.set(xticks=range(10, 31, 5))


def wave(axes: Axes, found: Sequence) -> None:
    load, hours = theory.sinusoidal_load(10, 5, 24, 2), np.linspace(0, 24, 200)
    axes.plot(hours, load.at(hours), color=BLUE, linewidth=1.3)
    axes.plot(hours, 20 + 10 * np.sin(2 * np.pi * hours / 24), color=GREY, linewidth=1, linestyle="--")
    chosen = [line for line in found if line.verdict.measure.startswith("number at ")]
    axes.errorbar(
        [int(line.verdict.measure.removeprefix("number at ").partition(":")[0]) for line in chosen],
        [line.verdict.simulated for line in chosen],
        [line.verdict.half_width for line in chosen],
        fmt="o", color=BLUE, markersize=4.5, capsize=3, zorder=3,
    )  # fmt: skip
    _say(axes, 0.03, 0.36, "dashed: arrivals x 2 h,\nif they acted at once", GREY, va="top", fontsize=8)
    _say(axes, 0.62, 0.72, f"{load.lag:.2f} h later", BLUE)
    axes.set(
        title="M(t)/M/infinity: 10 an hour, half more or less", xlabel="hour of the day", ylabel="people in service"
    )
    axes.set(xticks=range(0, 25, 6), ylim=0)


def large_teams(axes: Axes, found: Sequence) -> None:
    for beta, colour in ((0.5, BLUE), (1.0, ORANGE)):
        sizes = [round(size) for size in np.geomspace(20, 2000, 40)]
        _curve(axes, sizes, lambda c, b=beta: 100 * theory.erlang_c(load_for(c, b), 1, c).probability_of_wait, colour)
        axes.axhline(100 * theory.halfin_whitt(beta), color=GREY, linewidth=1, linestyle="--")
        _points(axes, found, f"Halfin-Whitt, beta {beta}", "P(wait)", colour, 100)
        axes.text(20, 100 * theory.halfin_whitt(beta) - 2.5, f"limit for beta = {beta:g}", color=colour, va="top")
    axes.set_xscale("log")
    axes.set(title="Halfin-Whitt: beta x root of the load to spare", xlabel="people", ylabel="calls that wait (%)")
    axes.set(xticks=[25, 100, 400, 1600], xticklabels=["25", "100", "400", "1,600"], ylim=(0, 65))
    axes.minorticks_off()


def redials(axes: Axes, found: Sequence) -> None:
    shares = np.linspace(0, 0.6, 30)
    _curve(axes, shares, lambda p: theory.redials(12, 1, 10, 2, p).calls_per_fresh_call, BLUE)
    _curve(axes, shares, lambda p: theory.redials_fluid(12, 1, 10, 2, p).calls_per_fresh_call, GREY, linestyle="--")
    _points(axes, found, "Redials", "calls per fresh call", BLUE)
    _say(axes, 0.42, 0.66, "Erlang A with its own redials", BLUE, ha="center")
    _say(axes, 0.98, 0.42, "fluid limit", GREY, ha="right")
    axes.set(title="Redials: 12 Erlang, 10 people, patience 2 min", ylabel="calls per fresh call")
    axes.set_xlabel("share that redials, after 100 min on average")


def everything(axes: Axes, found: Sequence) -> None:
    ratios = np.sort([(line.verdict.simulated - line.verdict.theory) / line.verdict.half_width for line in found])
    axes.plot(ratios, np.arange(1, len(ratios) + 1), ".", color=INK, markersize=4)
    for bound in (-1, 1):
        axes.axvline(bound, color=ORANGE, linewidth=1.3)
    axes.axvline(0, color=GREY, linewidth=1, linestyle="--")
    _say(axes, 0.055, 0.94, "refused", ORANGE, rotation=90, va="top", ha="right")
    _say(axes, 0.995, 0.94, "refused", ORANGE, rotation=90, va="top", ha="right")
    axes.set(title=f"All {len(found)} comparisons", ylabel="comparison, in order", xlim=(-1.15, 1.15))
    axes.set_xlabel("(simulated - theory) / half-width of the interval")
