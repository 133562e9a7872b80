"""What must hold of people at work in every run: on one thing at a time, within roster, overtime and call."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np

from caresim.model.codes import NEVER, EndOfDuty, Kind
from caresim.model.media import Medium
from caresim.scenario.roster import build, in_whole_people
from tests.support.properties.claims import holds, none
from tests.support.properties.diary import Diary

ROUNDING = 1e-9
"""Minutes: sums of a few times near 1e4, which doubles hold to 2e-12 each."""


def nobody_works_on_two_things(diary: Diary) -> None:
    apart([(t.staff, t.since, t.until) for t in diary.touches], "person", "works on two contacts")


def nobody_is_served_by_two(diary: Diary) -> None:
    apart([(t.contact, t.since, t.until) for t in diary.touches], "contact", "is served by two people")


def apart(spans: list[tuple[int, float, float]], whose: str, what: str) -> None:
    """The spans of each owner do not overlap (one may begin as the other ends)."""
    by_owner = defaultdict(list)
    for owner, since, until in spans:
        by_owner[owner].append((since, NEVER if math.isnan(until) else until))
    for owner, times in by_owner.items():
        times.sort()
        for (_, until), (since, _) in pairwise(times):
            holds(until <= since, f"{whose} {owner} {what} at {since:g}: until {until:g} already")


def only_who_waits_is_taken(diary: Diary) -> None:
    """Each touch begins with a contact from a queue or, in a conversation, from the person's own inbox."""
    for touch in diary.touches:
        holds(
            touch.source in ("queue", "inbox"),
            f"person {touch.staff} took contact {touch.contact} at {touch.since:g}, which was {touch.source}",
        )


def contacts_are_begun_on_duty(diary: Diary) -> None:
    """A new one only on duty, no break, no evening; a conversation of one's own also in overtime, not on a break."""
    for touch in diary.touches:
        overtime = touch.source == "inbox" and touch.since < touch.overtime_end < NEVER
        holds(
            touch.on_duty or overtime,
            f"person {touch.staff} took contact {touch.contact} from the {touch.source} at {touch.since:g}, off duty"
            f" (stays until {touch.overtime_end:g})",
        )


def nobody_works_beyond_overtime(diary: Diary) -> None:
    """Past the end of the day plus the overtime drawn, only a call or a visit is brought to its end, or, where the
    desk's rule is to finish, whatever was in hand; no conversation waits for somebody who has gone home.
    """
    none(diary.kept, "somebody whose overtime is used up keeps a conversation")
    world = diary.run.world
    for touch in diary.touches:
        rule = world.desks["end_of_duty"][world.staff["desk"][touch.staff]]
        if rule == EndOfDuty.FINISH or world.contacts["synchronous"][touch.contact]:
            continue
        until = float(world.clock[0].now) if math.isnan(touch.until) else touch.until
        holds(
            until <= touch.limit,
            f"person {touch.staff} wrote from {touch.since:g} to {until:g}, and overtime ended at {touch.limit:g}",
        )


def duty_is_that_of_the_roster(diary: Diary) -> None:
    """On duty within one's stretches only, each to its end, and after a break in full: unless the next stretch is all
    but over (it is then begun a minute before its end, by design).
    """
    world = diary.run.world
    for duty in diary.duties:
        shift = world.duty_periods[duty.shift]
        start, end = float(shift["start"]), float(shift["end"])
        until = duty.until if duty.until == duty.until else min(end, float(world.clock[0].now))
        holds(start <= duty.since <= end and until <= end, f"person {duty.staff} is on duty outside {start:g}-{end:g}")
        holds(
            duty.until != duty.until or duty.until == end, f"person {duty.staff} leaves at {duty.until:g} not {end:g}"
        )
        holds(
            duty.rested >= duty.owed - ROUNDING or duty.since >= end - 1.0 - ROUNDING,
            f"person {duty.staff} rested {duty.rested:g} of {duty.owed:g} minutes before {duty.since:g}",
        )
    apart([(duty.staff, duty.since, duty.until) for duty in diary.duties], "person", "is on duty twice")


def never_more_at_work_than_rostered(diary: Diary) -> None:
    """People on duty at a desk, at every moment, against the heads of the turns that the configuration plans."""
    run = diary.run
    for d, roster in enumerate(build(run.experiment, run.staffing)):
        planned = [(shift.start, shift.end, int(shift.heads)) for shift in in_whole_people(roster)]
        if run.world.desks["replans"][d]:
            shifts = [s for s in run.world.shift_instances if run.world.staff["desk"][s["first"]] == d]
            planned = [(float(s["start"]), float(s["end"]), int(s["heads"])) for s in shifts]
        planned += [call for reserve in run.world.reserves if reserve["desk"] == d for call in calls(diary, reserve)]
        duties = [duty for duty in diary.duties if run.world.staff["desk"][duty.staff] == d]
        for moment in sorted({duty.since for duty in duties}):
            there = sum(duty.since <= moment and not duty.until <= moment for duty in duties)
            most = sum(n for start, end, n in planned if start <= moment < end)
            holds(there <= most, f"desk {d} has {there} people on duty at {moment:g}, and {most} rostered")


