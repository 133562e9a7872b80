"""The records of who works when: stretches of duty, shifts, people on call, what a desk plans anew, what costs more.

As in records.py, which has all other tables: minutes since the start of the disruption; row -1 is nobody.
"""

from __future__ import annotations

from .memory import record

# fmt: off
duty_periods = record(
    start="f8", end="f8", break_minutes="f8", staff="i4", day="i4", shift="i4", number="i4", last="i1",
)
"""A stretch of duty between breaks, sorted by start; `break_minutes` is the length of the break after it, `last`
marks the end of the person's day. `shift` is the row of `shift_instances` (-1: none), `number` the person's within it.
Without times (NEVER): nobody comes.
"""

reserves = record(
    posts="f8", calls="f8", waiting="f8", wait="f8", again_below="f8", delay="f8", length="f8", standby="f8",
    rest_until="f8", first="i8", heads="i8", rounds="i8", called="i8", operator="i4", desk="i4", quiet="i1",
)
"""People on call: `heads` of them, who come `delay` after the posts or the calls a minute, those waiting or the longest
wait were above what is agreed (NEVER: no such signal), for `length` minutes. `quiet`: they may be called again, because
since the last call all signals were at most the share `again_below` of that (NEVER: that is not asked for). `standby`:
of the hourly cost, what it costs to have them on call.

Their duty is in rows of `duty_periods` from `first` on, one round of calling after the other, without times until
they are called.
"""

shift_instances = record(
    start="f8", end="f8", paid="f8", premium="f8", wanted="f8", plan="i8", heads="i8", most="i8", first="i4", day="i4",
    replanned="i1",
)
"""One shift of one day: `heads` people, rows of `staff` from `first` on, `paid` minutes each, and on top of these what
`premium` minutes cost. `replanned`: how many people come is decided on the day before (at most `most` of them, by what
is `wanted`), and until then `heads` are those of the `plan`.
"""

replans = record(
    time="f8", fewest="f8", most="f8", weight="f8", desk="i4", first_shift="i4", last_shift="i4", begin="i4", end="i4",
)
"""Each time that a desk plans tomorrow anew: the shifts from `first_shift` to before `last_shift`, of those from
`begin` to before `end` that the desk has in all; `fewest` and `most` people as multiples of the plan.
"""

hourly_work = record(minutes="f8", hour="i8")
"""Work that first contacts of a day brought to a desk in an hour of the run (-1: none yet): row
desk * SLOTS + hour % SLOTS, as replanning.py has it.
"""

premium_periods = record(start="f8", end="f8", share="f8", desk="i4")
"""When people of a desk are paid `share` of their cost on top, by the clock where the desk is."""
# fmt: on
