"""Histories that the engine itself plays: a centre of two kinds whose desks overflow, share their people, or do not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

import caresim
from tests.support.centre import CLOSED, OPEN, START, written

BUSY, QUIET = "refunds", "orders"
SHARED, OWN, OVERFLOW = "shared", "own", "overflow"
PER_HOUR = {BUSY: 40.0, QUIET: 44.0}
PEOPLE = {BUSY: 3, QUIET: 5}
HANDLING_MIN, PATIENCE_MIN = 4.0, 6.0


def history(path: Path, truth: str, seed: int, days: int, after_min: float = 2.0) -> Path:
    """A history as a file: `truth` says who serves what. With OVERFLOW the busy kind moves on after `after_min`."""
    luck = np.random.default_rng([11, seed])
    coming, place = _contacts(luck, days), path.parent
    desk = None if truth == OVERFLOW else "calls"
    written(coming.assign(medium="phone", desk=desk or coming["channel"]), place / "played_contacts.csv")
    _staff(days, truth, desk).to_csv(place / "played_staff.csv", index=False)
    overflow = f"staffing.as_given.desks.{BUSY}.overflow={{to: {QUIET}, after: {after_min} min}}"
    experiment = caresim.load(
        "experiment=replay", f"replay.contacts={place / 'played_contacts.csv'}",
        f"replay.staff={place / 'played_staff.csv'}", "replay.patience=exponential",
        f"replay.patience_mean={PATIENCE_MIN} min", f"seed={seed}", *([overflow] if truth == OVERFLOW else []),
    )  # fmt: skip
    return written(_seen(caresim.simulate(experiment).contacts, coming), path)


def _contacts(luck: np.random.Generator, days: int) -> pd.DataFrame:
    """When who comes, and how long they will be served, in seconds."""
    rows = []
    for day in range(days):
        for kind, rate in PER_HOUR.items():
            level = luck.gamma(50.0, 1.0 / 50.0)
            count = luck.poisson(rate * level * (CLOSED - OPEN))
            for minute in luck.uniform(60.0 * OPEN, 60.0 * CLOSED, count).tolist():
                rows.append((START + timedelta(days=day, minutes=minute), kind))
    table = pd.DataFrame(rows, columns=["arrival", "channel"]).sort_values("arrival", ignore_index=True)
    return table.assign(service_s=60.0 * HANDLING_MIN * luck.lognormal(-0.245, 0.7, len(table)))


def _staff(days: int, truth: str, desk: str | None) -> pd.DataFrame:
    """Everybody works from opening to closing."""
    rows = []
    for day in range(days):
        midnight = START + timedelta(days=day)
        for kind, count in PEOPLE.items():
            skills = kind if truth == OWN else ""
            for number in range(count):
                span = midnight + timedelta(hours=OPEN), midnight + timedelta(hours=CLOSED, minutes=30)
                rows.append((*span, desk or kind, f"{kind[0].upper()}{number}", skills))
    return pd.DataFrame(rows, columns=["start", "end", "desk", "agent", "skills"])


def _seen(played: pd.DataFrame, coming: pd.DataFrame) -> pd.DataFrame:
    """What a centre would have written down."""
    played = played.set_index("row").loc[coming.index]
    answered = (played["outcome"] != "abandoned") & played["handle_min"].notna()
    return pd.DataFrame(
        {
            "arrival": coming["arrival"],
            "kind": coming["channel"],
            "agent": played["staff_member"].astype(str).str.partition("/agent ")[2].where(answered, ""),
            "wait_s": (60.0 * played["wait_min"]).round(1),
            "outcome": np.where(answered, "answered", "abandoned"),
            "service_s": (60.0 * played["handle_min"]).round(1).where(answered),
        }
    )
