"""`task=story`: whose story is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import PlainValidator

from caresim.config.errors import BadInput, choice, complaint
from caresim.tasks.task import Key, Task

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

WISHES = ("median", "worst", "most_changed")
"""Passengers that a story can be asked for without a name."""


def _passenger(raw: Any) -> int | str:
    if isinstance(raw, str) and raw.strip():
        return raw.strip()
    if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
        return raw
    raise complaint(f"must be a row (0 or more), the name of a passenger, or one of {', '.join(WISHES)}")


Passenger = Annotated[int | str, PlainValidator(_passenger)]
"""A row of the baseline's passengers, the name of a named cohort, or a wish."""


def check(experiment: Experiment) -> None:
    """BadInput where nobody has the name."""
    passenger = experiment.setting("passenger")
    names = (*WISHES, *experiment.named)
    if isinstance(passenger, str) and passenger not in names:
        raise BadInput("passenger", passenger, choice(("a row's number", *names), passenger))


TASK = Task(
    meaning="tell what happens to one passenger under each staffing model",
    example="task=story passenger=most_changed",
    keys=(Key("passenger", "a row, a name, or median, worst, most_changed", "median"),),
    fields={"passenger": (Passenger, "median")},
    check=check,
    one_replication=True,
    no_sweep="tells one story: leave out -m and give every key one value",
)
