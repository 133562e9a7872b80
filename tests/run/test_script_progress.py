"""A study in a script says how far it is every ten seconds, and nothing where it is short."""

from __future__ import annotations

import sys

import pytest

import caresim
from caresim.run import progress, script_progress
from caresim.run.notebook_progress import watching
from caresim.run.script_progress import InScript


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    time = [0.0]
    for module in (progress, script_progress):
        monkeypatch.setattr(module.time, "monotonic", lambda: time[0])
    return time


def test_a_line_every_ten_seconds(now: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    watch = InScript("points")
    watch.expect(40)
    for _ in range(10):
        now[0] += 3.0
        watch.done(1, resumed=False)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "caresim: 4 of 40 points, 3 s a point, 108 s left",
        "caresim: 8 of 40 points, 3 s a point, 96 s left",
    ]


def test_short_work_says_nothing(now: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    watch = InScript("points")
    watch.compiling()
    watch.compiled(9.0)
    watch.expect(2)
    now[0] = 9.0
    watch.done(2, resumed=False)
    told = capsys.readouterr()
    assert told.out == told.err == ""


def test_a_program_without_an_error_stream_goes_on(now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    watch = InScript("points")
    watch.expect(2)
    now[0] = 20.0
    with monkeypatch.context() as without:
        without.setattr(sys, "stderr", None)
        watch.done(1, resumed=False)
    assert watch.finished == 1


def test_a_sweep_in_a_script_is_told_of(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    monkeypatch.setattr(script_progress, "EVERY_S", 0.0)
    experiment = caresim.load("experiment=queue", "queue.customers=100", "queue.warm_up=0 %", "replications=2")
    caresim.sweep(experiment, {"queue.servers": [10, 12]}, ["phone_asa"])
    assert "caresim: 1 of 2 points" in capsys.readouterr().err
    with watching("points") as watch:
        assert not isinstance(watch, InScript)
