"""The public timeline: what is said for all to see, who joins in, and the mood.

Bystanders' posts come from two sources: spontaneous posts, which follow the news and the number of those still
stranded, and followers of visible posts (a self-exciting process as a cluster tree, Hawkes and Oakes 1974). Each post
has a Poisson number of possible followers, drawn from the post's own key at the largest contagion that is allowed, and
each is kept or not by a mark of its own: so contagion, anger and staffing thin the same tree.
"""

from __future__ import annotations

import numpy as np

from .agenda import immediately, schedule
from .anger import feel
from .case import person_of
from .codes import MISSING, NEVER, NOBODY, SETTLING, TELLING
from .contact import new_row
from .draws import Purpose, exponential, happens, join, lognormal_mean, numbered, poisson, uniform
from .events import Event
from .exact import halved
from .facts import bit_of
from .jit import bits_of, boolean, compiled, float64, int64, transition, uint64, void, world_type
from .traits import base_rate, rate_at

FITTING = bits_of((*SETTLING, *TELLING))
"""Results of a reply that calms those who follow the post, as bits."""


MOST_WEIGHT = 20.0
"""Times as much as the mean author's that a post is seen at most."""


@compiled(void(world_type, int64, float64))
def worsen_mood(world, o, anger):
    """Mood is the sum of visible anger, fading exponentially."""
    operator = world.operators[o]
    now = world.clock[0].now
    operator.mood = operator.mood * halved(now - operator.mood_at, world.behaviour[0].mood_half_life) + anger
    operator.mood_at = now


@compiled(float64(world_type, int64))
def weight(world, i):
    """How much more the passenger's posts are seen than the mean author's: F^power / E[F^power] of F followers.

    The lognormal F to a power is lognormal, too. At most `MOST_WEIGHT`, so that the mean is at most 1.
    """
    passenger = world.passengers[i]
    sigma = world.behaviour[0].follower_power * world.cohort_parameters[passenger.cohort].followers_sigma
    return min(MOST_WEIGHT, lognormal_mean(1.0, sigma, world.clock[0].luck, person_of(world, i), Purpose.FOLLOWERS, 0))


@compiled(void(world_type, int64, uint64, float64, float64))
def attract(world, root, post, reproduction, seen):
    """Bystanders who may follow a post, on average `reproduction` of them; `root` is the contact it all began with.

    There are candidates for a post that is `seen` so many times more than the mean one: staffing thins one tree.
    """
    clock = world.clock[0]
    behaviour = world.behaviour[0]
    most = behaviour.contagion_max * max(1.0, seen)
    candidates = poisson(most, clock.luck, post, Purpose.OFFSPRING, 0)
    for j in range(candidates):
        if uniform(clock.luck, post, Purpose.OFFSPRING_MARK, j) * most < reproduction:
            delay = exponential(behaviour.kernel, clock.luck, post, Purpose.OFFSPRING_DELAY, j)
            if clock.now + delay < clock.end:
                follower = new_row(world, numbered(post, j))
                world.contacts[follower].first_contact = world.contacts[root].number
                world.contacts[follower].root = root
                world.contacts[follower].operator = world.contacts[root].operator
                world.contacts[follower].arrival = clock.now + delay
                world.contacts[follower].posted = clock.now + delay
                schedule(world, clock.now + delay, Event.FOLLOW_ON_POST, follower, 0)


@compiled(void(world_type, uint64))
def pass_on_words(world, root):
    """Count how often what the company has said now is passed on, and that again: by people without anger.

    A tree as of jokes, and much smaller; it breeds no jokes, and touches nobody. Who comes to read what is passed on
    goes by `make_visible`.
    """
    behaviour = world.behaviour[0]
    clock = world.clock[0]
    world.relays[0].key = root
    world.relays[0].time = clock.now
    open_ones = int64(1)
    while open_ones > 0:
        open_ones -= 1
        post = uint64(world.relays[open_ones].key)
        posted = float64(world.relays[open_ones].time)
        for j in range(poisson(behaviour.relay_max, clock.luck, post, Purpose.RELAY, 0)):
            if uniform(clock.luck, post, Purpose.RELAY_MARK, j) * behaviour.relay_max < behaviour.relay:
                time = posted + exponential(behaviour.kernel, clock.luck, post, Purpose.RELAY_DELAY, j)
                if time < clock.end and open_ones < len(world.relays):
                    world.ticks[int64((time - clock.origin) / clock.bin)].relays += 1
                    world.relays[open_ones].key = numbered(post, j)
                    world.relays[open_ones].time = time
                    open_ones += 1


