"""What `task=compare_folders` can be asked for: two folders, and which metrics are printed."""

from __future__ import annotations

from collections.abc import Sequence

from caresim.config.base import Frozen, Text
from caresim.config.errors import MISSING, BadInput
from caresim.config.file_names import PathText
from caresim.config.own_words import read, validated
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
    values = read(overrides, KEYS, (*PATHS, "output_dir"), "one=outputs/FOLDER")
    for key in PATHS:
        if key not in values:
            raise BadInput(key, MISSING, f"is required: {key}=outputs/FOLDER, the folder of a finished run")
    return validated(Folders, values)


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
