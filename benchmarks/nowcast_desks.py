"""How well the hours ahead of written desks were told, at moments of a history's last day: a table of docs/nowcast.md.

    python benchmarks/nowcast_desks.py FILE.csv DESK [DESK ...]  # scores of these desks; the others keep theirs
    python benchmarks/nowcast_desks.py                           # writes the page from the table that is there

What is kept is scores: no row of a history. Replies are seen until the end of the history, by every forecast alike.
Everything is fitted anew at each moment, the weights of the pool too.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from benchmarks.markers import put
from benchmarks.nowcast import DOCS, PAGE
from benchmarks.validation import drawn

from caresim.inference.scores import BANDS, covered, crps
from caresim.tasks.backtest.desks.nulls import AROUND
from caresim.tasks.nowcast.desk.ahead import BACKLOG, FIRST, POSTS, REPLIES, WAITING, DeskAhead, ahead_of
from caresim.tasks.nowcast.desk.courses import Course
from caresim.tasks.nowcast.desk.known import HOUR, KnownDesk, known_at
from caresim.tasks.nowcast.desk.nowcast import fit, of_hours, without_state
from caresim.tasks.nowcast.desk.settings import from_values
from caresim.tasks.nowcast.settings import AS_GIVEN

TABLE = DOCS / "nowcast_desks.csv"
FIRST_NOW_H, EVERY_H, HOURS = 36, 3, 12
"""Hours after the first post of the first moment; hours between moments; hours ahead."""
LENGTH_H = 60
LIGHT = {"draws": 200, "weighing": 50, "chains": 1, "steps": 200}
"""A fit in seconds; what a user gets is finer."""
FULL, WITHOUT, YESTERDAY = MODELS = "caresim", "without the state", "as yesterday"
SCORED = (POSTS, WAITING, BACKLOG, REPLIES, FIRST)
LEADS = {"first 3 hours": (0.0, 180.0), "later": (180.0, 720.0), "all": (0.0, 720.0)}
COLUMNS = ["desk", "quantity", "model", "lead", "cells", "crps", "covered_50", "covered_90", "nows"]


def scores_of(file: str, desk: str) -> pd.DataFrame:
    """Scores of one desk: a row for each quantity, model and lead."""
    first = from_values({"contacts": file, "desk": desk, "now": "2019-05-25T00:25:00", **LIGHT})
    whole, _ = known_at(first)
    end = whole.seen_from + HOUR * LENGTH_H
    rows: list[tuple[object, ...]] = []
    for number in range((LENGTH_H - FIRST_NOW_H) // EVERY_H):
        now = whole.seen_from + HOUR * (FIRST_NOW_H + EVERY_H * number)
        hours = int(min(HOURS, (end - now) // HOUR))
        moment = whole.moment(now).isoformat()
        settings = first.model_copy(update={"now": moment, "hours": hours})
        known, _ = known_at(settings)
        fitted = fit(known, settings)
        told = of_hours(known, fitted, settings, end)[AS_GIVEN]
        rows += cells_of(whole, known, number, told, without_state(known, fitted, settings, end), end)
        print(desk, moment, file=sys.stderr, flush=True)
    cells = pd.DataFrame(rows, columns=["now", "lead", "quantity", "model", "crps", "in_50", "in_90"])
    return means_of(cells, desk)


def cells_of(
    whole: KnownDesk, known: KnownDesk, number: int, told: DeskAhead, blind: DeskAhead, end: float
) -> list[tuple[object, ...]]:
    """A row for each hour (of the first response, each reply), quantity and model."""
    marks = np.append(told.begins, told.begins[-1] + HOUR)
    seen = ahead_of([course_of(whole, end)], marks, known.longest, end)
    before = ahead_of([course_of(known, known.now)], marks - 1440.0, known.longest, known.now)
    rows: list[tuple[object, ...]] = []
    for hour, begins in enumerate(told.begins.tolist()):
        lead = begins - known.now
        for quantity in SCORED[:-1]:
            what = [float(seen.values[quantity][hour, 0])]
            for model, ahead in ((FULL, told), (WITHOUT, blind)):
                rows.append((number, lead, quantity, model, *scored(what, ahead.values[quantity][hour][None, :])))
            guess = float(before.values[quantity][hour, 0])
            rows.append((number, lead, quantity, YESTERDAY, abs(guess - what[0]), None, None))
        laws = {
            FULL: told.first[hour], WITHOUT: blind.first[hour], YESTERDAY: yesterday(known, begins + HOUR / 2.0, end),
        }  # fmt: skip
        for minutes in seen.first[hour].tolist():
            for model, law in laws.items():
                score = scored([np.log(minutes)], np.log(law)[None, :])
                rows.append((number, lead, FIRST, model, *(score if model != YESTERDAY else (score[0], None, None))))
    return rows


def course_of(known: KnownDesk, until: float) -> Course:
    """What came until a minute, and the replies until then."""
    posts = known.posts.until(until)
    return Course(posts.posted, posts.replied)


def yesterday(known: KnownDesk, middle: float, end: float) -> np.ndarray:
    """Minutes of the replies to posts of that time of yesterday; to all of yesterday's where there are none."""
    posts = known.posts
    apart = np.abs(posts.posted - (middle - 1440.0))
    for near in (AROUND, 720.0, np.inf):
        minutes = posts.minutes[(apart <= near) & ~known.unanswered]
        minutes = minutes[minutes <= end - middle]
        if len(minutes) >= 2:
            return np.maximum(minutes, 1.0 / 60.0)
    raise ValueError("no two replies are known that would be seen in time")


