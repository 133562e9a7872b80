"""The same arrivals, services and patience through several engines: every single customer's wait and fate.

Who can say what:

| | fixed crew | give up | priorities | crews with gaps between | crews that grow and shrink |
|---|---|---|---|---|---|
| reference loop | yes | yes | yes | yes | yes |
| SimPy, PriorityResource | yes | yes | yes | no: fixed capacity | no: fixed capacity |
| SimPy, people as processes | yes | yes | yes | yes | yes |
| Ciw | yes | yes | yes | yes | no: see below |

Where the meanings differ:

- *A change of headcount.* Ciw replaces the whole crew: everybody who is on the phone goes home after the call, and as
  many new people as are rostered begin at once. From two people to two people, four work. Here only the difference
  goes home, and who stays keeps the seat. `test_ciw_replaces_the_whole_crew` shows it, and why ours is right.
- *Who goes home.* A SimPy resource has no people, only a capacity, which is fixed. Here people are numbered and the
  highest numbers go, idle or not: a roster names people, and they do not swap their shifts because one has a call.
- *Ties of time.* Ciw draws lots, SimPy goes by the order of scheduling. The workloads have no ties.
- *Still waiting at the end.* Ciw has no record of them, SimPy's processes never resume; both are read as "waiting".
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from tests.support.peers import ciw_peer
from tests.support.peers.peers import PEERS, able, outcome
from tests.support.peers.workload import (
    LONG_CREW,
    Workload,
    all_workloads,
    changing_crews,
    cut_in_two,
    fixed_crews,
    shifts_with_gaps,
    traffic,
)

by_name = pytest.mark.parametrize("workload", all_workloads(), ids=lambda workload: workload.name)
SOME_SHARE = 0.02
"""Of the customers; a case must show what it is named for in at least as many."""


@pytest.mark.parametrize(
    ("workload", "one", "other"),
    [
        pytest.param(workload, one, other, id=f"{workload.name}: {one}, {other}")
        for workload in all_workloads()
        for one, other in combinations(able(workload), 2)
    ],
)
def test_every_customer_fares_alike(workload, one, other):
    """To the bit, since all sums of the workloads' times are exact."""
    waits, fates = outcome(one, workload)
    other_waits, other_fates = outcome(other, workload)
    assert np.flatnonzero(fates != other_fates).tolist() == []
    np.testing.assert_array_equal(waits, other_waits)


@pytest.mark.parametrize(
    ("workloads", "missing"),
    [
        (fixed_crews(), set()),
        (shifts_with_gaps(), {"SimPy resource"}),
        (changing_crews(), {"SimPy resource", "Ciw"}),
    ],
    ids=["fixed crews", "crews with gaps between", "crews that grow and shrink"],
)
def test_who_can_say_what(workloads, missing):
    """The table above: no engine drops out unnoticed."""
    for workload in workloads:
        assert set(PEERS) - set(able(workload)) == missing


@pytest.mark.parametrize("peer", list(PEERS)[1:])
def test_times_off_the_grain_agree_to_rounding(peer):
    """Thirds of a minute cannot be written exactly. 1e-9: 3,000 sums below 4,096, each off by at most 2.3e-13."""
    exact = traffic("thirds", 3, seed=501, rate=3.3, patience=4.0, classes=2)
    thirds = replace(exact, arrivals=exact.arrivals / 3.0, services=exact.services / 3.0, patience=exact.patience / 3.0)
    waits, fates = outcome("reference loop", thirds)
    other_waits, other_fates = PEERS[peer].run(thirds)
    np.testing.assert_array_equal(fates, other_fates)
    np.testing.assert_allclose(waits, other_waits, rtol=0.0, atol=1e-9)


def few(crews, *customers) -> Workload:
    """Customers as rows (arrival, service, patience, priority)."""
    arrivals, services, patience, priority = (np.array(column) for column in zip(*customers, strict=True))
    return Workload("few", arrivals, services, patience, priority, tuple(crews))


FOREVER = np.inf
BY_HAND = {
    "one person, first come first served": (
        few([(0.0, LONG_CREW, 1)], (1.0, 4.0, FOREVER, 0), (2.0, 1.0, FOREVER, 0), (3.0, 1.0, FOREVER, 0)),
        [0.0, 3.0, 3.0],
        ["answered"] * 3,
    ),
    "the second gives up, so the third is next": (
        few([(0.0, LONG_CREW, 1)], (1.0, 4.0, 9.0, 0), (2.0, 1.0, 2.5, 0), (3.0, 1.0, 2.25, 0)),
        [0.0, 2.5, 2.0],
        ["answered", "abandoned", "answered"],
    ),
    "the important one goes first but interrupts nobody": (
        few([(0.0, LONG_CREW, 1)], (1.0, 4.0, FOREVER, 0), (2.0, 1.0, FOREVER, 1), (3.0, 2.0, FOREVER, 5)),
        [0.0, 5.0, 2.0],
        ["answered"] * 3,
    ),
    "the call in hand is finished, the next waits for the next crew": (
        few([(0.0, 10.0, 1), (20.0, 22.0, 1)], (9.0, 5.0, 3.0, 0), (11.0, 7.0, 30.0, 0), (12.0, 1.0, FOREVER, 0)),
        [0.0, 9.0, np.nan],
        ["answered", "answered", "waiting"],
    ),
}
"""Workload, waits and fates, worked out by hand."""


