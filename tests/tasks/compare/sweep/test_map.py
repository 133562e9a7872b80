"""A map of two swept keys says of each cell what the terminal and the page say of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from tests.support.figure_words import cut_off, words

from caresim.inference.verdict import (
    BETTER,
    DEPENDS,
    SAME,
    SURELY_BETTER,
    SURELY_WORSE,
    UNDECIDED,
)
from caresim.tasks.compare.sweep import map_words
from caresim.tasks.compare.sweep.answer import sentences
from caresim.tasks.compare.sweep.boundary import boundary, on_one_axes
from caresim.tasks.compare.sweep.cells import FILE, save, signs

Cell = tuple[float, float, float, str, str]
CELLS: dict[tuple[str, int], Cell] = {
    ("even", 5): (4.9, 3.0, 6.9, BETTER, SURELY_BETTER),
    ("even", 40): (-4.2, -6.1, -2.3, UNDECIDED, SURELY_WORSE),
    ("new", 5): (1.0, 0.5, 1.5, SAME, SAME),
    ("new", 40): (0.4, -2.0, 9.0, UNDECIDED, UNDECIDED),
}


def table_of(cells: dict[tuple[str, int], Cell], rival: str = "after") -> pd.DataFrame:
    rows = [
        {
            "job": f"{level} {posts}", "unevenness": level, "per_hour": posts, "staffing": staffing, "metric": "csat",
            "unit": "score 1-5", "mean": 3.0 + (value / 10 if staffing == rival else 0.0),
            "ci_low": 2.9, "ci_high": 3.1, "replications": 32, "headline": True, "against": "before", "margin": 5.0,
            "difference": value if staffing == rival else np.nan,
            "difference_ci_low": low, "difference_ci_high": high,
            "difference_luck_low": low, "difference_luck_high": high,
            "verdict": rough if staffing == rival else None, "verdict_detail": fine if staffing == rival else None,
        }
        for (level, posts), (value, low, high, rough, fine) in cells.items()
        for staffing in ("before", rival)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_a_cell_has_the_finer_verdict_and_no_other() -> None:
    said = words(boundary(table_of(CELLS)))
    for text in ("+4.90 surely better, perhaps too little", "−4.20 surely worse, perhaps too little"):
        assert text in said
    assert "+1.00 no difference" in said
    assert "+4.90 better" not in said


def test_the_table_of_the_map_has_both_verdicts(tmp_path: Path) -> None:
    save(table_of(CELLS), tmp_path)
    written = pd.read_csv(tmp_path / FILE)
    assert written["verdict"].tolist() == [BETTER, UNDECIDED, SAME, UNDECIDED]
    assert written["verdict_detail"].tolist() == [SURELY_BETTER, SURELY_WORSE, SAME, UNDECIDED]
    assert written["sign"].tolist() == [1, -1, 1, 0]


def test_the_head_says_what_the_verdicts_of_the_map_mean_and_of_no_others() -> None:
    figure = boundary(table_of(CELLS))
    said = words(figure)
    assert "(✔), (✘) Surely better or worse, perhaps too little: the sign is sure; whether it is enough" in said
    assert "Better, worse: surely so" not in said
    assert "Depends on the assumptions" not in said
    assert not cut_off(figure)


def test_narrow_cells_have_the_signs_of_their_verdicts() -> None:
    cells = signs(table_of(CELLS))
    assert map_words.written(cells, 0.6, 0.75)[0] == ["+4.90\n(✔)", "−4.20\n(✘)", "+1.00\n=", "+0.40\n?"]


@pytest.mark.parametrize(
    ("low", "high", "fine", "told"),
    [
        (0.5, 1.5, SAME, "No difference from Before in “Satisfaction, all affected with a need” is large enough to"),
        (-0.5, 1.5, SAME, "No staffing model is shown to differ from Before"),
        (0.5, 19.0, DEPENDS, "No staffing model is shown to do most for"),
        (-0.5, 19.0, UNDECIDED, "No staffing model is shown to differ from Before"),
    ],
)
def test_a_cell_whose_sign_is_sure_is_not_counted_as_no_difference(
    low: float, high: float, fine: str, told: str
) -> None:
    cells = dict.fromkeys(CELLS, (1.0, low, high, UNDECIDED, fine))
    said = sentences(table_of(cells))
    assert said[0].startswith(told)
    assert said[0].endswith(" at every point.")
    assert bool(signs(table_of(cells))["sign"].any()) == ("differ from" not in said[0])


def test_a_map_on_axes_says_what_bold_letters_and_thick_lines_are() -> None:
    axes = Figure(figsize=(9, 6)).subplots()
    on_one_axes(axes, table_of(CELLS), 0.95, "csat")
    said = axes.get_xlabel().replace("\n", " ")
    assert "Orange: better; purple: worse. Bold: the sign is sure. Thick line: the estimate changes sign." in said
    assert "(✔)" not in said, "the verdicts stand there in words"
    small = Figure(figsize=(1.5, 1.5)).subplots()
    on_one_axes(small, table_of(dict.fromkeys(CELLS, (1.0, -1.0, 3.0, UNDECIDED, UNDECIDED))), 0.95, "csat")
    said = small.get_xlabel().replace("\n", " ").replace(map_words.UNBROKEN, " ")
    assert said.endswith("Orange: better; purple: worse. ? undecided.")


def test_points_are_told_apart_by_whether_their_differences_are_sure() -> None:
    said = sentences(table_of(CELLS))
    (none,) = (line for line in said if "is shown to differ" in line)
    assert none.endswith("with per hour 40, new.") or none.endswith("with new, per hour 40.")
