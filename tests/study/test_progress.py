"""What a person is told while the work goes on."""

from __future__ import annotations

import io
from typing import Any

import pytest

from caresim.study import compare
from caresim.study.progress import Progress


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
    monkeypatch.setattr("caresim.study.progress.time.monotonic", lambda: now[0])
    monkeypatch.setattr("caresim.study.progress.EVERY_S", 0.0)

    def work(progress: Progress) -> None:
        progress.expect(20)
        progress.done(8, resumed=True)
        now[0] = 4.0
        progress.done(2, resumed=False)

    assert told(work).splitlines()[-1] == "10 of 20 runs, 0.5 runs/s, 20 s left, 8 of them already computed"


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
    words = told(lambda progress: compare.prepare(tokyo, progress))
    assert bool(compiled) is not kept
    assert ("compiling the model" in words) is not kept
    assert ("compiled in" in words) is not kept
