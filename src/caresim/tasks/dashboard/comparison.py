"""The two staffing models against each other, in one line that says no more than can be compared by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caresim.config.study import Margins

TWO_DAYS = 2 * 1440.0
"""Minutes into the crisis before shares are set against each other: two nights and two days have then been met by both.
Before, a share says mostly at which hour of whose shift it began."""
ENOUGH = 30
"""A share must be of so many posts and messages."""
HALF_AN_HOUR = 0.5
ROUNDING = 1e-9
"""0.15 - 0.10 is a little less than 0.05."""

Frame = dict[str, Any]
"""What a frame says of a side: its `numbers`, who is `on_duty`."""


def comparison(one: Frame, other: Frame, time: float, ended: bool, margins: Margins) -> str:
    """Two models at the same moment: at the end how they fared, on the way how they stand.

    `margins`: the smallest differences that matter in the study.
    """
    left, right = one["numbers"], other["numbers"]
    if ended:
        return conclusion(left, right, margins)
    if time >= TWO_DAYS and min(left["social_of"], right["social_of"]) >= ENOUGH:
        now = f"Posts answered within the hour: {left['social']:.0%} on the left, {right['social']:.0%} on the right"
    else:
        now = f"On duty: {one['on_duty']} on the left, {other['on_duty']} on the right"
    waiting = f"waiting for an answer now: {left['waiting']:,} and {right['waiting']:,}"
    return f"{terms(left, right)} {now}; {waiting}."


def terms(left: Frame, right: Frame) -> str:
    """What is equal on both sides, and what is not."""
    more = hours_more(left, right)
    if not more:
        return "Same passengers, same luck, same paid hours."
    side = "left" if more > 0 else "right"
    return f"Same passengers, same luck, but {abs(more):,} more paid hours on the {side}."


def hours_more(left: Frame, right: Frame) -> int:
    """Paid hours that the left has more than the right, in whole hours."""
    more = left["paid_hours"] - right["paid_hours"]
    return round(more) if abs(more) >= HALF_AN_HOUR else 0


def set_against(frames: list[Frame]) -> list[str]:
    """What stands under the paid hours of each side."""
    if len(frames) < 2:
        return ["paid hours, whole run"] * len(frames)
    more = hours_more(frames[0]["numbers"], frames[1]["numbers"])
    if not more:
        return ["paid hours: the same on both sides"] * 2
    words = ("more", "less") if more > 0 else ("less", "more")
    return [
        f"paid hours: {abs(more):,} {word} than on the {side}"
        for word, side in zip(words, ("right", "left"), strict=True)
    ]


def conclusion(left: Frame, right: Frame, margins: Margins) -> str:
    """How both fared, and on how much of it one was better by more than the study's margin."""
    share, ratio, points = (float(margin.value) for margin in (margins.share, margins.ratio, margins.csat))
    measures = [
        ("posts answered within the hour", "social", "{:.0%}", 1, lambda less, more: more - less >= share - ROUNDING),
        ("never answered or too late", "never", "{:,}", -1, lambda less, more: more >= ratio * max(less, 1)),
        ("satisfaction", "satisfaction", "{:.2f}", 1, lambda less, more: more - less >= points - ROUNDING),
    ]
    parts, leads = [], []
    for words, key, form, good, matters in measures:
        values = left[key], right[key]
        if None in values:
            continue
        parts.append(f"{words} {form.format(values[0])} and {form.format(values[1])}")
        lead = good * (1 if values[0] > values[1] else -1)
        leads.append(lead if matters(min(values), max(values)) else 0)
    outcomes = ", ".join(parts)
    return (
        f"{terms(left, right)} {verdict(leads)}: {outcomes} (left and right). One crisis of many: see the comparison."
    )


def verdict(leads: list[int]) -> str:
    """`leads`: 1 where the left was better, -1 the right, 0 neither."""
    if not any(leads):
        return "At the end both fared alike, but for differences too small to matter"
    for sign, side in ((1, "left"), (-1, "right")):
        if all(lead == sign for lead in leads):
            return f"At the end the {side} fared better throughout"
        if all(lead in (sign, 0) for lead in leads):
            return f"At the end the {side} fared better, or no different by more than the study's margins"
    return "At the end each fared better in something"
