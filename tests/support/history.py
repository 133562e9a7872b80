"""Small histories of which the truth is known: posts to a desk, initials of its people, months of an operator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from caresim.tasks.backtest.desks.queue import Hours, after_open_time, replies


def posts(
    rng: np.random.Generator, *, people: int, handling: float, noticing: float, share: float, hours: Hours, days: float,
    per_hour: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Minutes of posts and of their replies (NaN: none), of people who answer the oldest post first."""
    posted = np.sort(rng.uniform(0.0, 1440.0 * days, rng.poisson(24.0 * days * per_hour)))
    mine = np.flatnonzero(rng.random(len(posted)) < share)
    ready = after_open_time(posted[mine], noticing * rng.lognormal(0.0, 0.6, len(mine)), hours)
    work = handling * rng.lognormal(-0.32, 0.8, len(mine))
    replied = np.full(len(posted), np.nan)
    replied[mine] = replies(ready, work, np.zeros(len(mine)), people, hours)
    return posted, replied


def moment(minute: float) -> str:
    """A minute since 2026-03-02 as UTC."""
    return str(np.datetime64("2026-03-02T00:00:00") + np.timedelta64(round(60 * minute), "s")) + "Z"


def local(first: str, zone: str) -> Callable[[float], str]:
    """The moment, as UTC, at which the clock of a zone shows a minute counted from midnight of the first day.

    Of an hour that the clock shows twice it is the first; of one that it skips, an hour later.
    """
    midnight = datetime.fromisoformat(first)

    def moment_of(minute: float) -> str:
        shown = (midnight + timedelta(seconds=round(60 * minute))).replace(tzinfo=ZoneInfo(zone))
        return f"{shown.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    return moment_of


def written(
    file: Path, desks: dict[str, tuple[np.ndarray, np.ndarray]], moment: Callable[[float], str] = moment
) -> Path:
    """The posts of some desks as a file."""
    lines = ["desk,posted,replied"]
    for name, (posted, replied) in desks.items():
        rows = zip(posted.tolist(), replied.tolist(), strict=True)
        lines += [f"{name},{moment(a)},{'' if np.isnan(b) else moment(b)}" for a, b in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def initials(file: Path, rng: np.random.Generator, *, rate: float, people: int, days: int) -> Path:
    """Hours of a desk with so many people, each of whom writes `rate` replies per hour and signs a third of them."""
    lines = ["start,replies,signed,signers_hour,greeted_as"]
    for day in range(days):
        for hour in range(6, 22):
            by_person = rng.poisson(rate, people)
            signed = rng.binomial(by_person, 0.33)
            start = f"2026-03-{2 + day:02d}T{hour:02d}:00"
            greeted = people if hour == 6 else ""
            lines.append(f"{start},{by_person.sum()},{signed.sum()},{np.count_nonzero(signed)},{greeted}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
