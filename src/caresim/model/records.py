"""The state of the world: one NumPy record an agent, one table a kind of agent.

Minutes since the start of the disruption unless a name says otherwise. Arithmetic fields are f8 or i8 (narrow integers
wrap in Python and widen in compiled code); narrow ones are only compared, counted up and used as rows. Row -1 is
nobody.
"""

from __future__ import annotations

import numpy as np

from . import duty_records
from .behaviour import FIELDS, OF_MEDIUM
from .media import Medium
from .memory import record, room
from .needs import Need

MEDIA, NEEDS = len(Medium), len(Need)
KINDS = 8
"""Kinds of questions at most; the number beyond stands for a question of any kind."""


# fmt: off
clock = record(
    now="f8", origin="f8", end="f8", window="f8", bin="f8", luck="u8", pending="i8", head="i8", tail="i8",
    next_affected="i8", next_spontaneous="i8", bucket="i8", laps="i8", width="f8", edge="f8", spare="i8",
    far_rows="i8", far_pending="i8", events="i8", contacts="i8", contact_rows="i8", contact_end="i8",
    free_contact="i8", oldest_contact="i8", first_past="i8", ticks="i8", medium_experiences="i8",
    open_passengers="i8", passenger_end="i8", free_passenger="i8", oldest_passenger="i8", first_past_passenger="i8",
    next_arrival="i8", arrivals="i8", certain_until="f8",
)
"""The one clock: time, the agenda's book-keeping, how many rows are in use.

`contacts`: how many there have been. `contact_rows` of their table are in use, all before `contact_end`; those given
back (finished.py) are a list that begins with `free_contact` (-1: there are none). `oldest_contact`: the smallest
number whose contact was open at the last sweep. `first_past`: the number of the first row of `past_contacts`.

`next_affected`: how many passengers have been reached. Where their rows are used again (arrivals.py), the same of them:
`open_passengers` rows are in use, all before `passenger_end`, and `first_past_passenger` is the number of the first row
of `past_passengers`. `arrivals` rows of that table are filled, the next is `next_arrival`; nobody who is not drawn yet
comes before `certain_until`.
"""

behaviour = record(**FIELDS)
"""The numbers of the laws, one row: behaviour.py says what each means."""

operators = record(
    knows="i8", issued="i8", allowing=f"{NEEDS}i8", things="i8", mood="f8", mood_at="f8", unresolved="i8",
    posts_since_tick="i8", first_waiting="i4", last_waiting="i4", feed_channel="i4", first_free="i8",
    cancelled_return="f8", rooms="i8", seat_rule="i1", wave_over="i1",
)
"""`things` is the number of bits of `knows`; `first_waiting` and `last_waiting` are the ends of the waitlist;
`feed_channel` is where bystanders post; no flight before `first_free` has seats. `rooms` are left (-1: there is always
one). `wave_over`: what bystanders demanded has been granted. `issued`: its instructions that have been, as bits;
`allowing`: those that allow to meet each need.
"""

facts = record(
    time="f8", key="u8", corrects="i8", corrected_at="f8", passes_on="i8", delay="f8", operator="i4", feed="i4",
    wrong="i1",
)
"""`time` NEVER: the operator only comes to know it by a notice that says it, or by being told. `corrects`: the facts
that are no longer so once this one is known, as bits; `corrected_at`: when the operator first knows one that corrects
it (NEVER: none).
`passes_on`: the facts that others come to know by this one, as bits; of these `delay`: how much later, in minutes.
`wrong`: it was never true. `feed`: the notice that stands for its being passed on (-1: none).
"""

questions = record(about="i8")
"""The facts that answer questions of a kind, as bits; the last row is a question of any kind."""

answers = record(share="f8")
"""Share of the questions of a kind that a fact answers: row fact * KINDS + kind."""

notices = record(
    time="f8", operator="i4", key="u8", languages="i8", says="i8", clarity="f8", meets=f"{NEEDS}f8",
    prompts="f8", every="f8", until="f8", cursor="i8", published="i1", ends_wave="i1",
    public="i1", fed="i1",
)
"""`says`: the facts that it tells, as bits; `clarity`: what it answers, as a share of what a person would. It is
repeated `every` so many minutes (0: said once) `until` then. `public`: everybody may pass it on. `fed`: nobody
published it, it is a fact that is passed on from the `time` it was first told in public (NEVER: not yet).
"""
reaches = record(share="f8", delay="f8")
"""Share of a cohort that a notice reaches, and the mean minutes until it is read: row notice * cohorts + cohort."""

