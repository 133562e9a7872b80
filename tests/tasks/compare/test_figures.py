"""Every figure draws what it promises, from any comparison, with bytes that depend on the results alone."""

from __future__ import annotations

import hashlib
import itertools
import threading

import matplotlib
import matplotlib.pyplot
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.text import Text
from tests.support.figure_words import visible_panels, words

from caresim.report.difference_axis import ratio_axis
from caresim.report.interval import draw_interval
from caresim.report.style import PALETTE, look, page, panels, save
from caresim.report.wording import readable
from caresim.tasks.compare.figures import FIGURES, save_all
from caresim.tasks.compare.sweep.figures import sweep

UNITS = (
    "requests", "contacts", "people", "per hour", "0–1", "passengers", "seats", "1 to 5", "€", "%", "percentage points",
    "ratio", "local time", "log scale", "scale 1 to 5", "angry posts",
)  # fmt: skip


OF_AMOUNTS = ("waits", "waiting", "duty")
"""Colour stands for how soon or how many: of a staffing model it is its name's alone."""


def labels(figure):
    """Words at the axes and beside the figure's edge."""
    return [text for axes in visible_panels(figure) for text in (axes.get_xlabel(), axes.get_ylabel()) if text]


def drawn_for(figure, staffing, colour):
    """Artists that stand for a staffing model: named after it, or in its colour."""
    named = [artist for axes in figure.axes for artist in axes.get_lines() if artist.get_label() == staffing]
    areas = [
        area
        for axes in figure.axes
        for area in axes.collections
        if len(area.get_facecolor()) and matplotlib.colors.to_hex(area.get_facecolor()[0]) == colour.lower()
    ]
    return named + areas


@pytest.mark.parametrize("name", FIGURES)
def test_axes_say_what_they_show_with_units(results, name):
    said = labels(FIGURES[name].draw(results))
    assert said
    for text in said:
        assert any(unit in text for unit in UNITS), text


@pytest.mark.parametrize("name", FIGURES)
def test_every_staffing_model_has_an_artist_in_its_own_colour(results, name):
    figure = FIGURES[name].draw(results)
    for staffing, colour in zip(results.staffings, PALETTE, strict=False):
        if name in OF_AMOUNTS:
            named = [text for text in figure.findobj(Text) if text.get_text().replace("\n", " ") == readable(staffing)]
            assert [text.get_color() for text in named] == [colour], staffing
            continue
        if name in ("differences", "headline") and staffing == results.baseline:
            assert not drawn_for(figure, staffing, colour)  # it would be the difference from itself
            continue
        artists = drawn_for(figure, staffing, colour)
        assert artists, staffing
        if name != "backlog":  # there colour stands for the medium
            lines = [artist for artist in artists if hasattr(artist, "get_color")]
            assert all(line.get_color() == colour for line in lines)


@pytest.mark.parametrize("name", FIGURES)
def test_titles_say_how_much_stands_behind(results, name):
    assert "32 paired replications" in words(FIGURES[name].draw(results))


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("staffings", [1, 10])
def test_one_and_ten_staffing_models_draw(make_results, tmp_path, name, staffings):
    figure = FIGURES[name].draw(make_results(staffings=staffings, replications=4))
    assert save(figure, tmp_path / f"{name}.svg").stat().st_size < 1_000_000


@pytest.mark.parametrize("name", FIGURES)
def test_one_replication_draws_no_bands_and_says_so(make_results, tmp_path, name):
    figure = FIGURES[name].draw(make_results(staffings=2, replications=1))
    assert "1 replication: no interval" in words(figure)
    save(figure, tmp_path / "figure.png")


@pytest.mark.parametrize("name", FIGURES)
def test_unknown_values_leave_gaps_not_errors(make_results, tmp_path, name):
    made = make_results(staffings=3, replications=4)
    for table in made.rows.values():
        numbers = table.columns.difference(["staffing", "metric", "unit", "baseline", "headline", "verdict", "margin"])
        table.loc[table["staffing"] == "call_center_24_7", numbers] = np.nan
    rated = [name for name in made.replications if name.startswith(("csat", "stars"))]
    made.replications[[*rated, "seats_used"]] = np.nan
    made.curves.loc[made.curves["staffing"] == "call_center_24_7", ["answered", "gave_up", "waiting"]] = np.nan
    made.courses["mood"] = np.nan
    made.passengers["satisfaction"] = np.nan
    save(FIGURES[name].draw(made), tmp_path / "figure.png")


