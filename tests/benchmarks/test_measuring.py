"""The benchmark's own arithmetic: ratios, targets, what is kept, and that a wrong peer is found out."""

from __future__ import annotations

import subprocess
import sys

import caresim_mmcm
import derived
import figure
import mmcm
import numpy as np
import performance_figure
import performance_page
import pytest
import run
from busy import Others
from parts import engines, scale
from parts.effort import Effort
from targets import EARLIER, IN_THE_WAY, TARGETS, Target
from tests.support.peers import loop_peer

from caresim.config.compose import compose

PEERS = ("simpy", "ciw", "mesa", "cimba")
MEASURES = {
    "pairs": {"simulate_times_simpy"},
    "tokyo": {"tokyo_events", "tokyo_default_s"},
    "workers": {"two_workers"},
    "study": {"study_over_measured", "design_ms", "sweep_busy_ms"},
    "startup": {"import_s", "help_s", "refused_s"},
}
"""Figures by the part that measures them; `engines` and `scale` have tests of their own, and the rest compiles or
installs."""
BESIDE = ("study_measuring_minutes", "study_runs_minutes")


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
    order, ask = [], engines.ask

    def noted(program, name):
        order.append(name)
        return ask(program, name)

    monkeypatch.setattr(engines, "ENGINES", chosen)
    monkeypatch.setattr(engines, "ask", noted)
    seen = engines.interleaved(traffic, Effort(quick=True), 0.01)
    assert order == ["caresim", "loop"] * 3
    assert {name: len(each.whole) for name, each in seen.items()} == {"caresim": 3, "loop": 3}
    assert seen["loop"].callers == 500
    known = {each.name: each for each in engines.figures(seen)}
    first = seen["caresim"].callers / seen["caresim"].whole[0] / (500 / seen["loop"].whole[0])
    assert known["times_loop"].values[0] == pytest.approx(first)
    assert known["loop_played"].median == 500


def test_a_run_keeps_what_it_was_asked_for(tmp_path, monkeypatch, capsys):
    """One tiny load through the whole command: rows, memory, the share of others; a toy size gets no verdict."""
    monkeypatch.setattr(scale, "LOADS", (scale.Load("M/M/10+M", scale.queue, (1_000, 2_000)),))
    assert run.main(["--quick", "--part", "scale", "--out", str(tmp_path)]) == 0
    rows = figure.read(tmp_path / figure.SIZES.name)
    assert [row["size"] for row in rows] == ["1000", "2000"]
    for row in rows:
        parts = [float(row[name]) for name in ("build_s", "run_s", "measure_s")]
        assert min(parts) > 0.0
        assert max(parts) < float(row["whole_s"]) == pytest.approx(sum(parts), rel=0.3)
        assert float(row["event_ns_low"]) <= float(row["event_ns"]) <= float(row["event_ns_high"])
        assert float(row["peak_gb"]) > 0.1
    assert len(figure.read(tmp_path / figure.RUNS.name)) == 1
    assert "missed" not in capsys.readouterr().out


@pytest.mark.parametrize("part", MEASURES)
def test_a_part_measures_what_has_a_target(part, tmp_path):
    """In the small, through the whole command; what this machine or this version lacks is left out."""
    assert run.main(["--quick", "--part", part, "--out", str(tmp_path)]) == 0
    kept = figure.read(tmp_path / figure.HISTORY.name)
    assert MEASURES[part] <= {row["name"] for row in kept}
    assert all(float(row["median"]) > 0 for row in kept if row["name"] in MEASURES[part])


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
    assert target.verdict(value) == ("met" if met else "missed by 25 %")


def test_what_is_only_stated_has_no_verdict():
    stated = Target("t", "what", None, False, "min")
    assert (stated.bound, stated.verdict(1e9), stated.miss(1e9)) == ("", "", 0.0)


def test_whatever_can_be_missed_says_what_stands_in_the_way():
    known = {
        name: {"median": "1"}
        for name in (*(f"{peer}_callers" for peer in PEERS), *BESIDE, "cpp_callers", "cpp_callers_run")
    }
    assert set(IN_THE_WAY) < {target.name for target in (*TARGETS, *EARLIER)}
    for target in (*TARGETS, *EARLIER):
        assert bool(performance_page.in_the_way(target, known)) is (target.wanted is not None), target.name


@pytest.mark.parametrize(("others", "load", "busy"), [("0.3", "0", True), ("0.02", "9", False), ("", "1.3", True)])
def test_seconds_of_a_busy_machine_are_marked(others, load, busy):
    row = figure.Measured("help_s", "s", [0.3]).row("1") | {"others": others}
    text = performance_page.targets({"help_s": row}, {"1": {"run": "1", "load": load, "cores": "2"}})
    assert ("| met, busy machine |" in text) is busy


