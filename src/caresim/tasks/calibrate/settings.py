"""What `task=calibrate` can be asked for: a list of contacts, and the days that may be looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, StrictInt, model_validator

from caresim.config import yaml_file
from caresim.config.base import Frozen
from caresim.config.clock import Day, Zone
from caresim.config.errors import MISSING, BadInput, choice, complaint
from caresim.config.exports.file_format import Format
from caresim.config.file_names import FileName, PathText
from caresim.config.own_words import parted, validated
from caresim.config.raw import put
from caresim.tasks.task import Key, Task

FILE = "calibrate"
UNTIL = {"train": "train_to", "test": "test_to"}
"""The usual words for the last day of both stretches, by which every backtest knows them, and ours."""


class Calibrate(Frozen):
    """A history, and how its configuration is looked for."""

    contacts: PathText
    """CSV or workbook, a row per contact: arrival and, if known, kind, agent, wait_s, outcome, service_s, priority,
    customer.
    """
    train_from: Day | None = None
    """The first day that may be looked at; null: the first of the file."""
    train_to: Day | None = None
    """The last one; null: the last of the file."""
    timezone: Zone = "UTC"
    """Of times without an offset, and in which days and hours are told."""
    format: Format = Field(default_factory=Format)
    """How the file is written, as replay.format."""
    name: FileName = "calibrated"
    """Of the experiment that is written."""
    draws: Annotated[StrictInt, Field(ge=20, le=1000)] = 64
    """Of the posterior."""
    choosing: Annotated[StrictInt, Field(ge=2, le=64)] = 16
    """Replications of each candidate for rules of the desk."""
    seed: Annotated[StrictInt, Field(ge=0)] = 0
    workers: Annotated[StrictInt, Field(ge=1)] | None = None
    output_dir: PathText = "outputs"

    @model_validator(mode="after")
    def _in_order(self) -> Calibrate:
        if self.train_from and self.train_to and self.train_from > self.train_to:
            raise complaint(f"must not be before train_from, {self.train_from}", str(self.train_to), "train_to")
        return self


KEYS = tuple(key for key in Calibrate.model_fields if key != "contacts")


def words(overrides: Sequence[str]) -> Calibrate:
    """The calibration that the words of a command line ask for."""
    values = read(overrides, (FILE, *KEYS), FILE)
    values["contacts"] = values.pop(FILE)
    return from_values(values)


def from_values(values: Mapping[str, Any]) -> Calibrate:
    """The calibration with these settings, those that are None left out. BadInput says what is allowed."""
    return validated(Calibrate, {key: value for key, value in values.items() if value is not None})


def read(
    overrides: Sequence[str], allowed: Sequence[str], file: str, dotted: Sequence[str] = ("format",)
) -> dict[str, Any]:
    """`key=value` words, dotted ones below `dotted`; `file` names the key of a path, which is taken as it is."""
    values: dict[str, Any] = {}
    for key, text in parted(overrides, "train_to=2026-01-31"):
        key = key.removeprefix("replay.")  # so that the words of a refusal can be pasted
        if UNTIL.get(key) in allowed:
            key = UNTIL[key]
        first, *rest = key.split(".")
        if first not in ("task", *allowed) or (rest and first not in dotted):
            raise BadInput(key, text, f"unknown key, {choice(allowed, key)}")
        if first in UNTIL.values() and first in values:
            raise BadInput(key, text, "is given twice, as train and train_to or test and test_to; leave one out")
        put(values, [first, *rest], text if key == file else yaml_file.loads(text, key), key)
    values.pop("task", None)
    if file not in values:
        raise BadInput(file, MISSING, f"is required: {file}=FILE.csv")
    return values


TASK = Task(
    meaning="fit a configuration that runs to a list of contacts",
    example="task=calibrate calibrate=contacts.csv train_to=2026-03-31",
    keys=(
        Key(FILE, "the list of contacts: CSV, text or .xlsx", "none"),
        Key("train_from", "the first day that may be looked at", "the first of the file"),
        Key("train_to", "the last day that may be looked at", "the last of the file"),
        Key("draws", "draws of what the history leaves open, from 20 to 1000", "64"),
    ),
    no_sweep="a calibration is of one file: leave out -m",
    own_configuration=True,
)
