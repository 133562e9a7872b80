"""A written desk whose truth is known: posts that come evenly, half of which are answered after a lognormal time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caresim.tasks.nowcast.desk.nowcast import nowcast
from caresim.tasks.nowcast.desk.settings import from_values

START = pd.Timestamp("2026-03-02T00:00:00Z")
NOW = "2026-03-03T18:00"
PER_HOUR, SHARE, MEDIAN_MIN, SIGMA = 20.0, 0.5, 20.0, 0.7
QUICK = {"draws": 100, "weighing": 40, "chains": 1, "steps": 60, "copies": 4}
MORE = {"two_more": [{"headcount": "2 people", "start": "19:00", "end": "23:00"}]}


def a_desk(seed: int = 3, hours: float = 60.0, share: float = SHARE) -> pd.DataFrame:
    """Posts and replies as a file has them."""
    luck = np.random.default_rng(seed)
    posted = np.sort(luck.uniform(0.0, 60.0 * hours, luck.poisson(PER_HOUR * hours)))
    minutes = MEDIAN_MIN * np.exp(SIGMA * luck.standard_normal(len(posted)))
    replied = pd.Series(START + pd.to_timedelta(posted + minutes, unit="min"))
    replied[luck.random(len(posted)) >= share] = pd.NaT
    return pd.DataFrame(
        {
            "desk": "north",
            "posted": pd.Series(START + pd.to_timedelta(posted, unit="min")).dt.round("s"),
            "replied": replied.dt.round("s"),
            "kind": luck.choice(["mention", "reply"], len(posted)),
            "author": luck.integers(0, 400, len(posted)),
        }
    )


def written(table: pd.DataFrame, path: Path) -> Path:
    """The table as a CSV file."""
    table.to_csv(path, index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
    return path


@pytest.fixture(scope="session")
def whole() -> pd.DataFrame:
    return a_desk()


@pytest.fixture(scope="session")
def words(tmp_path_factory, whole) -> dict[str, object]:
    """Settings of a quick nowcast."""
    place = tmp_path_factory.mktemp("desk")
    path = written(whole, place / "posts.csv")
    return {"contacts": str(path), "now": NOW, "hours": 5, "output_dir": str(place / "outputs"), **QUICK}


@pytest.fixture(scope="session")
def found(words):
    return nowcast(from_values({**words, "alternatives": MORE}))
