"""The same inputs and seed give the same bytes: compiled or interpreted, whatever was compared or simulated before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.support.tokyo_runs import digest, tokyo

from caresim.model import records
from caresim.model.memory import room
from caresim.scenario.run import run

ROOT = Path(__file__).parents[2]
SMALL = ("population.scale=0.004", "window='9 d'", "drain='2 h'")
SCRIPT = """
import sys
sys.path.insert(0, {root!r})
from tests.support.tokyo_runs import digest, ran
print(digest(ran({staffing!r}, 3, *{overrides!r})))
"""


@pytest.mark.parametrize("staffing", ["hybrid", "assistant_first"])
def test_interpreted_and_compiled_runs_agree_to_the_last_bit(staffing):
    script = SCRIPT.format(root=str(ROOT), staffing=staffing, overrides=SMALL)
    interpreted = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert interpreted.stdout.strip() == digest(run(tokyo(*SMALL), staffing, 3))


def test_what_ran_before_leaves_no_trace():
    before = digest(run(tokyo(*SMALL), "hybrid", 1))
    run(tokyo(), "social_team", 0)
    assert digest(run(tokyo(*SMALL), "hybrid", 1)) == before


def test_what_lay_in_memory_leaves_no_trace(monkeypatch):
    """Also between the columns of a table: whether two worlds are the same is asked of their bytes."""

    def littered(litter: int):
        def piece(size: int, blank: bool) -> np.ndarray:
            memory = room(size, blank)
            if not blank:
                memory[:] = litter
            return memory

        return piece

    kept = []
    for litter in (0, 255):
        monkeypatch.setattr(records, "room", littered(litter))
        world = run(tokyo(*SMALL), "hybrid", 1).world
        kept.append(np.asarray(world.contacts)[: int(world.clock[0].contacts)].tobytes())
    assert kept[0] == kept[1]


def test_another_seed_or_replication_is_another_run():
    digests = {digest(run(tokyo(*SMALL, *seed), "hybrid", r)) for seed in ((), ("seed=1",)) for r in (0, 1)}
    assert len(digests) == 4
