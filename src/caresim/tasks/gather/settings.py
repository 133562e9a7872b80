"""What `task=gather` can be asked for: the folder of a sweep, and what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import field_validator

from caresim.config.base import Frozen, Text, one_of
from caresim.config.errors import MISSING, BadInput, choice, complaint
from caresim.config.file_names import PathText
from caresim.config.own_words import read, validated
from caresim.config.study import metric_names
from caresim.tasks.task import Key, Task

FOLDER = "gather"
NONE, DRAWN, FULL = "none", "drawn", "full"


class Gather(Frozen):
    """A sweep's folder, and what is made of the runs in it."""

    folder: PathText
    sweep_metrics: tuple[Text, ...] = ()
    """Empty: those that the sweep was asked for."""
    figures: one_of(NONE, DRAWN) = DRAWN  # type: ignore[valid-type]
    page: one_of(NONE, FULL) = FULL  # type: ignore[valid-type]

    @field_validator("sweep_metrics")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        there = metric_names()
        for name in names:
            if name not in there:
                raise complaint(f"unknown metric, {choice(there, name)}", name)
        return names


KEYS = (FOLDER, *(key for key in Gather.model_fields if key != "folder"))


def words(overrides: Sequence[str]) -> Gather:
    """What the words of a command line ask for. BadInput for what cannot be."""
    values = read(overrides, KEYS, (FOLDER,), "gather=outputs/latest")
    if FOLDER not in values:
        raise BadInput(FOLDER, MISSING, "is required: gather=outputs/FOLDER, the folder of a sweep (-m)")
    values["folder"] = values.pop(FOLDER)
    return validated(Gather, values)


TASK = Task(
    meaning="table, figures and page of a sweep, from the runs that are in its folder (killed ones included)",
    example="task=gather gather=outputs/latest sweep_metrics=[csat,cost]",
    keys=(Key(FOLDER, "the folder of a sweep", "none"),),
    no_sweep="a sweep is gathered once: leave out -m",
    own_configuration=True,
)
