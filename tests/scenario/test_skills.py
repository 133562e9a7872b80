"""People of a replay who are named, who work at their own speed, and who serve some of the channels of their desk."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import simpy
from simpy.resources.resource import SortedQueue
from simpy.resources.store import FilterStore, FilterStoreGet
from tests.support.worlds_compared import differences

import caresim

DESK = "replay.format.desk=d"
DONE = 100_000.0
"""Minutes after which all work of these tests has been done."""


@pytest.fixture
def run(replayed):
    """One replication of a replay of these files, given as their text."""
    return lambda *words, **files: caresim.simulate(replayed(*words, **files))


def column(result, name):
    """A column of the contacts, in the order of the file's rows."""
    return result.contacts.sort_values("row")[name].tolist()


class Take(FilterStoreGet):
    """Somebody asks for a call on one of their channels."""

    def __init__(self, calls, channels):
        self.key = (len(channels), calls._env.now)
        super().__init__(calls, lambda call: call["channel"] in channels)


class Calls(FilterStore):
    """Calls that wait, by priority, then by arrival. Those who ask are served by the number of channels they serve."""

    GetQueue = SortedQueue

    def _do_put(self, event):
        self.items.append(event.item)
        self.items.sort(key=lambda call: (-call["priority"], call["arrival"]))
        event.succeed()
        return True


def simulated(calls, people):
    """Minutes until each call is answered or given up, and which it is, by SimPy; `people` are sets of channels."""
    env = simpy.Environment()
    store = Calls(env)
    waits, fates = np.full(len(calls), np.nan), np.full(len(calls), "waiting", dtype="<U9")

    def caller(i, call):
        yield env.timeout(call["arrival"])
        waiting = call | {"answered": env.event()}
        store.put(waiting)
        yield waiting["answered"] | env.timeout(call["patience"])
        answered = waiting["answered"].triggered
        if not answered:
            store.items.remove(waiting)
        waits[i], fates[i] = env.now - call["arrival"], "answered" if answered else "abandoned"

    def person(channels):
        while True:
            call = yield Take(store, channels)
            call["answered"].succeed()
            yield env.timeout(call["service"])

    for channels in people:
        env.process(person(channels))
    for i, call in enumerate(calls):
        env.process(caller(i, call))
    env.run(until=DONE)
    return waits, fates


@pytest.mark.parametrize("priorities", [1, 3])
def test_every_caller_waits_as_long_as_in_simpy(run, priorities):
    """Two channels, three people, one of whom serves both. 1e-9 minutes: a few roundings of numbers below 4,096."""
    luck = np.random.default_rng(7 + priorities)
    count = 1500
    calls = [
        {"arrival": arrival, "service": service, "patience": patience, "priority": priority, "channel": channel}
        for arrival, service, patience, priority, channel in zip(
            luck.exponential(1.0, count).cumsum().tolist(),
            luck.exponential(2.8, count).tolist(),
            luck.exponential(6.0, count).tolist(),
            luck.integers(0, priorities, count).tolist(),
            luck.choice(["refunds", "sales"], count, p=[0.4, 0.6]).tolist(),
            strict=True,
        )
    ]
    table = pd.DataFrame(calls).assign(medium="phone", service_s=lambda t: 60 * t["service"])
    table = table.assign(patience_s=lambda t: 60 * t["patience"]).drop(columns=["service", "patience"])
    staff = f"start,end,agent,skills\n0,{DONE},Ann,sales\n0,{DONE},Bo,refunds sales\n0,{DONE},Cy,refunds\n"
    found = run(DESK, contacts=table.to_csv(index=False), staff=staff).contacts.sort_values("row")
    waits, fates = simulated(calls, [{"sales"}, {"refunds", "sales"}, {"refunds"}])
    assert (fates == "abandoned").sum() > 100
    assert (waits[fates == "answered"] > 0).sum() > 300
    assert found["outcome"].astype(str).tolist() == fates.tolist()
    np.testing.assert_allclose(found["wait_min"].to_numpy(), waits, rtol=0.0, atol=1e-9)


CALLS = "arrival,channel,medium,service_s\n5,refunds,phone,60\n50,sales,phone,60\n"


