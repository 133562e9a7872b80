"""What must hold in every run, whatever the numbers: each function raises an AssertionError with a sentence.

They compare the tables that the model leaves behind with what an onlooker saw of the same run (diary.py, onlooker.py).
Times are minutes, and compared exactly unless a tolerance is named.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np

from caresim.model.codes import LAWS, NOBODY, Callback, Outcome, State, Status
from caresim.model.events import Event
from caresim.model.media import Medium
from caresim.scenario.run import Run
from tests.support.properties import work
from tests.support.properties.claims import holds, none
from tests.support.properties.diary import Diary

OVER = (Status.RESOLVED, Status.MISSED, Status.GAVE_UP, Status.NO_NEED)
ROWS = (
    "contacts", "passengers", "cases", "staff", "ticks", "desk_ticks", "flights", "operators", "channels", "desks",
)  # fmt: skip


def arrived(run: Run) -> np.ndarray:
    """Rows of the contacts that took place."""
    table = run.world.contacts[: run.world.clock[0].contacts]
    return np.flatnonzero(table["arrival"] <= run.world.clock[0].now)


# --- the agenda -----------------------------------------------------------------------------------------------------


def the_clock_never_goes_backwards(diary: Diary) -> None:
    times = [happening.time for happening in diary.happenings]
    for before, after in pairwise(times):
        holds(after >= before, f"the clock went back from {before!r} to {after!r}")


def events_come_in_their_order(diary: Diary) -> None:
    """Whatever comes off the agenda is the least (time, kind, subject) on it."""
    for happening in diary.happenings:
        this = happening.time, happening.kind, happening.subject
        holds(
            happening.next is None or this <= happening.next,
            f"{told(this)} came before {told(happening.next or this)}",
        )


def told(event: tuple[float, int, int]) -> str:
    return f"{Event(event[1]).name} of {event[2]} at {event[0]!r}"


# --- contacts -------------------------------------------------------------------------------------------------------


def every_contact_ends_as_it_was_seen_to(diary: Diary) -> None:
    """The outcome of each contact in the table is the one that followed from the events."""
    table = diary.run.world.contacts
    for c in diary.arrivals:
        said, seen = Outcome(table["outcome"][c]).name, diary.fates.get(c, "WAITING")
        holds(said == seen, f"contact {c} ends {said} in the table, and was seen to end {seen}")


def arrivals_are_the_sum_of_the_fates(diary: Diary) -> None:
    """Arrivals counted as contacts come, by medium; fates by what then befell them; the table must tell the same."""
    world = diary.run.world
    media, outcomes = world.contacts["medium"], world.contacts["outcome"]
    seen = Counter((int(media[c]), diary.fates.get(c, "WAITING")) for c in diary.arrivals)
    in_table = arrived(diary.run)
    in_table = [c for c in in_table if c in diary.arrivals or world.contacts["passenger"][c] != NOBODY]
    said = Counter((int(media[c]), Outcome(outcomes[c]).name) for c in in_table)
    holds(said == seen, f"(medium, outcome) in the table and as seen differ by {said - seen} and {seen - said}")


def arrivals_are_counted_when_they_come(diary: Diary) -> None:
    """Calls, visits, messages and visits of the website by bin are the arrivals in it."""
    world = diary.run.world
    ticks = world.ticks[: world.clock[0].ticks]
    last = float(ticks["time"][-1])  # what arrives at the very end, after the last bin was closed, is in no bin
    for medium in Medium:
        times = [time for c, time in diary.arrivals.items() if world.contacts["medium"][c] == medium]
        said, seen = int(ticks["arrivals"][:, medium].sum()), sum(time < last for time in times)
        holds(seen <= said <= len(times), f"{medium.word}: {said} in the timeline, {seen} came")


def times_of_a_contact_are_in_order(diary: Diary) -> None:
    """Nobody is answered before arriving, and the times in the table are those of the events."""
    table = diary.run.world.contacts
    for c, arrival in diary.arrivals.items():
        reply, closed = float(table["reply"][c]), float(table["closed"][c])
        holds(table["arrival"][c] == arrival, f"contact {c} came at {arrival!r}, not {table['arrival'][c]!r}")
        if table["medium"][c] != Medium.WEB:
            seen = diary.replies.get(c, math.nan)
            same = reply == seen or (math.isnan(reply) and math.isnan(seen))
            holds(same, f"contact {c}: reply {reply}, seen {seen}")
        for name, time in (("replied to", reply), ("closed", closed)):
            holds(not time < arrival, f"contact {c} is {name} at {time!r} and came at {arrival!r}")


def outcomes_fit_their_times(run: Run) -> None:
    """What the table says of a contact agrees with itself."""
    table = run.world.contacts[arrived(run)]
    table = table[table["passenger"] != NOBODY]
    replied, closed = ~np.isnan(table["reply"]), ~np.isnan(table["closed"])
    outcome, web = table["outcome"], table["medium"] == Medium.WEB
    need_reply = np.isin(outcome, [Outcome.TOO_LATE, Outcome.ANSWERED]) & ~web
    holds(replied[need_reply].all(), "a contact counts as answered and has no reply")
    no_reply = np.isin(outcome, [Outcome.BLOCKED, Outcome.NEVER_ANSWERED, Outcome.WAITING])
    holds(not replied[no_reply].any(), "a contact counts as blocked, never answered or waiting and has a reply")
    ended = np.isin(outcome, [Outcome.ABANDONED, Outcome.BLOCKED, Outcome.DROPPED])
    holds((table["state"][ended] == State.CLOSED).all(), "an abandoned, blocked or dropped contact is open")
    holds((closed == (table["state"] == State.CLOSED)).all(), "contacts have a time of closing, closed or not")
    live = table["synchronous"] != 0
    holds(not np.isin(outcome[live], [Outcome.NEVER_ANSWERED, Outcome.TOO_LATE]).any(), "a caller fell silent")
    holds(np.isin(outcome[~live], [Outcome.BLOCKED]).sum() == 0, "something written got a busy tone")


def messages_are_answered_or_given_up_or_reach_nobody(diary: Diary) -> None:
    """What was left with an assistant by somebody on the phone is over in one of three ways, or still waits."""
    table = diary.run.world.contacts[arrived(diary.run)]
    table = table[table["callback"] != Callback.NONE]
    holds((table["medium"] == Medium.PHONE).all(), "somebody is called back who did not call")
    over = table[table["state"] == State.CLOSED]
    callback, outcome = over["callback"], over["outcome"]
    returned = callback == Callback.RETURNED
    good = np.isin(outcome, [Outcome.ANSWERED, Outcome.DROPPED])
    good |= (outcome == Outcome.ABANDONED) & (over["transferred"] != 0)  # handed over, and hung up in the next queue
    holds(good[returned].all(), "a call was returned, and not answered")
    others = over[(callback == Callback.NOT_REACHED) | (callback == Callback.MESSAGE)]
    holds((others["outcome"] == Outcome.ABANDONED).all(), "a message ended neither as answered nor as given up")
    holds(np.isnan(others["reply"]).all(), "somebody was not reached, and has a reply")


def nobody_acts_out_of_turn(diary: Diary) -> None:
    """Contacts are opened, asked about, given up, taken and answered only in a state that allows it; the customer of
    each still seeks and cares, and has no other contact open.
    """
    none(diary.strays, "somebody did what they were in no position to do")


def a_later_matter_follows_the_first(diary: Diary) -> None:
    """It arises in time, at the same person, as angry as they were; and not where the first was settled by then."""
    world = diary.run.world
    passengers, cohorts = world.passengers, list(diary.run.experiment.population.cohorts.values())
    changes = defaultdict(list)
    for time, i, _, after in diary.statuses:
        changes[i].append((time, after))
    for i in np.flatnonzero(passengers["leader"] != NOBODY):
        first, affected = int(passengers["leader"][i]), float(passengers["affected"][i])
        holds(passengers["leader"][first] == NOBODY, f"the first matter of passenger {i} follows another")
        holds(affected >= passengers["deadline"][first], f"passenger {i} has a later matter before its time")
        if affected > world.clock[0].now:
            continue
        settled = any(time < affected and after == Status.RESOLVED for time, after in changes[first])
        arises = not settled or cohorts[passengers["cohort"][i]].onset.regardless
        holds(bool(changes[i]) == arises, f"passenger {i} {'has' if changes[i] else 'lacks'} a later matter")


def who_has_done_with_it_stays_so(diary: Diary) -> None:
    """Unaware, then seeking or without need, then resolved, too late or given up for good."""
    allowed = {Status.UNAWARE: (Status.SEEKING, Status.NO_NEED), Status.SEEKING: OVER[:3]}
    for time, i, before, after in diary.statuses:
        holds(
            after in allowed.get(before, ()),
            f"passenger {i} went from {Status(before).name} to {Status(after).name} at {time:g}",
        )


# --- queues and lines -----------------------------------------------------------------------------------------------


def whose_turn_it_is_comes_next(diary: Diary) -> None:
    """By the desk's routing rule: first come, first served, or another; equal ranks in the order of arrival."""
    none(diary.jumps, "somebody was taken before another whose turn it was")


