"""What random worlds are drawn from: shares, a few options, a few names."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

LANGUAGES = ("en", "fr", "ja")
ZONES = ("UTC", "Europe/Paris", "Asia/Tokyo", "America/Los_Angeles", "Asia/Kolkata")


def percent(low: int = 0, high: int = 100) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda n: f"{n} %")


def one(*options: Any) -> st.SearchStrategy[Any]:
    """One of a few, the first of which is the plainest."""
    return st.sampled_from(options)


def shares(draw: Any, names: tuple, most: int = 3) -> dict[Any, str]:
    """A few of `names` with shares that sum to 1."""
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True))
    rest = 100 // len(chosen)
    return {name: f"{rest if k else 100 - rest * (len(chosen) - 1)} %" for k, name in enumerate(chosen)}


def some(draw: Any, names: list, least: int = 0) -> list:
    return draw(st.lists(st.sampled_from(names), min_size=least, unique=True)) if names else []
