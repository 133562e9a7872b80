"""Callers of a random world who have waited for long move to another desk."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.support.properties.options import one


def draw_overflow(draw: Any, desks: dict[str, Any], operator: str) -> None:
    """Perhaps from one desk of an operator to the other, where the other passes nothing back."""
    pair = [name for name in (f"{operator}_desk", f"{operator}_second") if name in desks]
    if len(pair) < 2 or not draw(st.booleans()):
        return
    name, to = draw(st.permutations(pair))
    live = any(channel.endswith(("phone", "counter")) for channel in desks[name]["serves"])
    if live and not leads_back(desks, name, to):
        desks[name]["overflow"] = {"to": to, "after": draw(one("1 min", "5 s", "10 min", "3 h"))}


def leads_back(desks: dict[str, Any], name: str, to: str) -> bool:
    """Does what this desk cannot do go to the other one, by whatever way?"""
    seen: set[str] = set()
    while to is not None and to not in seen:
        seen.add(to)
        to = name if desks[to].get("overflow", {}).get("to") == name else desks[to].get("hand_over")
    return name in seen
