"""Overflow: callers who have waited for a while move to the queue of another desk."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import simpy
from tests.support.worlds_compared import EVERYBODY, differences

import caresim
from caresim.agents import CareModel
from caresim.run.uncertain import drawn
from caresim.scenario.run import run as run_of

DONE = 100_000.0
"""Minutes after which all work of these tests has been done."""


@pytest.fixture
def run(replayed):
    """One replication of a replay of these files, given as their text."""
    return lambda *words, **files: caresim.simulate(replayed(*words, **files))


def overflow(desk, to, after):
    return f"staffing.as_given.desks.{desk}.overflow={{to: {to}, after: '{after}'}}"


def column(result, name):
    """A column of the contacts, in the order of the file's rows."""
    values = result.contacts.sort_values("row")[name]
    return values.astype(str).tolist() if isinstance(values.dtype, pd.CategoricalDtype) else values.tolist()


class Desk:
    """A desk in SimPy: people, who take the first call by (priority, arrival), and calls that move on after a while."""

    def __init__(self, env, people, to=None, after=np.inf):
        self.env, self.to, self.after = env, to, after
        self.calls, self.free = [], people

    def join(self, call):
        """The call waits here, and is answered at once where somebody is free."""
        self.calls.append(call)
        call["desk"] = self
        self.match()

    def match(self):
        while self.free and self.calls:
            call = min(self.calls, key=lambda call: (-call["priority"], call["arrival"]))
            self.calls.remove(call)
            self.free -= 1
            call["answered"].succeed()
            self.env.process(self.talk(call))

    def talk(self, call):
        yield self.env.timeout(call["service"])
        self.free += 1
        self.match()


def simulated(calls, desks_of):
    """Minutes until each call is answered or given up, which it is, and at which desk, by SimPy."""
    env = simpy.Environment()
    desks = desks_of(env)
    waits, fates = np.full(len(calls), np.nan), np.full(len(calls), "waiting", dtype="<U9")
    ends = np.full(len(calls), "", dtype="<U9")

    def caller(i, call):
        yield env.timeout(call["arrival"])
        call = call | {"answered": env.event()}
        patience = env.timeout(call["patience"])
        desk = desks[call["starts"]]
        desk.join(call)
        while not call["answered"].triggered:
            moves = env.timeout(desk.after) if desk.after < np.inf else env.event()
            yield call["answered"] | patience | moves
            if call["answered"].triggered:
                break
            if patience.processed:
                desk.calls.remove(call)
                break
            desk.calls.remove(call)
            desk = desks[desk.to]
            desk.join(call)
        fates[i] = "answered" if call["answered"].triggered else "abandoned"
        waits[i] = env.now - call["arrival"]
        ends[i] = next(name for name, one in desks.items() if one is desk)

    for i, call in enumerate(calls):
        env.process(caller(i, call))
    env.run(until=DONE)
    return waits, fates, ends


def traffic(seed, priorities, first, count=1500):
    """Calls on three channels, most of them on the first."""
    luck = np.random.default_rng(seed)
    columns = zip(
        luck.exponential(1.0, count).cumsum().tolist(),
        luck.exponential(2.7, count).tolist(),
        luck.exponential(6.0, count).tolist(),
        luck.integers(0, priorities, count).tolist(),
        luck.choice(first, count, p=[0.6, 0.25, 0.15]).tolist(),
        strict=True,
    )
    names = ("arrival", "service", "patience", "priority", "starts")
    return [dict(zip(names, row, strict=True)) for row in columns]


