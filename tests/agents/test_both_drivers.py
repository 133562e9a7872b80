"""The compiled driver and the Mesa driver agree to the last bit, contact by contact, on every experiment."""

from __future__ import annotations

import pytest
from tests.support.worlds_compared import CUT_DOWN, EVERYBODY, differences

import caresim
from caresim.agents import CareModel
from caresim.agents.cast import ROLES
from caresim.agents.overrides import overridable
from caresim.agents.played import PLAYED
from caresim.config.paths import experiments
from caresim.model.events import Event
from caresim.run.uncertain import drawn
from caresim.scenario.run import run

NOBODYS = {Event.NOTHING, Event.TICK, Event.FINISH, Event.CALL, Event.GROW}


class Passing(CareModel):
    """Counts what came by way of Python."""

    def __init__(self, *arguments, **keywords):
        self.passed: dict[str, int] = {}
        super().__init__(*arguments, **keywords)


def cases():
    for name, words in CUT_DOWN.items():
        for staffing in caresim.load(f"experiment={name}", *words).staffing:
            yield pytest.param(name, staffing, id=f"{name}-{staffing}")


def load(name: str, *words: str):
    return caresim.load(f"experiment={name}", *CUT_DOWN[name], *words)


def test_every_experiment_is_compared():
    assert set(CUT_DOWN) == {name for name, _ in experiments()}


@pytest.mark.parametrize(("name", "staffing"), list(cases()))
def test_everything_through_python_is_the_compiled_run(name, staffing):
    experiment = load(name)
    model = Passing(experiment, staffing, replication=1, agents=EVERYBODY)
    while model.running:
        model.step()
    compiled = run(drawn(experiment, 1), staffing, 1)
    assert differences(model.world, compiled.world) == []
    assert model.passed["seek"] > 0
    assert model.passed["admit"] > 0


@pytest.mark.parametrize("staffing", ["people_on_call", "call_center_24_7_replans"])
def test_so_it_is_with_people_who_come_as_the_run_goes(staffing):
    experiment = caresim.load(
        *("experiment=tokyo", f"+staffing/tokyo@staffing.{staffing}={staffing}", "population.scale=0.1")
    )
    model = Passing(experiment, staffing, replication=1, agents=EVERYBODY)
    while model.running:
        model.step()
    compiled = run(drawn(experiment, 1), staffing, 1)
    assert differences(model.world, compiled.world) == []
    assert compiled.world.reserves["called"].sum() + len(compiled.world.replans) > 0


@pytest.mark.parametrize("name", CUT_DOWN)
def test_nothing_overridden_and_any_steps_are_the_compiled_run(name):
    experiment = load(name)
    model = CareModel(experiment, replication=2, step_length=7.3)
    model.step()
    model.run_for(400)
    model.run_until(model.experiment.ends)
    assert differences(model.world, run(drawn(experiment, 2), experiment.baseline, 2).world) == []


def test_every_event_has_a_method_and_every_method_was_played():
    methods = {kind for role in ROLES for kind in overridable(role).values()}
    assert methods == set(Event) - NOBODYS == set(PLAYED)
    played: set[str] = set()
    paris = "staffing.social_team.desks.paris_phone"
    alone = (f"{paris}.headcount=1 people", f"{paris}.headcount_before=1 people")
    moves_on = f"{paris}.overflow={{to: narita_counter, after: 1 min}}"
    for name, staffing, *words in (
        (
            "tokyo",
            "call_center_24_7_replans",
            "+staffing/tokyo@staffing.call_center_24_7_replans=call_center_24_7_replans",
        ),
        *(("tokyo", "assistant_first"), ("tokyo", "social_team", *alone, moves_on)),
        *(("compiegne", "sncf_with_access"), ("compiegne", None)),
    ):
        model = Passing(load(name, *words), staffing, agents=EVERYBODY)
        model.run_until(1e9)
        played |= set(model.passed)
    assert played == {name for role in ROLES for name in overridable(role)}


def test_the_outcome_is_that_of_simulate():
    experiment = load("tokyo")
    model = CareModel(experiment, "hybrid", 3)
    model.run_until(model.experiment.ends)
    outcome, expected = model.outcome(), caresim.simulate(experiment, "hybrid", 3)
    assert str(outcome.metrics) == str(expected.metrics)
    for table in ("contacts", "passengers", "staff", "timeline"):
        assert getattr(outcome, table).equals(getattr(expected, table)), table
    assert (
        model.course()
        .drop(columns=["staffing", "replication"])
        .equals(expected.timeline.drop(columns=["staffing", "replication"]))
    )