instructions = record(key="u8", says="i8", misunderstood="f8")
"""What gives desks a power from a moment on. `says`: the facts that are known by it, as bits; `misunderstood`: the
share of the people who do so.
"""
orders = record(time="f8", delay="f8", instruction="i4", desk="i4", operator="i4")
"""What an instruction tells one desk, a mean `delay` after it is issued; -1: the machines of the operator, at once."""

flights = record(
    departure="f8", check_in="f8", operator="i4", capacity="i8", booked="i8", free="i8", taken="i8", no_show="f8",
    key="u8", arrival="f8", origin="i1", destination="i1", departed="i1", cancelled="i1",
)
"""`origin` and `destination` are rows of `places`. `cancelled`: it does not fly; passengers are booked on it, and
nobody can be given a seat.
"""

places = record(key="u8")
"""Where flights leave or arrive."""

travels = record(before="f8", begins="f8", after="f8", ends="f8")
"""Row cohort * places + place: shares of the cohort whose journey may begin there (`begins`) or end there (`ends`), and
the minutes `before`, to get there, and `after`, from there.
"""

channels = record(
    trunks="i8", occupied="i8", waiting="i8", expected_wait="f8", prompt_until="f8", late_from="f8",
    patience=f"{NEEDS}f8", solves=f"{NEEDS}f8", visit="f8", opens_at="f8", languages="i8", offered="i8", operator="i4",
    desk="i4", assistant="i4", medium="i1", is_open="i1", key="u8", queue="i4", **dict.fromkeys(OF_MEDIUM, "f8"),
)
"""`desk` is -1 for web self-service and for an account that nobody answers. `opens_at`: when a phone or counter that is
closed opens next (NEVER: not again in this run). `queue` is the root of the channel's own queue, which it has at a desk
whose contacts wait `by_channel`. `languages` are those in which it is answered here, `offered` those that its operator
names, whoever answers.
"""

openings = record(start="f8", end="f8", channel="i4")

outages = record(start="f8", end="f8")
"""When the assistant fails."""

own_rules = record(address="i8", failed_at="i8")
"""Where the code of each routing rule of a user is, by its number beyond those of caresim; `failed_at`: the desk at
which it failed, counted from 1 (0: nowhere).
"""

desks = record(
    handle=f"{MEDIA * NEEDS}f8", overtime_low="f8", overtime_mode="f8", overtime_high="f8", promise="f8",
    promise_kept="f8", promise_delay="f8", news_promise="f8", news_within="f8", expires="f8", head_start="f8",
    overflow_after="f8", synchronous_queue="i4", deferred_queue="i4", free_head="i4", free_tail="i4",
    escalates_to="i4", overflows_to="i4", operator="i4", rostered="i8", on_duty="i8", busy="i8",
    calls_since_tick="i8", waiting_synchronous="i8", waiting_deferred="i8", callback_above="f8", callback_accepts="f8",
    callback_reached="f8", callback_ring="f8", standing="i8", reached="i8", empowered_by=f"{NEEDS}i4",
    routing="i1", routing_deferred="i1", end_of_duty="i1", informs="i1", sees_booking="i1", waitlists="i1",
    converses="i1", woken="i1", by_channel="i1", replans="i1", again_known="i1", again_at="f8",
)
"""`synchronous_queue` and `deferred_queue` are the roots of the two queues; `handle` is mean minutes by medium *
NEEDS + need; `rostered` people are at work, `on_duty` of them not on a break. Who has waited on the spot for
`overflow_after` minutes moves to the desk `overflows_to` (-1: nobody moves). `by_channel`: some of its people serve
some of its channels only, so each of these channels has a queue of its own. `routing`: the rule for those on the spot,
`routing_deferred` for what was written. `standing`: the needs that it may always settle, as bits; `empowered_by`: the
instruction by which it may settle each other need (-1: it never may); `reached`: the instructions that it has, as bits.
`replans`: it plans tomorrow anew.
"""

