"""Queues with a known answer, as words for `experiment=queue`, and what `caresim.theory` says of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

import caresim
from caresim import theory
from caresim.model.jit import prepare
from caresim.scenario.run import run
from tests.support.theory.rows import HOURS, MEASURES, SHORT, WITHIN, Pair, Rows, hour_of_cycle, wave
from tests.support.theory.transient import day
from tests.support.theory.verdicts import Verdict, interval, quantile

REPLICATIONS = 32
LONG_TIMES = 3
THREADS = 2
APART = 10_000
"""Replication numbers from one case to the next: no two cases share their luck."""


@dataclass(frozen=True)
class Case:
    """A queue: what it is called, what its experiment says, what theory says."""

    family: str
    name: str
    words: Mapping[str, object]
    """Members of `queue`."""
    theory: Mapping[str, float]
    """Measure -> value."""
    x: float = math.nan
    """Where its point is drawn in the figure of its family."""
    until: float | None = None
    """Calls count that come before this minute; None: before the window ends."""
    extra: Mapping[str, Callable[[Rows], Pair]] = field(default_factory=dict)
    """Measures that only this case has."""
    long: bool = False
    """Too long for a test: millions of calls for REPLICATIONS. It gets LONG_TIMES as many."""
    copies: int = 1
    """So many times REPLICATIONS, where one of them is short."""

    @property
    def experiment_words(self) -> list[str]:
        return ["experiment=queue", "replications=1", *(f"queue.{key}={value}" for key, value in self.words.items())]

    @property
    def memory(self) -> float:
        """Minutes after which a settled line has forgotten how it began, but for a share of 1/e.

        1 / (sqrt(c mu) - sqrt(lambda))^2 where all wait for as long as it takes (Abate, Whitt 1987), longer as handling
        times vary; else the longer of a call and of patience, or a round of redials.
        """
        told = self.words
        rate, service, servers = (float(told[key]) for key in ("arrival_rate", "service_mean", "servers"))
        if "redial_gap" in told:
            return float(told["redial_gap"]) / (1 - float(told["redial_share"]))
        if told["patience_mean"] != "null":
            return max(service, float(told["patience_mean"]))
        if "capacity" in told or self.family == "M(t)/M/infinity":
            return service * max(1.0, int(told.get("capacity", servers)) - servers)
        spread = (1 + float(told.get("service_cv", 1.0)) ** 2) / 2
        return spread / (math.sqrt(servers / service) - math.sqrt(rate)) ** 2

    @property
    def warm_up(self) -> float:
        """Minutes."""
        return float(self.words["warm_up"]) * int(self.words["customers"]) / float(self.words["arrival_rate"])

    def measured(self, experiment, replication: int) -> tuple[int, list[Pair]]:
        """Calls simulated in all, and a pair for each measure."""
        rows = Rows(run(experiment, experiment.baseline, replication), self.until)
        return len(rows.arrived), [(self.extra.get(name) or MEASURES[name])(rows) for name in self.theory]


def words(rate: float, servers: int, patience: float = math.inf, **more: object) -> dict[str, object]:
    told = {"arrival_rate": rate, "servers": servers, "patience_mean": "null" if math.isinf(patience) else patience}
    return {**told, "service_mean": 1, "customers": 10_000, "warm_up": 0.1, **more}


def of_line(line: theory.Line, *names: str) -> dict[str, float]:
    """What the formula answers, by the names of the measures."""
    values = {
        "P(wait)": lambda: line.probability_of_wait,
        "abandonment": lambda: line.abandonment,
        "mean wait": lambda: line.mean_wait,
        "ASA": lambda: line.asa,
        "service level": lambda: line.service_level(WITHIN),
        "service level, short abandonment left out": lambda: line.service_level(WITHIN, SHORT),
        "blocking": lambda: line.blocking,
        "occupancy": lambda: line.occupancy,
    }
    return {name: values[name]() for name in names}


PATIENT = ("P(wait)", "mean wait", "service level", "occupancy")
HASTY = (
    "P(wait)",
    "abandonment",
    "mean wait",
    "ASA",
    "service level",
    "service level, short abandonment left out",
    "occupancy",
)


def erlang_c() -> Iterator[Case]:
    for rate, servers, customers, edge in (
        (7, 10, 10_000, 0.1),
        (9, 10, 20_000, 0.1),
        (9.5, 10, 30_000, 0.3),
        (48, 50, 40_000, 0.4),
    ):
        yield Case(
            "Erlang C",
            f"M/M/{servers}, {rate} Erlang",
            words(rate, servers, service_mean=1, customers=customers, warm_up=edge),
            of_line(theory.erlang_c(rate, 1, servers), *PATIENT),
            x=rate / servers if servers == 10 else math.nan,
        )
    yield Case(
        "Erlang C",
        "100 calls in half an hour, 3 min each, 14 people",
        words(100 / 30, 14, service_mean=3),
        of_line(theory.erlang_c(100 / 30, 3, 14), *PATIENT),
    )


def erlang_a() -> Iterator[Case]:
    for rate, servers, patience in ((7, 10, 5), (9.5, 10, 5), (12, 10, 5), (14, 10, 5), (20, 10, 1), (48, 50, 2)):
        yield Case(
            "Erlang A",
            f"M/M/{servers}+M, {rate} Erlang, patience {patience} min",
            words(rate, servers, patience),
            of_line(theory.erlang_a(rate, 1, servers, patience), *HASTY),
            x=rate / servers if patience == 5 else math.nan,
        )
    yield Case(
        "Erlang A",
        "100 calls in half an hour, 3 min each, 14 people, patience 5 min",
        words(100 / 30, 14, 5, service_mean=3),
        of_line(theory.erlang_a(100 / 30, 3, 14, 5), *HASTY),
    )


def erlang_b() -> Iterator[Case]:
    for rate, servers in ((5, 10), (9, 10), (20, 10), (25, 30)):
        yield _loss(
            rate, servers, f"M/M/{servers}/{servers}, {rate} Erlang", x=rate / servers if servers == 10 else math.nan
        )
    yield _loss(9, 10, "M/D/10/10, 9 Erlang", service="deterministic")
    yield _loss(9, 10, "M/G/10/10, 9 Erlang, lognormal with cv 1.4", service="lognormal", service_cv=1.4)


def _loss(rate: float, servers: int, name: str, x: float = math.nan, **service: object) -> Case:
    loss = theory.erlang_b(rate, 1, servers)
    expected = {"blocking": loss.blocking, "occupancy": loss.occupancy}
    return Case("Erlang B", name, words(rate, servers, capacity=servers, **service), expected, x)


SERVICES = {
    "deterministic": 0.0,
    "exponential": 1.0,
    "lognormal 0.5": 0.5,
    "lognormal 1.4": 1.4,
    "hyperexponential 1.4": 1.4,
    "hyperexponential 2": 2.0,
}
"""Service law (and coefficient of variation, where it is free) -> coefficient of variation."""


def mg1() -> Iterator[Case]:
    for name, cv in SERVICES.items():
        law, _, free = name.partition(" ")
        line = theory.mg1(0.8, 1, cv)
        yield Case(
            "M/G/1",
            f"M/G/1, load 0.8, {law} service, cv {cv:g}",
            words(0.8, 1, service=law, customers=16_000, **({"service_cv": cv} if free else {})),
            {"P(wait)": line.probability_of_wait, "mean wait": line.mean_wait, "occupancy": line.occupancy},
            x=cv**2,
        )


def mmck() -> Iterator[Case]:
    for capacity in (12, 15, 25):
        yield Case(
            "M/M/c/K",
            f"M/M/10/{capacity}, 11 Erlang",
            words(11, 10, capacity=capacity),
            of_line(theory.mmck(11, 1, 10, capacity), "blocking", "P(wait)", "mean wait", "service level", "occupancy"),
            x=capacity,
        )
    for capacity in (12, 15, 25):
        yield Case(
            "M/M/c/K+M",
            f"M/M/10/{capacity}+M, 12 Erlang, patience 2 min",
            words(12, 10, 2, capacity=capacity),
            of_line(theory.mmck(12, 1, 10, capacity, 2), "blocking", *HASTY),
            x=capacity,
        )


WAVE = {"arrival_rate": 10 / 60, "arrival_swing": 0.5, "arrival_cycle": 60 * HOURS, "service_mean": 120}
"""Ten an hour, half more or less over the day, two hours each: the case of Eick, Massey and Whitt."""


def moving_rate() -> Iterator[Case]:
    load = theory.sinusoidal_load(mean_rate=10, amplitude=5, period=HOURS, service_mean=2)
    hours = range(0, HOURS, 3)
    expected = {f"number at {hour}:00": float(load.at(hour)) for hour in hours}
    expected |= {"amplitude": load.amplitude, "quarter wave (0: the lag is right)": 0.0}
    extra = {f"number at {hour}:00": hour_of_cycle(hour) for hour in hours}
    extra |= {"amplitude": wave(load.lag, False), "quarter wave (0: the lag is right)": wave(load.lag, True)}
    told = words(10 / 60, 200, customers=9600, warm_up=0.1, **{key: WAVE[key] for key in list(WAVE)[1:]})
    yield Case("M(t)/M/infinity", "10 an hour, swing 50 %, a day's cycle, 2 h each", told, expected, extra=extra)


def load_for(servers: int, beta: float) -> float:
    """The load a with servers = a + beta sqrt(a)."""
    return ((math.sqrt(beta**2 + 4 * servers) - beta) / 2) ** 2


def halfin_whitt() -> Iterator[Case]:
    """The same slack for teams of any size; a settled line takes (2 / beta)^2 service times to forget."""
    for beta, memory in ((0.5, 16), (1.0, 4)):
        for servers in (25, 100, 400, 1600):
            load = load_for(servers, beta)
            length = max(60, 5 * memory) if servers > 1000 else (10 if servers > 100 else 20) * memory
            yield Case(
                f"Halfin-Whitt, beta {beta}",
                f"M/M/{servers}, beta {beta}",
                words(load, servers, customers=math.ceil(load * length), warm_up=5 * memory / length),
                of_line(theory.erlang_c(load, 1, servers), "P(wait)"),
                x=servers,
                long=servers > 400 or (servers == 400 and beta < 1),
            )


def redials() -> Iterator[Case]:
    """Pauses of 100 service times; after 1 / (1 - share) pauses the line has forgotten most."""
    for again in (0.25, 0.5):
        line = theory.redials(12, 1, 10, 2, again)
        yield Case(
            "Redials",
            f"M/M/10+M, 12 fresh Erlang, patience 2 min, {again:.0%} redial",
            words(12, 10, 2, redial_share=again, redial_gap=100, customers=12_000, warm_up=1),
            {"calls per fresh call": line.calls_per_fresh_call, **of_line(line.line, *HASTY)},
            x=again,
        )


DAY = 480.0


def days() -> Iterator[Case]:
    """Days that begin empty; the twenty minutes after them let the last calls of the day be answered."""
    for patience, names in ((math.inf, ("P(wait)", "ASA", "service level", "occupancy")), (1.0, None)):
        expected = day(4.2, 2, 12, patience, DAY)
        name = "M/M/12" if math.isinf(patience) else "M/M/12+M, patience 1 min"
        yield Case(
            "Days from empty",
            f"{name}, 480 min from empty",
            words(4.2, 12, patience, service_mean=2, customers=2100, warm_up=0),
            {key: expected[key] for key in names or expected},
            until=DAY,
            copies=4,
        )


def all_cases() -> list[Case]:
    families = (erlang_b, erlang_c, erlang_a, mg1, mmck, moving_rate, halfin_whitt, redials, days)
    return [case for family in families for case in family()]


def comparisons(cases: Sequence[Case]) -> int:
    return sum(len(case.theory) for case in cases)


Measured = tuple[int, np.ndarray]
"""Calls simulated, and an array [replication, measure, (numerator, denominator)]."""


def simulate(cases: Sequence[Case], times: int = 1) -> list[Measured]:
    """Independent replications on THREADS threads: REPLICATIONS `times` so many a case (long ones: LONG_TIMES)."""
    prepare()  # before the threads: it compiles, once
    with ThreadPoolExecutor(THREADS) as pool:
        ahead: list[list[Future]] = []
        for number, case in enumerate(cases):
            experiment = caresim.load(*case.experiment_words)
            count = REPLICATIONS * case.copies * (LONG_TIMES if case.long else times)
            luck = range(APART * number, APART * number + count)
            ahead.append([pool.submit(case.measured, experiment, each) for each in luck])
        found = []
        for jobs in ahead:
            done = [job.result() for job in jobs]
            found.append((sum(calls for calls, _ in done), np.array([pairs for _, pairs in done])))
        return found


def judge(cases: Sequence[Case], measured: Sequence[Measured], among: int | None = None) -> list[Verdict]:
    """Every number of every case; the error rate is shared by `among` comparisons (None: these)."""
    share = among or comparisons(cases)
    verdicts = []
    for case, (_, pairs) in zip(cases, measured, strict=True):
        factor = quantile(share, len(pairs))
        for place, (measure, value) in enumerate(case.theory.items()):
            verdicts.append(Verdict(case.name, measure, value, *interval(pairs[:, place], factor)))
    return verdicts
