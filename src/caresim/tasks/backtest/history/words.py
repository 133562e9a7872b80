"""What a backtest on a history says, in sentences that follow from its rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from caresim.tasks.backtest.history.evaluate import (
    ABANDONED,
    CONTACTS,
    ERLANG_A,
    ERLANG_C,
    NAIVE,
    OURS,
    RIVALS,
    WAIT,
)
from caresim.tasks.backtest.history.settings import FORECAST, GIVEN, TRACKS
from caresim.tasks.calibrate.duty import roster_unknown

if TYPE_CHECKING:
    from caresim.tasks.backtest.history.backtest import HeldAgainst

CALLED = {
    OURS: "caresim",
    ERLANG_A: "Erlang A",
    ERLANG_C: "Erlang C",
    NAIVE: "the same time a week before",
}
MEASURES = {WAIT: "mean wait", ABANDONED: "P(abandon)", CONTACTS: "contacts"}
WIDTHS = {"half_hour": "half hour", "hour": "hour", "two_hours": "two hours", "day": "day"}
NEAR_CEILING = 0.85
"""Of the correlation that an exact model reaches, from which the ups and downs may be trusted. Assumption."""
COVERS = {"covered_90": (0.80, 0.97), "covered_50": (0.40, 0.70)}
"""Between these a band is taken at its word, of waits by hour and P(abandon) by two hours. Assumption."""
FEW_DAYS = 10
"""Fewer scored days than this say little of the days to come. Assumption."""
POINTS = 0.02
"""Of P(abandon) of a day: as near as the project's target asks for."""


def number(value: float, measure: str) -> str:
    """A score in the unit of what is measured: seconds, points, contacts."""
    if measure == ABANDONED:
        return f"{100 * value:.1f} points"
    return f"{value:.1f} s" if measure == WAIT else f"{value:.1f}"


def score_row(scores: pd.DataFrame, track: str, measure: str, width: str, model: str = OURS) -> pd.Series | None:
    """The row of a score; None where it could not be computed."""
    found = scores[
        (scores["track"] == track)
        & (scores["measure"] == measure)
        & (scores["width"] == width)
        & (scores["model"] == model)
    ]
    return None if found.empty else found.iloc[0]


def near_days(cells: pd.DataFrame, track: str) -> tuple[int, int]:
    """On how many of the days P(abandon) was predicted within POINTS, and how many days that is."""
    days = cells[(cells["track"] == track) & (cells["measure"] == ABANDONED) & (cells["width"] == "day")]
    near = (days["predicted"] - days["observed"]).abs() <= POINTS
    return int(near.sum()), len(days)


def beaten(scores: pd.DataFrame, track: str, measure: str, width: str) -> tuple[list[str], list[str]]:
    """The rivals whose CRPS is larger than ours on the same cells, and those whose is not."""
    better: list[str] = []
    not_better: list[str] = []
    for rival in RIVALS:
        row = score_row(scores, track, measure, width, rival)
        if row is not None:
            (better if row["crps_caresim"] < row["crps"] else not_better).append(CALLED[rival])
    return better, not_better


def answer(held: HeldAgainst) -> list[str]:
    """What the model may be trusted for, track by track; before it, that nobody knows who was there."""
    unknown = roster_unknown(held.calibrated.fit.history)
    said = [sentence for track in TRACKS for sentence in _of_track(held, track)]
    return [*filter(None, [unknown]), *said, *few(len(held.days))]


def _of_track(held: HeldAgainst, track: str) -> list[str]:
    wait = score_row(held.scores, track, WAIT, "hour")
    if wait is None:
        return []
    near, days = near_days(held.cells, track)
    said = [
        f"Where {TRACKS[track]}: P(abandon) of the day within {100 * POINTS:.0f} points on {near} of {days} days; "
        f"mean wait by hour r {wait['correlation']:.2f} (an exact model: {wait['ceiling']:.2f}), "
        f"{100 * wait['covered_90']:.0f} % of {wait['cells']} hours in the 90 % band and "
        f"{100 * wait['covered_50']:.0f} % in the 50 % band."
    ]
    said += [*against(held.scores, track, WAIT, "hour"), *against(held.scores, track, ABANDONED, "day")]
    return [*said, *one_sided(held.cells, track), trust(held, track)]


