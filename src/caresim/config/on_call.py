"""People on call: how many, what calls them in, and what that takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from caresim.config.base import Frozen
from caresim.config.errors import complaint
from caresim.config.quantity import Count, Duration, PositiveCount, PositiveDuration, Rate, Share, exactly


class CallIn(Frozen):
    """What calls people in: any of these at the end of a bin of the timeline. What is left out calls nobody."""

    posts: Rate | None = None
    """More posts per hour than this name the operator."""
    calls: Rate | None = None
    """More calls and visits per hour than this want a person of the desk, busy tones included."""
    waiting: Count | None = None
    """More contacts than this wait at the desk that can still be answered."""
    wait: Duration | None = None
    """One of them has waited for longer than this: since the call, or since its author last wrote."""

    @model_validator(mode="after")
    def _says_when(self) -> Any:
        if all(signal is None for signal in (self.posts, self.calls, self.waiting, self.wait)):
            raise complaint("must name at least one of posts, calls, waiting and wait, such as {wait: 20 min}", {})
        return self


class Reserve(Frozen):
    """People on call, who are called in when more comes, or waits, than `call_in` says.

    They come `delay` later, those who can be reached (less absence), for `length`, or until doors and lines close where
    nothing is written. They can be called again when that is over and, with `again_below`, all signals have been down
    to that share of what called them in.
    """

    headcount: PositiveCount
    """People who can be called, before absence."""
    call_in: CallIn
    """What calls them in."""
    again_below: Share | None = None
    """They are called again only after no signal was above this share of its threshold; None: whenever one is above."""
    delay: PositiveDuration
    """From the call until they are there."""
    length: PositiveDuration
    """Of their duty."""
    standby: Share = exactly(0, "share")
    """Of the hourly cost: what an hour on call costs in which they are not at work."""

    @model_validator(mode="before")
    @classmethod
    def _earlier_form(cls, raw: Any) -> Any:
        """`above` was the only signal, and its name that of the threshold: it is `call_in.posts`."""
        if not isinstance(raw, Mapping) or raw.get("above") is None:
            return raw
        if raw.get("call_in") is not None:
            raise complaint("is call_in.posts now; write it there", raw["above"], "above")
        return {key: value for key, value in raw.items() if key != "above"} | {"call_in": {"posts": raw["above"]}}
