"""What the project wants to reach: each target with the figure that tells, and what stands in the way of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`name` of a figure; it is to be at least (or at most) `wanted`, and better still `aim`. None: only stated."""

    name: str
    what: str
    wanted: float | None
    at_least: bool
    unit: str
    aim: float | None = None

    @property
    def by_wall(self) -> bool:
        """Does other work on the machine show in it as it is?"""
        return self.unit in ("s", "ms", "min") or self.name in OF_THE_WALL

    def met(self, value: float) -> bool:
        return self.wanted is None or (value >= self.wanted if self.at_least else value <= self.wanted)

    def miss(self, value: float) -> float:
        """How far off, as a share of what is wanted; 0 where it is met."""
        if self.wanted is None:
            return 0.0
        away = self.wanted - value if self.at_least else value - self.wanted
        return max(0.0, away / self.wanted)

    def verdict(self, value: float) -> str:
        if self.wanted is None:
            return ""
        if not self.met(value):
            return f"missed by {100 * self.miss(value):.0f} %"
        if self.aim is None:
            return "met"
        return "met, and the aim" if value >= self.aim else "met, not the aim"

    @property
    def bound(self) -> str:
        if self.wanted is None:
            return ""
        aim = f", aim {self.aim:g}" if self.aim else ""
        return f"{'at least' if self.at_least else 'at most'} {self.wanted:g} {self.unit}{aim}"


def _least(name: str, what: str, wanted: float, unit: str, aim: float | None = None) -> Target:
    return Target(name, what, wanted, True, unit, aim)


def _most(name: str, what: str, wanted: float, unit: str) -> Target:
    return Target(name, what, wanted, False, unit)


def _stated(name: str, what: str, unit: str) -> Target:
    return Target(name, what, None, False, unit)


OF_THE_WALL = ("two_threads", "study_over_runs", "study_over_measured")
"""Ratios of seconds on the wall."""
TARGETS = (
    _least("times_simpy", "M/M/10+M: times the speed of SimPy, our building included", 40, "x", 80),
    _least("times_ciw", "M/M/10+M: times the speed of Ciw, our building included", 70, "x", 140),
    _least("times_mesa", "M/M/10+M: times the speed of Mesa's events, our building included", 60, "x", 120),
    _least("speed_of_cpp", "M/M/10+M: share of the speed of the loop in C++, run against run", 0.5, "x", 0.7),
    _least("tokyo_events", "tokyo, all behaviour, 20,000 passengers: the run", 7, "million events/s", 10),
    _stated("tokyo_events_whole", "the same, building included", "million events/s"),
    _stated("tokyo_events_a_passenger", "the same: events a passenger", "events"),
    _least("two_threads", "tokyo: two threads against one, building included", 1.8, "x"),
    _most("light_whole_s", "ten million passengers, light load: build, run and measure", 45, "s"),
    _most("light_peak_gb", "the same: peak memory of the process, everything in it", 3, "GB"),
    _stated("light_events_a_passenger", "the same: events a passenger", "events"),
    _most("overloaded_whole_s", "ten million passengers, overloaded: build, run and measure", 120, "s"),
    _most("overloaded_peak_gb", "the same: peak memory of the process, everything in it", 6, "GB"),
    _stated("overloaded_events_a_passenger", "the same: events a passenger", "events"),
    _most("light_event_growth", "processor time an event, ten million against ten thousand, light load", 1.5, "x"),
    _most("overloaded_event_growth", "processor time an event, ten million against ten thousand, overloaded", 2.5, "x"),
    _most(
        "study_over_runs", "replications x 6 staffing models of tokyo, two cores: over half the runs alone", 1.2, "x"
    ),
    _stated("study_over_measured", "the same, over half the runs with their metrics and curves", "x"),
    _stated("study_minutes", "the same: minutes", "min"),
    _stated("study_replications", "the same: replications of each staffing model", "replications"),
    _most("sweep_ms", "`-m` over small design points, tables and figures of each: a point, all in", 10, "ms"),
    _stated("design_ms", "from a value to its metrics in one process, no files: a point, without its events", "ms"),
    _most("help_s", "`--help`", 1, "s"),
    _most("cfg_job_s", "`--cfg job`", 1.5, "s"),
    _most("first_replication_s", "tokyo until its first replication is done", 3, "s"),
    _most("compile_s", "compilation, first ever run", 20, "s"),
    _most("compile_changed_s", "compilation after a change of one file of the model", 20, "s"),
    _most("cached_s", "tokyo until its first replication, from a read-only install", 3, "s"),
)
_COMPOSING = "composing the configuration (Hydra) takes about 1.3 s, importing Numba 0.5 s"
_COMPILING = "every law is compiled and emitted again within each of its callers"
IN_THE_WAY = {
    "speed_of_cpp": "what a general engine does for each event: shifts, checked rows, several agendas",
    "tokyo_events": "choosing a channel (a hash, two logarithms and a utility for each of eight), and memory",
    "two_threads": "the parts of building that are Python hold the interpreter's lock",
    "light_whole_s": "building and measuring pass over all passengers; the run waits for memory (supposition)",
    "light_peak_gb": "a row of 128 bytes a passenger and one of 88 a case, for those, too, who need nobody",
    "overloaded_whole_s": "a heap with hundreds of thousands of waiting people; memory's latency (supposition)",
    "overloaded_peak_gb": "five contacts a passenger, of which those looked at again are resident",
    "light_event_growth": "ten million records are more than any cache holds (supposition)",
    "overloaded_event_growth": "a heap with hundreds of thousands of waiting people; memory's latency (supposition)",
    "sweep_ms": "composition, statistics, tables and figures of each point",
    "help_s": "importing Python's libraries",
    "cfg_job_s": _COMPOSING,
    "first_replication_s": _COMPOSING,
    "compile_s": _COMPILING,
    "compile_changed_s": _COMPILING,
    "cached_s": _COMPOSING,
}
"""A sentence a target; shown where it is missed. Those of the peers and of the study are made of
what was measured beside them."""
