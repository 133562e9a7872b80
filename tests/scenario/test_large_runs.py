"""A run that takes long says how far it is, and is the run that it would be if it said nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import caresim
from caresim.__main__ import command
from caresim.config import pace
from caresim.scenario import build, population, run
from caresim.tasks.compare import command as compare_command

WORDS = ("experiment=queue", "queue.customers=300", "replications=2", "figures=none")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is told where every run counts as a large one, and every line is due."""
    lines: list[str] = []
    for module in (build, population, run):
        monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(pace, "FIRST_S", 0.0)
    monkeypatch.setattr(pace, "EVERY_S", 0.0)
    monkeypatch.setattr(pace, "_tell", lines.append)
    return lines


def test_whoever_waits_hears_of_each_step(told: list[str]) -> None:
    experiment = caresim.load(*WORDS)
    name = experiment.compared[0]
    caresim.simulate(experiment)
    steps = ("building a world of", "drawing", "putting all that is to come", f"simulating {name}, replication 1: ")
    heard = [next(n for n, line in enumerate(told) if line.startswith(step)) for step in steps]
    assert heard == sorted(heard)
    assert told[-1].endswith(" s left")


def test_a_run_with_stops_on_the_way_is_the_run_without(told: list[str]) -> None:
    with_stops = caresim.simulate(caresim.load(*WORDS))
    assert told
    with pytest.MonkeyPatch.context() as patch:
        for module in (build, population, run):
            patch.setattr(module, "MANY", 10**9)
        told.clear()
        without = caresim.simulate(caresim.load(*WORDS))
        assert told == []
    pd.testing.assert_frame_equal(with_stops.contacts, without.contacts, check_exact=True)
    assert repr(with_stops.metrics) == repr(without.metrics)


@pytest.mark.parametrize("least", [0.0, 1e9])
def test_what_takes_long_says_beforehand_what_it_takes(
    least: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare_command, "SAID_S", least)
    assert command([*WORDS, f"output_dir={tmp_path}"]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("this takes")]
    assert len(lines) == (1 if least == 0 else 0)
    assert all(line.startswith("this takes about ") and " of memory, " in line for line in lines)
