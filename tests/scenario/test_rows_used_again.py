"""A run that nobody looks at contact by contact forgets those that are over: its results are the same to the bit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.support.worlds import bare_world
from tests.support.worlds_compared import CUT_DOWN

import caresim
from caresim.config.counts import come_one_by_one
from caresim.measure import people, sample
from caresim.model.agenda import next_event, schedule
from caresim.model.codes import NEVER, NOBODY, Outcome
from caresim.model.contact import close, new_row, stop_caring
from caresim.model.engine import HEADROOM, advance, reuse_rows
from caresim.model.events import Event
from caresim.model.finished import sweep
from caresim.model.own_rules import BUILT_IN
from caresim.model.queue import join_queue
from caresim.run import block
from caresim.run.block import Block, Finished, compute
from caresim.scenario import build
from caresim.scenario.run import Run, run

PART = 300
USUAL = """{need: {acknowledgement: '100 %', source: s}, contacting: {value: '90 %', source: s}, ordinary: true,
onset: {kind: ordinary, timezone: UTC, per_hour: {value: '240 people/h', source: s}}, party: {1: '100 %', source: s},
languages: {en: '100 %', source: s}, preference: {phone: '0 logit', mail: '0.5 logit', source: s},
anger: {value: '0 %', source: s}, followers_median: {value: '0 followers', source: s},
followers_sigma: {value: '0 sd', source: s}, operators: [centre]}""".replace("\n", " ")
SECOND = """{operator: centre, serves: [second], kind: call_center_agent, timezone: UTC, headcount: {value: 2 people,
source: s}, shifts: [{start: '00:00', end: '24:00'}], opening: always, languages: [en], informs: true, rebooks: true,
refunds: true, assists: true, sees_booking: true, waitlists: false, end_of_duty: finish}""".replace("\n", " ")
EXPERIMENTS = {name: (f"experiment={name}", *CUT_DOWN[name]) for name in CUT_DOWN} | {
    "busy tones, redials, a wave": (
        *("experiment=queue", "queue.customers=2000 people", "queue.capacity=12 people", "queue.redial_share=60 %"),
        *("queue.redial_gap=3 min", "queue.arrival_swing=40 %", "queue.arrival_cycle=120 min"),
    ),
    "two streams, one of ordinary traffic, and two channels": (
        *("experiment=queue", "queue.customers=2000 people", f"+population.cohorts.usual={USUAL}"),
        *("operators.centre.channels.mail={medium: email, languages: [en]}", "population.cohorts.customers.anger=50 %"),
        *(
            "staffing.servers.desks.desk.serves=[phone,mail]",
            "staffing.servers.desks.desk.opening=[{days: daily, start: '08:00', end: '20:00'}]",
        ),
    ),
    "a second desk, which callers come to who have waited for long": (
        *("experiment=queue", "queue.customers=2000 people", "queue.servers=6 people"),
        *(
            "operators.centre.channels.second={medium: phone, lines: 1000 lines, languages: [en]}",
            f"+population.cohorts.usual={USUAL}",
        ),
        "population.cohorts.usual.preference={phone: null, mail: null, second: '0 logit', source: s}",
        f"staffing.servers.desks.other={SECOND}",
        "staffing.servers.desks.desk.overflow={to: other, after: '1 min'}",
    ),
    "too few servers, and endless patience": (
        *("experiment=queue", "queue.customers=1500 people", "queue.servers=6 people", "queue.patience_mean=null"),
    ),
}
IN_STREAMS = ("queue", "desks", "insourcing", *(name for name in EXPERIMENTS if name not in CUT_DOWN))
"""Where passengers come one by one, and no notice asks for all of them."""


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """What is small counts as large: rows are used again after some 16 contacts, and 300 are measured at a time.

    The runs that were measured.
    """
    monkeypatch.setattr(build, "FEW", 0)
    monkeypatch.setattr(build, "OPEN", HEADROOM + 32)
    monkeypatch.setattr(build, "OPEN_PASSENGERS", 16)
    monkeypatch.setattr(sample, "PART", PART)
    monkeypatch.setattr(people, "PART", PART)
    seen: list[Run] = []
    reduce = block.reduce

    def watched(of: Run, *others: object) -> None:
        seen.append(of)
        reduce(of, *others)

    monkeypatch.setattr(block, "reduce", watched)
    return seen


def results(whole: caresim.Experiment, staffing: str, record: str) -> Finished:
    """Two replications of a staffing model, all recorded or none."""
    experiment = whole.model_copy(update={"record": record})
    return compute(experiment, Block((0, 1), 0, staffing, (0, 1) if record == "all" else ()))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_results_are_those_of_a_recorded_run(name, forgetful, tmp_path):
    whole = caresim.load(*EXPERIMENTS[name], f"output_dir={tmp_path}")
    for staffing in whole.staffing:
        recorded, none = (results(whole, staffing, record) for record in ("all", "none"))
        assert none.events == recorded.events
        pd.testing.assert_frame_equal(pd.DataFrame(none.rows), pd.DataFrame(recorded.rows), check_exact=True)
        for series in ("curves", "courses", "intervals"):
            for one, other in zip(getattr(none, series), getattr(recorded, series), strict=True):
                pd.testing.assert_frame_equal(one, other, check_exact=True)
    used = [int(of.world.clock[0].contact_end) / int(of.world.clock[0].contacts) for of in forgetful]
    assert min(used) < 1.0, "no row was used again"
    assert max(used) == 1.0, "no run was recorded"
    come_and_go = [of.world for of in forgetful if of.world.reuses_passengers]
    assert bool(come_and_go) == (name in IN_STREAMS)
    for world in come_and_go:
        assert world.clock[0].passenger_end < world.clock[0].next_affected, "everybody had a row of their own"


def test_what_has_been_measured_is_gone_and_only_tallies_know_it(forgetful):
    whole = caresim.load("experiment=queue", "queue.customers=2000 people")
    results(whole, whole.baseline, "none")
    of = forgetful[0]
    for forgotten in (int(of.world.clock[0].first_past), int(of.world.clock[0].first_past_passenger)):
        assert forgotten > 0
        assert forgotten % PART == 0
    with pytest.raises(TypeError, match="contacts are gone"):
        _ = sample.Sample(of).requests
    with pytest.raises(TypeError, match="passengers are gone"):
        _ = sample.Sample(of).counted


def test_whoever_asks_a_large_run_for_rows_has_it_played_once_more(monkeypatch):
    experiment = caresim.load("experiment=queue", "queue.customers=2000 people")
    small = caresim.simulate(experiment)
    assert small.run is small.played
    monkeypatch.setattr(build, "FEW", 0)
    large = caresim.simulate(experiment)
    assert large.metrics == pytest.approx(small.metrics, rel=0, abs=0, nan_ok=True)
    assert large.run is not large.played
    assert large.run.events == large.played.events
    for table in ("contacts", "passengers"):
        pd.testing.assert_frame_equal(getattr(large, table), getattr(small, table), check_exact=True)


def test_memory_follows_what_is_open(forgetful):
    """Ten times the customers in the same rows."""
    for customers in (2_000, 20_000):
        whole = caresim.load("experiment=queue", f"queue.customers={customers} people")
        results(whole, whole.baseline, "none")
    small, large = (of.world.clock[0] for of in (forgetful[0], forgetful[-1]))
    assert large.contacts > 8 * small.contacts
    assert large.contact_end == small.contact_end
    assert large.next_affected > 8 * small.next_affected
    assert large.passenger_end == small.passenger_end
    past = [len(sample.Sample(of).passengers) for of in (forgetful[0], forgetful[-1])]
    assert max(past) < 3 * PART, "passengers who have been measured are kept"


def test_a_run_of_few_contacts_keeps_a_row_for_each():
    whole = caresim.load("experiment=queue", "queue.customers=2000 people")
    world = run(whole, whole.baseline, 0, lambda of, what, complete: 0).world
    assert not world.reuses_rows
    assert world.clock[0].contact_rows == world.clock[0].contacts == world.clock[0].contact_end


def test_a_users_rule_may_look_at_all_contacts(monkeypatch):
    monkeypatch.setattr(build, "FEW", 0)
    world = bare_world()
    assert build.may_reuse_rows(world, passengers=1.0)
    world.desks[0].routing = world.desks[0].routing_deferred = BUILT_IN
    assert not build.may_reuse_rows(world, passengers=1.0)


def test_passengers_whom_a_notice_or_an_observation_asks_for_have_a_row_each():
    queue = caresim.load("experiment=queue")
    assert come_one_by_one(queue)
    assert not come_one_by_one(caresim.load("experiment=tokyo"))
    assert not come_one_by_one(caresim.load("experiment=replay", *CUT_DOWN["replay"]))
    assert not come_one_by_one(queue.model_copy(update={"observations": {"wait": None}}))
    noticed = queue.disruption.model_copy(update={"notices": {"news": None}})
    assert not come_one_by_one(queue.model_copy(update={"disruption": noticed}))


# --- rows and numbers ---


def with_past(contacts: int = 64):
    world = bare_world(contacts)
    world.set_table("past_contacts", build.rows(64, "past_contacts"))
    return world


def opened(world, key: int) -> int:
    """A contact of a passenger."""
    c = new_row(world, np.uint64(key))
    world.contacts[c].passenger = 0
    return int(c)


def closed(world, key: int) -> int:
    c = opened(world, key)
    close(world, c, Outcome.ANSWERED)
    return c


def test_a_row_is_given_back_once_its_contact_is_over_and_not_in_the_same_moment():
    world = with_past()
    c = closed(world, 7)
    sweep(world)
    assert world.clock[0].free_contact == NOBODY
    world.clock[0].now += 1.0
    sweep(world)
    assert world.clock[0].free_contact == c
    assert world.past_contacts[0].outcome == Outcome.ANSWERED


def test_a_reference_to_a_row_that_was_given_back_leads_nowhere():
    world = with_past()
    c = closed(world, 7)
    world.clock[0].now += 1.0
    sweep(world)
    for follow in (join_queue, stop_caring):
        with pytest.raises(IndexError):
            follow(world, c)


def test_an_event_of_who_had_the_row_before_is_void():
    world = with_past()
    c = opened(world, 7)
    schedule(world, 5.0, Event.REMIND, c, world.contacts[c].stamp)
    close(world, c, Outcome.ANSWERED)
    world.clock[0].now = 1.0
    sweep(world)
    assert opened(world, 8) == c
    assert next_event(world, 100.0) == (Event.NOTHING, NOBODY)


def test_ties_go_by_number_and_not_by_row():
    """Two contacts, the younger in the lower row: in the agenda and in a queue the older is first."""
    world = with_past()
    low, high = closed(world, 1), opened(world, 2)
    world.clock[0].now += 1.0
    sweep(world)
    assert opened(world, 3) == low < high
    for c in (low, high):
        schedule(world, 2.0, Event.REMIND, c, world.contacts[c].stamp)
        world.contacts[c].arrival = 0.0
        join_queue(world, c)
    assert world.desks[0].synchronous_queue == high
    assert [next_event(world, 100.0)[1] for _ in range(2)] == [high, low]


def test_the_post_that_others_follow_stays():
    world = with_past()
    world.behaviour[0].contagion_max = 1.0
    root = closed(world, 1)
    follower = new_row(world, np.uint64(2))
    world.contacts[follower].root = root
    world.contacts[follower].arrival = 10.0
    world.clock[0].now += 1.0
    sweep(world)
    assert world.contacts[root].number == 0
    world.clock[0].now = 11.0
    sweep(world)
    assert world.clock[0].free_contact == root
    assert world.clock[0].contact_rows == 0


def test_a_table_of_open_contacts_grows():
    world = with_past(HEADROOM + 32)
    world.reuses_rows = True
    while world.clock[0].contact_rows < 16:
        opened(world, 5)
    reuse_rows(world)
    assert len(world.contacts) > 2 * HEADROOM
    assert world.clock[0].contact_rows == 16
    advance(world, NEVER)
