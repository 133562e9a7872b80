"""What is to be run: two staffing models, the factors in which they differ, and every combination of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from caresim.config.checks import check_staffing
from caresim.config.errors import BadInput, from_validation
from caresim.config.experiment import Experiment
from caresim.config.staffing import Staffing
from caresim.run.uncertain import drawn
from caresim.tasks.explain.factors import MEANING, SEATS
from caresim.tasks.explain.hybrid import Sides, effect, rebuilt, with_seats
from caresim.tasks.explain.settings import Explain


@dataclass(frozen=True)
class Plan:
    """From staffing model `one` to `other`, factor by factor; `seats` is how many times the free seats, if a factor."""

    one: str
    other: str
    factors: tuple[str, ...]
    seats: float | None = None

    @property
    def staffing(self) -> tuple[str, ...]:
        """The factors that are a matter of staffing."""
        return tuple(factor for factor in self.factors if factor != SEATS)

    def every(self) -> Iterator[tuple[int, frozenset[str]]]:
        """Each combination: its number (factor i is bit i) and the factors that the other model gives."""
        for number in range(1 << len(self.factors)):
            yield number, frozenset(factor for bit, factor in enumerate(self.factors) if number >> bit & 1)

    def model(self, sides: Sides, chosen: frozenset[str]) -> Staffing:
        """The staffing model of a combination; with none or all of the factors the given models themselves."""
        staffing = set(self.staffing)
        if staffing <= chosen:
            return sides.experiment.staffing[self.other]
        return sides.hybrid(chosen & staffing) if chosen & staffing else sides.experiment.staffing[self.one]

    def told(self) -> dict[str, object]:
        """For the manifest, and for the name that finished work is kept under."""
        return {"one": self.one, "other": self.other, "factors": list(self.factors), "seats": self.seats}


def planned(experiment: Experiment, one: str, other: str) -> Plan:
    """The plan for two staffing models. BadInput where they do not differ, or a hybrid is no staffing model."""
    factors = differing(experiment, one, other)
    if not factors:
        raise BadInput("explain.other", other, f"does not differ from {one} in anything that a run can tell")
    settings: Explain = experiment.setting("explain")
    seats = settings.seats
    if seats is not None and seats.value != 1:
        factors = (*factors, SEATS)
    plan = Plan(one, other, factors, seats.value if SEATS in factors and seats else None)
    check(experiment, plan)
    return plan


def differing(experiment: Experiment, one: str, other: str) -> tuple[str, ...]:
    """The factors that change some hybrid of the two models, as configured or in the first draw."""
    names = [name for name in MEANING if name != SEATS]
    found: set[str] = set()
    for drawn_or_not in (experiment, drawn(experiment, 0)):
        sides = Sides(drawn_or_not, one, other)
        effects = {
            frozenset(chosen): effect(drawn_or_not, sides.hybrid(chosen))
            for size in range(len(names) + 1)
            for chosen in combinations(names, size)
        }
        found |= {
            name
            for name in names
            for chosen, told in effects.items()
            if name not in chosen and effects[chosen | {name}] != told
        }
    return tuple(name for name in names if name in found)


def check(experiment: Experiment, plan: Plan) -> None:
    """BadInput for the first hybrid that is no staffing model."""
    from pydantic import ValidationError

    sides = Sides(experiment, plan.one, plan.other)
    for _, chosen in plan.every():
        model = plan.model(sides, chosen)
        name = f"{plan.one} with {', '.join(sorted(chosen))} of {plan.other}"
        try:
            rebuilt(model)
        except ValidationError as error:
            raise from_validation(error, name) from None
        check_staffing(experiment, model, name)


def at_its_seats(experiment: Experiment, plan: Plan, chosen: frozenset[str]) -> Experiment:
    """The experiment with the seats of a combination."""
    return with_seats(experiment, plan.seats) if SEATS in chosen and plan.seats is not None else experiment