@pytest.mark.parametrize(
    ("rows", "answers"),
    [
        pytest.param("0,60,All,\n0,60,Few,refunds\n", "d/agent Few", id="fewest skills"),
        pytest.param("0,60,Late,refunds\n0,60,All,\n", "d/agent Late", id="also where they come first in the file"),
        pytest.param(
            "2,60,Late,refunds\n0,60,Early,refunds\n49,60,All,\n",
            "d/agent Early",
            id="of equal skills the longest idle",
        ),
        pytest.param("0,60,Other,sales\n0,60,All,\n", "d/agent All", id="nobody without the skill"),
    ],
)
def test_a_call_that_comes_finds_a_free_person(run, rows, answers):
    found = run(DESK, contacts=CALLS, staff="start,end,agent,skills\n" + rows)
    assert str(column(found, "staff_member")[0]) == answers


def test_whoever_becomes_free_takes_the_next_of_their_channels(run):
    """Ann is busy until 11, Bo until 22. A sales call waits, then a refund: Ann takes the refund."""
    contacts = "arrival,channel,medium,service_s\n" + "".join(
        f"{minute},{channel},phone,{seconds}\n"
        for minute, channel, seconds in [(1, "refunds", 600), (2, "sales", 1200), (3, "sales", 60), (4, "refunds", 60)]
    )
    found = run(DESK, contacts=contacts, staff="start,end,skills\n0,60,refunds\n0,60,sales\n")
    assert column(found, "wait_min") == pytest.approx([0, 0, 19, 7], abs=1e-9)


def test_a_person_takes_what_is_written_on_their_channel_while_calls_wait(run):
    contacts = "arrival,channel,service_s\n1,phone,600\n2,phone,60\n3,email,60\n"
    found = run(DESK, contacts=contacts, staff="start,end,skills\n0,60,phone\n0,60,email\n").contacts
    replies = found.sort_values("row")["wait_min"].tolist()
    assert replies == pytest.approx([0, 9, 1], abs=1e-9)  # a letter is answered when the reply has been written


def test_people_on_top_serve_all_channels(replayed):
    contacts = "arrival,channel,medium,service_s\n1,sales,phone,600\n2,sales,phone,600\n3,refunds,phone,600\n"
    extra = "replay.extra=[{start: '00:00', end: '01:00', headcount: 1}]"
    staff = "start,end,skills\n0,60,sales\n0,60,refunds\n"
    results = caresim.compare(replayed(DESK, extra, contacts=contacts, staff=staff), workers=1)
    waits = results.replayed().pivot(index="row", columns="staffing", values="wait_s")
    assert waits["as_given"].tolist() == pytest.approx([0, 540, 0], abs=1e-9)
    assert waits["as_given_plus"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)


def test_the_end_of_opening_sends_away_those_who_wait_on_each_channel(run):
    contacts = "arrival,channel,medium,service_s\n" + "".join(
        f"{minute},{channel},phone,3600\n"
        for minute, channel in [(1, "sales"), (2, "refunds"), (3, "sales"), (4, "refunds")]
    )
    opening = "staffing.as_given.desks.phone.opening=[{start: '00:00', end: '00:30'}]"
    found = run(DESK, opening, contacts=contacts, staff="start,end,skills\n0,90,sales\n0,90,refunds\n")
    assert column(found, "outcome") == ["answered", "answered", "dropped", "dropped"]


def test_skills_that_name_every_channel_change_nothing(run):
    rows = "".join(f"{n},{'sales' if n % 3 else 'refunds'},phone\n" for n in range(200))
    contacts = "arrival,channel,medium\n" + rows
    plain = run(DESK, contacts=contacts, staff="start,end,headcount\n0,900,2\n")
    named = run(DESK, contacts=contacts, staff="start,end,headcount,skills\n0,900,2,sales;refunds\n")
    pd.testing.assert_frame_equal(named.contacts, plain.contacts)


