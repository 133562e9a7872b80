"""Stylised facts in the terminal and as a figure."""

from __future__ import annotations

import io
import math
from types import SimpleNamespace

import matplotlib
import pandas as pd
import pytest
from rich.console import Console

from caresim.tasks.backtest.figure import LOOKS, backtest, place, save_backtest, slides
from caresim.tasks.backtest.terminal import minutes_text, range_text, show, summary_text, value_text

ROW = {
    "fact": "reply", "what": "Median time to the first reply", "target": "V1", "source": "nine airlines", "unit": "min",
    "observed": 14.4, "band_low": 4.0, "band_high": 60.0, "band_from": "quartiles", "given": False,
    "theorem": "", "put_in": False, "wrong_model": "", "wrong_noticed": "", "wrong_simulated": 300.0,
    "experiment": "desks", "overrides": "", "staffing": "open", "replications": 4,
    "simulated": 8.0, "low": 6.0, "high": 12.0, "verdict": "inside", "reason": "",
}  # fmt: skip
OUTSIDE = {**ROW, "what": "Redials", "unit": "share", "observed": 0.42, "band_low": 0.4, "band_high": 0.54}
OUTSIDE |= {"simulated": 0.26, "low": 0.19, "high": 0.32, "verdict": "outside", "put_in": True, "reason": "Few phones."}
ENDLESS = {**ROW, "what": "A crisis lasts", "observed": 3120.0, "band_low": 1440.0, "band_high": math.inf}
ENDLESS |= {"simulated": math.inf, "low": 900.0, "high": math.inf}
MISSING = {**ROW, "what": "Reasons", "verdict": "not computed", "reason": "No texts."}
MISSING |= dict.fromkeys(("simulated", "low", "high", "band_low", "band_high"), math.nan)


@pytest.fixture
def tested():
    told = SimpleNamespace(name="stylised_facts", question="Does it fit?", replications=4, facts={})
    return SimpleNamespace(backtest=told, table=pd.DataFrame([ROW, OUTSIDE, ENDLESS, MISSING]))


def printed(tested, width=120, **options) -> str:
    stream = io.StringIO()
    show(tested, Console(file=stream, width=width, highlight=False, **options))
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_line_is_wider_than_the_terminal(tested, width) -> None:
    assert max(len(line) for line in printed(tested, width).splitlines()) <= width


def test_observed_stands_beside_simulated_with_the_word(tested) -> None:
    (line,) = [line for line in printed(tested).splitlines() if line.strip().startswith("Median time")]
    assert [part in line for part in ("14.4 min", "8.0 min", "inside")] == [True] * 3


def test_what_does_not_fit_is_listed_with_its_reason(tested) -> None:
    text = printed(tested).split("What does not fit")[1].split("What was not computed")
    assert "Redials: 26 %, observed 42 %. Few phones." in text[0]
    assert "Median time" not in text[0]
    assert "Reasons: No texts." in text[1]


def test_facts_that_were_put_in_are_counted_apart(tested) -> None:
    assert summary_text(tested.table) == (
        "2 facts that nothing was set to: 2 inside, 0 partly, 0 outside."
        " 1 facts that were put in or follow from what was: 0 inside, 0 partly, 1 outside. 1 not computed."
    )


def test_it_is_said_how_many_facts_would_notice_a_wrong_model(tested) -> None:
    tested.table["wrong_noticed"] = ["noticed", "noticed", "not noticed", ""]
    assert "Of the 2 facts inside that nothing was set to, 1 would notice a wrong model." in summary_text(tested.table)
    (line,) = [line for line in printed(tested).splitlines() if line.strip().startswith("A crisis")]
    assert "not noticed" in line


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (minutes_text(3.7), "3.7 min"),
        (minutes_text(590.0, 633.0), "9.8–10.6 h"),
        (minutes_text(3120.0), "52 h"),
        (minutes_text(30.0, math.inf), "30 min – not reached"),
        (value_text(-0.08, "points"), "−8.0 points"),
        (value_text(0.416, "share"), "42 %"),
        (value_text(1.066, "number"), "1.07"),
        (range_text(-0.16, -0.04, "points"), "−16 to −4.0 points"),
        (range_text(1440.0, math.inf, "min"), "24 h or more"),
        (range_text(math.nan, math.nan, "min"), ""),
    ],
)
def test_values_as_people_read_them(text, wanted) -> None:
    assert text == wanted


def test_places_run_from_one_end_of_the_band_to_the_other() -> None:
    assert [place(value, OUTSIDE) for value in (0.40, 0.47, 0.54)] == pytest.approx([0.0, 0.5, 1.0])
    assert [place(value, ROW) for value in (4.0, math.sqrt(240.0), 60.0)] == pytest.approx([0.0, 0.5, 1.0])
    assert [place(value, ENDLESS) for value in (1440.0, 3120.0)] == pytest.approx([0.0, 0.5])
    assert place(0.0, ROW) == -math.inf


def test_the_figure_has_a_row_a_computed_fact_and_a_shape_a_verdict(tested) -> None:
    figure = backtest(tested)
    (axes,) = figure.axes
    said = [text.get_text() for text in axes.texts]
    assert [row["what"] for row in (ROW, OUTSIDE, ENDLESS)] == [
        text for text in said if text in tested.table["what"].tolist()
    ]
    marks = [line.get_marker() for line in axes.lines if line.get_marker() not in ("None", "")]
    assert marks == [LOOKS["inside"][0], "<" if place(0.26, OUTSIDE) < -1.6 else "X", ">"]
    assert len({colour for _, colour in LOOKS.values()}) == len({shape for shape, _ in LOOKS.values()}) == 3


def test_a_figure_without_facts_says_so(tested) -> None:
    tested.table = tested.table[tested.table["verdict"] == "not computed"]
    assert not backtest(tested).axes


def test_more_facts_than_a_slide_holds_go_on_in_another(tested, tmp_path) -> None:
    many = SimpleNamespace(backtest=tested.backtest, table=pd.DataFrame([ROW] * 50 + [MISSING]))
    assert [len(rows) for rows in slides(many)] == [17, 17, 16]
    assert [len(rows) for rows in slides(tested)] == [3]
    names = [path.name for path in save_backtest(many, tmp_path)]
    assert names == [f"{stem}.{kind}" for stem in ("backtest", "backtest_2", "backtest_3") for kind in ("png", "svg")]
    figure = backtest(many, 2)
    wide, tall = figure.get_size_inches()
    smallest = min(text.get_size() for text in figure.findobj(matplotlib.text.Text) if text.get_text())
    assert smallest * min(13.33 / wide, 7.5 / tall) >= 7  # points, on a slide of 13.33 x 7.5 inches
