"""The one row of `behaviour`: the numbers of the laws, from conf/behaviour."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.quantity import Quantity
from caresim.model.anchors import solve
from caresim.model.behaviour import COMPUTED, KEPT
from caresim.model.codes import NEVER, Handling, Patience
from caresim.model.exact import LN2, exp, log
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.model.records import rows
from caresim.model.studies import PEOPLE
from caresim.model.world import World


def sigma_of(cv: float) -> float:
    """Standard deviation of the logarithm of a lognormal with this coefficient of variation."""
    return math.sqrt(float(log(1.0 + cv * cv)))


def cv_of(sigma: float) -> float:
    """Coefficient of variation of a lognormal with this standard deviation of the logarithm."""
    return math.sqrt(max(0.0, float(exp(sigma * sigma)) - 1.0))


def top(quantity: Quantity) -> float:
    """The largest value a quantity may take in any replication."""
    return quantity.value if quantity.high is None else quantity.high


def contagion_max(experiment: Experiment) -> float:
    """Posts: what a post sets off at most, whatever is drawn of its range."""
    public = experiment.behaviour.public
    return max(top(public.contagion), top(public.contagion_from_care))


def relay_max(experiment: Experiment) -> float:
    """Times that what the company says is passed on at most, whatever is drawn of its range."""
    return top(experiment.behaviour.public.relay)


def kernel(experiment: Experiment) -> float:
    """Minutes: the mean time between a post and one that it sets off."""
    return experiment.behaviour.public.kernel_mean


def talk_gap(experiment: Experiment) -> float:
    """Minutes: the mean time between bystanders' posts about one passenger whose case is open; NEVER: none."""
    bystanders = experiment.disruption.bystanders
    talk = bystanders.per_unresolved.value if bystanders else 0.0
    return 1.0 / talk if talk > 0 else NEVER


def remind_share(experiment: Experiment) -> float:
    """Share of the posts after which an author whom nobody answers posts again."""
    return experiment.behaviour.public.repeats


def abandon_gap(experiment: Experiment) -> float:
    """Minutes: the mean of the exponential time until a redial; the configuration gives the median."""
    return experiment.behaviour.phone.abandon_gap.value / LN2


def handle_sigma(experiment: Experiment) -> float:
    """Standard deviation of the logarithm of a lognormal handling time."""
    handling = experiment.behaviour.handling
    return sigma_of(handling.cv.value) if handling.cv else handling.sigma.value


def handle_cv(experiment: Experiment) -> float:
    """Coefficient of variation of a handling time."""
    handling = experiment.behaviour.handling
    return handling.cv.value if handling.cv else cv_of(handling.sigma.value)


def handle_law(experiment: Experiment) -> int:
    """How handling times are distributed, as a number."""
    return Handling[experiment.behaviour.handling.law.upper()]


def patience_law(experiment: Experiment) -> int:
    """How patience on the spot is distributed, as a number."""
    return Patience[experiment.behaviour.phone.patience_law.upper()]


def over(experiment: Experiment) -> float:
    """Minutes since the start: from then on news of the disruption help nobody; the end of the window unless given."""
    at = experiment.disruption.over
    return experiment.window.value if at is None else experiment.minutes(at)


def rates(experiment: Experiment) -> int:
    """1 where passengers rate the care, else 0."""
    return int(experiment.behaviour.rates)


COMPUTE: dict[str, Callable[[Experiment], float]] = {
    each.__name__: each
    for each in (
        contagion_max, relay_max, kernel, talk_gap, remind_share, abandon_gap, handle_sigma, handle_cv, handle_law,
        patience_law, over, rates,
    )
}  # fmt: skip
"""What fills each of the fields that are computed."""
if COMPUTE.keys() != COMPUTED.keys():
    raise TypeError(f"computed fields without a function, or the other way round: {COMPUTE.keys() ^ COMPUTED.keys()}")


def behaviour_of(experiment: Experiment) -> np.recarray:
    """conf/behaviour as a record, in the units of model/behaviour.py."""
    table = rows(1, "behaviour")
    for field, (group, key) in KEPT.items():
        numbers = getattr(experiment.behaviour, group)
        table[field] = getattr(numbers, key).value if numbers else 0.0
    for field, compute in COMPUTE.items():
        table[field] = compute(experiment)
    if experiment.behaviour.rates:
        set_studies(table, experiment)
        table[:] = solved(table.tobytes())
    return table


def set_studies(table: np.recarray, experiment: Experiment) -> None:
    """When a solution is due, and the waits of the studies: another seat, asked for in public."""
    due: Any = experiment.behaviour.due
    public: Any = experiment.behaviour.media[Medium.PUBLIC.word]
    table[0].due = [due[need.word].value for need in Need]
    table.study_due = due[Need.REBOOKING.word].value
    table.study_expected = public.expected.value
    table.study_prompt_until, table.study_late_from = public.prompt_until.value, public.late_from.value


@lru_cache(maxsize=256)
def solved(given: bytes) -> np.recarray:
    """The row with the constants that make both laws of satisfaction agree with the studies (anchors.py)."""
    world = World(behaviour=rows(1, "behaviour"), histories=rows(3 * PEOPLE, "histories"))
    world.behaviour[:] = np.frombuffer(given, world.behaviour.dtype)
    if not np.isfinite(solve(world)):
        allowed = (
            "no base, promptness and scale make both laws of satisfaction meet these mean marks: numbers of"
            " behaviour.studies, behaviour.additive or behaviour.justice lie too far from what is usual"
        )
        raise BadInput("behaviour.studies", "...", allowed)
    return world.behaviour
