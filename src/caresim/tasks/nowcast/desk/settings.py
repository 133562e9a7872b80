"""What a nowcast of a written desk can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from caresim.config import paths, yaml_file
from caresim.config.base import Frozen, Named, Text, one_of
from caresim.config.clock import Zone
from caresim.config.errors import MISSING, BadInput, choice, complaint
from caresim.config.exports.file_format import Format
from caresim.config.exports.grid import lines_of
from caresim.config.file_names import PathText
from caresim.config.own_words import validated
from caresim.config.paths import is_file
from caresim.config.quantity import PositiveDuration, PositiveFactor, Share
from caresim.tasks.backtest.desks.posts import USUAL
from caresim.tasks.backtest.desks.settings import Desks
from caresim.tasks.backtest.forecasts.settings import load
from caresim.tasks.nowcast.settings import AS_GIVEN, FILE, FULL, NONE, More, Nowcast, written_moment
from caresim.tasks.nowcast.settings import from_values as of_calls

QUEUE_ALONE = "queue_alone"
"""What alternatives are compared with: the queue, which alone knows people."""
BOTH = ("posted", "replied")
"""A file with these columns, or one of their usual other names, is of a written desk."""


class NowcastOfDesk(Frozen):
    """a row per post: posted, replied (empty: no reply so far) and, if known, desk, kind and author."""

    contacts: PathText
    now: Annotated[str, BeforeValidator(written_moment)]
    """Nothing that comes or is answered later is looked at; without an offset it is a time of `timezone`."""
    hours: Annotated[StrictInt, Field(ge=1, le=48)] = 12
    """Ahead."""
    desk: Text | None = None
    """Which of the desks in the file; null: the only one."""
    alternatives: Annotated[dict[str, More], Named] = Field(default_factory=dict)
    """By name, people who come on top, as in replay.extra."""
    columns: dict[Text, Text] = Field(default_factory=dict)
    """What the file calls a column, by our name of it."""
    timezone: Zone = "UTC"
    """Of moments without an offset, of opening hours and of what is told."""
    draws: Annotated[StrictInt, Field(ge=100, le=2000)]
    """Courses that the hours ahead may take."""
    weighing: Annotated[StrictInt, Field(ge=40, le=2000)]
    """Draws of the queue by which it earns its weight in the pool."""
    chains: Annotated[StrictInt, Field(ge=1, le=16)]
    steps: Annotated[StrictInt, Field(ge=40, le=20_000)]
    """Of each chain; the first third is left out."""
    copies: Annotated[StrictInt, Field(ge=2, le=200)]
    """Times that the history is simulated to score one set of parameters."""
    hour_spread: PositiveFactor
    """Of the logarithm of an hour's factor."""
    alike: Share
    """Correlation of an hour's factor with that of the hour before."""
    lately: PositiveDuration
    """So long before now, replies say how fast the desk works."""
    seed: Annotated[StrictInt, Field(ge=0)] = 0
    page: one_of(NONE, FULL) = FULL  # type: ignore[valid-type]
    """full: report.html and results.xlsx are written; none: they are left out."""
    output_dir: PathText = "outputs"

    @model_validator(mode="after")
    def _people(self) -> NowcastOfDesk:
        for name, rows in self.alternatives.items():
            if name in (AS_GIVEN, QUEUE_ALONE):
                raise complaint("is what others are compared with; allowed: another name", name, "alternatives")
            for row in rows:
                for key, given, mine in (("desk", row.desk, self.desk), ("timezone", row.timezone, self.timezone)):
                    if given not in (None, mine):
                        allowed = f"must be {mine}, as the nowcast's own, or left out"
                        raise complaint(allowed, str(given), f"alternatives.{name}.{key}")
        return self

    @property
    def fit(self) -> Desks:
        """What the fit of the desk is asked for: backtest=desks, with the history until now."""
        mine = ("contacts", "columns", "timezone", "chains", "steps", "copies", "seed")
        words: dict[str, Any] = {key: getattr(self, key) for key in mine}
        own = {"train": self.now, "draws": self.weighing}
        return load(Desks, paths.conf() / "backtest" / "desks.yaml", words | own)


def asked(values: Mapping[str, Any]) -> Nowcast | NowcastOfDesk:
    """The nowcast with these settings: of a written desk where the file is one of posts, else of calls."""
    return from_values(values) if is_of_desk(values) else of_calls(values)


def is_of_desk(values: Mapping[str, Any]) -> bool:
    """Is the file one of posts, by the names of its columns? A file that cannot be read is not."""
    file = str(values.get("contacts"))
    if not is_file(file):
        return False
    header = next((line.cells for line in lines_of(FILE, file, Format())), [])
    named = values.get("columns") if isinstance(values.get("columns"), Mapping) else {}
    return all(column in named or {column, *USUAL[column]} & set(header) for column in BOTH)  # type: ignore[operator]


def from_values(values: Mapping[str, Any]) -> NowcastOfDesk:
    """The nowcast with these settings, those that are None left out. BadInput says what is allowed."""
    given = {key: value for key, value in values.items() if value is not None}
    if "now" not in given:
        raise BadInput("now", MISSING, "is required: a date and time, such as now=2026-03-31T14:00")
    for key, value in given.items():
        if key not in NowcastOfDesk.model_fields:
            allowed = f"means nothing for a written desk (the file has {' and '.join(BOTH)}); "
            raise BadInput(key, value, allowed + choice([*NowcastOfDesk.model_fields], key))
    _, content = yaml_file.read(paths.conf() / "nowcast" / "desk.yaml")
    return validated(NowcastOfDesk, {**dict(content), **given})
