"""Public feeds: how a desk works one where it says nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from caresim.config.base import Frozen, Text
from caresim.config.quantity import PositiveDuration
from caresim.model.media import PUBLIC, WRITTEN

POSTS = frozenset(medium.word for medium in PUBLIC)
IN_WRITING = frozenset(medium.word for medium in WRITTEN)
BESIDE = "private"
"""Messages to an account come in beside the posts to it, and are worked with them."""


class Feeds(Frozen):
    """How a desk works public posts, and the private messages beside them, unless it says something else."""

    routing: Text
    """Its `routing_in_writing`, unless it has this or a `routing`."""
    expires: PositiveDuration
    """Its `expires`, unless it has one; `expires: null` is never."""


def is_feed(media: Iterable[Any]) -> bool:
    """Do people who answer these media (words) work a public feed, and nothing else in writing but its messages?"""
    written = {medium for medium in media if isinstance(medium, str) and medium in IN_WRITING}
    return bool(written & POSTS) and written <= POSTS | {BESIDE}


def set_defaults(whole: Mapping[str, Any], desks: Iterable[dict[str, Any]]) -> None:
    """Give the desks of a raw configuration that work a feed what `feeds` says and they do not."""
    feeds = whole.get("feeds")
    if not isinstance(feeds, Mapping):
        return
    media = _media_of(whole.get("operators"))
    for desk in desks:
        serves = desk.get("serves")
        if isinstance(serves, list) and is_feed(media.get(name) for name in serves if isinstance(name, str)):
            if not {"routing", "routing_in_writing"} & desk.keys() and "routing" in feeds:
                desk["routing_in_writing"] = feeds["routing"]
            if "expires" not in desk and feeds.get("expires") is not None:
                desk["expires"] = {"same_as": "feeds.expires"}


def _media_of(operators: Any) -> dict[str, Any]:
    """The medium of every channel, as it is written."""
    return {
        name: channel.get("medium")
        for operator in (operators.values() if isinstance(operators, Mapping) else ())
        if isinstance(operator, Mapping) and isinstance(operator.get("channels"), Mapping)
        for name, channel in operator["channels"].items()
        if isinstance(channel, Mapping)
    }
