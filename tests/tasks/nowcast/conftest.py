"""A small centre whose history is cut in the middle of its last day."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.support.centre import history_of, some_truth, written

from caresim.tasks.calibrate.rules import Rules

NOW = "2026-03-06T13:30"
"""On the fifth day of the history."""


@pytest.fixture(scope="session")
def whole() -> pd.DataFrame:
    """Five days, until closing."""
    luck = np.random.default_rng(8)
    return history_of(some_truth(luck, days=5), luck)


@pytest.fixture(scope="session")
def folder(tmp_path_factory, whole) -> Path:
    """The history as a file, and the folder of a calibration whose rules are taken."""
    place = tmp_path_factory.mktemp("nowcast")
    written(whole, place / "history.csv")
    pd.DataFrame({"rules": [Rules(after_call=False).text], "chosen": [True]}).to_csv(place / "candidates.csv")
    pd.DataFrame({"arrival": ["2026-03-05T17:59:00.000+00:00"]}).to_csv(place / "contacts.csv")
    return place


@pytest.fixture(scope="session")
def words(folder) -> dict[str, object]:
    """Settings of a quick nowcast."""
    return {
        "contacts": str(folder / "history.csv"), "now": NOW, "hours": 3, "calibration": str(folder),
        "replications": 20, "draws": 20, "output_dir": str(folder / "outputs"),
    }  # fmt: skip
