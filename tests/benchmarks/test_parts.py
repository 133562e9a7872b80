"""What the parts of the benchmark work out: LINE's means, sixteen workers, a newcomer's wait, what a planner reads."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import derived
import line_mmcm
import performance_page
import planner
import pytest
import run
from line_mmcm import Line, Means
from parts import compile as compiling
from parts import newcomer, pairs, scale, startup
from parts.effort import Effort
from planner_figure import planner_figure
from sixteen import Shares, predicted, serial_share
from targets import EARLIER, TARGETS, Target
from watching import watched

from caresim.scenario.population import MANY
from caresim.theory import erlang_a

LINE_PYTHON = os.environ.get(run.LINE_PYTHON)
THEORY = erlang_a(line_mmcm.RATE, line_mmcm.SERVICE, line_mmcm.PEOPLE, line_mmcm.PATIENCE)
RIGHT = Means(1_000_000, 0.6, (THEORY.number_in_system, 0.047), (THEORY.served_rate, 0.012))
"""What LINE would say if chance did nothing, with the intervals that it has at a million callers."""


def test_means_of_theory_pass_and_give_its_wait_and_loss():
    RIGHT.check()
    assert RIGHT.wait == pytest.approx(THEORY.mean_wait)
    assert RIGHT.lost == pytest.approx(THEORY.abandonment)


@pytest.mark.parametrize("patience", [4.0, 6.5])
def test_the_means_of_another_patience_are_found_out(patience):
    other = erlang_a(line_mmcm.RATE, line_mmcm.SERVICE, line_mmcm.PEOPLE, patience)
    wrong = replace(RIGHT, present=(other.number_in_system, 0.047), served=(other.served_rate, 0.012))
    with pytest.raises(AssertionError, match="in theory"):
        wrong.check()


@pytest.mark.parametrize("half", [0.0, 5.0])
def test_an_interval_that_says_nothing_is_found_out(half):
    with pytest.raises(AssertionError, match="no useful interval"):
        replace(RIGHT, present=(THEORY.number_in_system, half)).check()


@pytest.mark.parametrize(("python", "why"), [(None, "names no Python"), (sys.executable, "has no line-solver")])
def test_without_line_the_pairs_say_why(python, why, capsys):
    assert pairs.against_line(Effort(quick=True, line=python)) == []
    assert why in capsys.readouterr().err


@pytest.mark.skipif(not LINE_PYTHON, reason=f"{run.LINE_PYTHON} names no Python with line-solver")
def test_line_plays_as_many_as_it_is_asked_for_and_is_right(tmp_path):
    means = Line.written(str(LINE_PYTHON), tmp_path).play(50_000, 7)
    means.check()
    assert means.callers == pytest.approx(50_000, rel=0.02)
    assert means.seconds > 0


def test_pairs_are_of_the_same_repeat():
    seen = pairs.Pairs(line=[2.0, 4.0], ours=[1.0, 8.0], ours_whole=[0.5, 0.5], ours_gb=[0.2, 0.2], cpp=[4.0, 4.0])
    known = {each.name: each.values for each in pairs.figures(seen, "_million")}
    assert known["times_line_million"] == [0.5, 2.0]
    assert known["cpp_times_line_million"] == [2.0, 1.0]
    assert known["times_line_with_start_million"] == [0.25, 0.125]


LOOKS = [(1.0, 0.0), (2.0, 0.0), (2.5, 0.2), (3.0, 12.0), (3.5, 24.0), (4.0, 24.0), (4.9, 24.0), (5.1, 25.0)]
"""(of the one that hands out the work, of its workers): it compares from 2 to 5 s of its own time."""


def test_what_one_does_for_all_is_before_between_or_after():
    shares = Shares.of(20.0, 2.0, 5.0, LOOKS)
    assert shares == Shares(alone_s=20.0, before_s=0.5, during_s=1.0, after_s=1.5, workers_s=24.0)
    assert serial_share(shares, two=1.9) == pytest.approx(3 / 20)


@pytest.mark.parametrize(("workers", "seconds"), [(16, 0.5 + 24 / 16 + 1.5), (48, 0.5 + 1.0 + 1.5)])
def test_processes_share_what_one_does_not_do_for_all(workers, seconds):
    """However many they are, between its two ends the parent has a second of its own to work."""
    assert predicted(Shares.of(20.0, 2.0, 5.0, LOOKS), 1.9, workers) == pytest.approx(20 / seconds)


@pytest.mark.parametrize(("two", "sixteen"), [(2.0, 16.0), (1.6, 1 / (0.25 + 0.75 / 16)), (0.9, 1.0)])
def test_sixteen_threads_follow_from_two(two, sixteen):
    assert predicted(Shares.of(10.0, 0.0, 10.0, [(1.0, 0.0), (9.0, 0.0)]), two) == pytest.approx(sixteen)


def test_what_a_program_starts_is_watched_with_it():
    """A child that holds 100 MB and works until it has worked for half a second; its parent waits."""
    worker = "import time; held = bytearray(b'x' * 10**8)\nwhile time.process_time() < 0.5: pass"
    seen = watched(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {worker!r}])"]
    )
    if seen.peak_gb is None:
        pytest.skip("this system does not say what processes hold")
    assert seen.looks[-1][1] > 0.2 > seen.looks[-1][0]
    assert 0.1 < seen.peak_gb < 0.3


def test_a_program_that_fails_is_no_measurement():
    with pytest.raises(RuntimeError, match="no such luck"):
        watched([sys.executable, "-c", "raise SystemExit('no such luck')"])


def test_a_command_must_end_as_expected():
    assert startup.process([sys.executable, "-c", "raise SystemExit(2)"], status=2).wall > 0
    with pytest.raises(RuntimeError, match="ended with 0"):
        startup.process([sys.executable, "-c", "pass"], status=2)


def stand_in(folder: Path, text: str) -> list[str]:
    """A command that writes its text, then works on for a second."""
    program = folder / "program.py"
    program.write_text(f"import time\nprint({text!r})\ntime.sleep(1)\nprint('drawing')\n", encoding="utf-8")
    return [sys.executable, str(program)]


def test_a_newcomers_clock_stops_at_the_table(tmp_path):
    begun = time.perf_counter()
    shown = newcomer.first_table(stand_in(tmp_path, f"2 paired {newcomer.BELOW_THE_TABLE}"), {})
    assert 0 < shown < time.perf_counter() - begun - 0.9


def test_no_table_is_no_measurement(tmp_path):
    with pytest.raises(RuntimeError, match="no table"):
        newcomer.first_table(stand_in(tmp_path, "something else"), {})


def test_offline_nothing_is_installed(monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "run", None)
    assert newcomer.measure(Effort(offline=True)) == []
    assert "--offline" in capsys.readouterr().err


def test_a_version_that_builds_no_wheel_with_code_says_so(tmp_path):
    project = (newcomer.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(project.replace("hooks.custom", "hooks.another"), encoding="utf-8")
    assert newcomer.shipped(Path(sys.executable), tmp_path, tmp_path / "wheels") == "this version builds none"


def test_compiled_code_is_all_that_is_left_but_other_peoples(tmp_path):
    home, copy = tmp_path / "home", tmp_path / "install"
    for place, size in (
        (home / ".cache" / "caresim" / "law.nbc", 3000), (home / ".cache" / "matplotlib" / "fonts.json", 50_000),
        (copy / "model" / "__pycache__" / "law.1.nbc", 2000), (copy / "model" / "__pycache__" / "law.pyc", 50_000),
    ):  # fmt: skip
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x" * size)
    assert compiling.compiled_mb(home, copy) == pytest.approx(0.005)


@pytest.mark.parametrize("at_least", [True, False])
def test_an_aim_lies_beyond_its_target(at_least):
    target = Target("t", "what", 10, at_least, "x", 12 if at_least else 8)
    assert [target.verdict(value) for value in ((9, 10, 12) if at_least else (11, 10, 8))] == [
        "missed by 10 %", "met, not the aim", "met, and the aim",
    ]  # fmt: skip
    assert target.verdict(9.95 if at_least else 10.05) == "missed by less than 1 %"


def test_a_figure_has_one_target():
    names = [target.name for target in (*TARGETS, *EARLIER)]
    assert len(names) == len(set(names))


def test_the_page_shows_sixteen_workers_as_they_could_be_had():
    row = {"median": "9.5", "low": "9.5", "high": "9.5", "repeats": "1", "run": "1"}
    text = performance_page.targets({"sixteen_workers_predicted": row}, {})
    assert "predicted for sixteen cores | at least 10 x | 9.5 x | missed by 5 %" in text
    assert "against one, measured" not in text


def test_line_stands_among_the_engines_with_its_version():
    row = {"median": "1500000", "low": "1400000", "high": "1600000", "repeats": "9"}
    text = performance_page.engines({"line_callers": row, "times_line": row | {"median": "1.9"}}, "3.0.8.0")
    assert "| LINE 3.0.8.0, C++: a process a run;" in text
    assert "| 100,000 | 1,500,000 " in text


def known(**figures: float) -> dict[str, dict[str, str]]:
    return {name: {"median": str(figure)} for name, figure in figures.items()}


ALL = known(
    fresh_clone_s=21.4, wheel_s=5.23, first_replication_s=1.9, tokyo_default_s=14.6, tokyo_default_replications=32,
    study_replications=1000, study_minutes=5.5, study_peak_gb=0.84,
)  # fmt: skip
SIZES = [
    {"load": load, "size": str(size), "whole_s": str(seconds), "peak_gb": str(memory)}
    for load, size, seconds, memory in (
        (planner.FEW_WAIT, scale.MILLION, 3.6, 0.78), (planner.FEW_WAIT, scale.LARGE, 38.6, 3.3),
        (planner.ALL_WAIT, scale.MILLION, 6.9, 1.05), (planner.ALL_WAIT, scale.LARGE, 109.0, 4.68),
    )
]  # fmt: skip


def test_a_planner_reads_three_sentences():
    text = planner.sentences(ALL, SIZES, "2").replace("\n", " ")
    assert text.count(". ") == 3
    assert "shows its table after 21 s, after an installation with compiled code after 5.2 s" in text
    assert "15 s with 32 replications of each staffing model, and 5.5 minutes and 0.84 GB of memory with 1,000." in text
    assert "39 s where hardly anybody waits, 1.8 minutes where the lines are taken" in text
    assert "at most 4.7 GB of memory." in text


def test_what_was_not_measured_is_not_told():
    assert planner.sentences({}, [], "2") == "Not measured yet.\n"
    text = planner.sentences(known(compile_s=41.0, study_minutes=7.2, study_replications=1000), [], "2")
    assert "compiles the model for 41 s." in text
    assert "takes 7.2 minutes with 1,000 replications of each staffing model." in text.replace("\n", " ")


def test_the_planners_figure_says_what_the_dots_are():
    figure = planner_figure(ALL | known(compile_s=11.9), SIZES, "2")
    first, study, crisis = ([text.get_text() for text in axes.texts] for axes in figure.axes)
    assert first == ["21 s", "12 s", "5.2 s", "1.9 s"]
    assert study == ["15 s", "5.5 minutes, 0.84 GB"]
    assert crisis[1] == "39 s, 3.3 GB, hardly anybody waits"
    assert crisis[-1] == "1.8 minutes, 4.7 GB, everybody redials"
    assert planner_figure({}, [], "2") is None


def test_the_clock_of_a_run_of_many_holds_all_of_it():
    """It stops on its way, to say how far it is to whoever waits for it."""
    (told,) = scale.replications(scale.queue(400_000), 1)
    assert told["passengers"] > MANY
    assert derived.event_ns(told["run_busy_s"], told["events"]) > 5.0
