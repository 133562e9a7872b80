"""`task=explain`: two staffing models whose difference is divided and, if wanted, the seats beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from caresim.config.base import Frozen, Text
from caresim.config.errors import known
from caresim.config.quantity import PositiveFactor
from caresim.tasks.task import Key, Task

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


class Explain(Frozen):
    """From which staffing model to which, and how many times the free seats the other end of the factor seats has."""

    one: Text | None = None
    """None: the baseline."""
    other: Text | None = None
    """None: the best of the others by the first headline metric."""
    seats: PositiveFactor | None = None
    """Times the free seats of every flight, beside the seats there are; None: seats are no factor."""


def check(experiment: Experiment) -> None:
    """The two models are there, whatever the task: a word that is not used now may be in a file for later."""
    settings: Explain = experiment.setting("explain")
    for key, name in (("explain.one", settings.one), ("explain.other", settings.other)):
        if name is not None:
            known(name, experiment.staffing, key, "staffing model")


TASK = Task(
    meaning="say which of the ways in which two staffing models differ makes how much of the difference",
    example="task=explain explain.one=social_team explain.other=hybrid replications=16",
    keys=(
        Key("explain.one", "from this staffing model", "the baseline"),
        Key("explain.other", "to this one", "the best of the others by the first headline metric"),
        Key("explain.seats", "times the free seats, as one more difference", "the experiment's, or no factor"),
    ),
    fields={"explain": (Explain, Field(default_factory=Explain))},
    check=check,
    no_sweep="cannot be swept: leave out -m",
)
