"""Who they are and when they come: every trait is a draw keyed by its owner, so that one more of them changes no other.

These laws fill the tables before a run starts, or, of a stream, while it goes on (arrivals.py); the tables they read
(`cohort_parameters`, `bookings`, `rates`) come from configuration.
"""

from __future__ import annotations

import numpy as np

from .case import person_of
from .codes import MISSING, NEVER, NOBODY, Onset, Status
from .draws import Purpose, exponential, happens, lognormal_mean, lognormal_median, normal, numbered, uniform
from .exact import halved, sine_of_turn
from .jit import TRANSITION, bits_of, boolean, compiled, float64, int64, types, uint64, void, world_type
from .question import question_of
from .records import NEEDS

HOUR = 60.0
PULSES = 16
OF_NO_STREAM = bits_of((Onset.PULSES, Onset.BEFORE_DEPARTURE, Onset.AFTER))
numbers = types.Array(float64, 1, "C")


@compiled(float64(world_type, int64, uint64, int64))
def pulse_onset(world, k, who, occurrence):
    """One of the plan's pulses by its weight, and an exponential delay."""
    parameters = world.cohort_parameters[k]
    luck = world.clock[0].luck
    u = uniform(luck, who, Purpose.ONSET_PULSE, occurrence)
    p = 0
    while p < PULSES - 1 and u >= parameters.pulse_share[p]:
        p += 1
    return parameters.pulse_at[p] + exponential(parameters.spread, luck, who, Purpose.ONSET, occurrence)


@compiled(int64(world_type, int64, int64))
def book(world, i, k):
    """A seat held from before on one of the cohort's flights, in proportion to what each had sold."""
    passenger = world.passengers[i]
    passenger.flight = NOBODY
    flights = len(world.flights)
    if flights == 0 or world.bookings[k * flights + flights - 1].share <= 0.0:
        return int64(NOBODY)
    u = uniform(world.clock[0].luck, passenger.key, Purpose.FLIGHT, 0)
    first = int64(0)
    last = int64(flights - 1)
    while first < last:  # the first flight whose cumulative share is above the draw
        middle = (first + last) // 2
        if u < world.bookings[k * flights + middle].share:
            last = middle
        else:
            first = middle + 1
    passenger.flight = first
    return first


@compiled(void(world_type, int64, int64))
def draw_onset(world, i, k):
    """When the disruption reaches the passenger, and the deadline after which a solution has lost its worth."""
    passenger = world.passengers[i]
    parameters = world.cohort_parameters[k]
    luck = world.clock[0].luck
    f = book(world, i, k)
    departure = world.flights[f].departure if f != NOBODY else NEVER
    if parameters.onset == Onset.PULSES:
        passenger.affected = pulse_onset(world, k, passenger.key, 0)
    elif parameters.onset == Onset.AFTER:
        passenger.affected = max(passenger.affected, parameters.not_before)
        passenger.affected += exponential(parameters.spread, luck, passenger.key, Purpose.ONSET, 0)
    elif parameters.onset == Onset.BEFORE_DEPARTURE:
        if f == NOBODY:
            departure = parameters.within * uniform(luck, passenger.key, Purpose.FLIGHT, 0)
        heard = exponential(parameters.spread, luck, passenger.key, Purpose.ONSET, 0)
        passenger.affected = max(heard, departure - exponential(parameters.lead, luck, passenger.key, Purpose.ONSET, 1))
    leaves = NEVER if f != NOBODY and world.flights[f].cancelled else departure
    passenger.deadline = leaves if f != NOBODY else NEVER
    if parameters.deadline == parameters.deadline:
        limit = exponential(parameters.deadline, luck, passenger.key, Purpose.DEADLINE, 0)
        passenger.deadline = passenger.affected + (parameters.deadline if parameters.deadline_fixed else limit)
    if parameters.onset != Onset.AFTER and passenger.affected >= min(leaves, passenger.deadline):
        passenger.contacting = 0  # gone before anything was heard


@compiled(void(world_type, int64, float64))
def blank_case(world, row, anger):
    """Nothing has passed between the two yet."""
    case = world.cases[row]
    case.knows = case.news_promise = case.news_stamp = case.not_yet = 0
    case.contacts = case.replies = case.useful_replies = 0
    case.deaf = case.promised = case.kept = case.broken = case.dropped = case.wrong = 0
    case.empties = case.hand_overs = case.tones = case.doors = case.visits = 0
    case.tone = case.news_fresh = 0.0
    case.first_contact = NOBODY
    case.first_channel = NOBODY
    case.web_knew = -1
    case.first_request = MISSING
    case.first_response = MISSING
    case.first_person = MISSING
    case.first_useful = MISSING
    case.first_help = MISSING
    case.first_news = MISSING
    case.news_at = case.news_due = MISSING
    case.resolved = MISSING
    case.additive = case.justice = MISSING
    case.anger_peak = anger
    case.anger_end = anger


