"""What `backtest=desks` can be asked for."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from caresim.config.base import Frozen, Text
from caresim.config.clock import Zone
from caresim.config.errors import complaint
from caresim.config.quantity import TIMES, Dimension, PositiveCount, PositiveDuration, PositiveFactor, Quantity, Share
from caresim.tasks.backtest.forecasts.settings import Forecast

DURATION = Dimension("duration", TIMES, above=0)


def _words(raw: Any) -> str:
    """A duration or a moment, as YAML or the command line reads it."""
    if isinstance(raw, str) and raw.strip():
        return raw.strip()
    if hasattr(raw, "isoformat"):
        return str(raw.isoformat())
    raise complaint("must be a duration such as '36 h', or a moment such as 2026-03-02T13:00")


Stretch = Annotated[str, BeforeValidator(_words)]


class Priors(Frozen):
    """What is believed of a desk before its replies are seen: the middle and, as a range, the middle 90 %."""

    people: PositiveCount
    handling: PositiveDuration
    handling_sigma: PositiveFactor
    noticing: PositiveDuration
    noticing_sigma: PositiveFactor
    kind_sigma: PositiveFactor
    hour_sigma: PositiveFactor
    lateness: PositiveDuration
    lateness_nights: PositiveFactor
    """Nights seen that `lateness` counts as."""
    on_the_hour: Share
    on_the_half_hour: Share
    """Chance that people begin, and end, then; the rest is spread over the other minutes of an hour."""

    @model_validator(mode="after")
    def _ranges(self) -> Priors:
        for key in ("people", "handling", "noticing", "noticing_sigma"):
            quantity: Quantity = getattr(self, key)
            if quantity.low is None or quantity.low <= 0:
                raise complaint(
                    "is required: a range above 0, such as ['0.3 min', '15 min']", quantity.text, f"{key}.range"
                )
        if self.on_the_hour.value + self.on_the_half_hour.value >= 1.0:
            allowed = "and priors.on_the_half_hour must leave something of 100 % for the other minutes of an hour"
            raise complaint(allowed, self.on_the_hour.text, "on_the_hour")
        return self


class Desks(Forecast):
    """a row per post: desk, posted, replied (empty: no reply seen) and, if known, kind and author."""

    train: Stretch
    """How long from the first post on, or until when, the history is fitted."""
    test: Stretch | None = None
    """How long from then on, or until when, it is predicted; null: to the file's last moment."""
    timezone: Zone = "UTC"
    """Of moments without an offset, and of opening hours."""
    left_out: tuple[Text, ...] = ()
    """Kinds of posts that are not used: those that the file knows of only because they were answered."""
    only: tuple[Text, ...] = ()
    """The desks to look at; none: all."""
    fewest: Annotated[StrictInt, Field(ge=10)] = 30
    """Replies that a desk must have in the stretch that is fitted."""
    follow_up: PositiveDuration
    """Who has posted to the desk within so long goes on with a conversation."""
    shortest_closing: PositiveDuration
    """A shorter pause is not taken for closing."""
    chains: Annotated[StrictInt, Field(ge=1, le=16)] = 4
    steps: Annotated[StrictInt, Field(ge=40, le=20_000)] = 400
    """Of each chain; the first third is left out."""
    copies: Annotated[StrictInt, Field(ge=2, le=200)] = 10
    """Times that a stretch is simulated to score one set of parameters."""
    priors: Priors
