"""What a nowcast says, in sentences that follow from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.report.wording import joined
from caresim.tasks.calibrate.calibrate import at_one_desk_in_words, guessed_in_words
from caresim.tasks.calibrate.duty import roster_unknown
from caresim.tasks.calibrate.history import NOBODY
from caresim.tasks.calibrate.layout import WHY_ONE_DESK
from caresim.tasks.nowcast.ahead import ABANDONED, BACKLOG, CONTACTS, HALF_HOUR, MOOD, WAIT, Ahead
from caresim.tasks.nowcast.mood import anger_of
from caresim.tasks.nowcast.settings import AS_GIVEN

if TYPE_CHECKING:
    from caresim.tasks.nowcast.nowcast import Nowcasted

LEAST_TOLD = 0.05
"""Of people waiting: fewer are told as 0.0."""
NAMES = {
    CONTACTS: "contacts",
    BACKLOG: "waiting",
    WAIT: "first response, s",
    ABANDONED: "hang up",
    MOOD: "anger, 0 to 1",
}


def called(name: str) -> str:
    """An alternative in words."""
    return "the roster as expected" if name == AS_GIVEN else name.replace("_", " ")


def answer(found: Nowcasted) -> list[str]:
    """Three sentences: what is, what will be, and what people on top would change."""
    return [state(found), worst(found), change(found)]


def state(found: Nowcasted) -> str:
    """What is known now."""
    known = found.known
    waits = known.waits_min
    longest = f", the longest for {_minutes(float(waits.max()))}" if len(waits) else ""
    came = len(known.of_today)
    of_usual = f" ({100 * came / found.usual:.0f} % of what is usual by now)" if found.usual >= 1 else ""
    on_duty = len(known.on_duty(found.fitted.rules.rest_min)) if known.history.agents else None
    people = f"; {on_duty} agents are on duty" if on_duty is not None else ""
    return (
        f"{known.moment:%a %Y-%m-%d %H:%M}: {_count(len(waits), 'customer waits', 'customers wait')}{longest}, "
        f"{_count(len(known.handled), 'is', 'are')} in a call{people}, and {came:,} have come today{of_usual}."
    )


def worst(found: Nowcasted) -> str:
    """The contacts to come, and the half hour with the longest queue."""
    ahead = found.ahead[AS_GIVEN]
    low, high = np.quantile(ahead.values[CONTACTS].sum(axis=0), (0.05, 0.95))
    backlog = ahead.values[BACKLOG]
    place = int(backlog.mean(axis=1).argmax())
    few, many = np.quantile(backlog[place], (0.05, 0.95))
    at = found.known.moment_after(HALF_HOUR * (place + 1))
    lost = _lost(ahead)
    queue = (
        f"the queue is longest about {at:%H:%M}, with {backlog[place].mean():.1f} waiting "
        f"(90 %: {few:.0f} to {many:.0f})"
        if backlog[place].mean() >= LEAST_TOLD
        else "hardly anybody waits at the end of any half hour"
    )
    return (
        f"In the next {found.settings.hours} h {ahead.values[CONTACTS].sum(axis=0).mean():,.0f} more are expected "
        f"(90 %: {low:,.0f} to {high:,.0f}); {queue}, and {100 * lost.mean():.1f} % of those "
        f"who come hang up (90 %: {100 * np.quantile(lost, 0.05):.1f} to {100 * np.quantile(lost, 0.95):.1f} %)."
    )


def change(found: Nowcasted) -> str:
    """What each alternative changes, on the same luck."""
    others = [name for name in found.ahead if name != AS_GIVEN]
    if not others:
        return (
            "No alternative was asked for; people on top are written so: "
            '\'alternatives={three_more: {headcount: 3 people, start: "18:00", end: "23:00"}}\'.'
        )
    base, said = found.ahead[AS_GIVEN], []
    for name in others:
        fewer = 100 * (_lost(base) - _lost(found.ahead[name]))
        sooner = _wait(base) - _wait(found.ahead[name])
        said.append(
            f"{called(name)}: {changed(fewer, 1, 'points', 'fewer hang up', 'more hang up')}, and the mean wait is "
            f"{changed(sooner, 0, 's', 'shorter', 'longer')}"
        )
    return f"Over these hours, on the same luck, {joined(said)}."


def changed(by: np.ndarray, figures: int, unit: str, good: str, bad: str) -> str:
    """A mean change over replications in words, with the band of 90 %; below 0 it is told the other way round."""
    mean = float(by.mean())
    if round(mean, figures) < 0:
        by, mean, good = -by, -mean, bad
    low, high, mean = (round(float(each), figures) + 0.0 for each in (*np.quantile(by, (0.05, 0.95)), mean))
    band = f"{low:.{figures}f} to {high:.{figures}f}".replace("-", "−")
    return f"{mean:.{figures}f} {unit} {good} (90 %: {band})"


def caution(found: Nowcasted) -> list[str]:
    """What has to be known of it."""
    known, said = found.known, []
    if unknown := roster_unknown(known.history):
        said.append(unknown)
    else:
        said.append(
            "The roster ahead is that of the last same weekday, corrected by who has worked today; tonight's plan is "
            "not known."
        )
        said += ends_early(found)
    if not found.candidates.empty:
        said += at_one_desk_in_words(found.candidates) + guessed_in_words(found.fitted.history, found.fitted.rules)
    if found.at_one_desk:
        said.append(f"The hours ahead have one desk for all, without the overflow: {WHY_ONE_DESK}.")
    if len(known.lost_sight_of):
        count = _count(len(known.lost_sight_of), "contact has", "contacts have")
        said.append(f"{count} no end and began more than {found.settings.open_at_most.text} ago: not open any more.")
    unnamed = int((known.history.agent[known.handled] == NOBODY).sum())
    if unnamed and known.history.agents:
        count = _count(unnamed, "call goes on", "calls go on")
        said.append(
            f"{count} of which the file names no agent: they keep nobody busy, so that waits are told too short."
        )
    return [*said, mood(found)]


def mood(found: Nowcasted) -> str:
    """What is told of anger, and why it is next to nothing where nobody waits for long."""
    expected = anger_of("phone").expected_min
    waits = found.ahead[AS_GIVEN].values[WAIT]
    means = [float(np.nanmean(row)) / 60.0 for row in waits if np.isfinite(row).any()]
    longest = max(means, default=0.0)
    follows = (
        "which anger in nowcast.csv follows"
        if longest > expected
        else "so that anger in nowcast.csv is next to nothing and is not shown"
    )
    return (
        "A list of calls holds nothing that makes mood but the wait. By the crisis experiments' law (numbers are "
        f"assumptions) nobody is angry who has waited for less than {_minutes(expected)}; the longest mean wait of a "
        f"half hour ahead is {_minutes(longest)}, {follows}."
    )


def ends_early(found: Nowcasted) -> list[str]:
    """When the last of the roster goes, where that is before the hours ahead end."""
    known, ends = found.known, max((spell.end for spell in found.roster.spells), default=found.known.now)
    if ends >= known.now + 60.0 * found.settings.hours:
        return []
    return [
        f"That roster is inferred from calls and ends at {known.moment_after(ends - known.now):%H:%M}: whoever waits "
        "then, or comes later, meets nobody, so that lines may jump there."
    ]


def _lost(ahead: Ahead) -> np.ndarray:
    """Share that hangs up, of those who come, by replication."""
    return _of_all(ahead, ABANDONED)


def _wait(ahead: Ahead) -> np.ndarray:
    """Mean wait, s, of those who come, by replication."""
    return _of_all(ahead, WAIT)


def _of_all(ahead: Ahead, name: str) -> np.ndarray:
    came = ahead.values[CONTACTS]
    total = np.nansum(ahead.values[name] * came, axis=0)
    return np.asarray(total / np.maximum(came.sum(axis=0), 1.0))


def _minutes(minutes: float) -> str:
    return f"{60 * minutes:.0f} s" if minutes < 2 else f"{minutes:.0f} min"


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