def test_without_stars_satisfaction_shows_its_means_alone(make_results):
    made = make_results(staffings=2, replications=4)
    made.replications["stars_1"] = np.nan
    assert len(visible_panels(FIGURES["satisfaction"].draw(made))) == 1


def test_satisfaction_shows_the_stars_of_all_replications(make_results):
    made = make_results(staffings=1, replications=2)
    for stars, shares in {1: (0.1, 0.3), 2: (0, 0), 3: (0.4, 0.2), 4: (0, 0), 5: (0.5, 0.5)}.items():
        made.replications[f"stars_{stars}"] = shares
    bars = visible_panels(FIGURES["satisfaction"].draw(made))[1].patches
    assert [bar.get_width() for bar in bars] == pytest.approx([20, 0, 30, 0, 50])


def test_satisfaction_names_the_law(results):
    assert "told by the additive law" in words(FIGURES["satisfaction"].draw(results))


def test_cost_draws_every_point_at_its_cost_and_rings_the_baseline(results):
    axes = FIGURES["cost"].draw(results).axes[0]
    places = {
        line.get_label(): line.get_xdata()[0] for line in axes.get_lines() if line.get_label() in results.staffings
    }
    summary = results.summary().set_index(["metric", "staffing"])["mean"]
    assert places == {name: pytest.approx(summary["cost", name], rel=1e-12) for name in results.staffings}
    rings = [line for line in axes.get_lines() if line.get_label() == "_ring"]
    assert [ring.get_xdata()[0] for ring in rings] == [places[results.baseline]]


def test_intervals_are_called_by_the_studys_confidence(make_results, make_sweep):
    made = make_results(staffings=2, replications=16)
    made.experiment.study.confidence.value = 0.9
    for name in ("differences", "cost", "satisfaction"):
        said = words(FIGURES[name].draw(made)).replace("90 % of", "")
        assert "thick: 90 % interval" in said
        assert "95 %" not in said
    assert "bands: 99 % interval" in words(sweep(make_sweep([1, 2]), 0.99))
    assert "bands: interval" in words(sweep(make_sweep([1, 2])))


@pytest.mark.parametrize("name", ["differences", "cost", "satisfaction", "headline"])
def test_where_draws_are_too_few_no_interval_is_drawn_and_that_is_said(make_results, name):
    few, enough = (FIGURES[name].draw(make_results(staffings=2, replications=count)) for count in (8, 16))
    assert "too few for intervals" in words(few)
    assert "too few for intervals" not in words(enough)

    def lines(figure):
        return [line for axes in figure.axes for line in axes.collections if isinstance(line, LineCollection)]

    assert len(lines(few)) < len(lines(enough))


def test_mood_shows_all_posts_and_the_requests_among_them(results):
    figure = FIGURES["mood"].draw(results)
    titles = [axes.get_title(loc="left") for axes in visible_panels(figure)]
    assert titles[1:] == ["All public posts", "Requests among them: posts of the disruption's passengers"]
    all_posts, requests = (
        max(line.get_ydata().max() for line in axes.get_lines() if line.get_label() in results.staffings)
        for axes in visible_panels(figure)[1:]
    )
    assert all_posts > 5 * requests


def test_one_draw_gives_no_verdicts_and_says_so(make_results):
    assert "one draw of the assumptions: no verdicts" in words(
        FIGURES["cost"].draw(make_results(staffings=2, replications=2))
    )
    assert "one draw" not in words(FIGURES["cost"].draw(make_results(staffings=2, replications=4)))


def test_a_figure_shows_itself_in_a_notebook(results):
    assert FIGURES["mood"].draw(results)._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize(("low", "high", "edge"), [(10.0, np.inf, 1.0), (-np.inf, 5.0, 0.0)])
