"""How many people were at work, told from the mean wait by Erlang A.

A report says when customers came, how long they were handled and how long they waited. How many people leave them
waiting so long is a matter of patience, too: patience.py and this file are asked in turns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from caresim.tasks.calibrate.history import Codes, Floats, Truths
from caresim.tasks.calibrate.intervals.report import Report

ENOUGH = 200
"""Contacts of a time of day from which its own people are told; below, those of more days. Assumption."""
SHORT_MIN = 1.0 / 60.0
"""Added to waits before they are compared: none and half a second are alike. Assumption."""
LEAST_WAIT_MIN = 0.5 / 60.0
"""A shorter mean wait is taken for this one: a report rounds it to zero, which any number of people leaves."""
MOST = 2_000
STEP = 0.05
"""Of the logarithm of a day's arrival rate, to which it is rounded."""
LEAST_RATE = 1e-6
WEEK, SATURDAY = 7, 5


@dataclass(frozen=True)
class Cells:
    """An entry an interval, all channels of the desk together. Minutes."""

    start: Floats
    width: Floats
    day: Codes
    minute: Codes
    offered: Floats
    answered: Floats
    handling: Floats
    """Mean."""
    asa: Floats
    of_row: Codes
    """For each row of the report its interval."""


def cells_of(report: Report, handling: Floats) -> Cells:
    """The intervals of a report; `handling`: mean minutes of each row, known or fitted."""
    _, first, of_row = np.unique(report.start, return_index=True, return_inverse=True)
    size = len(first)

    def total(values: Floats) -> Floats:
        return np.asarray(np.bincount(of_row, values, minlength=size), np.float64)

    offered, answered = total(report.offered), total(np.nan_to_num(report.answered))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total(report.offered * handling) / offered
        asa = total(np.nan_to_num(report.answered * report.asa_s / 60.0)) / answered
    return Cells(
        report.start[first], report.width[first], report.day[first], report.minute[first], offered, answered, mean,
        asa, of_row.astype(np.int64),
    )  # fmt: skip


def people_at_work(cells: Cells, patience: float) -> tuple[Floats, Floats]:
    """For each interval: people at work, with decimals, and the mean wait of those who hang up, minutes.

    Intervals of the same weekday and time of day are put together where they have ENOUGH contacts, else those of all
    working days, or of the weekend, else those of all days: the number of people is the same on them, and each day has
    its own level of arrivals. NaN where nobody was answered at that time.
    """
    weekday = (cells.day - 1) % WEEK
    weekend = (weekday >= SATURDAY).astype(np.int64)
    slot = cells.minute
    ways = [1_000_000 * (weekday + 10) + slot, 1_000_000 * weekend + slot, slot]
    people, waits = np.full(len(slot), np.nan), np.full(len(slot), np.nan)
    chosen = np.full(len(slot), -1)
    for number, keys in enumerate(ways):
        _, place = np.unique(keys, return_inverse=True)
        enough = np.bincount(place, cells.offered)[place] >= ENOUGH
        chosen[(chosen < 0) & (enough | (number == len(ways) - 1))] = number
    level = _level_of_day(cells)
    for number, keys in enumerate(ways):
        for key in np.unique(keys[chosen == number]).tolist():
            mine = (chosen == number) & (keys == key)
            people[mine], waits[mine] = _of_group(cells, level, keys == key, patience)
    return people, waits


def _level_of_day(cells: Cells) -> Floats:
    """By interval: contacts of its day over those of the mean day with the same intervals."""
    _, slot, times = np.unique(cells.minute, return_inverse=True, return_counts=True)
    usual = (np.bincount(slot, cells.offered) / times)[slot]
    _, day = np.unique(cells.day, return_inverse=True)
    expected = np.bincount(day, usual)
    return np.asarray((np.bincount(day, cells.offered) / np.where(expected > 0, expected, 1.0))[day], np.float64)