@pytest.mark.parametrize("priorities", [1, 3])
def test_every_caller_waits_as_long_as_in_simpy(run, priorities):
    """Three desks, two of which overflow into the next. 1e-9 minutes: a few roundings of numbers below 4,096."""
    calls = traffic(11 + priorities, priorities, ["one", "two", "three"])
    table = pd.DataFrame(calls).assign(medium="phone", service_s=lambda t: 60 * t["service"])
    table = table.assign(
        patience_s=lambda t: 60 * t["patience"], channel=lambda t: t["starts"], desk=lambda t: t["starts"]
    )
    table = table.drop(columns=["service", "patience", "starts"])
    staff = f"start,end,desk\n0,{DONE},one\n0,{DONE},two\n0,{DONE},three\n"
    words = (overflow("one", "two", "2 min"), overflow("two", "three", "90 s"))
    found = run(*words, contacts=table.to_csv(index=False), staff=staff).contacts.sort_values("row")

    def desks(env):
        return {"one": Desk(env, 1, "two", 2.0), "two": Desk(env, 1, "three", 1.5), "three": Desk(env, 1)}

    waits, fates, ends = simulated(calls, desks)
    starts = np.array([call["starts"] for call in calls])
    moved = (ends != starts) & (fates == "answered")
    assert moved.sum() > 100
    assert ((starts == "one") & (ends == "three") & (fates == "answered")).sum() > 10
    assert (fates == "abandoned").sum() > 100
    assert found["outcome"].astype(str).tolist() == fates.tolist()
    assert found["desk"].astype(str).tolist() == ends.tolist()
    np.testing.assert_allclose(found["wait_min"].to_numpy(), waits, rtol=0.0, atol=1e-9)


CALLS = "arrival,channel,medium,desk,service_s,patience_s\n"
BOTH = "start,end,desk\n0,600,one\n0,600,two\n"


def test_a_free_person_takes_at_once_who_moves_and_the_wait_counts_from_the_arrival(run):
    contacts = CALLS + "0,a,phone,one,3600,\n1,a,phone,one,60,\n100,b,phone,two,60,\n"
    found = run(overflow("one", "two", "5 min"), contacts=contacts, staff=BOTH)
    assert column(found, "desk") == ["one", "two", "two"]
    assert column(found, "wait_min") == pytest.approx([0, 5, 0], abs=1e-9)


def test_the_interval_report_counts_the_wait_from_the_arrival(replayed):
    contacts = CALLS + "0,a,phone,one,3600,\n1,a,phone,one,60,\n100,b,phone,two,60,\n"
    experiment = replayed(overflow("one", "two", "5 min"), contacts=contacts, staff=BOTH)
    report = caresim.compare(experiment, workers=1).intervals.query("channel == 'a' and offered > 0")
    assert report[["offered", "answered"]].to_numpy().tolist() == [[2, 2]]
    assert report["asa_s"].item() == pytest.approx(150, abs=1e-6)


def test_who_moves_stands_before_those_who_came_later(run):
    """The call of minute 1 comes to desk two at 6, where one waits since 2: it is served first."""
    contacts = CALLS + "0,a,phone,one,3600,\n0,b,phone,two,600,\n1,a,phone,one,60,\n2,b,phone,two,60,\n"
    found = run(overflow("one", "two", "5 min"), contacts=contacts, staff=BOTH)
    assert column(found, "wait_min") == pytest.approx([0, 0, 9, 9], abs=1e-9)


def test_patience_runs_on_from_when_the_wait_began(run):
    contacts = CALLS + "0,a,phone,one,3600,\n0,b,phone,two,3600,\n1,a,phone,one,60,420\n"
    found = run(overflow("one", "two", "5 min"), contacts=contacts, staff=BOTH)
    assert column(found, "outcome")[2] == "abandoned"
    assert column(found, "desk")[2] == "two"
    assert column(found, "wait_min")[2] == pytest.approx(7, abs=1e-9)


def test_whose_patience_ends_at_that_moment_hangs_up(run):
    contacts = CALLS + "0,a,phone,one,3600,\n1,a,phone,one,60,300\n50,b,phone,two,60,\n"
    found = run(overflow("one", "two", "5 min"), contacts=contacts, staff=BOTH)
    assert (column(found, "outcome")[1], column(found, "desk")[1]) == ("abandoned", "one")