@compiled(void(world_type, int64))
def make_visible(world, facts):
    """What is told in public for the first time (facts as bits) comes before the eyes of those who follow."""
    for k in range(len(world.facts)):
        if facts & bit_of(k) and world.facts[k].feed != NOBODY:
            notice = world.notices[world.facts[k].feed]
            if notice.time == NEVER:
                notice.time = world.clock[0].now
                immediately(world, Event.PUBLISH, world.facts[k].feed)


@compiled(void(world_type, uint64, int64))
def say_in_public(world, key, facts):
    """The company says something that everybody can read, of use to somebody: it is passed on."""
    make_visible(world, facts)
    if world.behaviour[0].relay > 0.0:
        pass_on_words(world, key)


@transition
def speak(world, c):
    """A passenger writes in public: once more to read, in the mood of the author."""
    contact = world.contacts[c]
    i = contact.passenger
    feel(world, i)
    anger = world.passengers[i].anger
    tick = world.ticks[world.clock[0].ticks]
    world.operators[contact.operator].posts_since_tick += 1
    tick.posts += 1
    tick.passenger_posts += 1
    if not world.passengers[i].ordinary:
        tick.requests += 1
    worsen_mood(world, contact.operator, anger)
    seen = weight(world, i)
    reproduction = world.behaviour[0].contagion_from_care * anger * seen
    attract(world, c, numbered(contact.key, contact.posts), reproduction, seen)


@transition
def comment(world, c):
    """A joke, a taunt, a share: it lands in the desk's inbox like everything else."""
    contact = world.contacts[c]
    behaviour = world.behaviour[0]
    tick = world.ticks[world.clock[0].ticks]
    world.operators[contact.operator].posts_since_tick += 1
    tick.posts += 1
    tick.bystander_posts += 1
    worsen_mood(world, contact.operator, behaviour.joke_anger)
    attract(world, contact.root, join(contact.key, np.uint64(1)), behaviour.contagion, 1.0)
    channel_row = world.operators[contact.operator].feed_channel
    if channel_row == NOBODY:
        return
    channel = world.channels[channel_row]
    contact.channel = channel_row
    contact.medium = channel.medium
    contact.desk = channel.desk
    contact.posts = 1
    if channel.desk != NOBODY:
        immediately(world, Event.ADMIT, c)


@compiled(boolean(world_type, int64))
def of_the_wave(world, k):
    """Is a spontaneous post one of those that come on top of an ordinary day's?"""
    post = world.spontaneous_posts[k]
    last = len(world.cohort_parameters) - 1
    usual = base_rate(world, last, post.time) / rate_at(world, last, post.time)
    return not happens(usual, world.clock[0].luck, post.key, Purpose.USUAL_POST, 0)


@transition
def post_spontaneously(world, k):
    """A bystander posts unprompted, moved by the news, as long as what is demanded has not been granted."""
    post = world.spontaneous_posts[k]
    if world.operators[post.operator].wave_over and of_the_wave(world, k):
        return
    c = new_row(world, post.key)
    world.contacts[c].operator = post.operator
    comment(world, c)


@transition
def plan_post_about(world, i):
    """The stranded are talked about: each, now and then, moves a bystander to post."""
    passenger = world.passengers[i]
    clock = world.clock[0]
    if world.behaviour[0].talk_gap == NEVER:
        return
    gap = exponential(world.behaviour[0].talk_gap, clock.luck, passenger.key, Purpose.POST_ABOUT, passenger.talks)
    if gap < clock.end - clock.now:
        schedule(world, clock.now + gap, Event.POST_ABOUT, i, passenger.stamp)


@transition
def post_about(world, i):
    """A bystander posts about a passenger who is still stranded."""
    passenger = world.passengers[i]
    passenger.talks += 1
    c = new_row(world, numbered(join(passenger.key, np.uint64(Purpose.POST_ABOUT)), passenger.talks))
    world.contacts[c].operator = passenger.operator
    comment(world, c)
    plan_post_about(world, i)


@transition
def follow_on(world, c):
    """A bystander follows a post, less likely once what it all began with has been answered well for all to see."""
    contact = world.contacts[c]
    root = world.contacts[contact.root]
    fitting = (FITTING >> root.result) & 1
    if fitting and not happens(
        world.behaviour[0].calming, world.clock[0].luck, contact.key, Purpose.FOLLOW_ANSWERED, 0
    ):
        contact.arrival = MISSING
        return
    comment(world, c)
