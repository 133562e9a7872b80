"""A process that compares again and again, as a notebook does, holds no more than after the first few."""

from __future__ import annotations

import sys
from pathlib import Path

import long_life
import pytest
from tests.support.pages import ROOT

COUNT = 10
WARM = 4
"""Comparisons after which every library is loaded: each experiment was computed twice."""


@pytest.mark.skipif(sys.platform != "linux", reason="open files, as Linux tells them")
def test_files_threads_and_figures_do_not_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_life, "DRAWN", 3)
    rows = long_life.lived(COUNT, str(tmp_path))
    for name in ("open_files", "threads"):
        assert len({row[name] for row in rows[WARM:]}) == 1, [row[name] for row in rows]
    assert [row["figures"] for row in rows] == [0] * COUNT
    assert {path.name for path in tmp_path.iterdir()} == {"latency.png", "differences.png"}


def test_what_was_measured_does_not_grow() -> None:
    """Of the file that the figure is drawn from: two hundred comparisons; memory within what it wavers by."""
    rows = long_life.read()
    assert len(rows) == 200
    assert long_life.growth(rows, "open_files") == 0
    assert long_life.growth(rows, "threads") == 0
    held = [row["resident_mb"] for row in rows[long_life.WARM :]]
    assert long_life.growth(rows, "resident_mb") < (max(held) - min(held)) / 2
    assert (ROOT / "docs" / "figures" / "long_life.png").exists()


def test_growth_is_seen() -> None:
    rows = [{"comparison": number, "open_files": 10 + number // 10} for number in range(1, 201)]
    assert long_life.growth(rows, "open_files") > 5
