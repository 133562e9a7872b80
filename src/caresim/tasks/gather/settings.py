"""What `task=gather` can be asked for: the folder of a sweep, and what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError, field_validator

from caresim.config import yaml_file
from caresim.config.base import Frozen, Text, one_of
from caresim.config.errors import MISSING, BadInput, choice, complaint, from_validation
from caresim.config.file_names import PathText
from caresim.config.raw import check_word
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
    values: dict[str, Any] = {}
    for word in overrides:
        key, equals, text = word.partition("=")
        if not equals or not text:
            raise BadInput("command line", word, "must be key=value, such as gather=outputs/latest")
        check_word(word)
        if key not in (*KEYS, "task"):
            raise BadInput(key, text, f"unknown key, {choice(KEYS, key)}")
        values[key] = text if key == FOLDER else yaml_file.loads(text, key)
    values.pop("task", None)
    if FOLDER not in values:
        raise BadInput(FOLDER, MISSING, "is required: gather=outputs/FOLDER, the folder of a sweep (-m)")
    folder = values.pop(FOLDER)
    try:
        return Gather.model_validate({**values, "folder": folder})
    except ValidationError as error:
        raise from_validation(error) from None


TASK = Task(
    meaning="table, figures and page of a sweep, from the runs that are in its folder (killed ones included)",
    example="task=gather gather=outputs/latest sweep_metrics=[csat,cost]",
    keys=(Key(FOLDER, "the folder of a sweep", "none"),),
    no_sweep="a sweep is gathered once: leave out -m",
    own_configuration=True,
)
