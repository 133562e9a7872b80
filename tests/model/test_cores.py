"""How many cores there are: of a container, those of its share; and which programs can be started again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from caresim.model import cores
from caresim.report import two_hands

UNIFIED = "0::/pod/care\n"
DIVIDED = "4:cpu,cpuacct:/pod/care\n2:cpuset:/pod\n0::/\n"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One of sixteen cores, whose groups lie in a folder of the test."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    monkeypatch.setattr(cores, "CGROUPS", tmp_path)
    monkeypatch.setattr(cores, "MINE", tmp_path / "mine")
    return tmp_path


def group(machine: Path, mine: str, folder: str, **files: str) -> None:
    (machine / "mine").write_text(mine)
    (machine / folder).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (machine / folder / name.replace("__", ".")).write_text(text)


def test_without_groups_all_that_the_process_is_bound_to() -> None:
    assert cores.cores() == 16


@pytest.mark.parametrize(("limit", "count"), [("max", 16), ("200000", 2), ("150000", 2), ("5000", 1), ("3200000", 16)])
def test_the_share_of_a_container(machine: Path, limit: str, count: int) -> None:
    group(machine, UNIFIED, "pod/care", cpu__max=f"{limit} 100000\n")
    assert cores.cores() == count


def test_the_share_of_a_group_above_counts_too(machine: Path) -> None:
    group(machine, UNIFIED, "pod/care", cpu__max="400000 100000\n")
    group(machine, UNIFIED, "pod", cpu__max="300000 100000\n")
    assert cores.cores() == 3


@pytest.mark.parametrize("folder", ["cpu,cpuacct/pod/care", "cpu/pod/care", "cpu"])
@pytest.mark.parametrize(("limit", "count"), [("-1", 16), ("250000", 3)])
def test_the_older_groups(machine: Path, folder: str, limit: str, count: int) -> None:
    """In a container, its own group is the top of what it sees."""
    group(machine, DIVIDED, folder, cpu__cfs_quota_us=f"{limit}\n", cpu__cfs_period_us="100000\n")
    assert cores.cores() == count


def test_figures_have_two_hands_where_there_are_two_cores(machine: Path) -> None:
    group(machine, UNIFIED, "pod/care", cpu__max="100000 100000\n")
    assert not two_hands.can_help()


@pytest.mark.parametrize(
    ("program", "can"),
    [("/usr/bin/python3.12", True), (r"Python.exe", True), ("", False), ("/usr/bin/uwsgi", False), (None, False)],
)
def test_a_python_can_be_begun_again(monkeypatch: pytest.MonkeyPatch, program: str | None, can: bool) -> None:
    monkeypatch.setattr(sys, "executable", program)
    assert cores.can_begin_another() == can


def test_a_frozen_program_would_start_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert not cores.can_begin_another()