def against(scores: pd.DataFrame, track: str, measure: str, width: str) -> list[str]:
    """Which rivals it is better than; nothing where there is none."""
    ours = score_row(scores, track, measure, width)
    better, not_better = beaten(scores, track, measure, width)
    if ours is None or not (better or not_better):
        return []
    parts = [f"better than {_list(better)}"] if better else []
    parts += [f"not better than {_list(not_better)}"] if not_better else []
    what = f"{MEASURES[measure]} by {WIDTHS[width]} (CRPS {number(ours['crps'], measure)})"
    return [f"Its {what} is {' and '.join(parts)}."]


def rules_in_words(held: HeldAgainst) -> str:
    """The rules of the desk that were chosen, or kept; and with a forecast the roster that it carries."""
    calibrated = held.calibrated
    how = "kept (prior)" if calibrated.candidates.empty else "chosen"
    forecast = held.settings.tracks != GIVEN and not roster_unknown(calibrated.fit.history)
    carried = f"; in the roster that the forecast carries over, {calibrated.carried.text}" if forecast else ""
    return f"Rules that were {how}: {calibrated.fit.rules.text}{carried}."


def few(days: int) -> list[str]:
    """That few days are few; nothing where there are enough."""
    if days >= FEW_DAYS:
        return []
    return [f"{days} day{'s are' if days > 1 else ' is'} few: this may come out otherwise on other days."]


def one_sided(cells: pd.DataFrame, track: str) -> list[str]:
    """That waits come out too short, or too long, where they do on each of several days."""
    days = cells[(cells["track"] == track) & (cells["measure"] == WAIT) & (cells["width"] == "day")]
    for word, beyond in (
        ("short", days["observed"] > days["predicted"]),
        ("long", days["observed"] < days["predicted"]),
    ):
        if len(days) > 1 and beyond.all():
            compared = "above" if word == "short" else "below"
            return [f"Waits come out too {word}: the mean wait is {compared} the prediction on all {len(days)} days."]
    return []


def trust(held: HeldAgainst, track: str) -> str:
    """For what it may be used, and for what it may not: each by a rule that is written above."""
    near, days = near_days(held.cells, track)
    wait = score_row(held.scores, track, WAIT, "hour")
    assert wait is not None
    _, not_better = beaten(held.scores, track, WAIT, "hour")
    share = wait["correlation"] / wait["ceiling"] if wait["ceiling"] > 0 else math.nan
    lost = score_row(held.scores, track, ABANDONED, "two_hours")
    held_bands = [
        low <= row[band] <= high for row in (wait, lost) if row is not None for band, (low, high) in COVERS.items()
    ]
    judged = {
        "how many are lost in a day": near >= 0.8 * days,
        "which hours are bad": share >= NEAR_CEILING and not not_better,
        "the width of its bands": all(held_bands),
    }
    good = [what for what, holds in judged.items() if holds]
    bad = [what for what, holds in judged.items() if not holds]
    name = {GIVEN: "With arrivals and roster known,", FORECAST: "As a forecast,"}[track]
    if not good:
        return f"{name} do not trust it: neither for {' nor for '.join(bad)}."
    but = f"; not for {_list(bad, 'or')}" if bad else ""
    return f"{name} trust it for {_list(good)}{but}."


def _list(words: list[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def caution(held: HeldAgainst) -> list[str]:
    """What must be known of the comparison."""
    fitted = held.calibrated.fit
    said = [
        f"Fitted to {fitted.history.days[0]} to {fitted.history.days[-1]} alone; the rules of the desk were chosen on "
        "the last third of these days. No number was chosen by the days that are scored."
    ]
    if held.left_out:
        days = ", ".join(str(day) for day in held.left_out)
        said.append(f"Not scored, with less than half the contacts of the median day: {days}.")
    if held.settings.tracks != FORECAST and not roster_unknown(fitted.history):
        said.append(
            f"A roster that is given is told from the agents' own contacts: a rest of {fitted.rules.rest_min:g} min "
            "ends a spell. So it knows when agents were away for longer than that."
        )
    return said
