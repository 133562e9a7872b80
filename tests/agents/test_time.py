"""Time, steps and calls: clock times, the order of calls, calls that recur or are taken back."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

import numpy as np
import pytest
from tests.support.small_runs import model_of
from tests.support.worlds_compared import differences

from caresim.agents import Priority, Schedule
from caresim.config.errors import BadInput


def test_a_step_is_a_bin_of_the_timeline_unless_said_otherwise():
    model = model_of()
    assert model.step_length == model.experiment.bin.value
    begin = model.time
    model.step()
    model.step()
    assert (model.steps, model.time) == (2, begin + 2 * model.step_length)
    assert len(model.course()) == 2
    quarter = model_of(step_length=15)
    quarter.step()
    assert quarter.time == begin + 15


def test_steps_are_counted_when_step_is_overridden():
    from caresim.agents import CareModel

    class Hourly(CareModel):
        def step(self):
            self.run_for(60)

    model = Hourly("experiment=tokyo population.scale=0.01")
    model.step()
    model.step()
    assert (model.steps, model.time) == (2, -1440 + 120)


def test_the_run_ends_with_its_experiment():
    model = model_of(until=15000)
    assert model.running
    model.run_for(1e6)
    assert not model.running
    assert model.time == model.experiment.ends
    before = model.columns["clock"]["events"].item(0)
    model.step()
    assert model.columns["clock"]["events"].item(0) == before


def test_run_model_runs_to_the_end():
    model = model_of(step_length=1000)
    model.run_model()
    assert model.time == model.experiment.ends
    assert model.steps == -(-(model.experiment.ends - model.experiment.begins) // 1000)


@pytest.mark.parametrize(
    ("when", "minutes"),
    [
        (90, 90.0),
        (datetime(2011, 3, 11, 7, 46, tzinfo=UTC), 120.0),
        ("2011-03-11 08:46", 120.0),  # the experiment speaks the time of Paris
        (datetime(2011, 3, 11, 8, 46), 120.0),
        ("08:46", 120.0),
        ("06:46", 0.0),
        ("06:45", 1439.0),  # gone by today
    ],
)
def test_times_in_any_form(when, minutes):
    model = model_of(until=0)
    assert model.minutes(when) == minutes


def test_the_clock_shows_the_experiments_time_zone():
    model = model_of(until="2011-03-12 18:00")
    assert f"{model.now:%Y-%m-%d %H:%M %Z}" == "2011-03-12 18:00 CET"
    model.run_until("2011-03-12 18:30")
    assert f"{model.now:%H:%M}" == "18:30"


@pytest.mark.parametrize("when", ["soon", "25:00", "24:00", None, True, "18:00+1"])
def test_what_is_no_time_is_refused(when):
    with pytest.raises(BadInput):
        model_of().minutes(when)


def test_time_passes_by_running_alone():
    with pytest.raises(AttributeError, match="run_until"):
        model_of().time = 5.0


def test_calls_come_at_their_time_in_order():
    model, heard = model_of(until=0), []

    def note(name):
        return lambda: heard.append((name, model.time))

    model.schedule_event(note("late"), at=30, priority=Priority.LOW)
    model.schedule_event(note("first"), at=30)
    model.schedule_event(note("second"), at=30)
    model.schedule_event(note("high"), at=30, priority=Priority.HIGH)
    model.schedule_event(note("after"), after=7.5)
    gc.collect()  # Mesa's own would have lost these
    model.run_for(60)
    assert heard == [("after", 7.5), ("high", 30.0), ("first", 30.0), ("second", 30.0), ("late", 30.0)]


def test_a_call_sees_all_that_happens_at_its_moment_and_changes_nothing_by_itself():
    looked = []
    watched, plain = model_of(until=0), model_of(until=0)
    tick = watched.experiment.bin.value
    watched.schedule_event(lambda: looked.append(len(watched.course())), at=tick)
    before = len(watched.course())
    for model in (watched, plain):
        model.run_until(3 * tick)
    assert looked == [before + 1]
    watched.columns["clock"]["events"][0] -= 1  # the call itself
    assert differences(watched.world, plain.world) == []


def test_a_call_can_be_taken_back():
    model, heard = model_of(until=0), []
    call = model.schedule_event(lambda: heard.append(1), after=10)
    assert call.is_pending
    call.cancel()
    model.run_for(20)
    assert not heard
    assert not call.is_pending


def test_a_call_may_plan_another_for_the_same_moment():
    model, heard = model_of(until=0), []
    model.schedule_event(lambda: model.schedule_event(lambda: heard.append(model.time), after=0), after=10)
    model.run_for(20)
    assert heard == [10.0]


def test_many_calls_find_room():
    model, heard = model_of(until=0), []
    for number in range(20_000):
        model.schedule_event(lambda number=number: heard.append(number), at=number % 50)
    model.run_for(60)
    assert len(heard) == 20_000
    assert heard == sorted(range(20_000), key=lambda number: (number % 50, number))


def test_recurring_calls():
    model, heard = model_of(until=0), []
    every = model.schedule_recurring(lambda: heard.append(model.time), Schedule(interval=10, count=3))
    model.run_for(100)
    assert heard == [10.0, 20.0, 30.0]
    assert (every.is_active, every.execution_count) == (False, 3)
    model.schedule_recurring(lambda: heard.append(model.time), Schedule(interval=25, start=100, end="09:26"))
    model.run_for(200)
    assert heard[3:] == [100.0, 125.0, 150.0]
    gaps = iter([1.0, 2.0, 3.0])
    growing = model.schedule_recurring(lambda: heard.append(model.time), Schedule(interval=lambda model: next(gaps)))
    model.schedule_event(growing.stop, after=4)
    model.run_for(50)
    assert heard[6:] == [301.0, 303.0]


@pytest.mark.parametrize(
    "call",
    [
        lambda model: model.schedule_event(print),
        lambda model: model.schedule_event(print, at=5, after=5),
        lambda model: model.schedule_event(print, at=-5),
        lambda model: model.schedule_event("print", at=5),
        lambda model: model.schedule_event(print, after=float("nan")),
        lambda model: model.schedule_event(print, after="soon"),
        lambda model: model.schedule_event(print, at=5, priority=3),
        lambda model: model.schedule_recurring(print, Schedule(interval=0)),
    ],
)
def test_calls_that_make_no_sense_are_refused(call):
    with pytest.raises(BadInput):
        call(model_of(until=0))


def test_a_model_that_runs_cannot_be_run():
    model = model_of(until=0)
    model.schedule_event(lambda: model.run_for(5), after=5)
    with pytest.raises(RuntimeError, match="schedule_event"):
        model.run_for(10)


@pytest.mark.parametrize(
    "call",
    [
        lambda model: model.run_until(float("nan")),
        lambda model: model.run_until(-60),
        lambda model: model.run_until("2011-03-10 18:00"),
        lambda model: model.run_for(-60),
        lambda model: model.run_for(float("nan")),
        lambda model: model.run_for("an hour"),
    ],
)
def test_time_passes_forward_alone(call):
    model = model_of(until=0)
    with pytest.raises(BadInput):
        call(model)
    assert (model.time, model.running) == (0.0, True)


def test_numbers_may_be_numpys():
    model, heard = model_of(until=0, replication=np.int64(1)), []
    assert model.replication == 1
    model.schedule_event(lambda: heard.append(model.time), at=np.int64(5))
    model.schedule_event(lambda: heard.append(model.time), after=np.float32(7))
    model.desks["social"].call_in(np.int64(2), length=np.int64(60))
    model.run_for(np.int64(10))
    assert heard == [5.0, 7.0]
