"""The posts of each desk of a history, and the moments between which they are fitted and predicted."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from caresim.config.errors import BadInput, choice
from caresim.config.exports.cells import CannotBeReadError
from caresim.config.exports.clock import Clock
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.moment import moment_of
from caresim.tasks.backtest.desks.local_clock import EVEN, LocalClock, local_clock
from caresim.tasks.backtest.desks.settings import DURATION, Desks
from caresim.tasks.backtest.forecasts.settings import clock_of, named_as, table_of

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
COLUMNS = ("posted", "replied", "desk", "kind", "author")
USUAL = {
    "posted": ("posted_utc", "posted_at", "created_at"),
    "replied": ("replied_utc", "replied_at"),
    "desk": ("airline", "operator", "channel"),
}
NOBODY = {"", "-1"}
"""How a file writes an author it does not know."""
ALL = "all"
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Posts:
    """The posts of one desk, in their order. Times are elapsed minutes since local midnight of the file's first day."""

    desk: str
    posted: Floats
    replied: Floats
    """NaN: no reply was seen before the end."""
    group: NDArray[np.int64]
    """Place in `groups`: the kind of post."""
    groups: tuple[str, ...]
    follow_up: Truths
    """Its author had posted to the desk a short while before."""
    answered_only: bool
    """No post without a reply is known: all of the file have one, or, of posts cut at a moment, had one by then."""
    other_replies: Floats = field(default_factory=lambda: np.zeros(0))
    """Moments of replies to posts that are left out: they say that somebody was there."""
    clock: LocalClock = EVEN
    """What it shows at these minutes tells times of day, and days."""

    def __len__(self) -> int:
        return len(self.posted)

    @property
    def minutes(self) -> Floats:
        """To the reply; NaN where none was seen."""
        return self.replied - self.posted

    def until(self, end: float) -> Posts:
        """What was known at a moment: the posts before it, with the replies before it."""
        early = self.posted < end
        replied = np.where(self.replied <= end, self.replied, math.nan)[early]
        return replace(
            self,
            posted=self.posted[early],
            replied=replied,
            group=self.group[early],
            follow_up=self.follow_up[early],
            answered_only=not np.isnan(replied).any(),
            other_replies=self.other_replies[self.other_replies <= end],
        )


@dataclass(frozen=True)
class Stretches:
    """From `start` to `split` is fitted, from there to `end` predicted; minutes on the same scale."""

    start: float
    split: float
    end: float

    def trained(self, posts: Posts) -> Truths:
        """Posts whose reply was seen while the desk was being fitted."""
        return (posts.posted < self.split) & (posts.replied < self.split)

    def tested(self, posts: Posts) -> Truths:
        """Posts of the later stretch whose reply was seen before its end."""
        return (posts.posted >= self.split) & ~np.isnan(posts.replied)


def read(settings: Desks) -> tuple[list[Posts], Stretches, list[str]]:
    """The desks of a history, its stretches, and in sentences what was left out. BadInput where it cannot be used."""
    settings = named_as(settings, _header(settings), USUAL)
    table = table_of(settings, COLUMNS, 2)
    notes: list[str] = []
    kinds = np.array([text or ALL for text in table.texts("kind")], object)
    if settings.left_out:
        there = np.flatnonzero(~np.isin(kinds, settings.left_out))
        if len(there) < len(kinds):
            notes.append(f"{len(kinds) - len(there):,} posts of the kinds {', '.join(settings.left_out)} are left out.")
        if not len(there):
            raise BadInput("left_out", list(settings.left_out), "leaves no post")
        table.keep(there)
        kinds = kinds[there]
    clock = clock_of(settings.timezone)
    posted, replied = clock.read(table, "posted"), _replies(table, clock)
    others = _left_out(settings, clock)
    check_order(table, posted, replied)
    stretches = _stretches(settings, clock, posted, replied)
    names = np.array([text or ALL for text in table.texts("desk")], object)
    authors = np.array(list(table.texts("author")), object)
    for column, meaning in (("kind", "all posts are of one kind"), ("author", "no post is taken for a follow-up")):
        if not table.has(column):
            notes.append(f"The file has no column {column}: {meaning}.")
    for name in settings.only:
        if name not in names:
            raise BadInput("only", name, choice(sorted(set(names)), name))
    desks, shows = [], local_clock(clock.start)
    for name in sorted(set(settings.only) or set(names)):
        rows = np.flatnonzero((names == name) & (posted >= stretches.start) & (posted < stretches.end))
        rows = rows[np.argsort(posted[rows], kind="stable")]
        desk = _desk(name, posted[rows], replied[rows], kinds[rows], authors[rows], stretches, settings)
        desks.append(replace(desk, other_replies=np.sort(others.get(name, np.zeros(0))), clock=shows))
    return desks, stretches, notes


@dataclass(frozen=True)
class Cut:
    """What a history says of the time until minute `now`: posts by desk. Minutes since `midnight`, local."""

    desks: dict[str, Posts]
    start: float
    """The first post of all."""
    now: float
    midnight: datetime
    notes: list[str]


