"""Every figure draws what it promises, from any comparison, with bytes that depend on the results alone."""

from __future__ import annotations

import hashlib
import itertools
import threading

import matplotlib
import matplotlib.pyplot
import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.model.media import STAFFED, Medium
from caresim.report.difference_axis import ratio_axis
from caresim.report.interval import draw_interval
from caresim.report.style import INK, PALETTE, QUIET, look, page, panels, save
from caresim.tasks.compare.figures import FIGURES, save_all
from caresim.tasks.compare.figures.backlog import OTHERS
from caresim.tasks.compare.sweep.figures import save_sweep, sweep

UNITS = (
    "requests", "contacts", "people", "per hour", "0–1", "passengers", "seats", "1 to 5", "€", "%", "percentage points",
    "ratio", "local time", "log scale", "scale 1 to 5", "angry posts",
)  # fmt: skip


def visible_panels(figure):
    return [axes for axes in figure.axes if axes.get_visible()]


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


def words(figure):
    return " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text)).replace("\n", " ")


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
        if name == "differences" and staffing == results.baseline:
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


def test_a_medium_is_called_and_coloured_as_its_row_says(make_results):
    made = make_results(staffings=1, replications=2)
    for medium in STAFFED:
        made.courses[f"waiting_{medium.word}"] = 5 + int(medium)
    figure = FIGURES["backlog"].draw(made)
    keys = {text.get_text(): text.get_color() for text in figure.texts if text.get_text().startswith("●")}
    assert keys == {f"● {medium.row.label}": medium.row.colour for medium in STAFFED}
    lines = {line.get_label(): line.get_color() for line in figure.axes[0].get_lines()}
    assert lines == {medium.word: medium.row.colour for medium in STAFFED} | dict.fromkeys(OTHERS, QUIET)


def test_who_waits_stands_apart_from_who_is_no_passenger_and_what_is_too_old(make_results):
    made = make_results(staffings=1, replications=2)
    figure = FIGURES["backlog"].draw(made)
    styles = {line.get_label(): line.get_linestyle() for line in figure.axes[0].get_lines()}
    assert {column: styles[column] for column in OTHERS} == {column: line for column, (_, line) in OTHERS.items()}
    assert all(name in words(figure) for name, _ in OTHERS.values())
    made.courses["expired"] = 0
    assert "expired" not in words(FIGURES["backlog"].draw(made))


def test_results_of_a_release_that_did_not_count_them_apart_show_the_queues(make_results):
    made = make_results(staffings=1, replications=2, media=(Medium.PHONE,))
    made.courses = made.courses.rename(columns={"waiting_phone": "backlog_phone"}).drop(columns=list(OTHERS))
    assert [line.get_label() for line in FIGURES["backlog"].draw(made).axes[0].get_lines()] == ["phone"]


def test_where_nobody_answers_the_panel_is_not_empty():
    results = caresim.compare(caresim.load("experiment=activism", "only=[nobody]", "replications=1"), workers=1)
    figure = FIGURES["backlog"].draw(results)
    heights = {line.get_label(): max(line.get_ydata()) for line in figure.axes[0].get_lines()}
    assert heights["public"] > 100
    assert heights["waiting_bystanders"] > heights["public"]


def test_where_a_colour_means_a_medium_it_means_no_staffing_model(results):
    figure = FIGURES["backlog"].draw(results)
    titles = [axes.title for axes in figure.axes] + [axes._left_title for axes in figure.axes]
    assert {title.get_color() for title in titles if title.get_text()} == {INK}


def test_a_medium_nobody_offers_is_left_out(make_results):
    with_counter = FIGURES["backlog"].draw(make_results(staffings=2, replications=2))
    without = FIGURES["backlog"].draw(make_results(staffings=2, replications=2, media=(Medium.PHONE, Medium.PUBLIC)))
    assert "counter" in words(with_counter)
    assert "counter" not in words(without)


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


def test_latency_areas_add_up_to_all_requests(results):
    figure = FIGURES["latency"].draw(results)
    stacks = [axes for axes in figure.axes if len(axes.collections) == 3]
    assert len(stacks) == 2 * len(results.staffings)
    for axes in stacks:
        tops = [area.get_paths()[0].vertices[:, 1].max() for area in axes.collections]
        assert max(tops) == pytest.approx(100)


def test_latency_marks_a_quarter_and_a_whole_hour(results):
    axes = FIGURES["latency"].draw(results).axes[0]
    upright = {line.get_xdata()[0] for line in axes.get_lines() if len(set(line.get_xdata())) == 1}
    assert {15, 60} <= upright
    assert [text.get_text() for text in axes.get_xticklabels()] == ["1 min", "5", "15", "60 min", "6 h", "1 d", "5 d"]


