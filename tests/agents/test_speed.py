"""What nobody overrides stays compiled: one transition in Python costs its own events, not the others."""

from __future__ import annotations

import pytest
from mesa_driver import measured

from caresim.model.jit import INTERPRETED


@pytest.mark.skipif(INTERPRETED, reason="nothing is compiled")
def test_one_transition_overridden_leaves_the_rest_compiled():
    """By this thread's processor time, 20,000 passengers: about 20 and 100 % of the compiled run are usual."""
    speeds = measured(3, ("nothing overridden", "seek overridden"))
    assert speeds["seek overridden"] > 0.08 * speeds["compiled"]
    assert speeds["nothing overridden"] > 0.5 * speeds["compiled"]