def calls(diary: Diary, reserve: np.record) -> list[tuple[float, float, int]]:
    """When those on call are at work: (from, to, heads), by what is known of their agreement, the posts and the desk.

    At the end of a bin with more of anything than agreed they are called, unless they are on their way or at work, or
    nobody could come to them when they are there, or all of it has not been down to a share of that since the last
    call, where the agreement asks for it.
    """
    world = diary.run.world
    found: list[tuple[float, float, int]] = []
    bin_ = float(world.clock[0].bin)
    again, quiet = float(reserve["again_below"]), True
    agreed = [float(reserve["posts"]) * bin_, float(reserve["calls"]) * bin_, float(reserve["waiting"])]
    agreed.append(float(reserve["wait"]))
    posts, signals = diary.posts[int(reserve["operator"])], diary.signals[int(reserve["desk"])]
    for (time, posted), (_, *at_the_desk) in zip(posts, signals, strict=True):
        seen = posted, *at_the_desk
        quiet = quiet or not any(signal > part(again, most) for signal, most in zip(seen, agreed, strict=True))
        above = any(signal > most for signal, most in zip(seen, agreed, strict=True))
        comes = time + float(reserve["delay"])
        waited_for = quiet and len(found) < reserve["rounds"] and (not found or time >= found[-1][1])
        if above and waited_for and reached_at(diary, int(reserve["desk"]), comes):
            quiet = again == NEVER
            found.append((comes, comes + float(reserve["length"]), int(reserve["heads"])))
    return found


def reached_at(diary: Diary, desk: int, time: float) -> bool:
    """May anything come to a desk at that time: in writing, or by an open line or door, its own or one that leads to
    it?
    """
    world = diary.run.world
    leads, before = {desk}, set()
    while leads != before:
        before = set(leads)
        leads |= {d for d in range(len(world.desks)) if int(world.desks["overflows_to"][d]) in leads}
    leads |= {d for d in range(len(world.desks)) if int(world.desks["escalates_to"][d]) == desk}
    channels = [k for k in range(len(world.channels)) if int(world.channels["desk"][k]) in leads]
    in_writing = any(Medium(int(world.channels["medium"][k])).row.written for k in channels)
    return in_writing or any(o["start"] <= time < o["end"] and o["channel"] in channels for o in world.openings)


def part(share: float, most: float) -> float:
    """A share of what is agreed; what is not agreed is never reached."""
    return NEVER if NEVER in (share, most) else share * most


def those_on_call_come_when_called(diary: Diary) -> None:
    """All of them if none can be absent, at the times agreed and at no others, and paid for the window's part of it."""
    world = diary.run.world
    now = float(world.clock[0].now)
    for reserve in world.reserves:
        planned = [call for call in calls(diary, reserve) if call[0] <= now]
        rows = range(int(reserve["first"]), int(reserve["first"] + reserve["heads"] * reserve["rounds"]))
        came = Counter(duty.since for duty in diary.duties if duty.shift in rows)
        holds(set(came) <= {since for since, _, _ in planned}, f"on call and there at {sorted(came)}, called {planned}")
        if not world.desk_traits["absence"][reserve["desk"]]:
            due = {since: heads for since, _, heads in planned if since < now}
            there = {since: heads for since, heads in came.items() if since < now}
            holds(due == there, f"called {due} and came {there}")


def minutes_of_work_are_those_worked(diary: Diary) -> None:
    """A person's busy minutes and contacts in the table: those of the touches seen, one in hand counted to its end."""
    staff = diary.run.world.staff
    minutes, count = defaultdict(list), Counter()
    for touch in diary.touches:
        until = float(staff["due"][touch.staff]) if touch.until != touch.until else touch.until
        minutes[touch.staff].append(until - touch.since)
        count[touch.staff] += 1
    for s in np.flatnonzero(staff["kind"] != Kind.ASSISTANT):
        worked = math.fsum(minutes[s])
        holds(
            math.isclose(staff["busy_minutes"][s], worked, rel_tol=1e-9, abs_tol=1e-6),
            f"person {s} is busy {staff['busy_minutes'][s]!r} minutes, and worked {worked!r}",
        )
        holds(staff["contacts"][s] == count[s], f"person {s} has {staff['contacts'][s]} contacts, took {count[s]}")


ALL = (
    only_who_waits_is_taken, nobody_works_on_two_things, nobody_is_served_by_two, contacts_are_begun_on_duty,
    nobody_works_beyond_overtime, duty_is_that_of_the_roster, never_more_at_work_than_rostered,
    minutes_of_work_are_those_worked, those_on_call_come_when_called,
)  # fmt: skip
