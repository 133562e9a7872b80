"""Where the members of a cohort are and where they want to be: the places between which a seat is of use to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from caresim.config.base import Frozen, Named, Sourced, Text
from caresim.config.errors import complaint
from caresim.config.quantity import KEYS, Duration, Share, exactly

OF_TABLE = ("source", "no_range")


class Place(Frozen):
    """A place where a journey may begin or end."""

    takes: Duration
    """How long it takes to get there before the journey, or from there afterwards."""
    accepted: Share = exactly(1, "share")
    """Share of the parties who would travel by way of it."""


def _place(raw: Any) -> Any:
    """`0 h`, `{value: 4 h, accepted: 40 %}` or `{takes: 4 h, accepted: 40 %}`; what is said of both is said once."""
    if isinstance(raw, Place):
        return raw
    if not isinstance(raw, Mapping):
        return {"takes": raw}
    own = {key: value for key, value in raw.items() if key not in KEYS}
    if "value" in raw:
        time = {key: raw[key] for key in KEYS if key in raw}
        if "same_as" in time:
            time["same_as"] = f"{time['same_as']}.takes"
        own = {"takes": time, **own}
    shared = {key: raw[key] for key in OF_TABLE if key in raw}
    return {key: _with_source(value, shared) for key, value in own.items()}


def _with_source(quantity: Any, shared: Mapping[str, Any]) -> Any:
    if not shared:
        return quantity
    return {**shared, **quantity} if isinstance(quantity, Mapping) else {**shared, "value": quantity}


Places = Annotated[dict[Text, Annotated[Place, BeforeValidator(_place)]], Named, Sourced]


class Travels(Frozen):
    """From any of some places to any of some others, as soon as may be: what counts is when one is there."""

    from_: Places = Field(alias="from")
    """Places where the journey may begin, and how long it takes to get there."""
    to: Places
    """Places where it may end, and how long it takes from there."""

    @model_validator(mode="after")
    def _somewhere(self) -> Travels:
        for key, places in (("from", self.from_), ("to", self.to)):
            if not places:
                raise complaint("must name at least one place, such as nrt: 0 h", {}, key)
        return self
