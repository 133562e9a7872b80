"""What is known of a crisis and can be held against the simulation: single facts, with their source."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

from pydantic import model_validator

from caresim.config.base import Frozen, Text, one_of
from caresim.config.clock import _moment
from caresim.config.errors import complaint
from caresim.config.quantity import Count, Duration, Share

KINDS = {
    "first_reply": "duration",
    "last_reply": "moment",
    "left_unsolved": "yes",
    "broken_promise": "yes",
    "silent": "yes",
    "posts": "count",
    "happier": "yes",
    "happier_after": "yes",
}
"""What can be measured of a passenger and an operator, and what kind of value it has."""
READERS = {"duration": get_args(Duration)[1], "share": get_args(Share)[1], "count": get_args(Count)[1]}
WORDS = {"yes": 1.0, "no": 0.0}


class Observation(Frozen):
    """A fact, in the words of `what`, of a named passenger and an operator.

    first_reply: minutes from the first post to the first reply. last_reply: when the operator last wrote.
    left_unsolved: it has answered and not settled the matter. broken_promise: what it promised did not happen. silent:
    it was asked and never answered. posts: how many there were to it. happier: more satisfied with it than with the
    operator `than`; happier_after: the same once a gesture (a letter) has come. Without a `passenger` it is the share
    of all who had to do with both, and `observed` is the least it ought to be.
    """

    what: Text
    measure: one_of(*KINDS)  # type: ignore[valid-type]
    passenger: Text | None = None
    operator: Text
    than: Text | None = None
    observed: Text
    source: Text

    @property
    def kind(self) -> str:
        """duration, count (numbers), moment, yes (or no), or share (of all passengers)."""
        return "share" if self.passenger is None else KINDS[self.measure]

    @property
    def value(self) -> float | datetime:
        """`observed` as minutes, a number, a moment in UTC, 1 or 0, or a share."""
        if self.kind == "moment":
            return _moment(self.observed)
        if self.kind == "yes":
            return WORDS[self.observed]
        return READERS[self.kind].number(self.observed)

    @model_validator(mode="after")
    def _readable(self) -> Any:
        compares = self.measure.startswith("happier")
        if compares != (self.than is not None):
            raise complaint("is given where, and only where, measure is happier or happier_after", self.than, "than")
        if self.passenger is None and not compares:
            raise complaint("is required where measure is not happier or happier_after", None, "passenger")
        if self.kind == "yes" and self.observed not in WORDS:
            raise complaint("must be 'yes' or 'no', in quotes", self.observed, "observed")
        _ = self.value
        return self
