"""The figure and the table of an explanation say what its rows say."""

from __future__ import annotations

import io
from functools import partial
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from tests.support.on_axes import drawn_on_axes

from caresim.config.errors import BadInput
from caresim.measure.metrics import REGISTRY
from caresim.report.wording import signed, signed_span
from caresim.tasks.explain.credit import COLUMNS
from caresim.tasks.explain.explanation import Explanation
from caresim.tasks.explain.figure import explain
from caresim.tasks.explain.terminal import save, show

HEADLINE = ("csat", "answered_60", "mood_area")
WORTH = {"hours": (0.12, 0.2, -0.4), "heads": (-0.15, 0.004, 0.0), "seats": (0.01, -0.0001, 0.3)}


def row(game, kind, factor, metric, value):
    unit, compare = {"csat": ("score 1-5", "difference"), "answered_60": ("share", "difference")}.get(
        metric, ("log ratio", "ratio")
    )
    margin = {"csat": 0.1, "answered_60": 0.05}.get(metric, np.log(1.15))
    verdict = "no difference that matters" if abs(value) < margin / 2 else "better" if value > 0 else "worse"
    ends = (value, value - 0.03, value + 0.03, value - 0.01, value + 0.01)
    return (game, kind, factor, metric, unit, compare, *ends, np.nan, margin, verdict, True, 16)


@pytest.fixture
def explanation():
    rows = []
    for game, factors in (("staffing", ("hours", "heads")), ("staffing and seats", tuple(WORTH))):
        for place, metric in enumerate(HEADLINE):
            rows += [row(game, "share", factor, metric, WORTH[factor][place]) for factor in factors]
            rows.append(row(game, "total", "all", metric, sum(WORTH[factor][place] for factor in factors)))
            rows.append(row(game, "interaction", "hours x heads", metric, 0.07))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    study = SimpleNamespace(headline=(*HEADLINE, "resolved"), confidence=SimpleNamespace(value=0.95))
    return SimpleNamespace(
        one="social_team",
        other="call_center_24_7",
        factors={name: f"what {name} means" for name in WORTH},
        design=SimpleNamespace(seats=2.0),
        combinations=pd.DataFrame({"replication": range(16), "draw": np.arange(16) // 2}),
        unmatched=[],
        experiment=SimpleNamespace(name="tokyo", study=study),
        table=lambda: table,
    )


def printed(explanation, width=120, encoding="utf-8"):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    show(explanation, Console(file=stream, width=width))
    stream.seek(0)
    return stream.read()


def test_the_table_says_shares_totals_and_what_staffing_alone_makes(explanation):
    text = printed(explanation)
    for words in ("+0.12 ✔", "−0.15 ✘", "+20.0 pp ✔", "×0.67 ✘", "+0.09 to +0.15", "of it at the seats", "+0.4 pp ="):
        assert words in text, words
    (total,) = [line for line in text.splitlines() if line.strip().startswith("Total")]
    assert "−0.02" in total
    assert "2 times the free seats" in text
    flowing = " ".join(text.split())
    assert "hours x heads +0.07 (+0.04 to +0.10)" in flowing
    assert "Not defined in every combination, so not divided: resolved" in flowing


def test_a_desk_without_a_counterpart_is_said_to_come_whole(explanation):
    assert "Without a counterpart" not in printed(explanation)
    explanation.unmatched = ["club_med"]
    text = " ".join(printed(explanation).split())
    assert "Without a counterpart in the other model: Club" in text
    assert "comes or goes with Organisation whole" in text


def test_too_few_draws_are_warned_of(explanation):
    assert "Too few draws" not in printed(explanation)
    explanation.combinations = explanation.combinations[:4]
    assert "Too few draws (2)" in printed(explanation)


def test_a_terminal_that_knows_ascii_only_is_spoken_to_in_ascii(explanation):
    printed(explanation, encoding="ascii").encode("ascii")


def test_a_difference_carries_its_sign_unless_it_rounds_to_none():
    assert [signed(value, "score 1-5") for value in (0.123, -0.123, -0.001)] == ["+0.12", "−0.12", "0.00"]
    assert [signed(value, "share") for value in (0.123, -0.0001)] == ["+12.3 pp", "0.0 pp"]
    assert signed(np.log(0.5), "angry posts x h", ratio=True) == "×0.50"
    assert signed(-90.0, "min") == "−1 h 30 min"
    assert signed(float("nan"), "share") == "not known"
    assert signed_span(-0.02, 0.05, "share") == "−2.0 to +5.0 pp"


def test_the_figure_has_a_bar_a_factor_and_the_total(explanation):
    figure = explain(explanation)
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title(loc="left") for axes in panels] == [
        "Satisfaction, all affected with a need", "Answered within 60 min", "Negative mood, area",
    ]  # fmt: skip
    for axes in panels:
        assert [label.get_text() for label in axes.get_yticklabels()] == ["Hours", "Heads", "Seats", "Total"]
    bars = [patch for patch in panels[0].patches if patch.get_label() != "_margin"]
    assert [bar.get_width() for bar in bars] == pytest.approx([0.12, -0.15, 0.01, -0.02])
    ratio = [patch for patch in panels[2].patches if patch.get_label() != "_margin"]
    assert ratio[0].get_x() + ratio[0].get_width() == pytest.approx(np.exp(-0.4))
    words = " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))
    assert "From Social team to Call centre 24/7" in words
    assert "+20.0 pp" in words


def test_the_figure_is_written_as_picture_and_drawing(explanation, tmp_path):
    assert [path.name for path in save(explanation, tmp_path)] == ["explain.png", "explain.svg"]
    assert all(path.stat().st_size > 10_000 for path in tmp_path.iterdir())


def test_a_metric_is_drawn_on_axes(explanation):
    assert drawn_on_axes(partial(Explanation.plot, explanation)).get_title(loc="left") == REGISTRY["csat"].label
    other = drawn_on_axes(partial(Explanation.plot, explanation, "mood_area"))
    assert other.get_title(loc="left") == REGISTRY["mood_area"].label
    assert len(Explanation.plot(explanation, ["mood_area", "csat"]).axes) == 2
    with pytest.raises(BadInput, match="unknown headline metric, did you mean csat"):
        Explanation.plot(explanation, "csatt")
    with pytest.raises(BadInput, match="must be one Axes"):
        Explanation.plot(explanation, ax=3)
