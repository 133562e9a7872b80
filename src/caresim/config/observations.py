"""What was observed in a crisis, to be compared with the simulation: single observations, with their source."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, get_args

from pydantic import model_validator

from caresim.config.base import NO_EFFECT, Frozen, Prose, Text, one_of
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
    """What was observed of a named passenger and an operator.

    first_reply: minutes from the first post to the reply to it. last_reply: when the operator last wrote.
    left_unsolved: the operator has answered and not settled the matter. broken_promise: what it promised did not
    happen. silent: it was asked and never answered. posts: how many posts it was sent. happier: the passenger is more
    satisfied with it than with the operator `than`; happier_after: the same once a gesture (a letter) has come.
    Without a `passenger` it is the share of all persons who had to do with both, and `observed` is the lowest share
    that agrees.
    """

    what: Prose
    """The observation in words."""
    measure: one_of(*KINDS)  # type: ignore[valid-type]
    """What is measured; see above."""
    passenger: Text | None = None
    """The name of a cohort with `named: true`, with all later matters."""
    operator: Text
    """With whom."""
    than: Text | None = None
    """happier, happier_after: than with this operator."""
    observed: Prose
    """A duration, a moment, a count, 'yes' or 'no', or a share, as the measure has it."""
    tolerated: Annotated[tuple[Text, Text] | None, NO_EFFECT] = None
    """The lowest and the highest value that agree with it; of a share and of yes or no they follow."""
    given: Annotated[Text | None, NO_EFFECT] = None
    """What was set so that this comes out, or with it in view: that it comes out again is no evidence."""
    source: Prose
    """Where it is from."""

    @property
    def kind(self) -> str:
        """duration, count (numbers), moment, yes (or no), or share (of all passengers)."""
        return "share" if self.passenger is None else KINDS[self.measure]

    @property
    def value(self) -> float | datetime:
        """`observed` as minutes, a number, a moment in UTC, 1 or 0, or a share."""
        return self._read(self.observed)

    @property
    def band(self) -> tuple[float | datetime, float | datetime]:
        """Lowest and highest value that agree: for yes in most runs, for no in few, for a share the least and all."""
        if self.tolerated is not None:
            low, high = map(self._read, self.tolerated)
            return low, high
        if self.kind == "yes":
            return (0.5, 1.0) if self.value else (0.0, 0.5)
        return self.value, 1.0

    def _read(self, text: str) -> float | datetime:
        if self.kind == "moment":
            return _moment(text)
        return WORDS[text] if self.kind == "yes" else READERS[self.kind].number(text)

    @model_validator(mode="after")
    def _readable(self) -> Any:
        compares = self.measure.startswith("happier")
        if compares != (self.than is not None):
            raise complaint("is given where, and only where, measure is happier or happier_after", self.than, "than")
        if self.passenger is None and not compares:
            raise complaint("is required where measure is not happier or happier_after", None, "passenger")
        if self.kind == "yes" and self.observed not in WORDS:
            raise complaint("must be 'yes' or 'no', in quotes", self.observed, "observed")
        follows = self.kind in ("yes", "share")
        if follows != (self.tolerated is None):
            allowed = "follows from observed" if follows else "is required: the lowest and the highest value that agree"
            raise complaint(allowed, self.tolerated, "tolerated")
        (low, high), value = self.band, self.value
        if self.kind != "yes" and not low <= value <= high:  # type: ignore[operator]
            raise complaint("must lie within tolerated", self.observed, "observed")
        return self