def little_holds(diary: Diary) -> None:
    """Integral of the number waiting (the desk's own counters) = sum of the waits (seen), for each desk: to 1e-6, the
    rounding of a sum of 1e4 terms with a wide margin.
    """
    for d, area in enumerate(diary.area):
        waits = math.fsum(stay.until - stay.since for stay in diary.stays if stay.desk == d)
        holds(
            math.isclose(area, waits, rel_tol=1e-6, abs_tol=1e-6),
            f"desk {d}: number waiting integrates to {area!r} minutes, waits sum to {waits!r}",
        )


def lines_suffice(diary: Diary) -> None:
    """Never more callers on a channel, waiting and talking, than it has lines."""
    none(diary.crowded, "lines in use are not those counted")
    channels = diary.run.world.channels
    holds((channels["occupied"] <= channels["trunks"]).all(), "more lines in use than there are")


def levels_are_those_counted(diary: Diary) -> None:
    """Waiting, on duty, busy, backlog and unresolved at the end of every bin, as the onlooker counted them."""
    world = diary.run.world
    count = int(world.clock[0].ticks)
    holds(count == len(diary.levels), f"{count} bins, and {len(diary.levels)} seen")
    by_desk = world.desk_ticks[: count * len(world.desks)].reshape(count, len(world.desks))
    for k, level in enumerate(diary.levels):
        for name in ("waiting_synchronous", "waiting_deferred", "on_duty", "busy"):
            said, seen = by_desk[name][k].tolist(), getattr(level, name)
            holds(said == seen, f"{name} at the end of bin {k}: {said} by desk, and {seen} seen")
        said = world.ticks["backlog"][k].tolist()
        holds(said == level.backlog, f"backlog by medium at the end of bin {k}: {said}, and {level.backlog} seen")
        said = int(world.ticks["unresolved"][k])
        holds(said == level.unresolved, f"unresolved at the end of bin {k}: {said}, and {level.unresolved} seen")


