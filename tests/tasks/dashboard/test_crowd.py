"""Every passenger is drawn where the model has them."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.model.anger import anger_now
from caresim.model.codes import Status
from caresim.tasks.dashboard.crowd import Mark, crowd
from caresim.tasks.dashboard.side import FULL, LONGEST, packed

MOMENTS = (-300.0, 600.0, 3000.0, 9000.0)


@pytest.mark.parametrize("time", MOMENTS)
def test_anger_is_that_of_the_model(scene_at, time):
    scene = scene_at(time)
    people = crowd(scene)
    rows = scene.passengers[: scene.affected]
    wanted = [anger_now(scene.world, int(i)) for i in rows]
    assert np.allclose(people.anger, wanted, rtol=0, atol=1e-12)
    assert ((people.anger >= 0) & (people.anger <= 1)).all()


@pytest.mark.parametrize("time", MOMENTS)
def test_marks_are_counted_as_the_finished_run_has_them(scene_at, finished, time):
    """Whoever the finished table says was resolved by now is drawn as resolved now, and nobody else is."""
    scene = scene_at(time)
    table = finished["social_team"].passengers
    table = table[table["counted"]]
    people = crowd(scene)
    assert people.count(Mark.RESOLVED) == int((table["resolved_min"] <= time).sum())


def test_all_who_wait_are_seeking_and_unanswered(scene_at):
    scene = scene_at(3000.0)
    people = crowd(scene)
    rows = scene.passengers[: scene.affected]
    status = scene.sample.passengers["status"][rows]
    heard = np.isfinite(scene.sample.cases["first_response"][rows])  # one company: a case a passenger
    assert np.array_equal(people.mark == Mark.WAITING, (status == Status.SEEKING) & ~heard)
    assert np.array_equal(people.mark == Mark.ANSWERED, (status == Status.SEEKING) & heard)
    assert 0 < people.count(Mark.WAITING) < len(rows)


def test_a_wait_runs_until_the_first_answer(scene_at):
    scene = scene_at(3000.0)
    people = crowd(scene)
    cases = scene.sample.cases[scene.passengers[: scene.affected]]
    asked, heard = cases["first_request"], cases["first_response"]
    answered, waiting = np.isfinite(heard), people.mark == Mark.WAITING
    assert np.array_equal(people.wait[answered], (heard - asked)[answered])
    still = waiting & np.isfinite(asked)
    assert np.allclose(people.wait[still], (scene.now - asked)[still])
    assert (people.wait >= 0).all()


def test_looking_changes_nothing(at):
    watched, other = at(600.0), at(600.0)
    for _ in range(3):
        watched.frame()
    for side in (watched, other):
        side.go(4000.0)
    used = int(other.model.world.clock[0].contacts)
    for table, rows in (("passengers", None), ("contacts", used), ("cases", None), ("staff", None)):
        seen, unseen = (getattr(side.model.world, table)[:rows].tobytes() for side in (watched, other))
        assert seen == unseen, table


def test_what_is_sent_is_what_was_counted(scene_at):
    people = crowd(scene_at(3000.0))
    waits, angers, marks = packed(people)
    assert np.array_equal(np.frombuffer(marks, np.uint8), people.mark)
    assert np.allclose(np.frombuffer(angers, "<u2") / FULL, people.anger, atol=1 / FULL)
    back = np.expm1(np.frombuffer(waits, "<u2") / FULL * np.log1p(LONGEST))
    assert np.allclose(np.log1p(back), np.log1p(np.minimum(people.wait, LONGEST)), atol=1e-3)
