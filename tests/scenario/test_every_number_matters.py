"""Every uncertain number of the configuration reaches the model: low and high give different runs."""

from __future__ import annotations

import pytest
from tests.support.tokyo_runs import DESKS, digest, tokyo

from caresim.scenario.run import run

FEW = "{value: 8 lines, range: [5 lines, 12 lines], source: so that a busy tone is heard}"
SMALL = tokyo(
    "population.scale=0.5",
    f"operators.air_france.channels.phone_paris.lines={FEW}",
    f"operators.air_france.channels.phone_tokyo.lines={FEW}",
    "behaviour.handling.joke.value=2",
    "behaviour.phone.patience.rebooking.value=60 min",
)
ON_CALL = "staffing.people_on_call.desks"
SOON = "{value: 15 min, range: null, source: 'so that they are called in more than once a day'}"
BRIEFLY = "{value: 1 h, range: null, source: 'so that they are called in more than once a day'}"
CALLED_OFTEN = tokyo(
    *(f"{ON_CALL}.{desk}.reserve.delay={SOON}" for desk in DESKS),
    *(f"{ON_CALL}.{desk}.reserve.length={BRIEFLY}" for desk in DESKS),
)
"""All passengers, who wait for long. Nights are quiet by any measure: stretches of duty are much shorter than a day."""
OF_CALLING_IN = (".call_in.wait", ".again_below")
EVENINGS = 8
"""In so many the people on call are called at least once while the number decides."""
WITHOUT_EFFECT = {
    "behaviour.media.email.expected": "tokyo has no e-mail",
    "behaviour.media.email.prompt_until": "tokyo has no e-mail",
    "behaviour.media.email.late_from": "tokyo has no e-mail",
    "population.cohorts.seekers.followers_median": "nobody in tokyo ranks by followers",
    "population.cohorts.seekers.followers_sigma": "nobody in tokyo ranks by followers",
}
RATING = tuple(f"behaviour.{group}." for group in ("news", "due", "unasked", "additive", "justice", "studies"))
"""Numbers that nothing but satisfaction depends on: tests/model/test_satisfaction_laws.py moves each."""


def changes(path: str, low: float, high: float) -> bool:
    of_calling_in = path.startswith(ON_CALL) and path.endswith(OF_CALLING_IN)
    world, models = (CALLED_OFTEN, ["people_on_call"]) if of_calling_in else (SMALL, list(SMALL.staffing))
    ends = [world.with_values({path: value}) for value in (low, high)]
    evenings = range(EVENINGS) if of_calling_in else range(1)
    return any(
        digest(run(ends[0], name, evening)) != digest(run(ends[1], name, evening))
        for name in models
        for evening in evenings
    )


@pytest.mark.parametrize("path", [path for path, _ in SMALL.uncertain() if not path.startswith(RATING)])
def test_low_and_high_give_different_runs(path):
    if path in WITHOUT_EFFECT:
        pytest.skip(WITHOUT_EFFECT[path])
    quantity = dict(SMALL.uncertain())[path]
    assert changes(path, quantity.low, quantity.high), f"{path} changes nothing"