staff = record(
    key="u8", speed="f8", quality="f8", shift_end="f8", overtime_end="f8", due="f8", break_minutes="f8", back_at="f8",
    busy_minutes="f8", duty_minutes="f8", overtime_minutes="f8", paid_minutes="f8", premium_minutes="f8",
    cost_per_minute="f8", cost_per_contact="f8", pace="f8", desk="i4", contact="i4", inbox="i4", next_free="i4",
    previous_free="i4", contacts="i8", kind="i1", on_duty="i1", listed="i1", novice="i1", deferred_first="i1",
    solves=f"{NEEDS}f8", errs=f"{NEEDS}f8", escalates="f8", message="f8", reached="f8", ring="f8", harder="f8",
    excludes="i8", languages="i8", unserved="i8", unserved_count="i8", stated_speed="f8",
)
"""`solves`, `errs`, `escalates`, `pace` (minutes a reply), `languages` and `cost_per_contact` are an automated
assistant's. So are `message`, the share who leave one where nobody is on duty, `reached` of whom pick up when they are
called back (`ring` minutes where they do not); `harder`, the factor on handling what it has passed on; `excludes`, the
needs that it passes straight to people, as bits. `unserved`: the channels of their desk that somebody does not serve,
as bits, `unserved_count` of them; `stated_speed`: their factor on handling times, given ones too, where a replay states
it (0: it does not). `premium_minutes`: what is paid beyond the minutes, for nights, Sundays and being on call, in
minutes at `cost_per_minute`.
"""

cohorts = record(preference="64f8", taste="64f8", priority="f8", ordinary="i1", first_operator="i4")
"""`preference`: utility of each channel (row of `channels`), -inf where it is not open to this cohort. `taste`: the
same of every channel that the operators have, whether or not this staffing model closes it.
"""


cohort_parameters = record(
    key="u8", contacting="f8", need_share=f"{NEEDS}f8", question_of=f"{NEEDS}i8", entitled=f"{NEEDS}f8",
    ask_share=f"{KINDS}f8", party_share="8f8", language_share="16f8", temper_sigma="f8",
    anger="f8", followers_median="f8", followers_sigma="f8", deadline="f8", spread="f8", lead="f8", within="f8",
    pulse_at="16f8", pulse_share="16f8", pulse_height="16f8", half_life="f8", table_from="f8", highest="f8",
    swing="f8", cycle="f8", not_before="f8", deadline_fixed="i8", regardless="i8", first_rate="i8", hours="i8",
    pulses="i8", onset="i8",
)
"""How the members of a cohort (row as in `cohorts`) or the bystanders (last row) are drawn; shares are cumulative.
`question_of`: the kind of question that goes with each need (-1: drawn by `ask_share`). `entitled`: share of those with
each need whose ticket allows it.
"""

bookings = record(share="f8")
"""Cumulative share of a cohort booked on a flight: row cohort * flights + flight."""

rates = record(rate="f8")
"""Arrivals a minute, an hour a row from the `first_rate` of its cohort on."""

desk_traits = record(
    speed_sigma="f8", quality="f8", quality_spread="f8", novices="f8", novice_slowness="f8", novice_quality="f8",
    absence="f8", breaks="f8", block="f8",
)
"""How the people of a desk are drawn.

`breaks` is the share of a day at work that is breaks, one of them for each `block` of minutes.
"""

passengers = record(
    key="u8", deadline="f8", anger="f8", anger_at="f8", waits_since="f8", expected_wait="f8", status="i1", need="i1",
    cohort="i1", operator="i1", language="i1", party="i1", contacting="i1", ordinary="i1", explained="i1",
    waitlisted="i1", stamp="i2", today="i2", seeks="i2", affected="f8", temper="f8", return_stamp="i4", open="i4",
    medium_experience="i4", flight="i4", seat="i4", next_waiting="i4", leader="i4", talks="i2", contacts="i2",
    question="i1", believes="i1", tries=f"{MEDIA}i2",
)
"""Two cache lines, up to seven media: what most events look at, then the rest. `explained`: the reason of the wait is
known. `question`: the kind of question, row of `questions`. `believes`: the fact that has answered it and will be
corrected, or `MACHINE` (-1: none); who believes asks nobody.

`return_stamp`: that of the one return that is planned. `waits_since` NaN: nothing is being waited for and anger
relaxes. `seat` is the flight of the seat won. `leader` is the row of an earlier matter of the same human being, which
must have come to nothing before this one arises (-1: none). `medium_experience` is the row of that table (-1: nothing
went wrong so far). `today`, `seeks` and `tries` count within a day.
"""

passenger_rows = record(number="i4", next_free="i4", mentioned="i1")
"""Who has each row of `passengers` where rows are used again: the passenger's number, in the order in which they are
reached (-1: nobody, and `next_free` is the next such row). `mentioned`: something at the last sweep referred to it.
"""

