"""Swept keys and their values: which there are, what they are called in words, where they stand on an axis."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from caresim.config.errors import BadInput
from caresim.config.yaml_file import loads
from caresim.report.wording import readable

TABLES = ("staffing", "desks", "cohorts", "operators", "channels", "flights", "staff", "notices")
"""After one of these words of a key comes a name."""
DAILY = "daily"
LONGEST = 60
"""Letters of a value in words."""
KEY = re.compile(r"([{,]\s*\w+):(?=\S)")
"""The key of a table in brackets, with nothing between its colon and its value."""


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
    """A swept value in words: without quotes and underscores; a roster by its hours and people."""
    text = str(value).strip("'\"")
    parsed = _parsed(text)
    if isinstance(parsed, list | dict):
        words = _list_words(parsed) if isinstance(parsed, list) else _entry_words(parsed)
        return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    return text.replace("_", " ")


def _parsed(text: str) -> Any:
    """A list or a table that is written as one; None for anything else."""
    if not text.startswith(("[", "{")):
        return None
    try:
        # Hydra writes tables without the space that YAML wants behind a key.
        return loads(KEY.sub(r"\1: ", text), "value")
    except BadInput:  # text that only looks like a list is shown as it is
        return None


def _list_words(entries: Sequence[Any]) -> str:
    return ", ".join(map(_entry_words, entries)) or "none"


def _entry_words(entry: Any) -> str:
    """A shift, or people on top of a roster: "+3 16:00–20:00"; any other table by its keys."""
    if not isinstance(entry, Mapping):
        return str(entry).replace("_", " ")
    if not {"start", "end"} <= set(entry):
        return " ".join(f"{key} {value}" for key, value in entry.items())
    words = f"{entry['start']}–{entry['end']}"
    if (heads := entry.get("headcount")) is not None:
        words = f"+{str(heads).split()[0]} {words}"
    if (share := entry.get("share")) not in (None, 1):
        words += f" ×{share}"
    if (days := entry.get("days", DAILY)) != DAILY:
        words += f" {days}" if isinstance(days, str) else f" {' '.join(map(str, days))}"
    if first := entry.get("first"):
        words += f" from {first}"
    return words + (f" to {entry['last']}" if entry.get("last") else "")


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
    words = tick(value)
    return words if any(letter.isalpha() for letter in words) else f"{tail(key)} {words}"


def points_of(table: pd.DataFrame) -> dict[str, str]:
    """Every point of the sweep in words, by its `job`; points that read alike are numbered."""
    keys = swept_keys(table)
    rows = table[["job", *keys]].drop_duplicates("job").to_dict("records")
    words = {str(row["job"]): ", ".join(setting_words(key, row[key]) for key in keys) for row in rows}
    seen: dict[str, int] = {}
    for job, said in words.items():
        seen[said] = seen.get(said, 0) + 1
        words[job] = said if seen[said] == 1 else f"{said} ({seen[said]})"
    return words