@pytest.mark.parametrize("upright", [False, True])
def test_an_interval_without_end_is_an_arrow_to_the_edge(low, high, edge, upright):
    axes = panels(page("", ""), 1, 1)[0, 0]
    row = {"mean": 7.0, "ci_low": low, "ci_high": high, "luck_low": 6.0, "luck_high": 8.0}
    draw_interval(axes, row, 2.0, "#000000", upright=upright)
    (arrow,) = axes.texts
    assert arrow.xy == ((2.0, edge) if upright else (edge, 2.0))
    assert arrow.xyann == ((2.0, min(abs(low), high)) if upright else (min(abs(low), high), 2.0))
    limits = axes.get_ylim() if upright else axes.get_xlim()
    assert limits[0] <= min(abs(low), high) <= limits[1]


def test_an_estimate_without_end_is_an_arrow_head_at_the_edge():
    axes = panels(page("", ""), 1, 1)[0, 0]
    row = dict.fromkeys(("mean", "ci_low", "ci_high", "luck_low", "luck_high"), np.inf)
    draw_interval(axes, row, 2.0, "#000000", label="never")
    (head,) = axes.get_lines()
    assert (head.get_label(), head.get_marker()) == ("never", ">")
    assert head.get_xdata()[0] > 0.9
    assert not axes.texts


@pytest.mark.parametrize(("low", "high"), [(0.45, 1.6), (0.15, 2.5), (0.05, 6.0), (0.02, 12.0), (0.9, 1.3)])
def test_ticks_of_ratios_do_not_collide(low, high):
    with look():
        figure = page("", "", height=4)
        axes = panels(figure, 1, 2, left=2.35, right=1.7, across=3.75)[0, 0]  # as narrow as in `differences`
        axes.set_xlim(low, high)
        ratio_axis(axes)
        figure.draw_without_rendering()
        boxes = [text.get_window_extent() for text in axes.get_xticklabels() if text.get_text()]
    assert len(boxes) >= 2
    for left, right in itertools.pairwise(sorted(boxes, key=lambda box: box.x0)):
        assert left.x1 + 2 < right.x0  # pixels: a gap that can be seen


def test_saved_bytes_repeat(make_results, tmp_path):
    sums = []
    for folder in ("one", "two"):
        paths = save_all(make_results(staffings=2, replications=4), tmp_path / folder)
        sums.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths})
    assert sums[0] == sums[1]
    assert {f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg")} == set(sums[0])
    assert b"<dc:date>" not in (tmp_path / "one" / "latency.svg").read_bytes()


def test_drawing_leaves_the_callers_rules_and_figures_alone(results):
    before, open_figures = dict(matplotlib.rcParams), matplotlib.pyplot.get_fignums()
    for figure in FIGURES.values():
        figure.draw(results)
    assert dict(matplotlib.rcParams) == before
    assert matplotlib.pyplot.get_fignums() == open_figures


def test_threads_draw_the_same(make_results, tmp_path):
    made = make_results(staffings=2, replications=4)
    alone = save(FIGURES["mood"].draw(made), tmp_path / "alone.svg").read_bytes()

    def draw(number):
        save(FIGURES["mood"].draw(made), tmp_path / f"{number}.svg")

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(tmp_path / f"{number}.svg").read_bytes() == alone for number in range(3)] == [True] * 3


@pytest.mark.parametrize("factor", [1, 30, 3000])
def test_the_names_of_the_mood_figure_stand_clear_of_their_numbers_and_of_the_edge(make_results, factor):
    made = make_results(staffings=2, replications=2)
    made.courses[["posts", "requests"]] *= factor
    figure = FIGURES["mood"].draw(made)
    pen = figure.canvas.get_renderer()
    for axes in visible_panels(figure):
        boxes = [text.get_window_extent(pen) for text in axes.texts if text.get_weight() == "bold"]
        assert len(boxes) == 4
        for number, name in zip(boxes[::2], boxes[1::2], strict=True):
            assert name.x0 > number.x1 + 3
            assert name.x1 < figure.bbox.x1