def counters_return_to_zero(diary: Diary) -> None:
    """What the counters say at the end is what is left; so they are zero when nothing is."""
    world, left = diary.run.world, diary.left_over
    said = {
        "waiting": int(world.desks["waiting_synchronous"].sum() + world.desks["waiting_deferred"].sum()),
        "in hand": int(world.desks["busy"].sum()),
        "on the line": int(world.channels["occupied"].sum()),
        "on duty": int(world.desks["on_duty"].sum()),
        "open": int((world.passengers["open"] != NOBODY).sum()),
    }
    holds(said == left, f"counters at the end say {said}, left are {left}")
    backlog = int(world.channels["waiting"].sum())
    holds(backlog == left["waiting"], f"channels count {backlog} waiting at the end, desks {left['waiting']}")


# --- seats ----------------------------------------------------------------------------------------------------------


def no_seat_is_made_or_lost(diary: Diary) -> None:
    """Free, booked and taken seats add up to the capacity at every moment, none below zero."""
    capacity = diary.run.world.flights["capacity"].tolist()
    for time, *seats in diary.seats:
        for f, (free, booked, taken) in enumerate(zip(*seats, strict=True)):
            holds(min(free, booked, taken) >= 0, f"flight {f} at {time:g}: {free} free, {booked} booked, {taken} taken")
            total = free + booked + taken
            holds(total == capacity[f], f"flight {f} at {time:g} has {total} seats of {capacity[f]}")


