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
            percent = 100 * self.miss(value)
            return f"missed by {percent:.0f} %" if percent >= 1 else "missed by less than 1 %"
        if self.aim is None:
            return "met"
        reached = value >= self.aim if self.at_least else value <= self.aim
        return "met, and the aim" if reached else "met, not the aim"

    @property
    def bound(self) -> str:
        if self.wanted is None:
            return ""
        aim = f", aim {self.aim:g}" if self.aim else ""
        return f"{'at least' if self.at_least else 'at most'} {self.wanted:g} {self.unit}{aim}"


def _least(name: str, what: str, wanted: float, unit: str, aim: float | None = None) -> Target:
    return Target(name, what, wanted, True, unit, aim)


def _most(name: str, what: str, wanted: float, unit: str, aim: float | None = None) -> Target:
    return Target(name, what, wanted, False, unit, aim)


def _stated(name: str, what: str, unit: str) -> Target:
    return Target(name, what, None, False, unit)


OF_THE_WALL = ("two_workers", "sixteen_workers", "sixteen_workers_predicted", "study_over_runs", "study_over_measured")
"""Ratios of seconds on the wall."""
LINE = "M/M/10+M, `caresim.simulate` and its metrics, fresh process, times the speed of LINE's engine"
QUEUE = "M/M/10+M, run and building"
TARGETS = (
    _most("compile_s", "first compilation from source, two cores", 18, "s", 12),
    _most("fresh_clone_s", "fresh clone: from the end of `pip install .` to tokyo's first table", 24, "s", 18),
    _most("wheel_s", "the same from a wheel that brings compiled code", 6, "s"),
    _most("second_environment_s", "a second environment of the same version, to tokyo's first table", 6, "s"),
    _most("compiled_mb", "compiled code on disk, one version in two environments", 2, "MB"),
    _most("tokyo_default_s", "tokyo, default replications, warm, two cores, the whole command", 15, "s"),
    _least("two_workers", "two workers against one, building, metrics and gathering included", 1.85, "x"),
    _least("sixteen_workers", "sixteen workers against one, measured", 10, "x"),
    _least("sixteen_workers_predicted", "sixteen workers against one, predicted for sixteen cores", 10, "x"),
    _stated("sixteen_serial_share", "the same: share of one worker's time that cannot be divided", "share"),
    _most("sixteen_gb", "sixteen workers: memory of all", 4, "GB"),
    _most("study_peak_gb", "tokyo, replications x staffing models: peak memory", 1, "GB"),
    _most("study_over_measured", "the same: time over half the runs with their metrics", 1.15, "x"),
    _stated("study_over_runs", "the same: time over half the runs alone", "x"),
    _stated("study_minutes", "the same: minutes", "min"),
    _stated("study_replications", "the same: replications of each staffing model", "replications"),
    _most("sweep_tables_busy_ms", "a sweep point through `-m` with `figures=none`, tables written", 100, "CPU ms"),
    _most("design_ms", "a sweep point in one process, metrics only, without its events", 5, "CPU ms"),
    _stated("sweep_busy_ms", "a sweep point through `-m`, tables and figures", "CPU ms"),
    _least("times_line", f"{LINE}: 100,000 customers", 1.8, "x"),
    _least("times_line_million", f"{LINE}: 1,000,000 customers", 1.15, "x", 1.3),
    _stated("times_line_with_start_million", "the same, the start of caresim's own process included", "x"),
    _most("queue_whole_event_growth", f"{QUEUE}: CPU time of an event, ten million customers over 10,000", 1.15, "x"),
    _most("queue_peak_gb", "the same: peak memory of the process at ten million", 0.6, "GB"),
    _least("times_simpy", "M/M/10+M, run and building: times the speed of SimPy", 23, "x", 30),
    _least("times_ciw", "M/M/10+M, run and building: times the speed of Ciw", 36, "x", 45),
    _least("times_mesa", "M/M/10+M, run and building: times the speed of Mesa's events", 24, "x", 30),
    _least("times_cimba", "M/M/10+M, run and building: times the speed of Cimba", 4, "x", 6),
    _least("simulate_times_simpy", "M/M/10+M, `caresim.simulate` to its metrics: times the speed of SimPy", 20, "x"),
    _least("tokyo_events", "tokyo, all behaviour, 20,000 passengers: the run", 9, "million events/s", 10),
    _stated("tokyo_events_whole", "the same, building included", "million events/s"),
    _stated("tokyo_events_a_passenger", "the same: events a passenger", "events"),
    _most("overloaded_whole_s", "ten million passengers, overloaded: build, run and measure", 110, "s"),
    _most("overloaded_event_growth", "the same: CPU time of an event, against ten thousand passengers", 3, "x"),
    _stated("overloaded_events_a_passenger", "the same: events a passenger", "events"),
    _most("import_s", "`import caresim`, a whole process", 0.06, "s"),
    _most("help_s", "`--help`", 0.3, "s"),
    _most("refused_s", "bad input refused", 0.8, "s"),
)
"""What is to be reached now."""
EARLIER = (
    _least("speed_of_cpp", "M/M/10+M: share of the speed of the loop in C++, run against run", 0.5, "x", 0.7),
    _most("light_whole_s", "ten million passengers, light load: build, run and measure", 45, "s"),
    _most("light_peak_gb", "the same: peak memory of the process, everything in it", 3, "GB"),
    _stated("light_events_a_passenger", "the same: events a passenger", "events"),
    _most("light_event_growth", "the same: CPU time of an event, against ten thousand passengers", 1.5, "x"),
    _most("overloaded_peak_gb", "ten million passengers, overloaded: peak memory of the process", 6, "GB"),
    _most("cfg_job_s", "`--cfg job`", 1.5, "s"),
    _most("first_replication_s", "tokyo until its first replication is done", 3, "s"),
    _most("cached_s", "the same from a read-only install", 3, "s"),
    _most("compile_changed_s", "compilation after a change of one file of the model", 20, "s"),
)
"""What was to be reached before, and still holds."""
EITHER = {
    "sixteen_workers": {"sixteen_workers_predicted"},
    "sixteen_workers_predicted": {"sixteen_workers"},
}
"""What takes the place of a figure that this machine cannot give."""
_COMPOSING = "reading the configuration: composing it where it is not kept yet, and checking it; importing"
_COMPILING = "Numba types and lowers some 240 functions in Python; linking and optimising them is done in one process"
_MEMORY = "memory is slower than the processor's caches (supposition)"
_FIGURES = "the runs: 12 s, of eight staffing models (once six); then statistics, figures and the page, in turn"
_HANDING_OUT = "starting the workers and gathering: this study lasts some seconds with sixteen, longer ones gain more"
IN_THE_WAY = {
    "speed_of_cpp": "what a general engine does for each event: shifts, checked rows, several agendas",
    "tokyo_events": "choosing a channel (a hash, two logarithms and a utility for each of eight), and memory",
    "fresh_clone_s": "compilation; then composing, importing, and matplotlib's list of fonts",
    "wheel_s": "composing, importing and the runs themselves",
    "second_environment_s": "composing, importing and the runs themselves",
    "compiled_mb": "what is compiled by itself when Python calls it",
    "tokyo_default_s": _FIGURES,
    "two_workers": "the parts of building and measuring that are Python hold the interpreter's lock",
    "sixteen_workers": _HANDING_OUT,
    "sixteen_workers_predicted": _HANDING_OUT,
    "sixteen_gb": "each process holds Python, its libraries and a world",
    "study_peak_gb": "Python and its libraries, two worlds, every run's metrics, the frames of the last blocks",
    "sweep_tables_busy_ms": "composition, statistics, and tables with their digests",
    "design_ms": "building and measuring pass over dozens of small tables, each with NumPy's price of a call",
    "queue_whole_event_growth": _MEMORY,
    "queue_peak_gb": "Python and its libraries, up to two million waits one by one, and what is measured in one go",
    "simulate_times_simpy": "building and metrics, which SimPy's program has none of",
    "light_whole_s": "building and measuring pass over all passengers; the run waits for memory (supposition)",
    "light_peak_gb": "a row of 128 bytes a passenger and one of 104 a case, for those, too, who need nobody",
    "overloaded_whole_s": f"a heap with hundreds of thousands of waiting people; {_MEMORY}",
    "overloaded_peak_gb": "five contacts a passenger, of which those looked at again are resident",
    "light_event_growth": f"ten million records are more than any cache holds; {_MEMORY}",
    "overloaded_event_growth": f"a heap with hundreds of thousands of waiting people; {_MEMORY}",
    "import_s": "starting Python takes half of it",
    "help_s": "importing Python's libraries",
    "refused_s": _COMPOSING,
    "cfg_job_s": _COMPOSING,
    "first_replication_s": _COMPOSING,
    "compile_s": _COMPILING,
    "compile_changed_s": _COMPILING,
    "cached_s": _COMPOSING,
}
"""A sentence a target; shown where it is missed. Those of the peers and of the study are made of
what was measured beside them."""
