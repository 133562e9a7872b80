"""Groups of keys that follow from two tables: the numbers of model/behaviour.py and the media of model/media.py."""

from __future__ import annotations

from inspect import get_annotations
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from caresim.config.base import NEEDS, Frozen, Need, Sourced, one_of
from caresim.config.errors import complaint
from caresim.config.quantity import Duration, Factor, Number, PositiveDuration, PositiveFactor, Quantity, Share
from caresim.model.behaviour import NUMBERS, Takes
from caresim.model.media import STAFFED

TYPES: dict[Takes, Any] = {
    Takes.SHARE: Share,
    Takes.FACTOR: Factor,
    Takes.POSITIVE_FACTOR: PositiveFactor,
    Takes.NUMBER: Number,
    Takes.DURATION: Duration,
    Takes.POSITIVE_DURATION: PositiveDuration,
}


def every_need(table: dict[str, Quantity]) -> dict[str, Quantity]:
    """Complain of a table that leaves a need out: somebody will come with it."""
    for need in NEEDS:
        if need not in table:
            raise complaint("is required: every need has a value", None, need)
    return table


ByNeed = Annotated[dict[Need, PositiveDuration], Sourced, AfterValidator(every_need)]
"""Minutes, one duration for each need."""
StaffedMedium = one_of(*(medium.word for medium in STAFFED))


def of_media(group: str) -> dict[str, Any]:
    """The keys of a group that hold numbers of a medium, with their types: what a channel of that medium needs.

    Handling times stand under the word of the medium, patience where its row says: by need where the customer waits on
    the spot, one median for all needs where they have written. Media may share their patience.
    """
    kinds: dict[str, Any] = {}
    for medium in STAFFED:
        home, _, key = medium.row.patience.partition(".")
        if home == group:
            kind = ByNeed if medium.row.synchronous else PositiveDuration
            if kinds.setdefault(key, kind) is not kind:
                raise TypeError(f"{medium.name}: {medium.row.patience} cannot be by need and for all needs")
        if group == "handling":
            kinds[medium.word] = ByNeed
    return {key: Annotated[kind | None, Field(default=None)] for key, kind in kinds.items()}


class Numbers(Frozen):
    """A group of conf/behaviour: the numbers of its rows in model/behaviour.py, and what the class adds to them.

    A subclass names its group: `class Anger(Numbers, group="anger")`.
    """

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> Quantity: ...

    def __init_subclass__(cls, group: str, **options: Any) -> None:
        super().__init_subclass__(**options)
        plain = {number.key: TYPES[number.takes] for number in NUMBERS[group]}
        cls.__annotations__ = {**get_annotations(cls), **of_media(group), **plain}
