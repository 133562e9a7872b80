"""The experiment tokyo, composed once, and the stand-in for the engine."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import caresim

STAND_IN = Path(__file__).with_name("stand_in.py")


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
        environment = {**os.environ, **{f"CARESIM_STAND_IN_{name.upper()}": value for name, value in settings.items()}}
        command = [sys.executable, str(STAND_IN), *words]
        return subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return started


@pytest.fixture
def interrupt() -> Callable[[subprocess.Popen[str], Callable[[], bool]], tuple[str, str]]:
    """Presses Ctrl-C in a started command as soon as `ready`; returns what it printed."""

    def interrupted(process: subprocess.Popen[str], ready: Callable[[], bool]) -> tuple[str, str]:
        deadline = time.monotonic() + 60
        while not ready():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, "never ready"
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        return process.communicate(timeout=60)

    return interrupted