def scored(what: list[float], members: np.ndarray) -> tuple[float, bool, bool]:
    """CRPS, and whether the bands hold what came."""
    return float(crps(what, members)[0]), *(bool(covered(what, members, share)[0]) for share in BANDS)  # type: ignore[return-value]


def means_of(cells: pd.DataFrame, desk: str) -> pd.DataFrame:
    """Means by quantity, model and lead."""
    rows = []
    for name, (low, high) in LEADS.items():
        there = cells[(cells["lead"] >= low) & (cells["lead"] < high)]
        for (quantity, model), some in there.groupby(["quantity", "model"], sort=False):
            inside = [float(some[side].astype(float).mean()) for side in ("in_50", "in_90")]
            rows.append((desk, quantity, model, name, len(some), some["crps"].mean(), *inside, some["now"].nunique()))
    return pd.DataFrame(rows, columns=COLUMNS)


NAMES = {
    POSTS: "posts that come",
    WAITING: "posts without a reply",
    BACKLOG: "posts to be answered",
    REPLIES: "replies given",
    FIRST: "first response, logarithm of minutes",
}


def score(scores: pd.DataFrame, desk: str, quantity: str, model: str, lead: str = "all", column: str = "crps") -> float:
    """One number of the table."""
    key = {"desk": desk, "quantity": quantity, "model": model, "lead": lead}
    there = scores[np.logical_and.reduce([scores[name] == value for name, value in key.items()])]
    return float(there[column].iloc[0])


def table_of(scores: pd.DataFrame) -> str:
    """A row for each quantity and desk."""
    rows = []
    for quantity, name in NAMES.items():
        digits = 3 if quantity == FIRST else 2
        for desk in scores["desk"].unique():
            each = [score(scores, desk, quantity, model) for model in MODELS]
            shown = [f"{value:.{digits}f}" for value in each]
            best = f"{min(each):.{digits}f}"
            held = [f"{100 * score(scores, desk, quantity, FULL, column=f'covered_{n}'):.0f}" for n in (50, 90)]
            cells = f"{score(scores, desk, quantity, FULL, column='cells'):.0f}"
            marked = [f"**{text}**" if text == best else text for text in shown]
            rows.append([f"{name}: {desk}", cells, *marked, f"{held[0]} / {held[1]} %"])
    return drawn(["what, and desk", "forecasts", *MODELS, "in the 50 / 90 % bands"], rows)


def verdict(scores: pd.DataFrame) -> str:
    """On how many desks it is better than what, and where it is not."""
    lines, desks = [], list(scores["desk"].unique())
    for quantity, name in NAMES.items():
        parts = []
        for other, words in ((WITHOUT, "without the state"), (YESTERDAY, "as the same hours of yesterday")):
            gains = {
                desk: 1.0 - score(scores, desk, quantity, FULL) / score(scores, desk, quantity, other) for desk in desks
            }
            worse = [f"{desk} {-100 * gain:+.0f} %" for desk, gain in gains.items() if gain <= 0.0]
            misses = f" (not {', '.join(worse)})" if worse else ""
            parts.append(f"than {words} on {len(desks) - len(worse)} of {len(desks)}{misses}")
        lines.append(f"- {name[0].upper()}{name[1:]}: better {' and '.join(parts)}.\n")
    means = [
        f"{words} {100 * np.mean([score(scores, desk, quantity, FULL, column='covered_90') for desk in desks]):.0f} %"
        for quantity, words in NAMES.items()
    ]
    return "".join(lines) + f"- The 90 % bands hold, desks counting alike: {', '.join(means)}.\n"


def page() -> None:
    """Write table and verdict into the page."""
    scores = pd.read_csv(TABLE)
    put(PAGE, "desks", table_of(scores))
    put(PAGE, "desks' verdict", verdict(scores))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        old = [pd.read_csv(TABLE)] if TABLE.is_file() else []
        for desk in sys.argv[2:]:
            kept = [table[table["desk"] != desk] for table in old]
            old = [pd.concat([*kept, scores_of(sys.argv[1], desk)])]
            old[0].to_csv(TABLE, index=False, float_format="%.6g")
    page()
