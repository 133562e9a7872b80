"""A subclass that overrides a transition has its way; what could not have its way is refused."""

from __future__ import annotations

import functools

import pytest
from tests.support.small_runs import finished, model_of, small, usual
from tests.support.worlds_compared import differences

from caresim.agents import Assistant, CareModel, CommunityManager, Desk, Passenger, Staff
from caresim.agents.overrides import overrides
from caresim.config.errors import BadInput
from caresim.model.events import Event
from caresim.model.media import Medium


class NeverPhones(Passenger):
    def choose(self):
        return super().choose(besides=[c for c in self.model.channels.values() if c.medium == Medium.PHONE])


class MostFollowedFirst(CommunityManager):
    def pick(self):
        waiting = self.desk.waiting()
        return max(waiting, key=lambda contact: contact.passenger.followers if contact.passenger else 0.0, default=None)


class Stoic(Passenger):
    """Never loses patience."""

    def lose_patience(self, contact):
        self.bore = getattr(self, "bore", 0) + 1


@pytest.fixture(name="usual", scope="module")
def as_usual():
    return usual()


def media(model) -> dict[str, int]:
    contacts = model.outcome().contacts
    return contacts[contacts.passenger.notna()].medium.value_counts().to_dict()


def test_a_passenger_who_never_phones(usual):
    without = finished(NeverPhones)
    assert media(usual)["phone"] > 500
    assert media(without)["phone"] == 0
    assert media(without)["public"] > media(usual)["public"]
    assert without.metric("phone_offered") == 0


def test_only_one_cohort(usual):
    class Silent(NeverPhones):
        only = ("seekers",)

    model = finished(Silent)
    contacts = model.outcome().contacts
    calls = contacts[contacts.medium == "phone"].cohort.value_counts()
    assert calls["seekers"] == 0
    assert calls.sum() > 100
    assert {type(agent) for agent in model.passengers.select(lambda one: one.cohort == "seekers")} == {Silent}
    assert Silent not in {type(agent) for agent in model.passengers.select(lambda one: one.cohort != "seekers")}


def test_who_never_loses_patience_does_not_fall_silent(usual):
    model = finished(Stoic)
    silent, usually = (one.outcome().contacts.outcome.value_counts()["never_answered"] for one in (model, usual))
    assert usually > 40
    assert silent < usually / 2
    assert sum(getattr(agent, "bore", 0) for agent in model.passengers) > 40


def test_a_manager_who_answers_the_most_followed_first():
    took: dict[type, list[bool]] = {}

    def noting(manager: type) -> type:
        class Noted(manager):
            def pick(self):
                waiting = [contact for contact in self.desk.waiting() if contact.passenger]
                picked = super().pick()
                if len(waiting) > 1 and picked.passenger:
                    most = max(contact.passenger.followers for contact in waiting)
                    took.setdefault(manager, []).append(picked.passenger.followers == most)
                return picked

        return Noted

    busy = small("experiment=tokyo", "population.scale=0.3", "staffing.social_team.desks.social.headcount=1")
    for manager in (MostFollowedFirst, CommunityManager):
        CareModel(busy, agents=[noting(manager)]).run_until(4 * 1440)
    assert len(took[MostFollowedFirst]) > 50
    assert all(took[MostFollowedFirst])
    assert sum(took[CommunityManager]) < 0.9 * len(took[CommunityManager])


def test_a_manager_who_looks_at_the_next_and_leaves_it(usual):
    class Looks(CommunityManager):
        def pick(self):
            first = super().pick()
            others = self.desk.waiting()
            return others[0] if others else first

    model = finished(Looks)
    assert model.outcome().contacts.outcome.eq("answered").sum() > 500
    assert differences(model.world, usual.world) != []


class RoutesByHand(CommunityManager):
    """Does in Python what the compiled model does: the least rank, of the queue this person prefers."""

    def pick(self):
        for live in (not self.text_first, self.text_first):
            waiting = self.desk.waiting(live=live)
            if waiting:
                return min(waiting, key=lambda contact: (contact.rank, contact.row))
        return None


QUEUES_INSIDE = {"contacts.child", "contacts.sibling", "desks.live", "desks.text"}
"""How the queues are linked up: another tree, in the same order."""


@pytest.mark.parametrize("staffing", ["social_team", "hybrid"])
def test_the_routing_written_in_python_is_the_compiled_routing(staffing):
    by_hand, compiled = finished(RoutesByHand, staffing=staffing), finished(staffing=staffing)
    assert compiled.columns["contacts"]["expired"].any(), "nothing was written too long ago"
    assert set(differences(by_hand.world, compiled.world)) <= QUEUES_INSIDE


def test_what_was_written_too_long_ago_waits_no_more_when_somebody_picks():
    class LatestFirst(CommunityManager):
        def pick(self):
            return self.desk.waiting()[-1]

    model = finished(LatestFirst, staffing="hybrid")
    assert model.desks["social"].backlog == len(model.desks["social"].waiting())