def test_what_works_beside_is_noticed():
    """Own work and that of children that have ended is not that of others."""
    others = Others()
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    share = others.share()
    if share is None:
        pytest.skip("this system does not say how much it has worked")
    assert 0.0 <= share <= 1.0


def test_what_is_kept_comes_back_and_new_columns_are_added(tmp_path):
    file = tmp_path / "kept.csv"
    figure.keep(file, [{"run": "1", "a": "2"}])
    figure.keep(file, [{"run": "2", "b": "3"}])
    assert figure.read(file) == [{"run": "1", "a": "2", "b": ""}, {"run": "2", "a": "", "b": "3"}]


def test_the_page_takes_the_last_run_that_measured_a_figure():
    history = [
        figure.Measured("times_simpy", "x", [50.0, 45.0, 60.0]).row("2"),
        figure.Measured("times_simpy", "x", [1.0]).row("1"),
        figure.Measured("two_workers", "x", [1.2]).row("1"),
    ]
    text = performance_page.targets(performance_page.latest(history), {})
    assert "| 50 (45-60) x | met, and the aim |" in text
    assert "| 1.2 x | missed by 35 % | the parts of building" in text
    assert text.count("not measured yet") == len(TARGETS) - 2


def test_numbers_have_three_digits():
    assert [performance_page.number(value) for value in (1_226_070, 999.9, 12.34, 0.5734)] == [
        "1,230,000", "1,000", "12.3", "0.573",
    ]  # fmt: skip


def replication(size, seconds, run_gb):
    return {
        "passengers": size, "contacts": size, "events": 7 * size, "build_s": 1.0, "run_s": 9.0, "measure_s": 2.0,
        "whole_s": 12.0, "build_busy_s": seconds, "run_busy_s": seconds, "idle_gb": 0.1, "build_gb": 0.2,
        "run_gb": run_gb, "peak_gb": 3.0,
    }  # fmt: skip


def test_growth_is_of_the_processors_time_and_memory_of_the_first():
    small = scale.Replications(replication(10_000, 1.0, 0.1), [replication(10_000, t, 9.0) for t in (0.007, 0.0035)])
    whole = replication(10_000_000, 14.0, 2.1)
    large = scale.Replications(whole, [whole])
    known = {each.name: each for each in scale.against_small("light", {10_000: small, 10_000_000: large})}
    assert sorted(known["light_event_growth"].values) == pytest.approx([2.0, 4.0])
    assert sorted(known["light_whole_event_growth"].values) == pytest.approx([2.0, 4.0])
    assert known["light_whole_s"].median == 12.0
    assert known["light_peak_gb"].median == 3.0
    assert derived.bytes_each(scale.row(large)) == pytest.approx(200.0)
    assert derived.bytes_each(scale.row(small)) is None
    assert scale.row(small)["event_ns"] == "75"


def test_figures_are_drawn_of_whatever_is_there():
    size = {"whole_s": "4", "event_ns": "70", "event_ns_low": "60", "event_ns_high": "90", "peak_gb": ""}
    rows = [{"run": "1", "load": "tokyo", "size": "1000", "passengers": "1000", **size}]
    panels = performance_figure.size_figure(rows).axes
    assert [[text.get_text() for text in axes.texts] for axes in panels] == [["tokyo"], ["tokyo"], []]
    history = [
        figure.Measured(name, "x", values).row(run)
        for name, values in (("times_simpy", [50.0, 45.0]), ("two_workers", [1.7]))
        for run in ("2026-01-01", "2026-01-02")
    ]
    speeds, shares = performance_figure.history_figure(history).axes
    assert [text.get_text() for text in speeds.texts] == ["SimPy 47.5"]
    assert [text.get_text() for text in shares.texts] == ["two workers to one 1.7"]


def test_history_is_shown_once_there_is_one():
    rows = [figure.Measured("times_simpy", "x", [50.0]).row(run) for run in "123"]
    rows.append(figure.Measured("help_s", "s", [0.3]).row("0"))
    assert figure.with_ratios(rows) == ["1", "2", "3"]
    assert "performance_history.png" in performance_page.history_picture(rows)
    assert "performance_history.png" not in performance_page.history_picture(rows[1:])


@pytest.mark.parametrize("load", scale.LOADS, ids=lambda load: load.name)
def test_a_load_can_be_as_large_as_it_gets(load):
    """Lines, flights and seats suffice: the configuration is accepted."""
    assert compose(load.words(max(*load.sizes, *load.huge))).population.scale.value <= 1.0


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
