"""What nobody overrides stays compiled: one transition in Python costs its own events, not the others."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

import caresim
from caresim.agents import CareModel, Passenger
from caresim.model.jit import INTERPRETED

pytestmark = pytest.mark.skipif(INTERPRETED, reason="nothing is compiled")
CALLS_A_SEEK = 40
"""A dozen calls of Python functions are usual: the guard, the view of the passenger, its method."""


class Seeking(Passenger):
    sought = 0

    def seek(self) -> None:
        Seeking.sought += 1
        super().seek()


def python_calls(agents: tuple[type, ...]) -> tuple[int, int]:
    """Python functions called during a run, and its events. Calls are counted, so that no machine is too slow."""
    experiment = caresim.load("experiment=tokyo", "population.scale=0.05")
    CareModel(experiment, agents=agents).run_until(experiment.ends)  # afterwards all code is loaded
    model = CareModel(experiment, agents=agents)
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    kept = sys.getprofile()
    sys.setprofile(count)
    try:
        model.run_until(experiment.ends)
    finally:
        sys.setprofile(kept)
    return calls, int(model.world.clock[0].events)


def test_a_run_in_which_nothing_is_overridden_hardly_calls_python():
    calls, events = python_calls(())
    assert events > 10_000
    assert calls < events / 100


def test_one_transition_overridden_leaves_the_rest_compiled():
    Seeking.sought = 0
    calls, events = python_calls((Seeking,))
    sought = Seeking.sought / 2  # of two runs that are the same
    assert 0 < sought < events / 10
    assert calls < CALLS_A_SEEK * sought
