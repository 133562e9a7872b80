"""Luck by counting: a draw is a hash of (luck of the replication, who, for what, which time).

No state, so no order of events, no other agent and no staffing model can shift it (Salmon et al. 2011, on counter-based
generators). The mixer is the 64-bit finaliser of SplitMix64, Stafford's variant 13. And so nothing is drawn where the
result is certain: what never happens, always happens or never varies.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

import numpy as np

from .exact import exp, log, normal_quantile, normal_share
from .jit import boolean, compiled, float64, int64, uint64


class Purpose(IntEnum):
    """What a draw is for. A new purpose goes to the end: the others keep their luck."""

    CHOICE = 1
    PATIENCE = 2
    HANDLING = 3
    REDIAL = 4
    RETURN = 5
    PERSIST = 6
    REMIND = 7
    REMIND_GAP = 8
    TURN_GAP = 9
    TURN_DROPOUT = 10
    NOTICE = 11
    NOTICE_DELAY = 12
    NOTICE_MEETS = 13
    PROMISE = 14
    PROMISE_KEPT = 15
    SELF_SERVICE = 16
    ASSISTANT = 17
    OFFSPRING = 18
    OFFSPRING_MARK = 19
    OFFSPRING_DELAY = 20
    LOOKS_LIKE_QUESTION = 21
    NO_SHOW = 22
    CANCELLED_SEAT = 23
    OVERTIME = 24
    COHORT_NEED = 26
    CONTACTING = 27
    ONSET = 28
    ONSET_PULSE = 29
    DEADLINE = 30
    TEMPER = 31
    FOLLOWERS = 32
    PARTY = 33
    LANGUAGE = 34
    FLIGHT = 35
    SPEED = 36
    QUALITY = 37
    NOVICE = 38
    ABSENCE = 39
    BREAK = 40
    ARRIVAL_GAP = 41
    FOLLOW_ANSWERED = 42
    ARRIVAL_KEEP = 43
    HAND_OVER = 45
    PROMPT = 46
    POST_ABOUT = 47
    CLOSED = 48
    BRANCH = 49
    WITHIN_INTERVAL = 50
    CALLBACK = 51
    CALLBACK_REACHED = 52
    GESTURE = 53
    USUAL_POST = 54
    RESAMPLED_DAY = 55
    QUESTION = 56
    SETTLES = 57
    FINDS_OUT = 58
    NEWS_PROMISE = 59
    FEED = 60
    FEED_DELAY = 61
    RELAY = 62
    RELAY_MARK = 63
    RELAY_DELAY = 64
    UNDERSTANDS = 65
    ACCEPTS = 66
    HOURS = 68
    AT_OPENING = 69
    MESSAGE = 70
    INSTRUCTED = 71
    ENTITLED = 72


_A, _B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_C, _D = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_FNV_START, _FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3
_S30, _S27, _S31, _S12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)


def mixed(x):
    x = (x ^ (x >> _S30)) * _C
    x = (x ^ (x >> _S27)) * _D
    return x ^ (x >> _S31)


mix = compiled(uint64(uint64), inline=True, by_python=True)(mixed)


@compiled(uint64(uint64, uint64), inline=True)
def join(a, b):
    """The key of `b` within `a`."""
    return mix(mix(a) + _A * (b + np.uint64(1)))


@compiled(uint64(uint64, int64), inline=True)
def numbered(a, n):
    """The key of the n-th thing of `a`."""
    return join(a, np.uint64(n))


@compiled(float64(uint64, uint64, int64, int64), inline=True)
def uniform(luck, who, purpose, occurrence):
    """In (0, 1): the middle of one of 2^52 equal cells, so that neither end is ever reached."""
    x = mix(luck ^ mix(who + _A * np.uint64(purpose)) + _B * np.uint64(occurrence))
    return (np.float64(mix(x) >> _S12) + 0.5) * 2.220446049250313e-16


def uniforms(luck, who, purpose, occurrence=0):
    """`uniform` of many at once: an array of keys."""
    with np.errstate(over="ignore"):
        x = mixed(luck ^ mixed(who + _A * np.uint64(purpose)) + _B * np.uint64(occurrence))
        return ((mixed(x) >> _S12).astype(np.float64) + 0.5) * 2.220446049250313e-16


@compiled(boolean(float64, uint64, uint64, int64, int64), inline=True)
def happens(share, luck, who, purpose, occurrence):
    return share > 0.0 and (share >= 1.0 or uniform(luck, who, purpose, occurrence) < share)


@compiled(float64(float64, uint64, uint64, int64, int64), inline=True)
def exponential(mean, luck, who, purpose, occurrence):
    return -mean * log(uniform(luck, who, purpose, occurrence))


@compiled(float64(uint64, uint64, int64, int64), inline=True)
def normal(luck, who, purpose, occurrence):
    return normal_quantile(uniform(luck, who, purpose, occurrence))


@compiled(float64(float64, float64, uint64, uint64, int64, int64), inline=True)
def lognormal_mean(mean, sigma, luck, who, purpose, occurrence):
    """By its mean and the standard deviation of its logarithm."""
    if sigma == 0.0:
        return mean
    return mean * exp(sigma * (normal(luck, who, purpose, occurrence) - 0.5 * sigma))


@compiled(float64(float64, float64, uint64, uint64, int64, int64), inline=True)
def lognormal_median(median, sigma, luck, who, purpose, occurrence):
    if sigma == 0.0:
        return median
    return median * exp(sigma * normal(luck, who, purpose, occurrence))


@compiled(float64(float64, float64, uint64, uint64, int64, int64))
def hyperexponential(mean, cv, luck, who, purpose, occurrence):
    """One of two exponentials that carry half of the mean each ("balanced means"), for a cv of 1 and more."""
    spread = max(cv * cv, 1.0)
    often = 0.5 * (1.0 + np.sqrt((spread - 1.0) / (spread + 1.0)))
    chosen = often if happens(often, luck, who, Purpose.BRANCH, occurrence) else 1.0 - often
    return exponential(0.5 * mean / chosen, luck, who, purpose, occurrence)


@compiled(float64(float64, float64, uint64, uint64, int64, int64), inline=True)
def weibull(mean_scale, shape, luck, who, purpose, occurrence):
    """By its scale; with shape 1 the scale is the mean (exponential)."""
    e = -log(uniform(luck, who, purpose, occurrence))
    if shape == 1.0:
        return mean_scale * e
    return mean_scale * exp(log(e) / shape)


@compiled(float64(float64, float64, float64, uint64, uint64, int64, int64))
def weibull_beyond(least, scale, shape, luck, who, purpose, occurrence):
    """By its scale, given that it is above `least`: what a wait that was borne says of a patience."""
    if least == 0.0:
        return weibull(scale, shape, luck, who, purpose, occurrence)
    hazard = -log(uniform(luck, who, purpose, occurrence))
    if shape == 1.0:
        return least + scale * hazard
    hazard += exp(shape * log(least / scale))
    return max(least, scale * exp(log(hazard) / shape))


@compiled(float64(float64, float64, float64, uint64, uint64, int64, int64))
def lognormal_beyond(least, median, sigma, luck, who, purpose, occurrence):
    """By its median, given that it is above `least`."""
    if least == 0.0 or sigma == 0.0:
        return max(least, lognormal_median(median, sigma, luck, who, purpose, occurrence))
    above = normal_share(-log(least / median) / sigma)
    u = above * uniform(luck, who, purpose, occurrence)
    return max(least, median * exp(-sigma * normal_quantile(u)))


@compiled(int64(float64, uint64, uint64, int64, int64))
def poisson(mean, luck, who, purpose, occurrence):
    """By inversion, for means of a few."""
    u = uniform(luck, who, purpose, occurrence)
    k = 0
    term = exp(-mean)
    total = term
    while u > total and k < 1000:
        k += 1
        term *= mean / k
        total += term
    return k


@compiled(float64(float64, float64, float64, uint64, uint64, int64, int64))
def triangular(low, mode, high, luck, who, purpose, occurrence):
    from_low = (mode - low) / (high - low) if high > low else 1.0
    u = uniform(luck, who, purpose, occurrence)
    if u < from_low:
        return low + np.sqrt(u * (high - low) * (mode - low))
    return high - np.sqrt((1.0 - u) * (high - low) * (high - mode))


@lru_cache(maxsize=65536)
def name_key(*names: str | int) -> np.uint64:
    """The 64-bit key of an entity from its names (FNV-1a, then mixed)."""
    value = _FNV_START
    for letter in "/".join(str(name) for name in names).encode():
        value = ((value ^ letter) * _FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return np.uint64(mix(np.uint64(value)))


def name_keys(names: Sequence[str]) -> np.ndarray:
    """`name_key` of many names at once, each with its parts joined by "/" already."""
    if not names:
        return np.empty(0, np.uint64)
    letters = np.array([name.encode() for name in names], dtype=np.bytes_)
    lengths = np.array([len(name.encode()) for name in names])
    table = letters.view(np.uint8).reshape(len(names), -1).astype(np.uint64)
    values = np.full(len(names), _FNV_START, np.uint64)
    with np.errstate(over="ignore"):
        for place in range(table.shape[1]):
            values = np.where(place < lengths, (values ^ table[:, place]) * np.uint64(_FNV_PRIME), values)
        return mixed(values)


def luck_of(seed: int, replication: int) -> np.uint64:
    """The luck of one replication of a seed."""
    return name_key("luck", seed, replication)