@compiled(void(world_type, int64))
def blank_passenger(world, i):
    """Whatever happened to who had the row before has not happened to who has it now."""
    passenger = world.passengers[i]
    passenger.leader = NOBODY
    passenger.anger_at = passenger.expected_wait = 0.0
    passenger.explained = passenger.waitlisted = 0
    passenger.stamp = passenger.return_stamp = 0
    passenger.today = passenger.seeks = passenger.contacts = passenger.talks = 0
    passenger.tries[:] = 0


@compiled(void(world_type, int64, int64))
def draw_passenger(world, i, k):
    """All traits of the passenger in row `i` of cohort `k`; key, leader and the time of ordinary traffic are set."""
    passenger = world.passengers[i]
    parameters = world.cohort_parameters[k]
    cohort = world.cohorts[k]
    luck = world.clock[0].luck
    who = passenger.key
    passenger.cohort = k
    passenger.ordinary = cohort.ordinary
    passenger.operator = cohort.first_operator
    passenger.status = Status.UNAWARE
    passenger.contacting = happens(parameters.contacting, luck, who, Purpose.CONTACTING, 0)
    need = 0
    u = uniform(luck, who, Purpose.COHORT_NEED, 0) if parameters.need_share[0] < 1.0 else 0.0
    while need < NEEDS - 1 and u >= parameters.need_share[need]:
        need += 1
    passenger.need = need
    passenger.question = question_of(world, k, need, who)
    party = 0
    person = person_of(world, i)
    u = uniform(luck, person, Purpose.PARTY, 0) if parameters.party_share[0] < 1.0 else 0.0
    while party < 7 and u >= parameters.party_share[party]:
        party += 1
    passenger.party = party + 1
    language = 0
    u = uniform(luck, person, Purpose.LANGUAGE, 0) if parameters.language_share[0] < 1.0 else 0.0
    while language < 15 and u >= parameters.language_share[language]:
        language += 1
    passenger.language = language
    passenger.temper = lognormal_mean(1.0, parameters.temper_sigma, luck, person, Purpose.TEMPER, 0)
    passenger.anger = parameters.anger
    passenger.waits_since = MISSING
    passenger.seat = NOBODY
    passenger.medium_experience = NOBODY
    passenger.open = passenger.believes = NOBODY
    passenger.next_waiting = NOBODY
    passenger.flight = NOBODY
    passenger.deadline = NEVER
    if (OF_NO_STREAM >> parameters.onset) & 1:
        draw_onset(world, i, k)


@compiled(float64(world_type, int64), by_python=True)
def followers_of(world, i):
    """How many follow the passenger on social media (drawn whenever a desk or an operator looks at it)."""
    parameters = world.cohort_parameters[world.passengers[i].cohort]
    median, sigma = parameters.followers_median, parameters.followers_sigma
    return lognormal_median(median, sigma, world.clock[0].luck, person_of(world, i), Purpose.FOLLOWERS, 0)


@compiled(void(world_type), by_python=True)
def blank_cases(world):
    """Nothing has passed yet between anybody and any operator."""
    operators = len(world.operators)
    for i in range(len(world.passengers)):
        for o in range(operators):
            blank_case(world, i * operators + o, world.cohort_parameters[world.passengers[i].cohort].anger)


@compiled(void(types.Array(uint64, 2, "C"), types.Array(int64, 1, "C")), by_python=True)
def rearrange(words, order):
    """Let row `order[n]` of `words` be row n, in place, cycle by cycle. (Rows as slices take 3 s to compile.)"""
    width = words.shape[1]
    kept = np.empty(width, np.uint64)
    for start in range(len(order)):
        if order[start] < 0:
            continue
        for w in range(width):
            kept[w] = words[start, w]
        to = start
        source = order[to]
        while source != start:
            for w in range(width):
                words[to, w] = words[source, w]
            order[to] = -1 - source  # done
            to = source
            source = order[to]
        for w in range(width):
            words[to, w] = kept[w]
        order[to] = -1 - source
    for n in range(len(order)):
        order[n] = -1 - order[n]


@compiled(void(world_type, int64, int64, int64), by_python=True)
def draw_cohort(world, k, first, count):
    """The members of a cohort, one row each from `first` on; member n has the key of the cohort's n-th."""
    for n in range(count):
        world.passengers[first + n].key = numbered(world.cohort_parameters[k].key, n)
        world.passengers[first + n].leader = NOBODY
        draw_passenger(world, first + n, k)


@compiled(void(world_type, int64, int64, int64, int64), by_python=True)
def draw_followers(world, k, first, leaders, count):
    """A later matter of the members of another cohort, whose rows begin at `leaders`: it arises at their deadline."""
    for n in range(count):
        leader = world.passengers[leaders + n]
        passenger = world.passengers[first + n]
        passenger.key = numbered(world.cohort_parameters[k].key, n)
        passenger.leader = leaders + n
        passenger.affected = leader.deadline
        draw_passenger(world, first + n, k)


