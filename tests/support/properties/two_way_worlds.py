"""Random worlds with traffic between three places, some of it cancelled, and with few hotel rooms."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from tests.support.properties.options import one, percent
from tests.support.properties.small_worlds import series, small_worlds, told

PLACES = ("here", "there", "beyond")
WAYS = tuple(permutations(PLACES, 2))


@st.composite
def two_way_worlds(draw: Any) -> dict[str, Any]:
    """A small world whose flights go any way, and whose cohorts say where they are and want to be."""
    whole = draw(small_worlds())
    for name, about in whole["operators"].items():
        for k in range(draw(one(2, 1, 3))):
            about["flights"][f"{name}_more_{k}"] = draw(series(whole["start"]))
        timed = draw(st.booleans())
        for flight in about["flights"].values():
            flight["from"], flight["to"] = draw(one(*WAYS))
            if timed:
                flight["takes"] = draw(one("2 h", "20 min", "9 h"))
        about["flights"][f"{name}_lost"] = draw(lost(whole["start"], timed))
        if draw(one(True, False)):
            about["rooms"] = draw(one("3 rooms", "0 rooms", "1 rooms", "20 rooms"))
    for about in whole["population"]["cohorts"].values():
        draw_travels(draw, about, whole["operators"])
    return World(whole)


class World(dict[str, Any]):
    """A configuration that is shown by what is special in it: written out, it is too long."""

    def __repr__(self) -> str:
        return told(self)


@st.composite
def lost(draw: Any, start: str, timed: bool) -> dict[str, Any]:
    """A series that does not fly."""
    about = draw(series(start)) | {"cancelled": True, "capacity": "400 seats", "free": "0 %"}
    about["from"], about["to"] = draw(one(*WAYS))
    return about | ({"takes": "1 h"} if timed else {})


def draw_travels(draw: Any, about: dict[str, Any], operators: dict[str, Any]) -> None:
    flights = {flight: way for name in about["operators"] for flight, way in operators[name]["flights"].items()}
    if "people" in about and about["onset"]["kind"] != "after" and draw(one(False, True)):
        about["booked_on"] = [draw(one(*(flight for flight in flights if flight.endswith("lost"))))]
        about["people"] = "60 people"
        about["deadline"] = about["deadline"] or "20 h"
    booked = [flights[flight] for flight in about.get("booked_on", ())]
    ends: dict[str, dict[str, Any]] = {}
    for end in ("from", "to"):
        there = sorted({way[end] for way in flights.values()})
        chosen = {way[end] for way in booked} | set(draw(st.lists(st.sampled_from(there), max_size=2)))
        ends[end] = {place: draw(places()) for place in sorted(chosen or {there[0]})}
    about["travels"] = ends


@st.composite
def places(draw: Any) -> Any:
    """How long it takes to get there, and how many would."""
    takes = draw(one("0 h", "0 h", "90 min", "6 h"))
    return draw(one(takes, {"takes": takes, "accepted": draw(percent())}))
