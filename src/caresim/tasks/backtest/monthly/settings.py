"""What `backtest=monthly` can be asked for."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from caresim.config.errors import complaint
from caresim.config.quantity import Number, PositiveFactor, PositiveShare
from caresim.tasks.backtest.forecasts.settings import Forecast, check_ranges


def _month(raw: Any) -> str:
    """`2020-12`, as text or as YAML's date."""
    text = raw.isoformat()[:7] if hasattr(raw, "isoformat") else raw
    if not isinstance(text, str) or len(text) != 7 or text[4] != "-" or not (text[:4] + text[5:]).isdigit():
        raise complaint("must be a month such as 2020-12")
    if not 1 <= int(text[5:]) <= 12:
        raise complaint("must be a month from 01 to 12, such as 2020-12")
    return text


Month = Annotated[str, BeforeValidator(_month)]


class Monthly(Forecast):
    """a row per month: month, offered, answered and, if known, wait_s and mentions."""

    train: Month
    """The last month that is fitted."""
    test: Month | None = None
    """The last month that is predicted; null: the file's last."""
    fewest: Annotated[StrictInt, Field(ge=12)] = 18
    """Months that are fitted at least, by any origin."""
    ahead: Annotated[StrictInt, Field(ge=1, le=24)] = 6
    """Months that each earlier origin predicts."""
    unevenness: PositiveFactor
    """Spread of the logarithm of the load within a month, hour by hour."""
    catching_up: PositiveShare
    """Share of the gap between staffing and calls that is closed in a month."""
    at_once: PositiveShare
    """Share of a month's change in calls that staffing follows within the month."""
    headroom: Number
    """Logarithm of staffing over the calls of usual months, where all is settled."""
    jolt: PositiveFactor
    """Spread of the logarithm of what staffing changes for other reasons in a month."""

    @model_validator(mode="after")
    def _ranges(self) -> Monthly:
        check_ranges(self, ("catching_up", "at_once", "headroom"))
        return self
