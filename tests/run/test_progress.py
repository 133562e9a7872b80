"""What a person is told while the work goes on."""

from __future__ import annotations

import io
from typing import Any

import pytest

from caresim.run.progress import Progress
from caresim.run.resume import prepare


def told(actions: Any) -> str:
    stream = io.StringIO()
    with Progress(stream) as progress:
        actions(progress)
    return stream.getvalue()


def test_a_log_gets_plain_lines() -> None:
    def work(progress: Progress) -> None:
        progress.expect(6)
        for _ in range(3):
            progress.done(2, resumed=False)

    lines = told(work).splitlines()
    assert lines[0] == "simulating 6 runs (staffing models x replications)"
    assert lines[1].startswith("6 of 6 runs, ")
    assert len(lines) == 2


def test_time_left_counts_only_what_was_computed_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """8 runs found at once and 2 computed in 4 s: half a run a second, so the other 10 take 20 s."""
    now = [0.0]
    monkeypatch.setattr("caresim.run.progress.time.monotonic", lambda: now[0])
    monkeypatch.setattr("caresim.run.progress.EVERY_S", 0.0)

    def work(progress: Progress) -> None:
        progress.expect(20)
        progress.done(8, resumed=True)
        now[0] = 4.0
        progress.done(2, resumed=False)

    assert told(work).splitlines()[-1] == "10 of 20 runs, 0.5 runs/s, 20 s left, 8 of them already computed"


def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be set."""
    now = [0.0]
    monkeypatch.setattr("caresim.run.progress.time.monotonic", lambda: now[0])
    monkeypatch.setattr("caresim.run.progress.EVERY_S", 0.0)
    return now


def test_nothing_is_foretold_of_a_staffing_model_that_has_not_been_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The light model takes 75 s, the other one 300 s: half of the runs are by no means half of the time."""
    now = at(monkeypatch)

    def work(progress: Progress) -> None:
        progress.expect(4, ["light", "heavy"], 10_000_000)
        for now[0], staffing in ((75.0, "light"), (375.0, "heavy"), (450.0, "light"), (750.0, "heavy")):
            progress.done(1, False, staffing)

    assert told(work).splitlines() == [
        "simulating 4 runs of 10,000,000 passengers (staffing models x replications)",
        "1 of 4 runs, 75 s a run",
        "2 of 4 runs, 188 s a run, 375 s left",
        "3 of 4 runs, 150 s a run, 150 s left",
        "4 of 4 runs, 188 s a run",
    ]


def test_a_staffing_model_that_is_done_need_not_be_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = at(monkeypatch)

    def work(progress: Progress) -> None:
        progress.expect(4, ["light", "heavy"])
        progress.done(2, True, "heavy")
        now[0] = 1.0
        progress.done(1, False, "light")

    assert told(work).splitlines()[1:] == [
        "2 of 4 runs, 2 of them already computed",
        "3 of 4 runs, 1.0 runs/s, 1 s left, 2 of them already computed",
    ]


def test_a_terminal_gets_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with Progress(stream) as progress:
        progress.expect(6)
        progress.done(4, resumed=True)
        progress.done(2, resumed=False)
    assert "6/6" in stream.getvalue()
    assert "4 of these runs were already computed" in stream.getvalue()


@pytest.mark.parametrize("kept", [False, True], ids=["first run", "compiled before"])
def test_compiling_is_told(monkeypatch: pytest.MonkeyPatch, tokyo: Any, kept: bool) -> None:
    compiled: list[bool] = []
    monkeypatch.setattr("caresim.model.jit.compiled_before", lambda: kept)
    monkeypatch.setattr("caresim.model.jit.prepare", lambda: compiled.append(True))
    words = told(lambda progress: prepare(tokyo, progress))
    assert bool(compiled) is not kept
    assert ("compiling the model" in words) is not kept
    assert ("compiled in" in words) is not kept
