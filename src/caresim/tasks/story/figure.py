"""One passenger's way under each staffing model: lanes by channel, what was waited for and worked on, anger above."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedFormatter, FixedLocator

from caresim.model.codes import Result
from caresim.report.clock import clock_axis, local_time, zone
from caresim.report.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    PALE_BLUE,
    PURPLE,
    QUIET,
    VERMILLION,
    WIDTH,
    drawn,
    page,
    save_both,
)
from caresim.tasks.story.happening import ASKED, IN_HAND, LOOKED_UP, Happening
from caresim.tasks.story.tale import AFTERWARDS

MOST = 6
"""Panels on a page; a story of more staffing models shows the baseline and the next five."""
LIGHT, DARK, GOOD, BAD, VOW = PALE_BLUE, BLUE, GREEN, VERMILLION, PURPLE
ANGER, LANE, HEADING, FURTHER, GAP = 0.62, 0.4, 0.62, 0.22, 0.3
"""Inches: the strip of anger, a lane, a panel's heading, a further line of it, and what is between panels."""
LONGEST = 150
"""Characters of a lead that fit on a line."""
LEFT, RIGHT, TOP, BOTTOM = 2.3, 0.5, 1.75, 0.85
OWN = ASKED | LOOKED_UP | {"reminded", "wrote_back"}
FAILED = {
    "closed": "closed", "holds_off": "not open", "busy": "busy", "hung_up": "hangs up", "walked_off": "leaves",
    "silence": "no reply",
    "dropped": "dropped", "sent_away": "sent away", "machine_dead_end": "no way on", "machine_nobody": "nobody there",
    "machine_erred": "wrong answer", "too_late": "too late", "web_no_help": "no help", "missed_call": "missed",
    "broken": "broken promise", "no_news": "no news", "corrected": "not so", "error_showed": "was wrong",
}  # fmt: skip
HELPED = {"web_helped": "settled", "machine_solved": "settled", "seat_came": "a seat", "kept": "kept"}
REPLIED = {
    Result.SOLVED: "settled", Result.INFORMED: "informed", Result.WAITLISTED: "waitlist",
    Result.ACKNOWLEDGED: "kind words", Result.EMPTY: "empty", Result.HANDED_OVER: "passed on",
    Result.UNKNOWN: "not known", Result.PARTLY: "some news",
    Result.NOT_YET: "not yet", Result.REFUSED: "refused",
}  # fmt: skip
ASIDE = 0.29
"""Lanes by which the passenger's own marks stand above the bars, and what came of them below."""
UNANSWERED = frozenset({"closed", "holds_off", "busy", "reminded", "silence", "missed", "gave_up"})
"""What happens while nobody answers."""
MARGIN, LEAST = 0.12, 20.0
"""Room behind the last thing that is drawn, as a share of the time, and in minutes."""
ENDS = {"missed": "too late", "gave_up": "gives up"}
COMPANY = -1
"""The lane of what is on no channel: notices, seats, promises."""


@drawn
def story(passenger: Any) -> Figure:
    """Lanes by operator and channel over the clock, waits and work as bars, anger above; a panel per staffing model."""
    tales = passenger.tales[:MOST]
    first, last = _ends(tales)
    lanes = [_lanes(tale) for tale in tales]
    leads = [[part for line in tale.lead.split("\n") for part in textwrap.wrap(line, LONGEST)] for tale in tales]
    heights = [_heading(leads[n]) + ANGER + LANE * max(len(each), 1) for n, each in enumerate(lanes)]
    height = TOP + BOTTOM + sum(heights) + (len(tales) - 1) * GAP
    more = f" The first {MOST} of {len(passenger.tales)} staffing models." if len(passenger.tales) > MOST else ""
    figure = page(
        "What happened to one passenger",
        "\n".join(textwrap.wrap(f"{passenger.lead}{more} Nights (22:00–06:00 local) shaded.", 140)),
        height=height,
    )
    _key(figure, height)
    top = height - TOP
    for place, tale in enumerate(tales):
        bottom = place == len(tales) - 1
        _panel(figure, tale, leads[place], lanes[place], (first, last), top, height, bottom)
        top -= heights[place] + GAP
    return figure


def _heading(lead: Sequence[str]) -> float:
    """Inches above a panel: the name and the lines of the lead."""
    return HEADING + FURTHER * (len(lead) - 1)


def _ends(tales: Sequence[Any]) -> tuple[float, float]:
    """The time from the first event to the last; without the long end in which nobody answers any more."""
    events = [h for tale in tales for h in tale.course.happenings if h.event not in AFTERWARDS]
    first = min((each.time for each in events), default=0.0)
    last = max((each.time for each in events), default=0.0)
    heard = max((each.time for each in events if not _is_unanswered(each)), default=last)
    if last - heard > (last - first) / 3 and heard > first:
        last = heard
    room = max(MARGIN * (last - first), LEAST if last > first + LEAST else 1.0)
    return first - room / 3, last + room


