"""What `task=nowcast` can be asked for: a list of contacts, the moment that is now, and who could come on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from caresim.config.base import Named, one_of
from caresim.config.desk import MoreStaff
from caresim.config.errors import MISSING, BadInput, complaint
from caresim.config.exports.cells import CannotBeReadError
from caresim.config.exports.moment import ALLOWED, moment_of
from caresim.config.file_names import PathText
from caresim.config.own_words import validated
from caresim.config.paths import is_file
from caresim.config.quantity import PositiveDuration, Quantity
from caresim.tasks.calibrate.settings import Calibrate, read
from caresim.tasks.task import Key, Task

FILE = "nowcast"
FULL, NONE = "full", "none"
HALF_HOUR = 30.0
OF_DESKS = ("desk", "columns", "weighing", "chains", "steps", "copies", "hour_spread", "alike", "lately")
"""Keys of a nowcast of a written desk (desk/settings.py) that one of calls has not."""
WRITTEN_SO = "must be a date and time such as 2026-03-31T14:00"
"""Of now."""
AS_GIVEN = "as_given"
"""The roster that is expected: the first of the alternatives."""


def written_moment(raw: Any) -> str:
    """A moment as text, however YAML has read it."""
    if isinstance(raw, datetime):
        return raw.isoformat()
    if isinstance(raw, str) and raw.strip():
        return raw.strip()
    raise complaint(WRITTEN_SO)


def _rows(raw: Any) -> Any:
    """One row of people, or several."""
    return (raw,) if isinstance(raw, Mapping) else raw


def _of(value: float, text: str, source: str, no_range: str) -> Quantity:
    return Quantity(value, None, None, source, text, "duration", no_range)


More = Annotated[tuple[MoreStaff, ...], BeforeValidator(_rows)]


class Nowcast(Calibrate):
    """A history until now, and what is asked of the hours ahead."""

    now: Annotated[str, BeforeValidator(written_moment)]
    """Nothing that comes or ends later is looked at; without an offset it is a time of `timezone`."""
    hours: Annotated[StrictInt, Field(ge=1, le=48)] = 12
    """Ahead."""
    alternatives: Annotated[dict[str, More], Named] = Field(default_factory=dict)
    """By name, people who come on top of the roster that is expected, as in replay.extra."""
    calibration: PathText | None = None
    """A folder of task=calibrate, whose rules of the desk are taken; null: they are chosen again."""
    open_at_most: PositiveDuration = _of(
        180.0,
        "3 h",
        "assumption: nobody waits or talks on the phone for longer",
        "a row without an end that is older is one whose end was not written down; 1 h to 12 h change nothing there",
    )
    """A contact without an end that began longer ago is not open any more."""
    replications: Annotated[StrictInt, Field(ge=20, le=10_000)] = 128
    """Of each alternative."""
    page: one_of(NONE, FULL) = FULL  # type: ignore[valid-type]
    """full: report.html and results.xlsx are written; none: they are left out."""

    @model_validator(mode="after")
    def _days_before(self) -> Nowcast:
        day = self.moment.astimezone(ZoneInfo(self.timezone)).date()
        if self.train_to is not None and self.train_to >= day:
            raise complaint(f"must be before the day of now, {day}", str(self.train_to), "train_to")
        if AS_GIVEN in self.alternatives:
            raise complaint("is the roster that is expected; allowed: another name", AS_GIVEN, "alternatives")
        if self.train_to is None:
            object.__setattr__(self, "train_to", day - timedelta(days=1))
        return self

    @property
    def moment(self) -> datetime:
        """Now, in UTC."""
        try:
            found = moment_of(self.now, ZoneInfo(self.timezone), None)
        except CannotBeReadError as problem:
            # What a cell of a file may hold besides, such as minutes, means nothing here.
            said = WRITTEN_SO if str(problem).startswith(ALLOWED) else str(problem)
            raise complaint(said, self.now, "now") from None
        if isinstance(found, float):
            raise complaint(WRITTEN_SO, self.now, "now")
        return found.astimezone(UTC)


def values_of(overrides: Sequence[str]) -> dict[str, Any]:
    """What the words of a command line set; keys may be written `nowcast.now`, too."""
    plain = [word.removeprefix(f"{FILE}.") for word in overrides]
    keys = tuple(key for key in Nowcast.model_fields if key != "contacts")
    values = read(plain, (FILE, *keys, *OF_DESKS), FILE, ("format", "alternatives", "columns"))
    values["contacts"] = values.pop(FILE)
    return values


def words(overrides: Sequence[str]) -> Nowcast:
    """The nowcast of calls that the words of a command line ask for."""
    return from_values(values_of(overrides))


def from_values(values: Mapping[str, Any]) -> Nowcast:
    """The nowcast with these settings, those that are None left out. BadInput says what is allowed."""
    given = {key: value for key, value in values.items() if value is not None}
    if "now" not in given:
        raise BadInput("now", MISSING, "is required: a date and time, such as now=2026-03-31T14:00")
    for key in OF_DESKS:
        if key in given and not is_file(str(given["contacts"])):
            raise BadInput(FILE, given["contacts"], "is no file; allowed: the path of a CSV file or a workbook")
        if key in given:
            allowed = "is a key of written desks, and the file has no columns posted and replied; allowed: leave it out"
            raise BadInput(key, given[key], allowed)
    return validated(Nowcast, given)


TASK = Task(
    meaning="the hours ahead, from a list of calls, or of posts, until now, with people on top or without",
    example="task=nowcast nowcast=contacts.csv now=2026-03-31T14:00",
    keys=(
        Key(FILE, "the list of contacts, open ones without an end: CSV, text or .xlsx", "none"),
        Key("desk", "which of a file's written desks (columns posted and replied)", "the only one"),
        Key("now", "the moment after which nothing is known", "none"),
        Key("hours", "how far ahead", "12"),
        Key("alternatives", 'people on top, by name: {three_more: {headcount: 3 people, start: "18:00", ...}}', "none"),
        Key("calibration", "a folder of task=calibrate, whose rules of the desk are taken", "they are chosen again"),
    ),
    no_sweep="a nowcast is of one moment: leave out -m",
    own_configuration=True,
)