def test_a_manager_who_picks_nothing_answers_nothing():
    class Idle(CommunityManager):
        def pick(self):
            super().pick()
            return None

    model = finished(Idle)
    assert model.metric("social_requests") > 0
    assert model.staff.select(agent_type=Idle).agg("contacts", sum) == 0
    assert model.desks["social"].backlog > 0


def test_a_manager_cannot_pick_what_does_not_wait():
    class Cheats(CommunityManager):
        def pick(self):
            return self.model.contact(0)

    with pytest.raises(BadInput, match="must be one of those who wait at social"):
        finished(Cheats)


def test_picking_is_for_the_desk_to_ask():
    model = model_of(until=600)
    manager = next(iter(model.agents_by_type[CommunityManager]))
    with pytest.raises(RuntimeError, match="asked by the desk"):
        manager.pick()


def test_a_mixin_and_a_wrapped_method_count_as_overrides(usual):
    seen: list[int] = []

    class Counting:
        def miss_deadline(self):
            seen.append(self.row)
            super().miss_deadline()

    class Counted(Counting, Passenger):
        @functools.wraps(Passenger.settle)
        def settle(self):
            seen.append(-1)
            return Passenger.settle(self)

    model = finished(Counted)
    assert differences(model.world, usual.world) == []
    assert {-1} < set(seen)


def test_a_class_that_is_changed_while_it_runs_is_heard(monkeypatch):
    model = model_of(until=0)
    calls: list[Passenger] = []
    with monkeypatch.context() as patch:
        patch.setattr(Passenger, "seek", lambda self: calls.append(self))
        model.run_until(2000)
    assert len(calls) > 10


@pytest.mark.parametrize("name", ["start_handling", "come_back", "anger", "contacts", "handling_time"])
def test_an_override_that_compiled_code_would_never_ask_for_is_refused(name):
    with pytest.raises(TypeError, match=rf"Wrong\.{name} would never be called.*seek"):
        type("Wrong", (Passenger,), {name: lambda self: None})


def test_another_of_our_methods_under_the_name_is_an_override_too():
    class Settles(Passenger):
        seek = Passenger.miss_deadline

    assert overrides(Settles) == {"seek": Event.SEEK}
    assert not any(passenger.contacts for passenger in finished(Settles).passengers)


def test_what_is_set_after_the_class_was_made_is_refused_when_it_is_cast():
    class Sub(Passenger):
        """Calm, they say."""

    Sub.anger = property(lambda self: 0.0)
    with pytest.raises(TypeError, match=r"Sub\.anger would never be called"):
        model_of(Sub)


def test_an_event_that_fails_ends_the_run():
    class Fails(Passenger):
        def seek(self):
            raise ZeroDivisionError("of mine")

    model = model_of(Fails)
    with pytest.raises(ZeroDivisionError, match="of mine"):
        model.run_until(3000)
    assert not model.running
    for onward in (model.step, lambda: model.run_until(4000), model.outcome):
        with pytest.raises(RuntimeError, match=r"broke off .*ZeroDivisionError.*of mine"):
            onward()


def test_a_mixin_cannot_smuggle_one_in():
    class Mixin:
        def give_up(self):
            """Nothing."""

    with pytest.raises(TypeError, match="give_up"):
        type("Wrong", (Mixin, Passenger), {})


def test_a_method_of_ones_own_is_welcome():
    class Diary(Passenger):
        def note_down(self):
            return self.anger

    assert model_of(Diary, until=100).passenger(0).note_down() >= 0.0


def test_one_agent_alone_cannot_have_a_method_replaced():
    passenger = model_of().passenger(0)
    with pytest.raises(TypeError, match="seek can be overridden in a subclass only"):
        passenger.seek = lambda: None


class AnotherStoic(Passenger):
    only = "seekers"


class Nowhere(Passenger):
    only = ("sekers",)


class OfNoDesk(Desk):
    only = "socail"


@pytest.mark.parametrize(
    ("agents", "message"),
    [
        ((Stoic, AnotherStoic), "Passenger of seekers can be played by one class"),
        ((Nowhere,), "Nowhere.only = 'sekers': did you mean seekers"),
        ((OfNoDesk,), "did you mean social"),
        ((Passenger,), "must be classes that derive from one of"),
        ((Staff,), "must be classes that derive from one of"),
        ((int,), "must be classes that derive from one of"),
        ((Stoic(model_of(), 0),), "must be classes that derive from one of"),
    ],
)
def test_a_cast_that_cannot_be_is_refused(agents, message):
    with pytest.raises(BadInput, match=message):
        CareModel(small(), agents=agents)


def test_the_assistant_can_be_played_too():
    class Diligent(Assistant):
        served = 0

        def serve(self, contact):
            Diligent.served += 1
            super().serve(contact)

    model = finished(Diligent, staffing="assistant_first")
    assert Diligent.served >= next(iter(model.agents_by_type[Diligent])).contacts > 0