streams = record(cohort="i8", candidates="i8", time="f8")
"""Cohorts that come one by one and are drawn while the run goes on: how many candidates were drawn (traits.py), and the
time of the last one.
"""

arrivals = record(time="f8", key="u8", cohort="i4")
"""Who comes next of the streams, by time, equal ones by key."""

medium_experience = record(at="f8", by_medium=f"{MEDIA}f8")
"""What is left of bad experience with each medium, as of `at`; rows in the order in which passengers had the first."""

replay_inputs = record(service="f8", patience="f8", priority="f8", row="i8", about_service="i1", about_patience="i1")
"""What a replay says of the passenger in the same row; empty in all other runs. `row` is that of the input."""

cases = record(
    knows="i8", first_request="f8", anger_peak="f8", anger_end="f8", first_contact="i4", contacts="i2", replies="i2",
    first_channel="i1", web_knew="i1", deaf="i1", promised="i1", kept="i1", broken="i1", dropped="i1", wrong="i1",
    empties="i1", hand_overs="i1", tones="i1", doors="i1", visits="i1", news_promise="i1", useful_replies="i2",
    not_yet="i1",
    first_response="f8", first_person="f8", first_useful="f8", first_help="f8", first_news="f8", news_at="f8",
    news_fresh="f8", news_due="f8", news_stamp="i4", resolved="f8", tone="f8", additive="f8", justice="f8",
)
"""What a passenger has had to do with an operator: row passenger * operators + operator.

`first_contact` is its first contact. `first_request` is when the passenger first turned to a person, on
`first_channel`, open or not. `knows`: the facts of the operator that this passenger has been told, as bits. `web_knew`:
how many things the operator knew when its website last did not help (-1: never). `first_response` is the first reply,
`first_person` the first by a person and no machine. `first_useful` is the first reply that was of use; `first_help` is
when the first useful thing came by any means (told something new, settled, or put on the waitlist), `first_news` when
the first true news came, by a notice, a reply or a machine, and `news_at` when the last did; `news_fresh`: minutes
before that in which the last news was fresh. `tone`: sum of the quality of the `useful_replies`. `promised`: somebody
said that something would be done; `kept` and `broken`: it was, or was not. `dropped`: the desk let go of the matter;
`wrong`: a wrong answer was given, by a machine or as a fact that was wrong (`WRONG_GIVEN`), or found out
(`WRONG_FOUND`). `news_promise`: news were promised by `news_due` (`AWAITED`, `HEARD`, `OVER`), to a passenger
whose `return_stamp` was `news_stamp`. How often: `empties`,
empty replies; `hand_overs` by a reply; busy `tones`, closed `doors`, `visits` of the website, each counted up to
`MANY`. `not_yet`: the passenger was told that it is not possible yet. `additive` and `justice`: what the passenger
thinks of it, by either law.
"""

histories = record(
    needy="i1", resolved="i1", missed="i1", asked="i1", hollow="i1", deaf="i1", kept="i1", broken="i1", dropped="i1",
    wrong="i1", empties="i1", hand_overs="i1", tones="i1", doors="i1", visits="i1", outcome="f8", news="f8",
    helped="f8", answered="f8", prompt_until="f8", late_from="f8", expected="f8", quality="f8", contacts="f8",
    anger_peak="f8", anger_end="f8", judged="f8",
)
"""What a case has come to, as both laws of satisfaction see it (history.py): one row in a world, and a row for each
person of the studies that set the level of the laws (anchors.py).

`outcome` and `news`: what the solution and the news are worth, 0 to 1. `helped` and `answered`: minutes until the first
useful thing (0: before it was asked for) and until the first reply by a person, NaN: never. `prompt_until` and
`late_from`: help by then is prompt, and from then on it is not; `expected`: the wait that was expected. `quality` is
the mean of the useful replies (a half where there is none). `contacts`: without busy tones and visits of the website.
`judged`: of people of the studies, what law B makes of it before it is scaled.
"""

past_passengers, past_cases = passengers, cases
"""Passengers and cases as they were when their matter was over, in a run that uses their rows again (finished.py): by
the passenger's number; those before `first_past_passenger` have been measured and are gone.
"""

last_replies = record(time="f8")
"""When each case had its last reply; no rows where nobody asks (a fact of the experiment would)."""

