"""A transition called from outside happens to what is the agent's and stands so; else it is refused."""

from __future__ import annotations

import pytest
from tests.support.small_runs import finished, model_of
from tests.support.worlds_compared import differences

from caresim.agents import CommunityManager, Passenger, Status
from caresim.config.errors import BadInput
from caresim.model.codes import State


@pytest.fixture(name="model")
def present():
    return model_of(until=2000)


def contacts(model, wanted):
    return [one for one in map(model.contact, range(model.contacts_made)) if one.passenger and wanted(one)]


def is_refused(model, call, told: str) -> None:
    before = model_of(until=model.time)
    with pytest.raises(BadInput, match=told):
        call()
    assert differences(model.world, before.world) == []


def test_nobody_replies_to_what_is_not_in_their_hand(model):
    closed = contacts(model, lambda one: one.state is State.CLOSED and one.staff)[0]
    is_refused(model, lambda: closed.staff.reply(closed), "must be the contact in hand")


def test_nobody_loses_the_patience_of_others(model):
    waiting = contacts(model, lambda one: one.is_waiting)[0]
    other = next(one for one in model.passengers if one is not waiting.passenger)
    is_refused(model, lambda: other.lose_patience(waiting), "must be one of their own")


def test_patience_is_lost_while_one_waits_and_once(model):
    waiting = contacts(model, lambda one: one.is_waiting and one.passenger.contact is one)[0]
    waiting.passenger.lose_patience(waiting)
    with pytest.raises(BadInput, match="still waits"):
        waiting.passenger.lose_patience(waiting)
    model.run_until(model.experiment.ends)
    assert model.outcome().metrics


@pytest.mark.parametrize("status", [Status.UNAWARE, Status.SEEKING])
def test_the_disruption_reaches_everybody_at_their_time_and_once(model, status):
    passenger = next(one for one in model.passengers if one.status is status)
    is_refused(model, passenger.affect, "reached|turn")


def test_a_reply_is_heard_once(model):
    answered = contacts(model, lambda one: one.reply is not None)[0]
    is_refused(model, lambda: answered.passenger.receive(answered), "happens when its turn comes, and once")


def test_what_comes_in_its_turn_may_be_put_off():
    class Slow(CommunityManager):
        def reply(self, contact):
            self.model.schedule_event(lambda: self.send(contact), after=10)

        def send(self, contact):
            if self.contact is contact:  # else taken from their hands at the end of the day
                super().reply(contact)

    slow = finished(Slow)
    usual = finished()
    assert slow.metric("social_answered_60") < usual.metric("social_answered_60")
    assert slow.busy == sum(member.is_busy for member in slow.staff)


def test_what_comes_in_its_turn_happens_once():
    class Twice(Passenger):
        def receive(self, contact):
            super().receive(contact)
            super().receive(contact)

    with pytest.raises(BadInput, match="and once"):
        finished(Twice)
