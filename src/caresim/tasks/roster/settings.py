"""`task=roster`: for which desk a roster is planned, and by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from caresim.config.base import Frozen, Text, one_of
from caresim.config.errors import BadInput, known
from caresim.config.quantity import Factor, PositiveFactor, Quantity
from caresim.tasks.task import Key, Task

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

SEEN, HINDSIGHT = "seen", "hindsight"


def _of(value: float, source: str) -> Quantity:
    return Quantity(value, None, None, source, f"{value:g} x", "number")


class Planning(Frozen):
    """Which desk of which staffing model is planned, and how."""

    staffing: Text | None = None
    """None: the first staffing model with a desk that scales with paid hours."""
    desk: Text | None = None
    """None: the first desk of that model that scales with paid hours."""
    knows: one_of(SEEN, HINDSIGHT) = SEEN  # type: ignore[valid-type]
    """seen: of a day's crisis work, what came in the same hours of the day before; hindsight: what comes."""
    weight: Factor = _of(2, "convention of square-root staffing: one to two; set before any outcome was seen")
    """Square roots of the offered load on top of it; with hindsight as many as the hours allow."""
    floor: Factor = _of(1, "design choice: on top of ordinary work, kept for every later day")
    """Square roots of the ordinary load that each later day keeps on top of it."""
    contacts: PositiveFactor = _of(1.3, "design choice: about one in three of those with a need comes back")
    """Contacts of a passenger with a need."""


def check(experiment: Experiment) -> None:
    """The model and the desk are there, whatever the task."""
    settings: Planning = experiment.setting("roster")
    if settings.staffing is not None:
        known(settings.staffing, experiment.staffing, "roster.staffing", "staffing model")
        if settings.desk is not None:
            known(settings.desk, experiment.staffing[settings.staffing].desks, "roster.desk", "desk")
    elif settings.desk is not None:
        raise BadInput("roster.desk", settings.desk, "needs roster.staffing, the staffing model whose desk it is")


TASK = Task(
    meaning="plan a roster by the demand of each shift, within the paid hours of a staffing model",
    example="task=roster roster.staffing=call_center_24_7",
    keys=(
        Key("roster.staffing", "whose roster is planned", "the first with a desk that scales with paid hours"),
        Key("roster.desk", "the desk", "the first that scales with paid hours"),
        Key("roster.knows", "of the crisis: seen (the day before) or hindsight", SEEN),
        Key("roster.weight", "square roots of the offered load that are added", "2"),
        Key("roster.floor", "square roots of the ordinary load that every later day keeps", "1"),
        Key("roster.contacts", "contacts of a passenger with a need", "1.3"),
    ),
    fields={"roster": (Planning, Field(default_factory=Planning))},
    check=check,
    no_sweep="plans one roster: leave out -m",
)
