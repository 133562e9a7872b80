"""Configurations in the results of earlier editions: what they say that is not said any more.

Results are opened for their tables; the experiment beside them is brought up to the keys of today. What satisfaction
was computed of is gone from it: its numbers are in the tables.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

UNKNOWN_THEN = ("follower_power", "relay", "feed_clarity")
"""Numbers of the public timeline that the first edition did not have."""


def understood(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a run in the keys of today; one of today is left as it is."""
    raw = copy.deepcopy(dict(configuration))
    behaviour = raw.get("behaviour")
    if isinstance(behaviour, dict) and "settlement" in behaviour:
        del behaviour["settlement"]
        media = behaviour.get("media")
        for waits in media.values() if isinstance(media, dict) else ():
            if isinstance(waits, dict):
                waits.pop("typical", None)
        public = behaviour.get("public")
        if isinstance(public, dict):
            for key in UNKNOWN_THEN:
                public.setdefault(key, {"value": 0, "source": "by definition: unknown to that edition"})
    choice = behaviour.get("choice") if isinstance(behaviour, dict) else None
    if isinstance(choice, dict):
        choice.setdefault("knows_hours", {"value": 0, "source": "by definition: nobody looked hours up"})
    disruption = raw.get("disruption")
    notices = disruption.get("notices") if isinstance(disruption, dict) else None
    for notice in notices.values() if isinstance(notices, dict) else ():
        meets = notice.get("meets") if isinstance(notice, dict) else None
        if isinstance(meets, dict):  # how clear a notice is says today what share of the questions it met
            met = meets.pop("information", {"value": 0, "source": "by definition: it met none"})
            notice.setdefault("clarity", met)
    _give_directions(raw)
    return raw


def _tables(node: Any, *steps: str) -> list[dict[str, Any]]:
    """The tables in the table at a place."""
    for step in steps:
        node = node.get(step) if isinstance(node, dict) else None
    return [member for member in node.values() if isinstance(member, dict)] if isinstance(node, dict) else []


def _give_directions(raw: dict[str, Any]) -> None:
    """Seats had no direction: any flight of an operator took anybody, whatever its route said for the reader."""
    series = [flight for operator in _tables(raw, "operators") for flight in _tables(operator, "flights")]
    if series and not any("from" in flight for flight in series):
        for flight in series:
            flight.pop("route", None)
            flight |= {"from": "here", "to": "away"}