def test_differences_shade_the_margin_and_write_each_verdict(results):
    figure = FIGURES["differences"].draw(results)
    table = results.comparison()
    table = table[table["headline"]]
    panels = visible_panels(figure)
    assert len(panels) == table["metric"].nunique() == 4
    for axes in panels:
        (margin,) = [patch for patch in axes.patches if patch.get_label() == "_margin"]
        assert margin.get_width() > 0
    said = words(figure)
    assert set(table["verdict"]) <= {
        word for word in ("better", "worse", "no difference that matters", "undecided") if word in said
    }


def test_differences_show_ordinary_customers_wherever_there_are_any(make_results):
    made = make_results(staffings=3, replications=8)
    rows = made.rows["comparison"]
    assert "Ordinary customers" not in words(FIGURES["differences"].draw(made))
    theirs = rows[rows["metric"] == "resolved"].assign(metric="ordinary_answered", headline=False)
    made.rows["comparison"] = pd.concat([theirs, rows], ignore_index=True)
    figure = FIGURES["differences"].draw(made)
    assert visible_panels(figure)[-1].get_title(loc="left") == "Ordinary customers: answered °"
    assert "simultaneous over all headline rows (° by itself)" in words(figure)
    made.rows["comparison"].loc[: len(theirs) - 1, "difference"] = np.nan
    assert "Ordinary customers" not in words(FIGURES["differences"].draw(made))


def test_undecided_names_the_pairs_it_would_take(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["comparison"]
    rows.loc[rows["metric"] == "csat", ["verdict", "pairs_needed"]] = ["undecided", 1240.0]
    assert "? undecided 1 240 pairs needed" in words(FIGURES["differences"].draw(made))


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
    made = make_results(staffings=2, replications=8)
    made.experiment.study.confidence.value = 0.9
    for name in ("differences", "cost", "satisfaction"):
        said = words(FIGURES[name].draw(made)).replace("90 % of", "")
        assert "thick: 90 % interval" in said
        assert "95 %" not in said
    assert "bands: 99 % interval" in words(sweep(make_sweep([1, 2]), 0.99))
    assert "bands: interval" in words(sweep(make_sweep([1, 2])))


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


def test_a_sweep_of_replications_says_how_many_there_are(make_sweep):
    table = make_sweep([2, 8], "swept_replications")
    table["replications"] = table["swept_replications"]
    said = words(sweep(table))
    assert "What changes with replications?" in said
    assert "2 to 8 paired replications" in said


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


@pytest.mark.parametrize("values", [[1, 2, 4, 8], ["a strike", "a storm"], [3]])
def test_a_sweep_has_a_line_a_staffing_model_in_each_headline_panel(make_sweep, tmp_path, values):
    table = make_sweep(values)
    figure = sweep(table)
    panels = visible_panels(figure)
    assert len(panels) == 4
    for axes in panels:
        for staffing in table["staffing"].unique():
            (line,) = [line for line in axes.get_lines() if line.get_label() == staffing]
            assert len(line.get_xdata()) == len(values)
    assert [path.name for path in save_sweep(table, tmp_path)] == ["sweep.png", "sweep.svg"]


def test_a_second_key_of_many_values_is_told_by_the_line(make_sweep):
    import pandas as pd

    parts = []
    for scale in (1, 2, 3, 4, 5):
        part = make_sweep([1, 2, 4, 8, 16, 32])
        part.insert(1, "population.scale", scale)
        parts.append(part)
    figure = sweep(pd.concat(parts))
    styles = {line.get_linestyle() for line in figure.axes[0].get_lines() if line.get_label() == "social_team"}
    assert len(styles) == 2  # every dash is called the same
    assert "Social team (scale 2)" in words(figure)


def test_a_table_without_a_swept_key_is_refused(make_sweep):
    table = make_sweep([1, 2]).drop(columns="staffing.social_team.desks.social.headcount")
    with pytest.raises(ValueError, match="swept key"):
        sweep(table)


def test_busy_tones_are_named_beside_those_who_gave_up_where_calls_were_blocked(make_results):
    made = make_results(staffings=2, replications=2)
    for blocked, times in ((0.0, 0), (4000.0, 2)):
        made.replications["phone_blocked"] = blocked
        figure = FIGURES["latency"].draw(made)
        told = [text.get_text() for axes in figure.axes for text in axes.texts]
        assert sum("gave up or\nbusy tone" in each for each in told) == times
        assert sum("gave up" in each for each in told) == 4  # social media and phone of two staffing models
        assert ("met a busy tone" in words(figure)) is (blocked > 0)


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