def _is_unanswered(happening: Happening) -> bool:
    return happening.event in UNANSWERED or bool(happening.facts.get("unheard"))


def _is_drawn(happening: Happening) -> bool:
    return happening.event in OWN or happening.event == "read" or bool(_label(happening)[0])


def _lanes(tale: Any) -> list[int]:
    """Channels used, in the experiment's order, and the lane of all else where it is needed."""
    used = {happening.channel for happening in tale.course.happenings if _is_drawn(happening)}
    return sorted(used - {COMPANY}) + [COMPANY] * (COMPANY in used)


def _label(happening: Happening) -> tuple[str, str]:
    """A word or two for what came of it, and its colour; empty for what is the passenger's own."""
    event = happening.event
    if event in FAILED:
        return FAILED[event], BAD
    if event in HELPED:
        return HELPED[event], GOOD
    if event == "read":
        return ("notice helps", GOOD) if happening.facts["settled"] else ("notice", QUIET)
    if event != "replied":
        return "", INK
    result = Result(happening.facts["result"])
    if happening.facts["promise"]:
        return "promise", VOW
    if happening.facts["asks"]:
        return "asks back", QUIET
    return REPLIED.get(result, ""), GOOD if result == Result.SOLVED else BAD if result == Result.EMPTY else QUIET


def _key(figure: Figure, height: float) -> None:
    dot = {"linestyle": "none", "markersize": 7}
    handles: list[Any] = [
        Patch(color=LIGHT, label="waiting"),
        Patch(color=DARK, label="in hand"),
        Line2D([], [], marker="o", color=INK, label="asks, writes, calls", **dot),
        Line2D([], [], marker="D", color=QUIET, label="an answer", **dot),
        Line2D([], [], marker="D", color=GOOD, label="help", **dot),
        Line2D([], [], marker="X", color=BAD, label="no help", **dot),
        Line2D([], [], marker="*", color=VOW, label="a promise", **{**dot, "markersize": 11}),
        Line2D([], [], color=INK, linewidth=1.6, label="anger"),
    ]
    where = (0.3 / WIDTH, 1 - 1.16 / height)
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=where, ncol=len(handles), frameon=False, fontsize=11,
        handlelength=1.4, columnspacing=1.6, borderaxespad=0.0,
    )  # fmt: skip


def _panel(
    figure: Figure,
    tale: Any,
    lead: Sequence[str],
    lanes: Sequence[int],
    ends: tuple[float, float],
    top: float,
    height: float,
    bottom: bool,
) -> None:
    """One staffing model: heading, the strip of anger, the lanes."""
    inches = WIDTH - LEFT - RIGHT

    def axes(above: float, tall: float) -> Axes:
        return figure.add_axes((LEFT / WIDTH, (top - above - tall) / height, inches / WIDTH, tall / height))

    figure.text(0.35 / WIDTH, (top - 0.02) / height, tale.called, size=13, weight="bold", va="top")
    figure.text(0.35 / WIDTH, (top - 0.28) / height, "\n".join(lead), size=11.5, color=QUIET, va="top")
    strip = axes(_heading(lead), ANGER)
    below = axes(_heading(lead) + ANGER, LANE * max(len(lanes), 1))
    _draw_anger(strip, tale, ends)
    _draw_lanes(below, tale, lanes, ends, inches / (ends[1] - ends[0]))
    for part in (strip, below):
        _time_axis(part, tale.words.experiment, *ends, label=bottom and part is below)
        if not (bottom and part is below):
            part.tick_params(axis="x", labelbottom=False)
    strip.tick_params(axis="x", length=0)


def _draw_anger(axes: Axes, tale: Any, ends: tuple[float, float]) -> None:
    happenings = [happening for happening in tale.course.happenings if happening.event not in AFTERWARDS]
    over = max((happening.time for happening in happenings), default=ends[0])
    points = [(time, 10 * anger) for time, anger in tale.course.angers if time <= over]
    if points:
        times, angers = zip(*points, strict=True)
        axes.plot(times, angers, color=INK, linewidth=1.6)
        axes.fill_between(times, angers, color=FAINT, linewidth=0)
    for happening in happenings:
        if happening.event in ENDS:
            _draw_end(axes, happening, tale.words, ends[1])
    axes.set_ylim(0, 10)
    axes.set_yticks([0, 5, 10], labels=["0", "5", "10"])
    axes.tick_params(axis="y", labelsize=9, length=2)
    axes.set_ylabel("anger\n(of 10)", size=9.5, rotation=0, ha="right", va="center", labelpad=14)
    axes.spines["bottom"].set_visible(False)


