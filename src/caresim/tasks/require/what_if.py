"""What the same target would need with one number changed, for the desks of which formulas hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from caresim.config.quantity import Quantity
from caresim.tasks.require.formula import required
from caresim.tasks.require.grid import present
from caresim.tasks.require.settings import THEORY, Requirement
from caresim.tasks.require.traffic import Calls, calls_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from caresim.tasks.require.grid import Floats
    from caresim.tasks.require.requirement import StaffNeeded

    Change = Callable[[Calls], Calls]

MORE = 1.1
"""Times the calls, or the handling: what a forecast may be off by. Assumption."""
HALF = 0.5
"""Of the probability, and of the patience."""


@dataclass(frozen=True)
class WhatIf:
    """One changed number, and what it asks for."""

    words: str
    hours: float
    """On duty, of the desks found by theory."""
    apart: str
    """Against the answer, in percent."""


def what_if(needed: StaffNeeded) -> list[WhatIf]:
    """The hours on duty that other inputs would ask for; empty where no desk was found by theory."""
    desks = [needs for needs in needed.desks if needs.method == THEORY and needs.open.any()]
    if not desks:
        return []
    there = present(needed.experiment, needed.staffing, needed.grid)
    calls = {needs.desk: calls_of(needed.experiment, needs.desk, there[needs.desk], needed.grid) for needs in desks}
    width = needed.grid.width
    usual = sum(needs.hours(needs.people, width) for needs in desks)
    found = []
    for words, change, settings in cases(needed, calls):
        hours = 0.0
        for needs in desks:
            people = people_for(needed, change(calls[needs.desk]), settings)
            hours += needs.hours(people, width)
        apart = f"{100 * (hours / usual - 1):+.0f} %".replace("-", "−")
        found.append(WhatIf(words, hours, apart))
    return found


def cases(needed: StaffNeeded, calls: dict[str, Calls]) -> list[tuple[str, Change, Requirement]]:
    """The changes that are tried, in words, each with what it makes of calls and settings."""
    own = needed.settings
    half = own.model_copy(update={"probability": changed(own.probability, HALF)})
    more = f"{100 * (MORE - 1):.0f} %"
    told: list[tuple[str, Change, Requirement]] = [
        (f"every day has {more} more calls", more_calls, own),
        (f"every call takes {more} longer", longer, own),
    ]
    if own.probability.value > HALF:
        told.append((f"the target has to be met on {100 * HALF:.0f} % of the days only", unchanged, half))
    if any(np.isfinite(one.patience_mean) for one in calls.values()):
        told.append(("callers are half as patient, and more of them hang up", impatient, own))
    return told


def changed(quantity: Quantity, value: float) -> Quantity:
    """The same quantity with another value."""
    return replace(quantity, value=value, text=f"{100 * value:g} %")


def unchanged(calls: Calls) -> Calls:
    return calls


def more_calls(calls: Calls) -> Calls:
    """Each interval has MORE times the calls, and their work."""
    offered = {name: MORE * many for name, many in calls.offered.items()}
    return replace(longer(calls), offered=offered, fresh=MORE * calls.fresh)


def longer(calls: Calls) -> Calls:
    """Each interval has MORE times the work."""
    return replace(calls, minutes={name: MORE * minutes for name, minutes in calls.minutes.items()})


def impatient(calls: Calls) -> Calls:
    """Callers hang up after half the time on average."""
    return replace(calls, patience_mean=HALF * calls.patience_mean)


def people_for(needed: StaffNeeded, calls: Calls, settings: Requirement) -> Floats:
    """People of each interval, by formulas."""
    study = needed.experiment.study
    within = settings.within.value if settings.within else study.service_level_within.value
    return required(calls, settings, within, study.short_abandonment.value, needed.grid.width).people