def test_nobody_moves_to_a_desk_without_people_and_tries_again(run):
    """Desk two begins at minute 13: the calls of minute 1 and 2 try at 6, 11, 16 and at 7, 12, 17."""
    staff = "start,end,desk\n0,600,one\n13,600,two\n"
    contacts = CALLS + "0,a,phone,one,3600,\n1,a,phone,one,30,\n2,a,phone,one,30,\n50,b,phone,two,60,\n"
    found = run(overflow("one", "two", "5 min"), contacts=contacts, staff=staff)
    assert column(found, "desk") == ["one", "two", "two", "two"]
    assert column(found, "wait_min") == pytest.approx([0, 15, 15, 0], abs=1e-9)


def test_people_who_are_busy_at_the_start_are_rostered_from_when_they_are_first_free(replayed):
    """Ann is busy until 7.5 and then has a long call: those of minute 1 and 2 try at 6, 11 and at 7, 12."""
    staff = "start,end,desk,agent\n0,600,one,Zoe\n0,600,two,Ann\n"
    contacts = CALLS + "0,a,phone,one,3600,\n1,a,phone,one,30,\n2,a,phone,one,30,\n3,b,phone,two,3600,\n"
    busy = "draw,what,of,hour,value\n0,busy,Ann,,7.5\n"
    words, times = ("replay.service=empirical", overflow("one", "two", "5 min")), "service_s\n" + "60\n" * 30
    given = replayed(*words, contacts=contacts, staff=staff, service_times=times, posterior=busy)
    found = caresim.simulate(drawn(given, 0))
    assert column(found, "desk") == ["one", "two", "two", "two"]
    assert column(found, "wait_min") == pytest.approx([0, 66.5, 66, 4.5], abs=1e-9)


def test_a_break_is_no_reason_to_stay(run):
    """Somebody who is rostered comes back from a break: the caller waits for them."""
    words = ("staff.call_center_agent.shrinkage='20 %'", overflow("one", "two", "1 min"))
    rows = "".join(f"{k},a,phone,one,1200,\n{k + 0.5},b,phone,two,30,\n" for k in range(0, 500, 5))
    result = run(*words, contacts=CALLS + rows, staff=BOTH)
    assert (result.contacts["desk"].astype(str) == "two").sum() > 110


def test_where_people_have_skills_anybody_takes_who_comes_from_another_desk(run):
    """Desk two has a queue for each channel; Ann serves b alone, and takes the call of channel a."""
    staff = "start,end,desk,agent,skills\n0,600,one,Zoe,\n0,600,two,Ann,b\n0,600,two,Bo,c\n"
    rows = "0,a,phone,one,3600,\n0,c,phone,two,3600,\n1,a,phone,one,60,\n1.5,b,phone,two,600,\n"
    found = run(overflow("one", "two", "5 min"), contacts=CALLS + rows, staff=staff)
    assert column(found, "wait_min")[2] == pytest.approx(10.5, abs=1e-9)
    assert column(found, "desk")[2] == "two"


def test_from_a_desk_with_skills_calls_leave_the_queue_of_their_channel(run):
    staff = "start,end,desk,agent,skills\n0,600,one,Zoe,a\n0,600,one,Yan,b\n0,600,two,Ann,\n"
    rows = "0,a,phone,one,3600,\n1,a,phone,one,60,\n2,a,phone,one,60,\n3,b,phone,one,60,\n500,c,phone,two,60,\n"
    found = run(overflow("one", "two", "5 min"), contacts=CALLS + rows, staff=staff)
    assert column(found, "desk") == ["one", "two", "two", "one", "two"]
    assert column(found, "wait_min") == pytest.approx([0, 5, 5, 0, 0], abs=1e-9)


