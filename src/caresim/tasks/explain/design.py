"""Which factors are combined: a full factorial design of the factors in which two staffing models differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from caresim.config.errors import BadInput, from_validation
from caresim.config.experiment import Experiment
from caresim.config.staffing import Staffing
from caresim.config.staffing_checks import check_staffing
from caresim.run.uncertain import drawn
from caresim.tasks.explain.factors import MEANING, SEATS
from caresim.tasks.explain.hybrid import Sides, effect, rebuilt, with_seats
from caresim.tasks.explain.settings import Explain


@dataclass(frozen=True)
class FactorialDesign:
    """Every combination of `factors` between the staffing models `one` and `other`.

    `seats` is the multiple of the free seats, where seats are a factor.
    """

    one: str
    other: str
    factors: tuple[str, ...]
    seats: float | None = None

    @property
    def staffing(self) -> tuple[str, ...]:
        """The factors that are a matter of staffing."""
        return tuple(factor for factor in self.factors if factor != SEATS)

    def combinations(self) -> Iterator[tuple[int, frozenset[str]]]:
        """Each combination: its number (factor i is bit i), and the factors that are as in the other model."""
        for number in range(1 << len(self.factors)):
            yield number, frozenset(factor for bit, factor in enumerate(self.factors) if number >> bit & 1)

    def model(self, sides: Sides, chosen: frozenset[str]) -> Staffing:
        """The staffing model of a combination. None of the factors gives `one` itself, and all of them `other`."""
        staffing = set(self.staffing)
        if staffing <= chosen:
            return sides.experiment.staffing[self.other]
        return sides.hybrid(chosen & staffing) if chosen & staffing else sides.experiment.staffing[self.one]

    def as_mapping(self) -> dict[str, object]:
        """For the manifest, and for the name under which finished work is kept."""
        return {"one": self.one, "other": self.other, "factors": list(self.factors), "seats": self.seats}


def design_of(experiment: Experiment, one: str, other: str) -> FactorialDesign:
    """The design for two staffing models. BadInput where they do not differ, or a hybrid is no staffing model."""
    factors = differing_factors(experiment, one, other)
    if not factors:
        raise BadInput("explain.other", other, f"does not differ from {one} in anything that a run can tell")
    settings: Explain = experiment.setting("explain")
    seats = settings.seats
    if seats is not None and seats.value != 1:
        factors = (*factors, SEATS)
    design = FactorialDesign(one, other, factors, seats.value if SEATS in factors and seats else None)
    check(experiment, design)
    return design


def differing_factors(experiment: Experiment, one: str, other: str) -> tuple[str, ...]:
    """The factors that change some hybrid of the two models, as configured or in the first draw."""
    names = [name for name in MEANING if name != SEATS]
    differing: set[str] = set()
    for drawn_or_not in (experiment, drawn(experiment, 0)):
        sides = Sides(drawn_or_not, one, other)
        effects = {
            frozenset(chosen): effect(drawn_or_not, sides.hybrid(chosen))
            for size in range(len(names) + 1)
            for chosen in combinations(names, size)
        }
        differing |= {
            name
            for name in names
            for chosen, without in effects.items()
            if name not in chosen and effects[chosen | {name}] != without
        }
    return tuple(name for name in names if name in differing)


def check(experiment: Experiment, design: FactorialDesign) -> None:
    """BadInput for the first hybrid that is no staffing model."""
    from pydantic import ValidationError

    sides = Sides(experiment, design.one, design.other)
    for _, chosen in design.combinations():
        model = design.model(sides, chosen)
        name = f"{design.one} with {', '.join(sorted(chosen))} of {design.other}"
        try:
            rebuilt(model)
        except ValidationError as error:
            raise from_validation(error, name) from None
        check_staffing(experiment, model, name)


def at_its_seats(experiment: Experiment, design: FactorialDesign, chosen: frozenset[str]) -> Experiment:
    """The experiment with the seats of a combination."""
    return with_seats(experiment, design.seats) if SEATS in chosen and design.seats is not None else experiment