def _draw_end(axes: Axes, happening: Happening, words: Any, last: float) -> None:
    """Where a matter is given up or lost; where that is beyond the figure, when."""
    whose = f"{words.company(words.owner(happening.matter))}: " if words.several else ""
    what = f"{whose}{ENDS[happening.event]}"
    if happening.time > last:
        what = f"{what} {words.date(happening.time)} ▸"
        axes.text(last, 9.6, what, color=BAD, size=10, va="top", ha="right", weight="bold")
        return
    axes.axvline(happening.time, color=BAD, linewidth=1.2, linestyle=":")
    axes.text(happening.time, 9.6, f" {what}", color=BAD, size=10, va="top", weight="bold")


def _draw_lanes(axes: Axes, tale: Any, lanes: Sequence[int], ends: tuple[float, float], per_minute: float) -> None:
    row = {lane: place for place, lane in enumerate(lanes)}
    thin = 0.045 / per_minute  # minutes that can be seen
    for span in tale.course.spans:
        if span.channel in row:
            length = max(span.until - span.since, thin)
            colour = DARK if span.phase == IN_HAND else LIGHT
            above = 3 if span.phase == IN_HAND else 2
            axes.barh(row[span.channel], length, left=span.since, height=0.26, color=colour, linewidth=0, zorder=above)
    for lane in lanes:
        marked = [
            each
            for each in tale.course.happenings
            if each.event not in AFTERWARDS and each.channel == lane and _is_drawn(each)
        ]
        aside = ASIDE if lane != COMPANY else 0.0
        seen = [each for each in marked if each.time <= ends[1]]
        _mark(axes, [each for each in seen if not _label(each)[0]], row[lane] - aside, per_minute)
        _mark(axes, [each for each in seen if _label(each)[0]], row[lane] + aside, per_minute)
        until = max([*(each.time for each in marked), *(s.until for s in tale.course.spans if s.channel == lane)])
        if until > ends[1]:
            what = f"no answer until {tale.words.date(until)} ▸"
            axes.text(ends[1], row[lane] + ASIDE, what, size=9, color=BAD, va="center", ha="right")
    axes.set_ylim(len(lanes) - 0.42, -0.6)
    several = len({int(tale.words.world.channels["operator"][lane]) for lane in lanes if lane >= 0}) > 1
    axes.set_yticks(range(len(lanes)), labels=[_name(tale.words, lane, several) for lane in lanes])
    axes.tick_params(axis="y", length=0, labelsize=10)
    axes.spines["left"].set_visible(False)


def _mark(axes: Axes, marked: Sequence[Happening], row: float, per_minute: float) -> None:
    """The marks of a lane, each with a word where the next mark leaves room for it."""
    for place, happening in enumerate(marked):
        label, colour = _label(happening)
        marker = "o" if not label else {BAD: "X", VOW: "*"}.get(colour, "D")
        size = 4.5 if not label else 10.0 if colour == VOW else 6.5
        axes.plot(happening.time, row, marker=marker, color=colour, markersize=size, markeredgecolor="white", zorder=4)
        room = (marked[place + 1].time - happening.time if place + 1 < len(marked) else math.inf) * per_minute
        if label and room > 0.12 + 0.068 * len(label):
            axes.text(
                happening.time + 0.08 / per_minute, row - 0.02, label, size=9, color=colour, va="center", zorder=5
            )


def _name(words: Any, lane: int, several: bool) -> str:
    if lane == COMPANY:
        return "notices, seats, promises"
    name = words.lane(lane)
    company = words.company(int(words.world.channels["operator"][lane]))
    return f"{company}: {name}" if several else f"{name[:1].upper()}{name[1:]}"


def _time_axis(axes: Axes, experiment: Any, first: float, last: float, label: bool) -> None:
    """The clock axis; in minutes where the story is over within hours."""
    clock_axis(axes, experiment, first, last, label)
    if last - first > 240:
        return
    step = next(each for each in (1, 2, 5, 10, 15, 30) if (last - first) / each <= 12 or each == 30)
    begins = (experiment.start + timedelta(minutes=first)).astimezone(zone(experiment))
    minute = first + (-(begins.minute + begins.second / 60)) % step
    ticks = [minute + step * n for n in range(int((last - minute) / step) + 1)]
    texts = []
    for n, tick in enumerate(ticks):
        moment = experiment.moment(tick).astimezone(zone(experiment))
        texts.append(f"{moment:%H:%M}" + (f"\n{moment:%a} {moment.day} {moment:%b}" if not n else ""))
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FixedFormatter(texts))
    if label:
        axes.set_xlabel(local_time(experiment))


def save_story(passenger: Any, folder: str | Path) -> list[Path]:
    """Draw the figure of a story, write story.png and story.svg to `folder`; returns the paths."""
    return save_both(story(passenger), folder, "story")
