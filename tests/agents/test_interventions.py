"""What is done to a world while it runs: notices brought forward or written anew, people called in, an executive."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.small_runs import finished, model_of
from tests.support.small_runs import usual as as_usual
from tests.support.worlds_compared import OF_THE_AGENDA, differences

from caresim.agents import CareModel, Passenger, Schedule
from caresim.agents.framework import Agent
from caresim.config.errors import BadInput
from caresim.model.events import Event

NEW = {"reach": 0.8, "clarity": 0.6, "meets": {"refund": 0.4}, "delay": 30.0}


class Reader(Passenger):
    """Remembers what they read, and when."""

    def read(self, notice):
        self.has_read = [*getattr(self, "has_read", []), (notice.name, self.model.time)]
        super().read(notice)


def reading(model, name: str) -> list[float]:
    """When it was read, by everybody who did."""
    return [time for reader in model.passengers for title, time in getattr(reader, "has_read", []) if title == name]


def end(model):
    model.run_until(model.experiment.ends)
    return model


def test_a_notice_is_brought_forward():
    early = model_of(Reader)
    usual = finished(Reader)
    early.schedule_event(lambda: early.publish("web_notice"), at="2011-03-12 18:00")
    end(early)
    start = early.minutes("2011-03-12 18:00")
    assert min(reading(usual, "web_notice")) > usual.minutes("2011-03-14 12:15")
    assert start < min(reading(early, "web_notice")) < start + 120
    readers = [reader for reader in early.passengers if hasattr(reader, "has_read")]
    assert len(readers) > 100
    assert all(len({title for title, _ in reader.has_read}) == len(reader.has_read) for reader in readers), "read twice"


def test_bringing_forward_is_what_the_experiment_with_an_earlier_notice_does():
    moved = CareModel(
        [
            "experiment=tokyo",
            "population.scale=0.05",
            "disruption.notices.web_notice.at='2011-03-12 18:00 Europe/Paris'",
        ]
    )
    model = model_of()
    model.schedule_event(lambda: model.publish("web_notice"), at="2011-03-12 18:00")
    end(moved), end(model)
    assert set(differences(model.world, moved.world)) <= OF_THE_AGENDA


@pytest.mark.parametrize("name", ["web_notise", "web_notice"])
def test_only_a_notice_that_is_there_and_to_come_is_brought_forward(name):
    model = model_of(until=8000)
    with pytest.raises(BadInput):
        model.publish(name)


def test_a_notice_that_nobody_had_planned():
    model, usual = model_of(Reader), finished(Reader)
    airline = model.operators["air_france"]
    model.schedule_event(lambda: airline.publish_notice("we_are_sorry", **NEW), at="2011-03-12 18:00")
    end(model)
    when = reading(model, "we_are_sorry")
    assert len(when) > 500
    assert min(when) > model.minutes("2011-03-12 18:00")
    # Those who wait for the other notice read it as before: everybody's place on the agenda was kept.
    others = {reader.row: dict(reader.has_read) for reader in usual.passengers if hasattr(reader, "has_read")}
    same = [
        dict(reader.has_read)["web_notice"] == others[reader.row]["web_notice"]
        for reader in model.passengers
        if "web_notice" in dict(getattr(reader, "has_read", [])) and "web_notice" in others.get(reader.row, {})
    ]
    assert len(same) > 100
    assert all(same)
    assert model.outcome().metrics["phone_offered"] < usual.outcome().metrics["phone_offered"]


def test_a_notice_in_a_language_nobody_reads_changes_nobody():
    model, usual = model_of(until=4800), model_of(until=4800)
    at = model.world.events["kind"][: model.world.clock[0].pending]
    assert (at == Event.READ).any() or (model.world.far_events["kind"] == Event.READ).any(), "nobody is about to read"
    model.operators["air_france"].publish_notice("whisper", **{**NEW, "languages": [], "says": []})
    end(model), end(usual)
    changed = differences(model.world, usual.world)
    assert not {name for name in changed if name.split(".")[0] in ("contacts", "passengers", "staff", "flights")}


def test_a_new_notice_for_later_and_only_for_some():
    model = model_of(Reader, until=0)
    notice = model.operators["air_france"].publish_notice("later", **{**NEW, "reach": {"seekers": 1.0}}, at="18:00")
    assert not notice.is_published
    end(model)
    assert notice.is_published
    readers = [r for r in model.passengers if "later" in dict(getattr(r, "has_read", []))]
    assert {reader.cohort for reader in readers} == {"seekers"}
    assert min(reading(model, "later")) > model.minutes("2011-03-11 18:00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"reach": 1.5}, {"reach": {"seekerz": 0.5}}, {"meets": {"rebook": 0.5}}, {"meets": {"refund": -1}},
        {"delay": 0}, {"prompts": 2}, {"languages": ["xx"]}, {"name": "web_notice"}, {"at": -2000},
    ],
)  # fmt: skip
def test_a_notice_that_makes_no_sense_is_refused_and_leaves_no_trace(wrong):
    model, usual = model_of(until=0), model_of(until=0)
    given = {"name": "new", **NEW, **wrong}
    with pytest.raises(BadInput):
        model.operators["air_france"].publish_notice(given.pop("name"), **given)
    assert differences(model.world, usual.world) == []
    assert model.names.notices == usual.names.notices


def test_people_called_in_come_work_and_are_paid():
    model, usual = model_of(until="2011-03-12 12:00"), as_usual()
    desk = model.desks["social"]
    before = [member.name for member in model.staff]
    called = desk.call_in(3, after=60, length=480)
    assert [member.name for member in model.staff] == [*before, *(f"social/called_in/{n}" for n in range(3))]
    assert not any(member.is_on_duty for member in called)
    usually = desk.on_duty
    model.run_for(60)
    assert all(member.is_on_duty for member in called)
    assert desk.on_duty == usually + 3
    end(model)
    assert not any(member.is_on_duty for member in called)
    assert all(member.paid_minutes == 480 for member in called)
    assert sum(member.contacts for member in called) > 20
    outcome = model.outcome()
    assert outcome.metrics["paid_hours"] == pytest.approx(usual.metric("paid_hours") + 3 * 8)
    assert len(outcome.staff) == len(before) + 3
    assert len({member.speed for member in called}) == 3
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_who_is_called_in_is_the_same_person_in_every_run_of_the_replication():
    first, second = model_of(until=600), model_of(until=900)
    one = first.desks["social"].call_in(1, length=60)[0]
    two = [second.desks["social"].call_in(1, length=60)[0] for _ in range(2)]
    assert (one.speed, one.quality) == (two[0].speed, two[0].quality)
    assert two[0].speed != two[1].speed


@pytest.mark.parametrize(
    "wrong", [{"people": 0}, {"people": 1.5}, {"length": 0}, {"length": float("inf")}, {"after": -5}]
)
def test_calling_in_nobody_is_refused(wrong):
    model, usual = model_of(until=0), model_of(until=0)
    with pytest.raises(BadInput):
        model.desks["social"].call_in(**{"people": 1, "length": 60, **wrong})
    assert differences(model.world, usual.world) == []


class Executive(Agent):
    """Looks at the mood every quarter of an hour, and calls in help, at most twice."""

    def __init__(self, model, threshold):
        super().__init__(model)
        self.threshold, self.calls = threshold, []
        self.watch = model.schedule_recurring(self.look, Schedule(interval=15))

    def look(self):
        if self.model.mood > self.threshold:
            self.calls.append(self.model.time)
            self.model.desks["social"].call_in(4, after=60, length=8 * 60)
            if len(self.calls) == 2:
                self.watch.stop()


def test_an_executive_who_calls_in_reserves_when_the_mood_passes_a_threshold():
    calm, usual = model_of(), as_usual()
    threshold = float(np.max(usual.course().mood)) / 2
    executive = Executive(calm, threshold)
    end(calm)
    assert len(executive.calls) == 2
    assert calm.course().mood[calm.course().time_min < executive.calls[0]].max() <= threshold * 1.1
    assert calm.metric("social_answered_60") > usual.metric("social_answered_60")
    unmoved = model_of()
    lazy = Executive(unmoved, 10**6)
    end(unmoved)
    assert lazy.calls == []
    assert set(differences(unmoved.world, usual.world)) <= OF_THE_AGENDA