@pytest.mark.parametrize(
    ("leaves", "outcome", "until"),
    [
        pytest.param(600, "answered", 40, id="somebody is there until it is their turn"),
        pytest.param(35, "dropped", 35, id="the last person there goes after the channel has closed"),
        pytest.param(20, "dropped", 30, id="nobody is there any more when the channel closes"),
    ],
)
def test_when_a_channel_closes_who_has_moved_is_served_as_long_as_anybody_is_there(run, leaves, outcome, until):
    """Desk one's channel closes at minute 30; the only person of desk two is busy until 40."""
    opening = "staffing.as_given.desks.one.opening=[{start: '00:00', end: '00:30'}]"
    contacts = CALLS + "0,a,phone,one,3600,\n0,b,phone,two,2400,\n1,a,phone,one,60,\n"
    staff = f"start,end,desk\n0,600,one\n0,{leaves},two\n"
    found = run(opening, overflow("one", "two", "5 min"), contacts=contacts, staff=staff)
    assert (column(found, "desk")[2], column(found, "outcome")[2]) == ("two", outcome)
    assert column(found, "wait_min")[2] == pytest.approx(until - 1, abs=1e-9)


@pytest.mark.parametrize(("reached", "outcome"), [("100 %", "answered"), ("0 %", "abandoned")])
def test_a_call_back_moves_on_the_terms_of_the_desk_that_promised_it(run, reached, outcome):
    """Desk two calls nobody back of its own; an attempt in vain takes the half minute that desk one says."""
    terms = f"{{offered_above: 2 min, accepts: 100 %, reached: {reached}, ring: 30 s}}"
    contacts = CALLS + "0,a,phone,one,3600,\n1,a,phone,one,3600,60\n2,a,phone,one,600,60\n100,b,phone,two,60,\n"
    words = (f"staffing.as_given.desks.one.callback={terms}", "behaviour.handling.phone.acknowledgement=5 min")
    found = run(*words, overflow("one", "two", "5 min"), contacts=contacts, staff=BOTH).contacts
    last = found[found["row"] == 2].iloc[0]
    assert (last["desk"], last["outcome"]) == ("two", outcome)
    assert last["handle_min"] == pytest.approx(10 if outcome == "answered" else 0.5)


CROWD = CALLS + "".join(
    f"{k / 3},{'a' if k % 3 else 'b'},phone,{'one' if k % 3 else 'two'},{60 * (1 + k % 5)},{'' if k % 4 else 200}\n"
    for k in range(900)
)


class Passing(CareModel):
    """Counts what came by way of Python."""

    def __init__(self, *arguments, **keywords):
        self.passed: dict[str, int] = {}
        super().__init__(*arguments, **keywords)


def test_every_driver_and_twice_is_the_same(replayed):
    experiment = replayed(overflow("one", "two", "2 min"), contacts=CROWD, staff=BOTH)
    compiled = run_of(experiment, "as_given", 0).world
    assert differences(compiled, run_of(experiment, "as_given", 0).world) == []
    model = Passing(experiment, "as_given", 0, agents=EVERYBODY)
    model.run_until(experiment.ends)
    assert differences(model.world, compiled) == []
    assert model.passed["overflow"] > 100


def test_an_overridden_desk_keeps_its_callers(replayed):
    class Proud(caresim.agents.Desk):
        def overflow(self, contact):
            return None

    experiment = replayed(overflow("one", "two", "2 min"), contacts=CROWD, staff=BOTH)
    model = CareModel(experiment, "as_given", 0, agents=[Proud])
    model.run_until(experiment.ends)
    table = model.outcome().contacts
    assert (table["channel"].astype(str).map({"a": "one", "b": "two"}) == table["desk"].astype(str)).all()


def test_a_story_tells_of_the_move(replayed):
    experiment = replayed(
        overflow("one", "two", "5 min"),
        contacts=CALLS + "0,a,phone,one,3600,\n1,a,phone,one,60,\n100,b,phone,two,60,\n",
        staff=BOTH,
    )
    text = caresim.story(experiment, passenger=1).text
    assert "waits on in the queue of the two desk, after 5 min" in text