def test_a_replay_by_its_agents_is_the_same(replayed):
    """People who pick by what the desk has for them, as Mesa agents."""

    class Picking(caresim.agents.CallCenterAgent):
        def pick(self):
            return super().pick()

    luck = np.random.default_rng(3)
    rows = zip(luck.exponential(1.0, 200).cumsum(), luck.choice(["refunds", "sales"], 200), strict=True)
    contacts = "arrival,channel,medium\n" + "".join(f"{minute},{channel},phone\n" for minute, channel in rows)
    staff = "start,end,agent,speed,skills\n0,900,Ann,1.2,sales\n0,900,Bo,,\n0,900,Cy,0.8,refunds\n"
    experiment = replayed(DESK, "replay.service_mean=3", contacts=contacts, staff=staff)
    model = caresim.CareModel(experiment, agents=[Picking])
    model.run_until(model.experiment.ends)
    assert differences(model.world, caresim.simulate(experiment).run.world) == []


def test_a_stated_speed_is_a_factor_on_given_handling_times(run):
    contacts = "arrival,service_s\n0,60\n0.5,100\n9,60\n"
    found = run(contacts=contacts, staff="start,end,agent,speed\n0,60,Ann,1.5\n0,60,Bo,\n")
    # Ann has been free longest at 0 and again at 9: 60 s take her 90 s. Bo, whose speed nobody states, takes 100 s.
    assert np.multiply(60, column(found, "handle_min")).tolist() == pytest.approx([90, 100, 90], abs=1e-9)


def test_a_stated_speed_is_a_factor_on_drawn_handling_times(run):
    contacts = "arrival\n" + "".join(f"{60 * n}\n" for n in range(20))
    plain = run(contacts=contacts, staff="start,end\n0,2000\n")
    slow = run(contacts=contacts, staff="start,end,speed\n0,2000,2\n")
    assert column(slow, "handle_min") == (2 * np.array(column(plain, "handle_min"))).tolist()


def test_a_stated_speed_is_that_of_each_of_the_headcount(run):
    found = run(contacts="arrival,service_s\n0,60\n0.1,60\n", staff="start,end,headcount,speed\n0,60,2,3\n")
    assert column(found, "handle_min") == [3.0, 3.0]
    assert found.staff["speed"].tolist() == [3.0, 3.0]


def test_rows_of_one_agent_are_spells_of_one_person(run):
    """Ann is away from 10 to 30: the call of minute 12 waits for her, and her speed holds in the second spell."""
    contacts = "arrival,service_s\n0,60\n12,60\n"
    found = run(contacts=contacts, staff="start,end,agent,speed\n30,60,Ann,\n0,10,Ann,2\n")
    assert column(found, "wait_min") == pytest.approx([0, 18], abs=1e-9)
    assert column(found, "handle_min") == [2.0, 2.0]
    assert found.staff[["staff_member", "contacts", "paid_min"]].astype(str).to_numpy().tolist() == [
        ["phone/agent Ann", "2", "40.0"]
    ]


def test_another_agent_changes_nobodys_luck(run):
    drawn = "staff.call_center_agent.speed_cv=0.3"
    contacts = "arrival\n5\n"
    one = run(drawn, contacts=contacts, staff="start,end,agent\n0,60,Ann\n").staff
    two = run(drawn, contacts=contacts, staff="start,end,agent\n0,60,Bo\n0,60,Ann\n").staff
    speeds = dict(zip(two["staff_member"].astype(str), two["speed"], strict=True))
    assert speeds["phone/agent Ann"] == one["speed"].item() != speeds["phone/agent Bo"]


def test_a_head_start_is_minutes_for_each_unit_of_priority(run):
    """One person, busy from 0 to 20. With 5 minutes a unit the ranks are 1, 8 - 5 = 3, 12 - 10 = 2."""
    contacts = "arrival,service_s,priority\n0,1200,0\n1,60,0\n8,60,1\n12,60,2\n"
    rule = "staffing.as_given.desks.phone.routing=head_start"
    found = run(rule, "staffing.as_given.desks.phone.head_start='5 min'", contacts=contacts, staff="start,end\n0,60\n")
    assert column(found, "wait_min") == pytest.approx([0, 19, 14, 9], abs=1e-9)
    strict = run(contacts=contacts, staff="start,end\n0,60\n")
    assert column(strict, "wait_min") == pytest.approx([0, 21, 13, 8], abs=1e-9)
