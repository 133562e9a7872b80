"""Who is told what an operator comes to know: the keys; shares.py has what follows from them."""

from __future__ import annotations

from pydantic import Field, model_validator

from caresim.config.base import Frozen, Text
from caresim.config.errors import complaint
from caresim.config.quantity import Duration


class Shares(Frozen):
    """What an operator comes to know, by whatever means, others are told; what it has been told it does not pass on."""

    with_: tuple[Text, ...] = Field(alias="with")
    """The operators that are told."""
    delay: Duration
    """How much later they know it."""

    @model_validator(mode="after")
    def _with_somebody(self) -> Shares:
        if not self.with_:
            raise complaint("must name at least one operator", [], "with")
        return self