def seats_are_given_once_and_in_time(diary: Diary) -> None:
    """One flight a party, of an operator of its own, not the one it is booked on, before departure (standing by at the
    gate included) and before its deadline; as many seats as the party has heads.
    """
    world = diary.run.world
    flights, passengers = world.flights, world.passengers
    resolved = {i: time for time, i, _, after in diary.statuses if after == Status.RESOLVED}
    taken = [0] * len(flights)
    for grant in diary.grants:
        i, f = grant.passenger, grant.flight
        holds(f != NOBODY, f"passenger {i} lost a seat at {grant.time:g}")
        departure = float(flights["departure"][f])
        at_the_gate = flights["check_in"][f] == departure == grant.time  # check-in closes as the flight leaves
        holds(
            grant.time < departure or at_the_gate,
            f"passenger {i} got a seat at {grant.time:g} on a flight gone at {departure:g}",
        )
        holds(departure <= passengers["deadline"][i], f"flight {f} leaves passenger {i} past the deadline")
        holds(resolved.get(i, -1.0) >= grant.time, f"passenger {i} has a seat and is not resolved")
        taken[f] += int(passengers["party"][i])
    counts = Counter(grant.passenger for grant in diary.grants)
    holds(max(counts.values(), default=1) == 1, f"somebody got seats twice: {counts.most_common(1)}")
    holds(flights["taken"].tolist() == taken, f"taken are {flights['taken'].tolist()}, given were {taken}")


# --- moods ----------------------------------------------------------------------------------------------------------


def anger_and_satisfaction_are_within_bounds(diary: Diary) -> None:
    world = diary.run.world
    for time, least, most in diary.angers:
        holds(least >= 0.0 and most <= 1.0, f"anger lies between {least!r} and {most!r} at {time:g}")
    for table, column in ((world.passengers, "anger"), (world.cases, "anger_peak"), (world.cases, "anger_end")):
        holds(((table[column] >= 0) & (table[column] <= 1)).all(), f"{column} lies outside 0 to 1")
    for law in LAWS:
        rated = world.cases[law]
        rated = rated[~np.isnan(rated)]
        holds(((rated > 1) & (rated < 5)).all(), f"satisfaction by the {law} law lies outside 1 to 5")


def same_tables(first: Run, second: Run, what: str) -> None:
    """Every column of every row table, bit for bit."""
    for name in ROWS:
        one, two = (getattr(run.world, name) for run in (first, second))
        if name == "contacts":
            one, two = (table[: run.world.clock[0].contacts] for table, run in ((one, first), (two, second)))
        for column in one.dtype.names:
            same = np.ascontiguousarray(one[column]).tobytes() == np.ascontiguousarray(two[column]).tobytes()
            holds(same, f"{what}: {name}.{column} differs")


ALL = (
    *work.ALL, messages_are_answered_or_given_up_or_reach_nobody,
    the_clock_never_goes_backwards, events_come_in_their_order, nobody_acts_out_of_turn,
    every_contact_ends_as_it_was_seen_to, arrivals_are_the_sum_of_the_fates, arrivals_are_counted_when_they_come,
    times_of_a_contact_are_in_order, who_has_done_with_it_stays_so, whose_turn_it_is_comes_next, little_holds,
    lines_suffice, levels_are_those_counted, counters_return_to_zero, no_seat_is_made_or_lost,
    seats_are_given_once_and_in_time, a_later_matter_follows_the_first, anger_and_satisfaction_are_within_bounds,
)  # fmt: skip


def check(diary: Diary) -> None:
    """All of them."""
    outcomes_fit_their_times(diary.run)
    for invariant in ALL:
        invariant(diary)
