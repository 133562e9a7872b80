"""What `task=backtest backtest=history` can be asked for: a list of contacts, days to learn from, days to predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field, StrictInt, TypeAdapter, ValidationError, model_validator

from caresim.config.base import one_of
from caresim.config.clock import Day
from caresim.config.errors import MISSING, BadInput, complaint
from caresim.config.own_words import validated
from caresim.tasks.backtest.settings import FULL, GROUP, HISTORY, NONE
from caresim.tasks.calibrate.settings import Calibrate, read

NAME = HISTORY
GIVEN, FORECAST = "given", "forecast"
TRACKS = {
    GIVEN: "arrivals and roster of the predicted days are given",
    FORECAST: "nothing of the predicted days is given",
}


class OfHistory(Calibrate):
    """A calibration, and the days that it is held against."""

    train_to: Day
    test_from: Day
    """Left out: the day after train_to."""
    test_to: Day
    first_hour: Annotated[StrictInt, Field(ge=0, le=23)] = 0
    """Of the local day: what comes earlier is simulated and not scored."""
    last_hour: Annotated[StrictInt, Field(ge=1, le=24)] = 24
    """Scored until this hour."""
    tracks: one_of("both", GIVEN, FORECAST) = "both"  # type: ignore[valid-type]
    replications: Annotated[StrictInt, Field(ge=20)] = 64
    page: one_of(NONE, FULL) = FULL  # type: ignore[valid-type]

    @model_validator(mode="before")
    @classmethod
    def _from_the_next_day(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping) or raw.get("test_from") is not None or raw.get("train_to") is None:
            return raw
        try:
            last = TypeAdapter(Day).validate_python(raw["train_to"])
        except ValidationError:
            return raw  # It is refused as it stands.
        return {**raw, "test_from": last + timedelta(days=1)}

    @model_validator(mode="after")
    def _later(self) -> OfHistory:
        if self.test_from <= self.train_to:
            raise complaint(f"must be after train_to, {self.train_to}", str(self.test_from), "test_from")
        if self.test_to < self.test_from:
            raise complaint(f"must not be before test_from, {self.test_from}", str(self.test_to), "test_to")
        if self.last_hour <= self.first_hour:
            raise complaint(f"must be after first_hour, {self.first_hour}", self.last_hour, "last_hour")
        return self

    @property
    def hours(self) -> tuple[int, int]:
        """The hours of the day that are scored."""
        return self.first_hour, self.last_hour


KEYS = (GROUP, *OfHistory.model_fields)


def words(overrides: Sequence[str]) -> OfHistory:
    """The backtest that the words of a command line ask for."""
    values: dict[str, Any] = read(overrides, KEYS, "contacts")
    values.pop(GROUP)
    for key, word in (("train_to", "train"), ("test_to", "test")):
        if key not in values:
            raise BadInput(key, MISSING, f"is required: a date, the last day, such as {word}=2026-03-31")
    return validated(OfHistory, values)
