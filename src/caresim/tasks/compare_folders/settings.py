"""What `task=compare_folders` can be asked for: two folders, and which metrics are printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from caresim.config import yaml_file
from caresim.config.base import Frozen, Text
from caresim.config.errors import MISSING, BadInput, choice, from_validation
from caresim.config.file_names import PathText
from caresim.config.raw import check_word
from caresim.tasks.task import Key, Task

PATHS = ("one", "other")


class Folders(Frozen):
    """Two runs to hold against each other."""

    one: PathText
    """The run that the other is compared with."""
    other: PathText
    metrics: tuple[Text, ...] = ()
    """Empty: the headline metrics of the first run."""
    output_dir: PathText = "outputs"


KEYS = tuple(Folders.model_fields)


def words(overrides: Sequence[str]) -> Folders:
    """What the words of a command line ask for. BadInput for what cannot be."""
    values: dict[str, Any] = {}
    for word in overrides:
        key, equals, text = word.partition("=")
        if not equals or not text:
            raise BadInput("command line", word, "must be key=value, such as one=outputs/FOLDER")
        check_word(word)
        if key not in (*KEYS, "task"):
            raise BadInput(key, text, f"unknown key, {choice(KEYS, key)}")
        values[key] = text if key in (*PATHS, "output_dir") else yaml_file.loads(text, key)
    values.pop("task", None)
    for key in PATHS:
        if key not in values:
            raise BadInput(key, MISSING, f"is required: {key}=outputs/FOLDER, the folder of a finished run")
    try:
        return Folders.model_validate(values)
    except ValidationError as error:
        raise from_validation(error) from None


TASK = Task(
    meaning="two finished runs side by side: what differs in them, and what comes of it",
    example="task=compare_folders one=outputs/FOLDER other=outputs/latest",
    keys=(
        Key("one", "the folder of a run", "none"),
        Key("other", "the folder of the run that is compared with it", "none"),
        Key("metrics", "what is printed, such as [csat,cost]", "headline metrics"),
    ),
    no_sweep="two folders are compared once: leave out -m",
    own_configuration=True,
)
