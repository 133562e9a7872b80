"""Random worlds in which many wait on the spot at once, at desks from which they move to others after a while."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from tests.support.properties.options import LANGUAGES, one, percent, shares
from tests.support.properties.small_worlds import assistants, desks_of, minimal, phone, staffing
from tests.support.properties.unusual_behaviour import NEEDS, draw_behaviour

CHANNELS = ("a_phone", "a_counter", "a_second")


@st.composite
def crowded_worlds(draw: Any) -> dict[str, Any]:
    """One operator with two or three desks, each of which may overflow into the next; hours of too many callers."""
    whole = minimal()
    whole["seed"] = draw(st.integers(0, 999))
    served = CHANNELS[: draw(one(2, 3))]
    lines = draw(one("1000 lines", "20 lines"))
    channels = {"a_phone": phone(lines), "a_counter": counter(), "a_second": phone(lines)}
    whole["operators"]["a"]["channels"] = {channel: channels[channel] for channel in served}
    desks = {f"desk_{k}": draw(desks_of("a", [channel], whole["start"])) for k, channel in enumerate(served)}
    whole["staffing"]["model"] = staffing(desks)
    names = list(desks)
    for name, to in pairwise(names):
        desks[name]["overflow"] = {"to": to, "after": draw(one("2 min", "10 s", "20 min", "3 h"))}
        if draw(one(False, True)):  # what a desk cannot do goes the same way, or to the last desk at once
            desks[name]["hand_over"] = draw(one(to, names[-1]))
            desks[name]["end_of_duty"] = draw(one("finish", "hand_over"))
    if draw(one(False, False, True)):
        whole["staffing"]["model"]["assistant"] = draw(assistants(list(served), whole["start"]))
    some = whole["population"]["cohorts"]["some"]
    some |= {"people": f"{draw(one(20, 80, 300))} people", "need": shares(draw, NEEDS), "anger": draw(percent())}
    some["preference"] = dict.fromkeys(served, "0 logit") | {"a_phone": draw(one("0 logit", "3 logit"))}
    hours = draw(st.lists(st.integers(0, 20), min_size=1, max_size=3, unique=True))
    some["onset"]["pulses"] = [{"at": f"{hour} h", "weight": "1 x"} for hour in hours]
    some["onset"]["spread"] = draw(one("1 h", "5 min", "6 h"))
    draw_behaviour(draw, whole["behaviour"])
    return whole


def counter() -> dict[str, Any]:
    return {"medium": "counter", "languages": list(LANGUAGES)}
