"""The benchmark's own arithmetic: ratios, targets, what is kept, and that a wrong peer is found out."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "peers"))
import caresim_mmcm
import figure
import loop_peer
import mmcm
import performance_figure
import performance_page
from parts import engines, scale
from parts.effort import Effort
from targets import TARGETS, Target

from caresim.config.compose import compose


@pytest.fixture(scope="module")
def traffic(tmp_path_factory):
    file = tmp_path_factory.mktemp("traffic") / "traffic.npz"
    caresim_mmcm.write(2_000, 3, file)
    return file


def test_a_plain_loop_finds_the_waits_of_caresim(traffic):
    given = mmcm.Given.read(traffic)
    given.check(*loop_peer.run(given.workload))
    assert np.isnan(given.waits).mean() < 0.05


def test_those_who_come_later_make_no_difference(traffic):
    given = mmcm.Given.read(traffic, 500)
    assert len(given.workload) == 500
    given.check(*loop_peer.run(given.workload))


@pytest.mark.parametrize("wrong", ["wait", "fate"])
def test_one_wrong_caller_is_found_out(traffic, wrong):
    given = mmcm.Given.read(traffic)
    waits, fates = loop_peer.run(given.workload)
    if wrong == "wait":
        waits[777] += 1e-6
    else:
        fates[777] = "abandoned" if fates[777] == "answered" else "answered"
    with pytest.raises(AssertionError):
        given.check(waits, fates)


def test_engines_are_asked_in_turn(traffic, monkeypatch):
    """Each repeat asks every engine once, in processes that stay: caresim, and the loop in plain Python."""
    chosen = tuple(engine for engine in engines.ENGINES if engine.name in ("caresim", "loop"))
    monkeypatch.setattr(engines, "ENGINES", chosen)
    seen = engines.interleaved(traffic, Effort(quick=True), 0.01)
    assert {name: len(each.whole) for name, each in seen.items()} == {"caresim": 3, "loop": 3}
    assert seen["loop"].callers == 500
    known = {each.name: each for each in engines.figures(seen)}
    first = seen["caresim"].callers / seen["caresim"].whole[0] / (500 / seen["loop"].whole[0])
    assert known["times_loop"].values[0] == pytest.approx(first)


def test_ratios_are_of_the_same_repeat():
    found = figure.ratios("x", [4.0, 9.0, 1.0], [2.0, 3.0, 4.0])
    assert found.values == [2.0, 3.0, 0.25]
    assert found.row("now")["low"] == "0.25"


@pytest.mark.parametrize(
    ("at_least", "value", "met", "miss"), [(True, 30, False, 0.25), (True, 40, True, 0), (False, 50, False, 0.25)]
)
def test_targets_say_by_how_much_they_are_missed(at_least, value, met, miss):
    target = Target("t", "what", 40, at_least, "x")
    assert target.met(value) is met
    assert target.miss(value) == pytest.approx(miss)


def test_what_is_kept_comes_back_and_new_columns_are_added(tmp_path):
    file = tmp_path / "kept.csv"
    figure.keep(file, [{"run": "1", "a": "2"}])
    figure.keep(file, [{"run": "2", "b": "3"}])
    assert figure.read(file) == [{"run": "1", "a": "2", "b": ""}, {"run": "2", "a": "", "b": "3"}]


def test_the_page_takes_the_last_run_that_measured_a_figure():
    history = [
        figure.Measured("times_simpy", "x", [50.0, 45.0, 60.0]).row("2"),
        figure.Measured("times_simpy", "x", [1.0]).row("1"),
        figure.Measured("two_threads", "x", [1.2]).row("1"),
    ]
    text = performance_page.targets(performance_page.latest(history))
    assert "| 50 (45-60) x | met, not the aim |" in text
    assert "| 1.2 x | missed by 33 % |" in text
    assert text.count("not measured yet") == len(TARGETS) - 2


def test_numbers_have_three_digits():
    assert [performance_page.number(value) for value in (1_226_070, 999.9, 12.34, 0.5734)] == [
        "1,230,000", "1,000", "12.3", "0.573",
    ]  # fmt: skip


def test_memory_and_growth_are_those_of_the_largest_run():
    told = {"build_s": 1.0, "idle_mb": 100.0, "measure_s": 0.0}
    small = {**told, "size": "10000", "passengers": 10_000, "events": 70_000, "run_s": 0.007, "run_mb": 110.0}
    large = {
        **told,
        "size": "10000000",
        "passengers": 10_000_000,
        "events": 70_000_000,
        "run_s": 14.0,
        "run_mb": 2148.0,
    }
    known = {each.name: each.median for each in scale.against_small("light", [small, large])}
    assert known["light_growth"] == pytest.approx(2.0)
    assert known["light_s"] == 15.0
    assert scale.bytes_each(large) == pytest.approx(2048 * 2**20 / 1e7)


def test_figures_are_drawn_of_whatever_is_there():
    size = {"build_s": "1", "run_s": "2", "events": "7000", "run_mb": "300", "idle_mb": "200"}
    rows = [{"run": "1", "load": "tokyo", "size": "1000", "passengers": "1000", **size}]
    assert len(performance_figure.size_figure(rows).axes) == 3
    history = [figure.Measured("times_simpy", "x", [50.0, 45.0]).row(run) for run in ("2026-01-01", "2026-01-02")]
    axes = performance_figure.history_figure(history).axes[0]
    assert any("times SimPy" in text.get_text() for text in axes.texts)


def test_the_ash_cloud_shrinks_as_a_whole():
    """Passengers, staff, lines and flights: a thousandth of each, and at ten million what conf/ says."""
    words = scale.ash_cloud("saturated")
    small, whole = compose(words(scale.SMALL)), compose(["experiment=ash_cloud"])
    assert (
        dict(word.split("=") for word in words(scale.LARGE)).items()
        >= {key: str(round(number)) for key, number in scale.at_full_size().items()}.items()
    )
    assert small.population.scale.value == small.reinforcement.value == 0.001
    here, there = (each.operators["european_airlines"] for each in (small, whole))
    assert here.channels["phone"].lines.value == there.channels["phone"].lines.value / 1000
    for name, flights in here.flights.items():
        assert flights.a_day.value == round(there.flights[name].a_day.value / 1000)