@compiled(float64(world_type, int64, float64), inline=True)
def base_rate(world, k, time):
    """Arrivals a minute of plan `k` at `time` by the hourly table alone."""
    parameters = world.cohort_parameters[k]
    hour = int64((time - parameters.table_from) / HOUR)
    return world.rates[parameters.first_rate + min(max(hour, 0), parameters.hours - 1)].rate


@compiled(float64(world_type, int64, float64), inline=True)
def rate_at(world, k, time):
    """Arrivals a minute of plan `k` at `time`: the hourly table, pulses that halve (bystanders), a wave (queues)."""
    parameters = world.cohort_parameters[k]
    rate = base_rate(world, k, time)
    for p in range(parameters.pulses):
        if time >= parameters.pulse_at[p]:
            rate += parameters.pulse_height[p] * halved(time - parameters.pulse_at[p], parameters.half_life)
    if parameters.swing > 0.0:
        rate *= 1.0 + parameters.swing * sine_of_turn(time / parameters.cycle)
    return rate


@compiled(float64(world_type, int64, uint64), inline=True)
def gap_before(world, k, who):
    """Minutes between two candidates of the Poisson stream of plan `k`, `who` being the later one."""
    return exponential(1.0 / world.cohort_parameters[k].highest, world.clock[0].luck, who, Purpose.ARRIVAL_GAP, 0)


@compiled(boolean(world_type, int64, uint64, float64), inline=True)
def is_kept(world, k, who, time):
    """Does the candidate come? Thinning: in proportion of the rate at this time to the highest."""
    highest = world.cohort_parameters[k].highest
    rate = rate_at(world, k, time)
    return rate >= highest or uniform(world.clock[0].luck, who, Purpose.ARRIVAL_KEEP, 0) * highest < rate


@compiled(int64(world_type, int64, float64, numbers, types.Array(uint64, 1, "C")), by_python=True)
def draw_arrivals(world, k, until, times, keys):
    """A Poisson stream with the rate of plan `k`, by thinning (Lewis and Shedler 1979): how many were kept.

    Candidate n has a key of its own, so that a change of the rate at one hour, below the highest, moves nobody else.
    """
    parameters = world.cohort_parameters[k]
    time = world.clock[0].origin
    kept = 0
    n = 0
    while parameters.highest > 0.0:
        who = numbered(parameters.key, n)
        time += gap_before(world, k, who)
        if time >= until or kept == len(times):
            break
        if is_kept(world, k, who, time):
            times[kept] = time
            keys[kept] = who
            kept += 1
        n += 1
    return kept


@compiled(void(world_type, numbers, numbers, types.Array(uint64, 1, "C")), by_python=True)
def scatter(world, widths, times, keys):
    """Each time moves to anywhere within the width after it, by the luck of its key."""
    for n in range(len(times)):
        if widths[n] > 0.0:
            times[n] += widths[n] * uniform(world.clock[0].luck, keys[n], Purpose.WITHIN_INTERVAL, 0)


@compiled(void(world_type, int64, int64, numbers, types.Array(uint64, 1, "C"), int64), by_python=True)
def draw_stream(world, k, first, times, keys, count):
    """Passengers who arrive at the times given: ordinary traffic, a queue's customers, a replay's contacts."""
    for n in range(count):
        passenger = world.passengers[first + n]
        passenger.key = keys[n]
        passenger.leader = NOBODY
        draw_passenger(world, first + n, k)
        passenger.affected = times[n]


@compiled(TRANSITION, by_python=True)
def draw_person(world, s):
    """Speed and quality of a member of staff: a person's factor, and what being new does to it."""
    person = world.staff[s]
    traits = world.desk_traits[person.desk]
    luck = world.clock[0].luck
    person.novice = happens(traits.novices, luck, person.key, Purpose.NOVICE, 0)
    person.speed = lognormal_mean(1.0, traits.speed_sigma, luck, person.key, Purpose.SPEED, 0)
    quality = traits.quality + traits.quality_spread * normal(luck, person.key, Purpose.QUALITY, 0)
    if person.novice:
        person.speed *= traits.novice_slowness
        quality *= traits.novice_quality
    if person.stated_speed > 0.0:
        person.speed = person.stated_speed
    person.quality = min(1.0, max(0.0, quality))
    person.contact = NOBODY
    person.inbox = NOBODY
    person.next_free = NOBODY
    person.previous_free = NOBODY
    person.overtime_end = -NEVER


@compiled(TRANSITION, by_python=True)
def draw_people(world, count):
    """The first `count` members of staff."""
    for s in range(count):
        draw_person(world, s)
