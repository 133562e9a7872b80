"""What a nowcast of a written desk says, in sentences that follow from its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from caresim.report.wording import joined
from caresim.tasks.backtest.desks.hours import text
from caresim.tasks.backtest.desks.pool import QUEUE
from caresim.tasks.backtest.desks.posts import ALL
from caresim.tasks.nowcast.desk.ahead import BACKLOG, FIRST, POSTS, REPLIES, SHARE, WAITING, DeskAhead
from caresim.tasks.nowcast.desk.known import HOUR
from caresim.tasks.nowcast.desk.settings import QUEUE_ALONE
from caresim.tasks.nowcast.settings import AS_GIVEN
from caresim.tasks.nowcast.words import changed

if TYPE_CHECKING:
    from caresim.tasks.nowcast.desk.nowcast import NowcastedDesk

NAMES = {
    POSTS: "posts",
    WAITING: "without a reply",
    BACKLOG: "to be answered",
    REPLIES: "replies",
    FIRST: "first response, min",
    SHARE: "answered",
}
NO_MOOD = (
    "No mood is told: a list of posts and replies holds neither what people feel nor what they wrote, and the law of "
    "the crisis experiments was not fitted to either."
)
NONE_EXPIRED = (
    "No post has expired: the desk answers every post, or the file lists answered posts only. In such a list, posts "
    "that wait are missing, or stand there only because a reply came later than now."
)


def called(name: str) -> str:
    """An alternative in words."""
    usual = {AS_GIVEN: "as expected", QUEUE_ALONE: "as expected, by the queue alone"}
    return usual.get(name, name.replace("_", " "))


def named(found: NowcastedDesk) -> str:
    """The desk, or where the file names none, the file."""
    desk = found.known.posts.desk
    return Path(found.settings.contacts).name if desk == ALL else desk


def answer(found: NowcastedDesk) -> list[str]:
    """Three sentences: what is, what will be, and what people on top would change."""
    return [state(found), to_come(found), change(found)]


def state(found: NowcastedDesk) -> str:
    """What is known now."""
    known, lately = found.known, found.settings.lately
    ages = known.ages[known.waiting]
    longest = f", the oldest for {duration(float(ages.max()))}" if len(ages) else ""
    left = found.ahead[AS_GIVEN].left
    count = f"{len(ages)} posts" if len(ages) != 1 else "1 post"
    took = known.replies_since(lately.value)
    usual = duration(float(np.nanmedian(known.posts.minutes)))
    pace = (
        f"{len(took)} replies were given in the last {lately.text}, half of them within "
        f"{duration(float(np.median(took)))} (of all replies known, {usual})"
        if len(took)
        else f"no reply was given in the last {lately.text}"
    )
    to = "" if known.posts.desk == ALL else f" to {known.posts.desk}"
    at = f"{known.moment(known.now):%a %Y-%m-%d %H:%M}"
    return (
        f"{at}: {count}{to} without a reply{longest}, of which "
        f"{left.mean():.1f} will be answered (90 %: {_ends(left)}); {len(known.expired)} more have expired, older than "
        f"{duration(known.longest)}, the longest that this desk has taken; {pace}."
    )


def to_come(found: NowcastedDesk) -> str:
    """The posts to come, the hour with the largest backlog, and the minutes to the first response."""
    ahead, hours = found.ahead[AS_GIVEN], found.settings.hours
    posts = ahead.values[POSTS].sum(axis=0)
    place = int(ahead.values[BACKLOG].mean(axis=1).argmax())
    backlog = ahead.values[BACKLOG][place]
    at = found.known.moment(float(ahead.begins[place]) + HOUR)
    minutes = np.concatenate(ahead.first)
    first = (
        f"half of those that are answered have their first response within {duration(float(np.median(minutes)))} "
        f"(90 %: {duration(float(np.quantile(minutes, 0.05)))} to {duration(float(np.quantile(minutes, 0.95)))})"
        if len(minutes)
        else "none of them is answered"
    )
    share, most = answered(ahead), f"{backlog.mean():.1f} (90 %: {_ends(backlog)})"
    return (
        f"In the next {hours} h {posts.mean():,.0f} posts are expected (90 %: {_ends(posts)}); the backlog of posts "
        f"that will be answered is largest about {at:%H:%M}, {most}; {100 * share.mean():.0f} % are answered some time "
        f"(90 %: {_ends(100 * share)} %), and {first}."
    )


def change(found: NowcastedDesk) -> str:
    """What each alternative changes, on the same luck, as the queue tells it."""
    names = [name for name in found.ahead if name not in (AS_GIVEN, QUEUE_ALONE)]
    if not names:
        return (
            "No alternative was asked for; people on top are written so: "
            '\'alternatives={two_more: {headcount: 2 people, start: "18:00", end: "23:00"}}\'.'
        )
    base, said = found.ahead[QUEUE_ALONE], []
    for name in names:
        other = found.ahead[name]
        fewer = base.values[BACKLOG].mean(axis=0) - other.values[BACKLOG].mean(axis=0)
        minutes = [np.concatenate(each.first) for each in (base, other)]
        sooner = (
            f", and half of the first responses come within {duration(float(np.median(minutes[1])))} instead of "
            f"{duration(float(np.median(minutes[0])))}"
            if all(map(len, minutes))
            else ""
        )
        said.append(f"{called(name)}: {changed(fewer, 1, 'posts', 'fewer wait', 'more wait')}{sooner}")
    return f"Over these hours, on the same luck and by the queue alone, {joined(said)}."


def caution(found: NowcastedDesk) -> list[str]:
    """What has to be known of it."""
    weights, opening = found.fitted.weights, found.fitted.opening
    said = [
        f"The queue of the desk has {100 * weights[QUEUE]:.0f} % of the weight in this forecast, what earlier replies "
        "alone say the rest, as each has earned it within the history."
    ]
    if len(found.ahead) > 1:
        said.append(
            "Earlier replies know nothing of people: what people on top change is told by the queue alone. They "
            "shorten the wait for somebody who is free, and not the time until a post is noticed."
        )
    said.append(
        f"The desk is taken to be open from {text(opening.hours.opens)} to {text(opening.hours.closes)}."
        if opening.closed
        else "No hours are seen at which the desk is closed."
    )
    if not len(found.known.expired):
        said.append(NONE_EXPIRED)
    return [*found.notes, *said, NO_MOOD]


def answered(ahead: DeskAhead) -> np.ndarray:
    """Share that is answered of all posts of the hours ahead, by course."""
    came = ahead.values[POSTS]
    return np.asarray(np.nansum(ahead.values[SHARE] * came, axis=0) / np.maximum(came.sum(axis=0), 1.0))


def duration(minutes: float) -> str:
    """Minutes in words."""
    if minutes < 1.0:
        return f"{60 * minutes:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120.0 else f"{minutes / 60.0:.1f} h"


def _ends(values: np.ndarray) -> str:
    low, high = np.quantile(values, (0.05, 0.95))
    return f"{low:,.0f} to {high:,.0f}"
