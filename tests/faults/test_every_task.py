"""Every task that is killed in the middle loses the block at work alone, and ends with the same bytes.

Those that take longer (explain, require, plan, sensitivity) are killed by `python -m tests.faults.every_task FOLDER`.
That they go on is held by tests/tasks/explain, require, plan and sensitivity.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from tests.faults.every_task import CASES, QUICK
from tests.support.command_line import ROOT
from tests.support.waiting import PATIENCE_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a copy of the process is killed")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of each task, by its name."""
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    folder = tmp_path_factory.mktemp("killed")
    program = [sys.executable, "-m", "tests.faults.every_task", str(folder), *QUICK]
    done = subprocess.run(
        program, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, timeout=4 * PATIENCE_S
    )
    assert done.returncode == 0, done.stderr
    return {outcome["task"]: outcome for outcome in map(json.loads, done.stdout.splitlines())}


def test_the_quick_ones_are_among_them() -> None:
    assert set(QUICK) < {case.task for case in CASES}


@pytest.mark.parametrize("task", QUICK)
def test_a_killed_task_loses_the_block_at_work_alone(task: str, outcomes: dict[str, dict[str, Any]]) -> None:
    outcome = outcomes[task]
    (case,) = [case for case in CASES if case.task == task]
    assert outcome["status"] == [0, -9, 0], outcome
    whole, first, second = outcome["blocks"]
    assert first == case.block - 1
    assert first + second == whole
    assert outcome["runs"] == [1, 1]
    assert outcome["differs"] == []
