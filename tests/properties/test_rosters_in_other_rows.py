"""A roster that is written in other rows has the same people, who do the same to the bit.

`CARESIM_EXAMPLES=5000` looks at so many rosters, others each time.
"""

from __future__ import annotations

import os

import numpy as np
from hypothesis import HealthCheck, given, note, settings
from tests.support.properties import invariants
from tests.support.properties.other_rows import two_writings
from tests.support.properties.small_worlds import differences

from caresim.config.compose import validate
from caresim.measure.metrics import measure
from caresim.scenario.run import run

WANTED = int(os.environ.get("CARESIM_EXAMPLES", "0"))
PROFILE = settings(
    max_examples=WANTED or 25,
    derandomize=not WANTED,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    print_blob=True,
)


@PROFILE
@given(two_writings())
def test_a_roster_in_other_rows_has_the_same_people_and_the_same_outcome(writings):
    note("\n".join(differences(*writings)))
    one, other = (run(validate(configuration), "model", 0) for configuration in writings)
    assert one.names.staff == other.names.staff
    invariants.same_tables(one, other, "the same roster in other rows")
    numbers = [np.array(list(measure(of).values()), dtype=np.float64).tobytes() for of in (one, other)]
    assert numbers[0] == numbers[1]
