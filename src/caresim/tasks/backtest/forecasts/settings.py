"""What every backtest of a forecast can be asked for, and how its file in conf/backtest/ is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, StrictInt

from caresim.config import yaml_file
from caresim.config.base import Frozen, Text, one_of
from caresim.config.errors import MISSING, BadInput, choice, complaint
from caresim.config.exports.clock import Clock
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import Format
from caresim.config.file_names import FileName, PathText
from caresim.config.own_words import validated
from caresim.config.paths import is_file
from caresim.config.quantity import Quantity
from caresim.config.raw import check_raw

NONE, FULL = "none", "full"
FIXED = ("kind", "name", "question")
"""What the file says and no command line."""
FEWEST_DRAWS = 40
UNTIL = {"train_to": "train", "test_to": "test"}
"""What `backtest=history` calls the ends of both stretches: understood here, too."""


class Forecast(Frozen):
    """A history to read, a stretch of it to fit and another one to predict."""

    kind: Text
    name: FileName
    question: Text
    contacts: PathText | None = None
    """The history: a CSV file or a workbook."""
    columns: dict[Text, Text] = Field(default_factory=dict)
    """What the file calls a column, by our name of it."""
    draws: Annotated[StrictInt, Field(ge=FEWEST_DRAWS, le=2000)] = 200
    """Draws from the posterior that the prediction is made of."""
    seed: Annotated[StrictInt, Field(ge=0)] = 0
    page: one_of(NONE, FULL) = FULL  # type: ignore[valid-type]
    """full: report.html and results.xlsx are written; none: they are left out."""
    output_dir: PathText = "outputs"


def check_ranges(priors: Frozen, keys: Sequence[str]) -> None:
    """A complaint where a prior has no range: without one nothing would be learnt from the history."""
    for key in keys:
        quantity: Quantity = getattr(priors, key)
        if quantity.low is None:
            allowed = f"is required: write {key}={{value: ..., range: [..., ...], source: ...}}"
            raise complaint(allowed, quantity.text, f"{key}.range")


Kind = TypeVar("Kind", bound=Forecast)


def load(schema: type[Kind], file: Path, words: Mapping[str, Any]) -> Kind:
    """The backtest that a file describes, with what the command line sets. BadInput says what is wrong with either."""
    allowed = [key for key in schema.model_fields if key not in FIXED]
    for old, new in UNTIL.items():
        if old in words and new in words:
            raise BadInput(old, words[old], f"is given twice, as {new} and {old}; leave one out")
    words = {UNTIL.get(key, key): value for key, value in words.items()}
    for key, value in words.items():
        if key in ("train_from", "test_from"):
            where = "with the file" if key == "train_from" else "where train ends"
            raise BadInput(key, value, f"is left out: that stretch begins {where}; write train=, test= for their ends")
        if key.partition(".")[0] not in allowed:
            raise BadInput(key, value, choice(allowed, key))
    _, content = yaml_file.read(file)
    check_raw(content)
    raw = dict(content)
    for key, value in words.items():
        _put(raw, key.split("."), value)
    settings = validated(schema, raw)
    if settings.contacts is None:
        raise BadInput("contacts", MISSING, f"is required: contacts=FILE, {schema.__doc__}")
    if not is_file(settings.contacts):
        raise BadInput("contacts", settings.contacts, "is no file; allowed: the path of a CSV file or a workbook")
    return settings


def _put(raw: dict[str, Any], steps: Sequence[str], value: Any) -> None:
    """Set one key, however deep; a quantity that is given as a word keeps its source."""
    *path, last = steps
    for step in path:
        inner = raw.get(step)
        raw[step] = dict(inner) if isinstance(inner, Mapping) else {}
        raw = raw[step]
    raw[last] = value


def table_of(settings: Forecast, known: Sequence[str], needed: int, key: str = "contacts") -> ExportTable:
    """The rows of the history by our names of its columns. BadInput, with the `key` that named it, where it cannot be
    read.
    """
    for column, name in settings.columns.items():
        if column not in known:
            raise BadInput(f"columns.{column}", name, f"unknown column, {choice(known, column)}")
    names = {column: (name,) for column, name in settings.columns.items()}
    return ExportTable(key, str(settings.contacts), known, needed, Format(columns=names))


def named_as(settings: Kind, header: Sequence[str], usual: Mapping[str, Sequence[str]]) -> Kind:
    """The settings with the columns that a file calls by one of their `usual` other names."""
    columns = dict(settings.columns)
    for column, names in usual.items():
        if column not in columns and column not in header:
            found = next((name for name in names if name in header), None)
            columns |= {column: found} if found else {}
    return settings.model_copy(update={"columns": columns})


def clock_of(zone: str) -> Clock:
    """One scale of minutes for the moments of a file: since local midnight of its first day."""
    return Clock(zone)
