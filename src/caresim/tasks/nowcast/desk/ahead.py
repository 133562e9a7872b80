"""The hours ahead of a written desk, hour by hour: what each course says of each, and the bands over courses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.tasks.backtest.desks.posterior import LEAST
from caresim.tasks.nowcast.desk.courses import Course
from caresim.tasks.nowcast.desk.known import HOUR, KnownDesk
from caresim.tasks.nowcast.hours_ahead import BOUNDS, average_and_bands

Floats = NDArray[np.float64]
POSTS, WAITING, BACKLOG, REPLIES, FIRST, SHARE = QUANTITIES = (
    "posts",
    "waiting",
    "backlog",
    "replies",
    "first_response_min",
    "share_answered",
)
MEANINGS = {
    POSTS: "posts that come",
    WAITING: "posts without a reply at the end of the hour that have not expired",
    BACKLOG: "those of them that will be answered",
    REPLIES: "first replies that the desk gives",
    FIRST: "minutes to the first reply, of posts that come in the hour and are answered",
    SHARE: "share that is answered some time, of the posts that come",
}
COLUMNS = ("alternative", "begins", "ends", "quantity", "median", *BOUNDS)
"""The median and its bounds are of courses, of FIRST of the replies in all of them."""


class DeskAhead(NamedTuple):
    """By quantity an array (hours, courses), NaN: nobody comes; `begins` and `ends` in minutes.

    Of FIRST, arrays of all replies of all courses, one an hour: what one customer may expect.
    """

    begins: Floats
    values: dict[str, Floats]
    first: list[Floats]
    left: Floats
    """Posts that wait now and will be answered, by course."""


def edges(now: float, hours: int) -> Floats:
    """Minutes at which hours begin, and the last ends."""
    return np.asarray(now + HOUR * np.arange(hours + 1), np.float64)


def ahead_of(courses: Sequence[Course], marks: Floats, longest: float, watched: float = np.inf) -> DeskAhead:
    """What courses say of the hours between `marks`.

    `longest`: minutes after which a post without a reply has expired; replies after `watched` are not seen.
    """
    columns: list[dict[str, Floats]] = []
    first: list[list[Floats]] = [[] for _ in marks[1:]]
    for course in courses:
        found, minutes = _of_course(course, marks, longest, watched)
        columns.append(found)
        for hour, each in zip(first, minutes, strict=True):
            hour.append(each)
    values = {name: np.array([column[name] for column in columns]).T for name in columns[0]}
    left = [np.count_nonzero((each.posted <= marks[0]) & (each.replied > marks[0])) for each in courses]
    return DeskAhead(marks[:-1], values, [np.concatenate(hour) for hour in first], np.array(left, np.float64))


def _of_course(course: Course, marks: Floats, longest: float, watched: float) -> tuple[dict[str, Floats], list[Floats]]:
    """The same of one course; and the minutes to the replies to posts of each hour."""
    posted = course.posted
    replied = np.where(course.replied <= watched, course.replied, np.nan)
    answered = ~np.isnan(replied)
    came = np.histogram(posted, marks)[0].astype(np.float64)
    gets = np.histogram(posted[answered], marks)[0]
    given = np.histogram(replied[answered], marks)[0].astype(np.float64)
    backlog = np.array([np.count_nonzero((posted <= mark) & (replied > mark)) for mark in marks[1:]], np.float64)
    open_ = np.where(answered, replied, np.inf)
    waiting = np.array(
        [np.count_nonzero((posted <= mark) & (open_ > mark) & (mark - posted <= longest)) for mark in marks[1:]]
    ).astype(np.float64)
    share = gets / np.where(came > 0, came, np.nan)
    hour = np.searchsorted(marks, posted, side="right") - 1
    minutes = [np.maximum((replied - posted)[answered & (hour == n)], LEAST) for n in range(len(marks) - 1)]
    return {POSTS: came, WAITING: waiting, BACKLOG: backlog, REPLIES: given, SHARE: share}, minutes


def table_of(known: KnownDesk, alternatives: Mapping[str, DeskAhead]) -> pd.DataFrame:
    """A row for each alternative, hour and quantity (COLUMNS); times are local, with their offset."""
    rows = []
    for name, ahead in alternatives.items():
        for quantity in QUANTITIES:
            for n, begins in enumerate(ahead.begins.tolist()):
                each = ahead.first[n] if quantity == FIRST else ahead.values[quantity][n]
                bounds = average_and_bands(each, np.median)
                times = [known.moment(minute).isoformat(timespec="minutes") for minute in (begins, begins + HOUR)]
                rows.append((name, *times, quantity, *bounds))
    return pd.DataFrame(rows, columns=list(COLUMNS))