def _of_group(cells: Cells, level: Floats, rows: Truths, patience: float) -> tuple[float, float]:
    """People and mean wait of those who hang up, of intervals that are alike but for the level of their days."""
    offered = float(cells.offered[rows].sum())
    if offered <= 0:
        return 0.0, math.nan
    there = rows & (cells.answered > 0) & ~np.isnan(cells.asa)
    if not there.any():
        return math.nan, math.nan
    busy = rows & (cells.offered > 0)
    service = float((cells.offered[busy] * cells.handling[busy]).sum() / cells.offered[busy].sum())
    asa = float((cells.answered[there] * cells.asa[there]).sum() / cells.answered[there].sum())
    rates = offered * level[rows] / float((cells.width[rows] * level[rows]).sum())
    rounded = np.exp(STEP * np.round(np.log(np.maximum(rates, LEAST_RATE)) / STEP))
    values, times = np.unique(rounded, return_counts=True)
    mix = Mix(tuple(values.tolist()), tuple(times.tolist()), service, patience)
    return servers_of(mix, asa)


@dataclass(frozen=True)
class Mix:
    """Days of different arrival rates (per minute), each seen so many times, at a desk of the same people."""

    rates: tuple[float, ...]
    times: tuple[int, ...]
    service: float
    patience: float

    def waits(self, servers: int) -> tuple[float, float]:
        """Mean wait of those who are answered, and of those who hang up; minutes."""
        answered, lost, of_answered, of_lost = 0.0, 0.0, 0.0, 0.0
        for rate, times in zip(self.rates, self.times, strict=True):
            served, their_wait, whole_wait = line_of(rate, self.service, servers, self.patience)
            answered += rate * times * served
            lost += rate * times * (1.0 - served)
            of_answered += rate * times * their_wait
            of_lost += rate * times * (whole_wait - their_wait)
        return of_answered / answered, of_lost / lost if lost > 0 else math.nan


def servers_of(mix: Mix, asa: float) -> tuple[float, float]:
    """Servers, with decimals, with whom the mean wait of those who are answered is `asa` (Erlang A), at most as many as
    leave LEAST_WAIT_MIN; and how long those wait who hang up.
    """

    asa = max(asa, LEAST_WAIT_MIN)

    def short(servers: int) -> bool:
        return mix.waits(servers)[0] <= asa

    high = max(1, math.ceil(max(mix.rates) * mix.service))
    while not short(high) and high < MOST:
        high = math.ceil(1.2 * high) + 1
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if short(middle) else (middle, high)
    theirs = mix.waits(high)[1]
    if low == 0:
        return float(high), theirs
    more, less = math.log(mix.waits(low)[0] + SHORT_MIN), math.log(mix.waits(high)[0] + SHORT_MIN)
    part = (math.log(asa + SHORT_MIN) - less) / (more - less) if more > less else 0.0
    return high - min(max(part, 0.0), 1.0), theirs


@lru_cache(maxsize=100_000)
def line_of(rate: float, service: float, servers: int, patience: float) -> tuple[float, float, float]:
    """Erlang A: the share answered; the mean wait, those who hang up counting as 0; the mean wait of all.

    Sums over the number of customers there, which are a hundred times as quick as the integrals of
    `caresim.theory.erlang_a`; a test holds both together. Whoever finds j others waiting is answered with the
    probability n m / (n m + (j + 1) h), and each step of the queue takes 1 / (n m + (i + 1) h), i = 0 .. j (n servers
    that finish at the rate m, hang-ups at the rate h a customer).
    """
    leaves, hangs = servers / service, 1.0 / patience
    most = math.ceil(max(rate - leaves, 0.0) * patience + 12.0 * math.sqrt(rate * patience)) + 60
    waiting = np.arange(1, most + 1)
    below = np.log(rate * service / np.arange(1, servers + 1)).cumsum()
    above = below[-1] + np.log(rate / (leaves + hangs * waiting)).cumsum()
    log = np.concatenate(([0.0], below, above))
    chance = np.exp(log - log.max())
    chance /= chance.sum()
    found = chance[servers:-1]  # finds so many waiting, from 0 on
    ahead = leaves + hangs * waiting
    served = leaves / ahead
    wait = float((found * served * np.cumsum(1.0 / ahead)).sum())
    queue = float((chance[servers + 1 :] * waiting).sum())
    return 1.0 - hangs * queue / rate, wait, queue / rate