def cut_at(settings: Desks, now: str, key: str) -> Cut:
    """The history until a moment. Of posts and replies that come later nothing is looked at.

    BadInput, with the `key` that named the file, where it cannot be used.
    """
    settings = named_as(settings, _header(settings, key), USUAL)
    table = table_of(settings, COLUMNS, 2, key)
    clock = clock_of(settings.timezone)
    posted = clock.read(table, "posted")
    minute = _minute(clock, now, lambda rule: BadInput("now", now, "must be a date and time such as 2026-03-31T14:00"))
    if clock.start is None:
        raise BadInput(key, table.path, "has minutes in its column posted; allowed: dates and times")
    if not (posted <= minute).any():
        raise BadInput("now", now, "is before the first post of the file; allowed: a later moment")
    table.keep(np.flatnonzero(posted <= minute))
    posted = posted[posted <= minute]
    kinds, names, authors = (np.array(list(table.texts(column)), object) for column in ("kind", "desk", "author"))
    kinds, names = (np.where(column == "", ALL, column) for column in (kinds, names))
    replied = _replies(table, clock)
    check_order(table, posted, replied)
    replied = np.where(replied <= minute, replied, math.nan)
    used, notes = ~np.isin(kinds, settings.left_out), []
    if not used.all():
        notes.append(f"{np.count_nonzero(~used):,} posts of the kinds {', '.join(settings.left_out)} are left out.")
    start = float(posted[used].min(initial=minute))
    whole = Stretches(start, minute, minute)
    desks, shows = {}, local_clock(clock.start)
    for name in sorted(set(names[used].tolist())):
        rows = np.flatnonzero((names == name) & used)
        rows = rows[np.argsort(posted[rows], kind="stable")]
        desk = _desk(name, posted[rows], replied[rows], kinds[rows], authors[rows], whole, settings)
        others = replied[(names == name) & ~used & ~np.isnan(replied)]
        desks[name] = replace(desk, other_replies=np.sort(others), clock=shows)
    return Cut(desks, start, minute, clock.start, notes)


def check_order(table: ExportTable, posted: Floats, replied: Floats) -> None:
    """BadInput where a reply is older than its post."""
    early = replied < posted
    if early.any():
        row = int(np.argmax(early))
        raise table.wrong(row, "replied", table.texts("replied")[row], "is before the post; allowed: a later moment")


def _header(settings: Desks, key: str = "contacts") -> list[str]:
    """The names of the columns, whatever they mean."""
    from caresim.config.exports.file_format import Format
    from caresim.config.exports.grid import lines_of

    return next((line.cells for line in lines_of(key, str(settings.contacts), Format())), [])


def _left_out(settings: Desks, clock: Clock) -> dict[str, Floats]:
    """By desk, the moments of the replies to posts of kinds that are left out."""
    table = table_of(settings, COLUMNS, 2)
    mine = [
        kind in settings.left_out and bool(at) for kind, at in zip(*map(table.texts, ("kind", "replied")), strict=True)
    ]
    if not any(mine):
        return {}
    table.keep(np.flatnonzero(mine))
    names, moments = np.array([text or ALL for text in table.texts("desk")], object), _replies(table, clock)
    return {name: moments[names == name] for name in set(names)}


def _replies(table: ExportTable, clock: Clock) -> Floats:
    """Minutes of every reply, NaN where there is none."""
    cells = list(table.texts("replied"))
    there = np.array([bool(cell) for cell in cells], dtype=bool)
    if not there.any():
        raise BadInput(table.key, table.path, "has no reply in its column replied; allowed: a history with replies")
    replies = np.full(len(cells), math.nan)
    assert clock.start is not None or clock.numbers
    for row in np.flatnonzero(there).tolist():
        replies[row] = _minute(clock, cells[row], lambda rule, row=row: table.wrong(row, "replied", cells[row], rule))
    return replies


def _minute(clock: Clock, text: str, wrong) -> float:  # type: ignore[no-untyped-def]
    """One moment on the clock's scale."""
    try:
        moment = moment_of(text, clock.zone, clock.dates)
    except CannotBeReadError as problem:
        raise wrong(str(problem)) from None
    if isinstance(moment, float):
        if not clock.numbers:
            raise wrong("must be a date and time, as the first post is")
        return moment
    if clock.start is None:
        raise wrong("must be a number of minutes, as the first post is")
    return float((moment - clock.start.astimezone(UTC)) / timedelta(minutes=1))


def _stretches(settings: Desks, clock: Clock, posted: Floats, replied: Floats) -> Stretches:
    start = float(posted.min())
    split = _until(settings.train, "train", start, clock)
    last = float(max(posted.max(), 0.0))
    end = last if settings.test is None else _until(settings.test, "test", split, clock)
    if not start < split < last:
        raise BadInput("train", settings.train, "must end between the first post and the last")
    if end <= split:
        raise BadInput("test", settings.test, "must end after train does")
    return Stretches(start, split, min(end, max(last, split)))


def _until(text: str, key: str, since: float, clock: Clock) -> float:
    """The minute at which a stretch ends: after a duration, or at a moment."""
    try:
        return since + DURATION.number(text)
    except PydanticCustomError:
        pass  # It is no duration; it may be a moment, and is refused below if it is neither.
    if DAY.fullmatch(text):
        whole = date.fromisoformat(text) + timedelta(days=1)
        raise BadInput(
            key, text, f"is a day: write {whole}T00:00 to take all of it in, or {text}T00:00 to end before it"
        )
    allowed = "must be a duration such as '36 h', or a moment such as 2026-03-02T13:00"
    return _minute(clock, text, lambda rule: BadInput(key, text, allowed))


def _desk(
    name: str, posted: Floats, replied: Floats, kinds: NDArray, authors: NDArray, stretches: Stretches, settings: Desks
) -> Posts:
    groups, group = np.unique(kinds.astype(str), return_inverse=True)
    answered_only = not np.isnan(replied).any()
    last: dict[str, float] = {}
    follow = np.zeros(len(posted), dtype=bool)
    for place, (moment, author) in enumerate(zip(posted.tolist(), authors.tolist(), strict=True)):
        if author not in NOBODY:
            follow[place] = moment - last.get(author, -math.inf) <= settings.follow_up.value
            last[author] = moment
    seen = np.where(replied <= stretches.end, replied, math.nan)
    return Posts(name, posted, seen, group.astype(np.int64), tuple(map(str, groups)), follow, answered_only)
