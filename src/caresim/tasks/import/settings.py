"""What `task=import` can be asked for: a file, what kind of file it is, and how it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from caresim.config import yaml_file
from caresim.config.base import Frozen, Text, one_of
from caresim.config.clock import Zone
from caresim.config.errors import MISSING, BadInput, choice
from caresim.config.exports.file_format import Format
from caresim.config.file_names import PathText
from caresim.config.own_words import parted, validated
from caresim.config.raw import put
from caresim.tasks.task import Key, Task

FILE = "import"
KINDS = ("contacts", "intervals", "staff")
OF_REPLAY = {"replay.timezone": "timezone", "replay.staffing": "staffing", "replay.format": "format"}
"""Keys of a replay that say the same here: the words of a refusal can be pasted behind either command."""


class Import(Frozen):
    """A file to look at."""

    file: PathText
    kind: one_of(*KINDS) | None = None  # type: ignore[valid-type]
    """Null: what most of its columns speak for."""
    timezone: Zone | None = None
    """Of times without an offset; null: they are written as they are, without one."""
    staffing: Text | None = None
    """Which staffing model of an interval report is meant, where it holds several."""
    format: Format = Field(default_factory=Format)
    output_dir: PathText = "outputs"


KEYS = (*(key for key in Import.model_fields if key != "file"), *OF_REPLAY)


def words(overrides: Sequence[str]) -> Import:
    """The import that the words of a command line ask for."""
    values: dict[str, Any] = {}
    for key, text in parted(overrides, "kind=contacts"):
        _put(values, key, text if key == FILE else yaml_file.loads(text, key))
    values.pop("task", None)
    if FILE not in values:
        raise BadInput(FILE, MISSING, "is required: import=FILE.csv")
    values["file"] = values.pop(FILE)
    return validated(Import, values)


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    """Write a value at its dotted key, which may be that of a replay."""
    for long, short in OF_REPLAY.items():
        if key == long or key.startswith(f"{long}."):
            key = short + key.removeprefix(long)
    first, *rest = key.split(".")
    if first not in (FILE, "task", *Import.model_fields) or first == "file":
        raise BadInput(key, value, f"unknown key, {choice((FILE, *KEYS), key)}")
    put(values, (first, *rest), value, key)


TASK = Task(
    meaning="look at an exported file, say how it is read, and write it as a clean one",
    example="task=import import=export.csv",
    keys=(
        Key(FILE, "the file: CSV, text or .xlsx", "none"),
        Key("kind", "contacts, intervals or staff", "what most columns speak for"),
        Key("format", "how the file is written, as replay.format", "as it looks"),
        Key("timezone", "of times without an offset", "they are kept as they are"),
    ),
    no_sweep="an import is of one file: leave out -m",
    own_configuration=True,
)