@pytest.mark.parametrize(("case", "peer"), [(case, peer) for case in BY_HAND for peer in able(BY_HAND[case][0])])
def test_what_is_worked_out_by_hand(case, peer):
    """The engines do not merely agree with each other."""
    workload, waits, fates = BY_HAND[case]
    found_waits, found_fates = PEERS[peer].run(workload)
    assert found_fates.tolist() == fates
    np.testing.assert_array_equal(found_waits, waits)


NAMED_PEOPLE = able(changing_crews()[0])


@pytest.mark.parametrize("peer", NAMED_PEOPLE)
def test_who_goes_home_is_a_matter_of_the_roster(peer):
    """Minute 10 sends person 1 home. Person 0 is on the phone until 12 and then takes the caller of minute 11; nobody
    else is there, although person 1 was idle from 6 on. At 30 person 1 comes back."""
    workload = few(
        [(0.0, 10.0, 2), (10.0, 30.0, 1), (30.0, 50.0, 2)],
        (1.0, 4.0, FOREVER, 0),  # person 0 until 5
        (2.0, 4.0, FOREVER, 0),  # person 1 until 6
        (7.0, 5.0, FOREVER, 0),  # person 0, idle longest, until 12
        (11.0, 20.0, FOREVER, 0),  # waits for person 0, until 32
        (13.0, 1.0, FOREVER, 0),  # waits for person 1 to come back
    )
    waits, _ = PEERS[peer].run(workload)
    assert waits.tolist() == [0.0, 0.0, 0.0, 1.0, 17.0]


@pytest.mark.parametrize("peer", NAMED_PEOPLE)
def test_cutting_a_row_of_the_roster_in_two_changes_nothing(peer):
    whole = traffic("one long row", [(0.0, 400.0, 3)], seed=401, rate=3.0, customers=1000, patience=5.0)
    waits, fates = outcome(peer, whole)
    cut_waits, cut_fates = outcome(peer, cut_in_two(whole, at=200.0))
    np.testing.assert_array_equal(cut_fates, fates)
    np.testing.assert_array_equal(cut_waits, waits)


def test_ciw_replaces_the_whole_crew():
    """Two people are rostered throughout, once in one row and once in two. Both are on the phone when the row changes.

    In Ciw the two callers of minutes 61 and 62 are answered at once: four people talk, two of them nowhere on the
    roster. So it matters to Ciw how a roster is written, and every full hour of an hourly roster would bring free
    people. Here, as on a real floor, the two who are there are the two who stay, and the callers wait for them.
    """
    callers = [(58.0, 10.0, FOREVER, 0), (59.0, 10.0, FOREVER, 0), (61.0, 5.0, FOREVER, 0), (62.0, 5.0, FOREVER, 0)]
    whole = few([(0.0, 120.0, 2)], *callers)
    services = np.array([caller[1] for caller in callers])

    def at_work(waits: np.ndarray, minute: float) -> int:
        begun = whole.arrivals + waits
        return int(((begun <= minute) & (minute < begun + services)).sum())

    expected = [0.0, 0.0, 7.0, 7.0]
    in_one_row, _ = ciw_peer.run(whole)
    assert in_one_row.tolist() == expected
    assert at_work(in_one_row, 62.5) == 2

    schedule = ciw_peer.ciw.Schedule(numbers_of_servers=[2, 2, 0], shift_end_dates=[60.0, 120.0, LONG_CREW])
    in_two_rows, _ = ciw_peer.run(whole, schedule)
    assert in_two_rows.tolist() == [0.0, 0.0, 0.0, 0.0]
    assert at_work(in_two_rows, 62.5) == 4

    for peer in NAMED_PEOPLE:
        assert PEERS[peer].run(cut_in_two(whole, at=60.0))[0].tolist() == expected


@by_name
def test_no_two_things_happen_at_once(workload):
    """An engine may break a tie as it likes, so there is none: arrivals, ends of calls, giving up, changes of crew."""
    waits, fates = outcome("reference loop", workload)
    until = workload.arrivals + waits
    answered = fates == "answered"
    ends = until[answered] + workload.services[answered]
    changes = [time for time, _ in workload.headcounts()]
    # Those who waited begin at somebody's end of call or with a crew, which is no tie of its own.
    instants = np.concatenate([workload.arrivals, ends, until[fates == "abandoned"], changes])
    assert len(np.unique(instants)) == len(instants)


@by_name
def test_a_case_shows_what_it_is_named_for(workload):
    """Otherwise agreement would mean little: people wait, give up, and are overtaken where the case says so."""
    waits, fates = outcome("reference loop", workload)
    needed = SOME_SHARE * len(workload)
    assert (waits > 0.0).sum() >= needed
    abandoned = (fates == "abandoned").sum()
    if "give up" in workload.name:
        assert abandoned >= needed
    elif np.isinf(workload.patience).all():
        assert abandoned == 0
    begun = (workload.arrivals + waits)[fates == "answered"]
    overtaken = (np.diff(begun) < 0.0).sum()
    if workload.priority.any():
        assert overtaken >= needed
    else:
        assert overtaken == 0


@pytest.mark.parametrize("workload", [*shifts_with_gaps(), *changing_crews()], ids=lambda workload: workload.name)
def test_somebody_is_on_the_phone_when_the_crew_shrinks(workload):
    """More people talk than are rostered: they finish the calls in hand."""
    waits, fates = outcome("reference loop", workload)
    begun = (workload.arrivals + waits)[fates == "answered"]
    ends = begun + workload.services[fates == "answered"]
    overtime = [int(((begun < time) & (ends > time)).sum()) - heads for time, heads in workload.headcounts()]
    assert max(overtime) > 0
