"""The programs of benchmarks/peers do what they are timed for: each checks every caller against the plain loop."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parents[2] / "benchmarks" / "peers"
NEEDS = {"loop": "numpy", "simpy": "simpy", "ciw": "ciw", "mesa": "mesa", "salabim": "salabim", "cimba": "cimba"}


@pytest.mark.parametrize("engine", NEEDS)
def test_a_timed_program_is_right(engine):
    if importlib.util.find_spec(NEEDS[engine]) is None:
        pytest.skip(f"{NEEDS[engine]} is not installed")
    command = [sys.executable, str(PROGRAMS / f"{engine}_mmcm.py"), "--callers", "2000", "--seed", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "2000 callers" in done.stdout
