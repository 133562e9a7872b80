"""What `backtest=signers` can be asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt, model_validator

from caresim.config.clock import Zone
from caresim.config.quantity import PositiveCount, PositiveDuration, PositiveFactor
from caresim.tasks.backtest.desks.settings import Stretch
from caresim.tasks.backtest.forecasts.settings import Forecast, check_ranges


class Signers(Forecast):
    """a row per interval: start, replies, signed, signers_hour and, if known, greeted_as."""

    train: Stretch
    """How long from the first interval on, or until when, the history is fitted."""
    test: Stretch | None = None
    timezone: Zone = "UTC"
    fewest: Annotated[StrictInt, Field(ge=12)] = 24
    """Hours with replies that the fitted stretch must have."""
    steps: Annotated[StrictInt, Field(ge=400, le=200_000)] = 12_000
    most_people: Annotated[StrictInt, Field(ge=2, le=12)] = 6
    work_rate: PositiveDuration
    """Minutes of a person's time for a reply, idle time included: what is believed before."""
    evenness: PositiveFactor
    """How evenly people sign: 1, each share is as likely; less, one signs most."""
    greeted_weight: PositiveCount
    """So many hours a greeting that names people speaks for."""

    @model_validator(mode="after")
    def _ranges(self) -> Signers:
        check_ranges(self, ("work_rate", "evenness"))
        return self
