"""Swept keys and their values: which there are, what they are called in words, where they stand on an axis."""

from __future__ import annotations

from typing import Any

import pandas as pd

from caresim.report.wording import readable

TABLES = ("staffing", "desks", "cohorts", "operators", "channels", "flights", "staff", "notices")
"""After one of these words of a key comes a name."""


def swept_keys(table: pd.DataFrame) -> list[str]:
    """The keys that take more than one value, the one with most values first; they stand before `staffing`.

    ValueError where no key was swept.
    """
    columns = list(table.columns)
    keys = [column for column in columns[: columns.index("staffing")] if column != "job"]
    if not keys:
        raise ValueError("the table of a sweep needs a column for the swept key before the column staffing")
    varied = [key for key in keys if table[key].astype(str).nunique() > 1] or keys[:1]
    return sorted(varied, key=lambda key: -table[key].astype(str).nunique())


def tail(key: str) -> str:
    """The last word of a dotted key."""
    return key.rsplit(".", 1)[-1].removeprefix("swept_").replace("_", " ")


def key_words(key: str) -> str:
    """A swept key in words: what is changed, and of whom: "onset per hour (authors)"."""
    key = key.removeprefix("swept_")
    group, at, place = key.partition("@")
    if at:
        return f"{tail(group.replace('/', '.'))} ({readable(place.rsplit('.', 1)[-1]).lower()})"
    steps = key.split(".")
    named = [readable(steps[i + 1]) for i, step in enumerate(steps[:-2]) if step in TABLES]
    what = (
        tail(key)
        if len(steps) < 2
        or steps[-2] in {*TABLES, *(steps[i + 1] for i in range(len(steps) - 1) if steps[i] in TABLES)}
        else f"{tail(steps[-2])} {tail(key)}"
    )
    return what + (f" ({', '.join(named)})" if named else "")


def tick(value: Any) -> str:
    """A swept value without quotes and underscores."""
    return str(value).strip("'\"").replace("_", " ")


def many_in_words(table: pd.DataFrame) -> str:
    """How many replications stand behind the values of a sweep (none where a metric is never defined)."""
    counts = table.loc[table["replications"] > 0, "replications"]
    least, most = (int(counts.min()), int(counts.max())) if len(counts) else (0, 0)
    return str(most) if least == most else f"{least} to {most}"


def positions(values: pd.Series) -> tuple[dict[Any, float], bool]:
    """Where each value of the swept key stands, and whether it is a number (then its size is its place)."""
    numbers = pd.to_numeric(values, errors="coerce")
    distinct = list(dict.fromkeys(values))
    if numbers.notna().all():
        return {value: float(number) for value, number in zip(values, numbers, strict=True)}, True
    return {value: float(place) for place, value in enumerate(distinct)}, False


def setting_words(key: str, value: Any) -> str:
    """A value of a key beside the swept one: its words where they say it, else with the key's last word."""
    return tick(value) if any(letter.isalpha() for letter in str(value)) else f"{tail(key)} {value}"
