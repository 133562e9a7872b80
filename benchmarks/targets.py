"""What the project wants to reach: each target with the figure that tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`name` of a figure; it is to be at least (or at most) `wanted`, and better still `aim`."""

    name: str
    what: str
    wanted: float
    at_least: bool
    unit: str
    aim: float | None = None

    def met(self, value: float) -> bool:
        return value >= self.wanted if self.at_least else value <= self.wanted

    def miss(self, value: float) -> float:
        """How far off, as a share of what is wanted; 0 where it is met."""
        away = self.wanted - value if self.at_least else value - self.wanted
        return max(0.0, away / self.wanted)

    @property
    def bound(self) -> str:
        aim = f", aim {self.aim:g}" if self.aim else ""
        return f"{'at least' if self.at_least else 'at most'} {self.wanted:g} {self.unit}{aim}"


def _least(name: str, what: str, wanted: float, unit: str, aim: float | None = None) -> Target:
    return Target(name, what, wanted, True, unit, aim)


def _most(name: str, what: str, wanted: float, unit: str) -> Target:
    return Target(name, what, wanted, False, unit)


TARGETS = (
    _least("times_simpy", "M/M/10+M: times the speed of SimPy, building included", 40, "x", 80),
    _least("times_ciw", "M/M/10+M: times the speed of Ciw, building included", 70, "x", 140),
    _least("times_mesa", "M/M/10+M: times the speed of Mesa's events, building included", 60, "x", 120),
    _least("speed_of_cpp", "M/M/10+M: share of the speed of the loop in C++", 0.5, "x", 0.7),
    _least("tokyo_events", "tokyo, all behaviour, 20,000 passengers", 7, "million events/s", 10),
    _least("two_threads", "two threads against one, building included", 1.8, "x"),
    _most("light_s", "ten million passengers, light load", 45, "s"),
    _most("light_gb", "ten million passengers, light load", 3, "GB"),
    _most("overloaded_s", "ten million passengers, overloaded", 120, "s"),
    _most("overloaded_gb", "ten million passengers, overloaded", 6, "GB"),
    _most("light_growth", "time an event at ten million against ten thousand, light load", 1.5, "x"),
    _most("overloaded_growth", "time an event at ten million against ten thousand, overloaded", 2.5, "x"),
    _most("study_ratio", "replications x 6 staffing models of tokyo on two cores, over half the single runs", 1.2, "x"),
    _most("design_ms", "1,000 small design points in one process: overhead a point", 10, "ms"),
    _most("help_s", "`--help`", 1, "s"),
    _most("cfg_job_s", "`--cfg job`", 1.5, "s"),
    _most("first_replication_s", "tokyo until its first replication is done", 3, "s"),
    _most("compile_s", "compilation, first ever run", 20, "s"),
    _most("compile_changed_s", "compilation after a change of one file of the model", 20, "s"),
    _most("cached_s", "tokyo until its first replication, from a read-only install", 3, "s"),
)
