"""What runs of one draw share is kept for as long as they need it, and no longer."""

from __future__ import annotations

import pytest

from caresim.scenario.recent import Recent

EXPERIMENT, ANOTHER = object(), object()


def made(recent, experiment, key):
    """Was it made just now?"""
    fresh = []
    recent.of(experiment, key, lambda: fresh.append(key) or key)
    return bool(fresh)


@pytest.mark.parametrize(("one_by_one", "kept"), [(False, 3), (True, 2)])
def test_the_last_few_are_kept_and_fewer_where_blocks_are_done_one_by_one(monkeypatch, one_by_one, kept):
    monkeypatch.setattr(Recent, "one_by_one", one_by_one)
    recent = Recent(3, alone=2)
    assert [made(recent, EXPERIMENT, key) for key in range(5)] == [True] * 5
    assert [made(recent, EXPERIMENT, key) for key in (4, 3, 2)] == [False, False, kept < 3]


def test_as_many_are_kept_one_by_one_unless_it_is_said(monkeypatch):
    monkeypatch.setattr(Recent, "one_by_one", True)
    recent = Recent(3)
    for key in range(3):
        made(recent, EXPERIMENT, key)
    assert [made(recent, EXPERIMENT, key) for key in range(3)] == [False] * 3


def test_another_experiment_has_its_own():
    recent = Recent(3)
    assert made(recent, EXPERIMENT, 0)
    assert made(recent, ANOTHER, 0)
