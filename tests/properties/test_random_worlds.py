"""The invariants of the model, in random valid worlds.

A failing example shrinks towards a world of one desk and two passengers; what differs from that one is printed as on
a command line. `CARESIM_EXAMPLES=5000` looks at so many worlds, others each time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, event, given, note, settings
from tests.support.properties import invariants
from tests.support.properties.crowded_worlds import crowded_worlds
from tests.support.properties.onlooker import watch
from tests.support.properties.small_worlds import minimal, small_worlds, told

from caresim.config.compose import validate
from caresim.scenario.run import run

WANTED = int(os.environ.get("CARESIM_EXAMPLES", "0"))
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
"""A world is a few hundred draws and its run some tenths of a second: that is what it takes."""
FULL = {"deadline": None, "suppress_health_check": SLOW, "print_blob": True}
FEW = settings(max_examples=8, derandomize=True, **FULL)
CROWDED = settings(max_examples=WANTED or 40, derandomize=not WANTED, **FULL)
PROFILE = settings(max_examples=WANTED, **FULL) if WANTED else settings(max_examples=150, derandomize=True, **FULL)


@PROFILE
@given(small_worlds())
def test_all_invariants_hold_in_any_world(configuration):
    hold_in(configuration)


@CROWDED
@given(crowded_worlds())
def test_all_invariants_hold_where_many_wait_and_move_on(configuration):
    hold_in(configuration)


@FEW
@given(small_worlds())
def test_all_invariants_hold_in_a_few_worlds(configuration):
    hold_in(configuration)


def hold_in(configuration):
    note(told(configuration))
    experiment = validate(configuration)
    diary = watch(experiment, "model")
    event(f"contacts: {len(str(len(diary.arrivals)))} digits")
    invariants.check(diary)
    again = run(experiment, "model", 0)
    invariants.same_tables(again, diary.run, "watched and unwatched")
    invariants.same_tables(again, run(experiment, "model", 0), "twice the same")


def test_the_minimal_world_is_valid_and_drains():
    """Everybody is answered and nothing is left, so that counters at zero are seen."""
    diary = watch(validate(minimal()), "model")
    invariants.check(diary)
    assert len(diary.arrivals) > 0
    assert {name: left for name, left in diary.left_over.items() if name != "on duty"} == dict.fromkeys(
        ("waiting", "in hand", "on the line", "open"), 0
    )
