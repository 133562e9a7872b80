"""The experiment tokyo, composed once, and the stand-in for the engine."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import caresim
from tests.support.waiting import PATIENCE_S, wait_for

STAND_IN = Path(__file__).with_name("stand_in.py")
ROOT = STAND_IN.parents[2]


@pytest.fixture(scope="session")
def tokyo() -> Any:
    return caresim.load("experiment=tokyo", "replications=4")


@pytest.fixture(scope="session")
def stand_in() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stand_in", STAND_IN)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def without_engine(monkeypatch: pytest.MonkeyPatch, stand_in: ModuleType) -> ModuleType:
    """Comparisons with the stand-in in place of the engine."""
    monkeypatch.setattr("caresim.run.workers.compute", stand_in.compute)
    monkeypatch.setattr("caresim.tasks.compare.compare.prepare", lambda experiment, watch: None)
    return stand_in


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts the command line with the stand-in, in the test's own folder."""

    def started(*words: str, **settings: str) -> subprocess.Popen[str]:
        settings = {f"CARESIM_STAND_IN_{name.upper()}": value for name, value in settings.items()}
        paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        environment = os.environ | settings | {"PYTHONPATH": paths}
        command = [sys.executable, str(STAND_IN), *words, "page=none"]  # a stand-in has too little for a page
        return subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return started


@pytest.fixture
def interrupt() -> Callable[[subprocess.Popen[str], Callable[[], bool]], tuple[str, str]]:
    """Presses Ctrl-C in a started command as soon as `ready`; returns what it printed."""

    def interrupted(process: subprocess.Popen[str], ready: Callable[[], bool]) -> tuple[str, str]:
        wait_for(lambda: ready() or process.poll() is not None, "the moment to interrupt", pause_s=0.02)
        assert process.poll() is None, process.communicate()
        process.send_signal(signal.SIGINT)
        return process.communicate(timeout=PATIENCE_S)

    return interrupted
