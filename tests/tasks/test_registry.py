"""A task is a folder: what it declares is what the command line lists, checks and runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import caresim
from caresim.config.experiment import Experiment
from caresim.config.paths import conf
from caresim.tasks.manual import text
from caresim.tasks.registry import DEFAULT, FIELDS, TASKS, declared, discovered, gathered
from caresim.tasks.request import command_of
from caresim.tasks.task import Task

PACKAGE = Path(caresim.__file__).parent
SETTINGS = '''
"""`task=roll_call`: which staffing models there are."""

from caresim.config.base import Frozen, Text
from caresim.config.errors import known
from caresim.tasks.task import Key, Task


class RollCall(Frozen):
    first: Text | None = None


def check(experiment):
    first = experiment.setting("roll_call").first
    if first is not None:
        known(first, experiment.staffing, "roll_call.first", "staffing model")


TASK = Task(
    meaning="list the staffing models",
    example="task=roll_call roll_call.first=hybrid",
    keys=(Key("roll_call.first", "the one to begin with", "the baseline"),),
    fields={"roll_call": (RollCall, RollCall())},
    check=check,
    no_sweep="lists one experiment: leave out -m",
)
'''
COMMAND = '''
"""Lists the staffing models."""


def run(request, jobs):
    (job,) = jobs
    first = job.experiment.setting("roll_call").first or job.experiment.baseline
    print(*sorted(job.experiment.compared, key=lambda name: name != first))
    return 0
'''


@pytest.fixture(scope="module")
def with_roll_call(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line of a copy of the package that has one folder more."""
    place = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, place / "src" / "caresim", ignore=shutil.ignore_patterns("__pycache__", "conf"))
    shutil.copytree(conf(), place / "conf")
    folder = place / "src" / "caresim" / "tasks" / "roll_call"
    folder.mkdir()
    for name, source in (("__init__", ""), ("settings", SETTINGS), ("command", COMMAND)):
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(place / "src")}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "caresim", *words]
        return subprocess.run(
            command, cwd=place, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def test_a_folder_is_all_that_a_task_takes(with_roll_call: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    told = with_roll_call("--help").stdout
    assert re.search(r"^  roll_call +list the staffing models", told, flags=re.M)
    assert "task=roll_call: the one to begin with (the baseline)" in told
    assert "python -m caresim task=roll_call roll_call.first=hybrid" in told
    done = with_roll_call("task=roll_call", "roll_call.first=hybrid", "only=[social_team,hybrid]")
    assert (done.returncode, done.stdout) == (0, "hybrid social_team\n"), done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-m", "task=roll_call", "seed=1,2"], "-m = 'task=roll_call': lists one experiment: leave out -m"),
        (["roll_call.first=hybrit"], "roll_call.first = 'hybrit': unknown staffing model"),
        (["roll_call.last=hybrid"], "roll_call.last = 'hybrid': unknown key"),
        (
            ["task=role_call"],
            "task = 'role_call': did you mean roll_call? Allowed: compare, backtest, calibrate, compare_folders, ",
        ),
    ],
)
def test_what_the_new_task_refuses_is_one_message(
    with_roll_call: Callable[..., subprocess.CompletedProcess[str]], words: list[str], message: str
) -> None:
    done = with_roll_call(*words)
    assert done.returncode == 2
    assert done.stderr.startswith(f"caresim: {message}")
    assert done.stderr.count("\n") == 1


def test_the_default_comes_first_and_the_rest_by_name() -> None:
    assert next(iter(TASKS)) == DEFAULT
    assert list(TASKS)[1:] == sorted(set(TASKS) - {DEFAULT})


@pytest.mark.parametrize("name", TASKS)
def test_a_task_runs_and_is_told_of(name: str) -> None:
    assert callable(command_of(name))
    told = " ".join(text().split())
    assert f" {name} {TASKS[name].meaning} " in told
    assert f"python -m caresim {TASKS[name].example} " in told
    for key in TASKS[name].keys:
        assert f" {key.name} task={name}: {key.meaning} ({key.default})" in told


def test_keys_of_tasks_do_not_change_what_is_computed() -> None:
    from caresim.run.block import content_hash

    plain = caresim.load()
    words = ("explain.one=hybrid", "dashboard.port=0", "passenger=worst", "figures=few", "task=story")
    assert content_hash(caresim.load(*words)) == content_hash(plain)
    assert set(FIELDS) == {
        *("explain", "dashboard", "figures", "page", "passenger", "plan", "point_figures", "require", "roster"),
        *("sensitivity", "sweep_metrics", "table"),
    }
    assert list(plain.as_text())[-len(FIELDS) :] == [name for name in Experiment.model_fields if name in FIELDS]


@pytest.mark.parametrize("missing", ["settings.py", "command.py"])
def test_a_folder_that_declares_nothing_is_refused(tmp_path: Path, missing: str) -> None:
    (tmp_path / "halted").mkdir()
    for name in {"__init__.py", "settings.py", "command.py"} - {missing}:
        (tmp_path / "halted" / name).touch()
    with pytest.raises(TypeError, match=f"the task halted has no {missing}"):
        discovered(tmp_path)


def test_settings_without_a_declaration_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("caresim.tasks.story.settings.TASK")
    with pytest.raises(TypeError, match=r"tasks/story/settings\.py has no TASK"):
        declared(PACKAGE / "tasks" / "story")


def test_two_tasks_with_one_key_are_refused() -> None:
    task = Task("does something", "task=something", fields={"passenger": (str, "anybody")})
    with pytest.raises(TypeError, match="two tasks have the key passenger"):
        gathered([*TASKS.values(), task])
