"""What is played through several engines: who arrives when, for how long, with how much patience, and who is there.

All times are multiples of 2**-20 minutes (57 microseconds), so that sums and differences of them are exact in 64 bits:
an engine that adds up gaps between arrivals ends at the same bits as one that is given the times.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

GRAIN = 2.0**-20
"""Minutes; the times of a workload are multiples of it."""
LONG_CREW = 1_000_000.0
"""Minutes that a crew stays which never goes home."""


@dataclass(frozen=True)
class Workload:
    """One desk's traffic and people; times in minutes.

    Customer i arrives at `arrivals[i]` (ascending, no two alike), needs `services[i]` of a person's time and gives up
    after waiting `patience[i]` (infinite: never). Waiting customers are served by `priority` (larger first), then by
    arrival; nobody's service is interrupted.

    `crews` are rows (start, end, headcount) of a roster, by time, that do not overlap; between them nobody is there.
    People are numbered, and person k is on duty whenever more than k people are rostered: a change of headcount brings
    or sends home only the difference, and cutting a row in two changes nothing. Whoever goes home finishes the call in
    hand; the others wait on. Of several free people the one who has been idle longest takes the next call; of those who
    begin together, the one with the lowest number.
    """

    name: str
    arrivals: np.ndarray
    services: np.ndarray
    patience: np.ndarray
    priority: np.ndarray
    crews: tuple[tuple[float, float, int], ...]

    def __len__(self) -> int:
        return len(self.arrivals)

    def headcounts(self) -> list[tuple[float, int]]:
        """(time from which, people on duty), only where it changes, from the first to the last change."""
        times = sorted({time for start, end, _ in self.crews for time in (start, end)})
        steps = [(0.0, 0)] if times[0] > 0.0 else []
        for time in times:
            heads = sum(heads for start, end, heads in self.crews if start <= time < end)
            if not steps or heads != steps[-1][1]:
                steps.append((time, heads))
        return steps

    def stretches(self) -> list[list[tuple[float, float]]]:
        """For each person the (start, end) of duty, in order; back to back rows are one stretch."""
        steps = self.headcounts()
        people: list[list[tuple[float, float]]] = [[] for _ in range(max(heads for _, heads in steps))]
        for (start, heads), (end, _) in pairwise(steps):
            for stretches in people[:heads]:
                if stretches and stretches[-1][1] == start:
                    stretches[-1] = (stretches[-1][0], end)
                else:
                    stretches.append((start, end))
        return people

    @property
    def always(self) -> int | None:
        """How many people there are if nobody ever comes or goes; None: there are shifts."""
        (start, end, heads), *more = self.crews
        return heads if not more and start == 0.0 and end == LONG_CREW else None


def on_grain(minutes: np.ndarray) -> np.ndarray:
    """Rounded to the grain, and at least one of it."""
    return np.maximum(np.round(minutes / GRAIN), 1.0) * GRAIN


def traffic(
    name: str,
    crews: int | list[tuple[float, float, int]],
    *,
    seed: int,
    rate: float,
    customers: int = 3000,
    service: float = 1.0,
    variability: float = 1.0,
    patience: float = np.inf,
    classes: int = 1,
) -> Workload:
    """A random workload: Poisson arrivals at `rate` a minute, gamma services, exponential patience.

    `crews` is a number of people who never go home, or rows of a roster. `service` and `patience` are means in minutes,
    `variability` is the coefficient of variation of the services (0: all alike). `classes` priorities are equally
    likely.
    """
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(on_grain(rng.exponential(1.0 / rate, customers)))
    if variability:
        shape = variability**-2.0
        services = on_grain(rng.gamma(shape, service / shape, customers))
    else:
        services = on_grain(np.full(customers, service))
    patient = on_grain(rng.exponential(patience, customers)) if np.isfinite(patience) else np.full(customers, np.inf)
    roster = ((0.0, LONG_CREW, crews),) if isinstance(crews, int) else tuple(crews)
    return Workload(name, arrivals, services, patient, rng.integers(0, classes, customers), roster)


def endless_for_some(workload: Workload, every: int) -> Workload:
    """The same, but one customer in `every` waits for as long as it takes."""
    patience = workload.patience.copy()
    patience[::every] = np.inf
    return replace(workload, patience=patience)


def cut_in_two(workload: Workload, at: float) -> Workload:
    """The same roster, written with two rows instead of one: until minute `at`, and from then on."""
    ((start, end, heads),) = workload.crews
    halves = ((start, at, heads), (at, end, heads))
    return replace(workload, name=f"{workload.name}, cut in two", crews=halves)


def rows(start: float, *ends: tuple[float, int]) -> list[tuple[float, float, int]]:
    """Rows of a roster back to back, from (until when, headcount)."""
    starts = [start, *(end for end, _ in ends)]
    return [(begin, end, heads) for begin, (end, heads) in zip(starts, ends, strict=False)]


def fixed_crews() -> list[Workload]:
    """Nobody comes or goes: first come first served and priorities, 1 to 10 people, all loads."""
    found = []
    for people in (1, 2, 5, 10):
        busy, heavy = 0.9 * people, 1.2 * people
        found += [
            traffic(f"fifo {people}", people, seed=10 + people, rate=busy),
            traffic(f"fifo {people}, they give up", people, seed=30 + people, rate=heavy, patience=4.0),
            traffic(f"priorities {people}", people, seed=50 + people, rate=busy, classes=3),
            traffic(
                f"priorities {people}, they give up", people, seed=70 + people, rate=heavy, patience=4.0, classes=3
            ),
        ]
    return [
        *found,
        traffic("light load", 5, seed=101, rate=2.5, patience=2.0),
        traffic("equal services", 3, seed=102, rate=2.7, variability=0.0),
        traffic("equal services, they give up", 3, seed=103, rate=3.3, variability=0.0, patience=2.0, classes=2),
        traffic("a few long services", 4, seed=104, rate=3.4, variability=3.0, patience=6.0),
        endless_for_some(traffic("some never give up", 3, seed=105, rate=3.6, patience=3.0), every=4),
        traffic("hopeless", 1, seed=106, rate=1.5, customers=600, classes=2),
    ]


def shifts_with_gaps() -> list[Workload]:
    """Everybody goes home and has gone home before the next crew comes: every engine can say it."""
    days = [(float(day * 500), float(day * 500 + 300), 4 + day % 3) for day in range(5)]
    late = [(60.0, 400.0, 3)]
    return [
        traffic("five days", days, seed=201, rate=1.4, service=2.5),
        traffic("five days, they give up", days, seed=202, rate=1.6, service=2.5, patience=15.0),
        traffic("five days, priorities", days, seed=203, rate=1.4, service=2.5, patience=40.0, classes=3),
        traffic("opens late, closes early", late, seed=204, rate=2.0, customers=1000),
        traffic(
            "opens late, closes early, they give up", late, seed=205, rate=4.0, customers=2000, patience=5.0, classes=2
        ),
    ]


def changing_crews() -> list[Workload]:
    """The crew grows and shrinks while people are on the phone."""
    waves = rows(0.0, (50.0, 2), (200.0, 5), (300.0, 7), (420.0, 4), (500.0, 2), (640.0, 6), (700.0, 7), (1300.0, 3))
    steps = rows(0.0, *((float(60 * k + 60), 1 + (k * 3) % 5) for k in range(25)))
    quick = [(float(3 * k), float(3 * k + 2), 3) for k in range(200)]
    return [
        traffic("waves", waves, seed=301, rate=2.2, service=1.3),
        traffic("waves, they give up", waves, seed=302, rate=3.0, service=1.6, patience=6.0),
        traffic("waves, priorities", waves, seed=303, rate=2.8, service=1.6, patience=10.0, classes=3),
        traffic("hourly steps", steps, seed=304, rate=2.1, patience=8.0, variability=2.0),
        traffic("shifts shorter than calls", quick, seed=305, rate=1.2, service=2.0, patience=9.0, customers=600),
    ]


def all_workloads() -> list[Workload]:
    return [*fixed_crews(), *shifts_with_gaps(), *changing_crews()]