amends = record(additive="f8", justice="f8")
"""Satisfaction of each case after the gestures; no rows where there are none."""

contacts = record(
    arrival="f8", reply="f8", rank="f8", key="u8", number="i4", stamp="i4", passenger="i4", staff="i4", child="i4",
    sibling="i4", operator="i1", channel="i1", desk="i1", medium="i1", need="i1", state="i1", queued="i1",
    linked="i1", closed="f8", abandoned_silently_at="f8", posted="f8", gives_up="f8", handle="f8",
    first_contact="i4", root="i4", staff_before="i4", exchanges="i2", posts="i2", outcome="i1", result="i1",
    author_waiting="i1", synchronous="i1", transferred="i1", in_hours="i1", expired="i1", callback="i1",
)
"""One attempt on one channel: two cache lines.

`number` counts contacts in the order in which they came into being; it is the row as long as no row is used again.
`first_contact` is the number of the case's first contact (of a bystander's post: of the one it all began with, whose
row is `root`). `passenger` is -1 for a bystander's post. `reply` NaN: none yet. `posted`: when the author last wrote.
`abandoned_silently_at`: when the author stopped waiting for a reply (`author_waiting` 0). `gives_up`: when patience
runs out. `callback`: a `Callback`. `transferred`: by whom it was passed on, as bits (contact.py). `queued`: waits for
its turn; `linked`: the row is part of a desk's queue, perhaps no longer waiting.
"""

past_contacts = contacts
"""Contacts as they were when they were over, in a run that uses rows again (finished.py): a row a contact, by its
`number`; those before `first_past` have been measured and are gone.
"""

gestures = record(key="u8", strength="f8", ceiling="f8", operator="i4")
"""A letter, a voucher, when it is all over: it lifts satisfaction with its operator by `strength` of what is missing
to `ceiling`; `reaches` beyond those of the notices say whom it reaches.
"""

spontaneous_posts = record(time="f8", key="u8", operator="i4")
"""Bystanders' spontaneous posts to come, by time."""

events = record(time="f8", kind="i4", order="i4", subject="i4", stamp="i4")
"""`order`: what ties of time and kind go by, the subject's row, or the number of a contact."""
head_slot = events
"""One row: an event that comes before all of `events`; its kind is NOTHING where there is none."""
far_events = record(time="f8", kind="i4", subject="i4", stamp="i4", before="i4")
"""Events put off, in blocks that each belong to one bucket; `before` is the one that the same bucket was given before
(of a block in no use: the first of another such block).
"""
buckets = record(last="i4")
immediate = record(kind="i4", subject="i4")

ticks = record(
    time="f8", mood="f8", posts="i8", requests="i8", passenger_posts="i8", bystander_posts="i8",
    relays="i8", arrivals=f"{MEDIA}i8", answered="i8", resolved="i8", seats_free="i8", unresolved="i8",
    backlog=f"{MEDIA}i8",
)
"""The timeline, one row a bin: counts within the bin, levels at its end; `time` is the end of the bin."""

relays = record(key="u8", time="f8")
"""Room for what the company has said and what is passed on of it, while that is counted: nothing lasts in it."""

desk_ticks = record(waiting_synchronous="i8", waiting_deferred="i8", on_duty="i8", busy="i8")
"""Row tick * desks + desk, levels at the end of the bin."""

# fmt: on

DTYPES: dict[str, np.dtype] = {
    name: value
    for tables in (dict(globals()), vars(duty_records))
    for name, value in tables.items()
    if isinstance(value, np.dtype)
}


WRITTEN_BEFORE_READ = (
    *("contacts", "past_contacts", "past_passengers", "past_cases", "events", "far_events", "immediate", "arrivals"),
)
"""Tables whose rows are written whole when they come into use, so that they need not be blank."""


def rows(count: int, table: str) -> np.recarray:
    """`count` empty records of `table`, the first at the beginning of a cache line."""
    dtype = np.dtype((np.record, DTYPES[table]))
    memory = room(count * dtype.itemsize, blank=table not in WRITTEN_BEFORE_READ)
    return memory.view(dtype).view(np.recarray)


def copied(table: np.recarray, name: str) -> np.recarray:
    """The records of the table called `name` in memory of their own."""
    copy = rows(len(table), name)
    if len(table):  # as bytes: field by field takes ten times as long
        copy.view(np.ndarray).view(np.uint8)[:] = np.ascontiguousarray(table).view(np.ndarray).view(np.uint8)
    return copy
