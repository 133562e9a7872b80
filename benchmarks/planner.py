"""What a planner wants to know of the speed: three sentences and what its figure shows, from what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from derived import number

Known = Mapping[str, Mapping[str, str]]
"""The last row of history.csv for each figure."""
Sizes = Sequence[Mapping[str, str]]
"""Rows of sizes.csv, of the last run of each load."""
FEW_WAIT, ALL_WAIT = "ash_cloud, light", "ash_cloud, overloaded"
LARGEST = 10_000_000
WORTH_SHOWING = 1_000_000
"""Passengers of a crisis from which on somebody waits for its replication."""


@dataclass(frozen=True)
class Wait:
    """A line of the figure: what is waited for, and how long; `says` stands beside the time."""

    what: str
    seconds: float
    says: str = ""


def value(known: Known, name: str) -> float | None:
    return float(known[name]["median"]) if name in known else None


def duration(seconds: float) -> str:
    """Two digits in the unit that people would use: 0.12 s, 41 s, 7.2 minutes."""
    if seconds < 90:
        return f"{_two(seconds)} s"
    if seconds < 90 * 60:
        return f"{_two(seconds / 60)} minutes"
    return f"{_two(seconds / 3600)} hours"


def _two(amount: float) -> str:
    rounded = float(f"{amount:.2g}")
    return f"{rounded:.0f}" if rounded >= 10 else f"{rounded:g}"


def sentences(known: Known, sizes: Sizes, cores: str) -> str:
    """Three, as far as there is something to say; in each what was not measured is left out."""
    told = [first_minute(known), study(known, cores), crisis(sizes)]
    return "\n".join(wrap(" ".join(filter(None, told)) or "Not measured yet.", 120, break_on_hyphens=False)) + "\n"


def first_minute(known: Known) -> str:
    clone, wheel, compiling = (value(known, name) for name in ("fresh_clone_s", "wheel_s", "compile_s"))
    later = value(known, "first_replication_s")
    if clone is not None:
        told = f"The first command after an installation from source shows its table after {duration(clone)}"
    elif compiling is not None:
        told = f"The first command after an installation from source compiles the model for {duration(compiling)}"
    else:
        return ""
    if wheel is not None:
        told += f", after an installation with compiled code after {duration(wheel)}"
    return told + (f"; every later command simulates within {duration(later)}." if later is not None else ".")


def study(known: Known, cores: str) -> str:
    """Of tokyo: as it comes, and as large as it was measured."""
    usual, many = value(known, "tokyo_default_s"), value(known, "study_replications")
    minutes, memory = value(known, "study_minutes"), value(known, "study_peak_gb")
    parts = []
    if usual is not None:
        count = value(known, "tokyo_default_replications")
        each = "its usual" if count is None else f"{count:.0f}"
        parts.append(f"{duration(usual)} with {each} replications of each staffing model")
    if many is not None and minutes is not None:
        models = "" if parts else " replications of each staffing model"
        gigabytes = "" if memory is None else f" and {_two(memory)} GB of memory"
        parts.append(f"{duration(60 * minutes)}{gigabytes} with {many:,.0f}{models}")
    return f"On {cores} cores, the study of tokyo takes {', and '.join(parts)}." if parts else ""


def crisis(sizes: Sizes) -> str:
    """Of the largest size."""
    seconds = {row["load"]: number(row, "whole_s") for row in sizes if float(row["size"]) == LARGEST}
    memory = [number(row, "peak_gb") for row in sizes if float(row["size"]) == LARGEST and row["load"] in seconds]
    few, everybody = seconds.get(FEW_WAIT), seconds.get(ALL_WAIT)
    if few is None or everybody is None:
        return ""
    return (
        f"A crisis may be as large as {LARGEST / 1e6:.0f} million passengers: one replication takes {duration(few)} "
        f"where hardly anybody waits, {duration(everybody)} where the lines are taken and everybody redials, and at "
        f"most {_two(max(each for each in memory if each is not None))} GB of memory."
    )


def first_waits(known: Known) -> list[Wait]:
    lines = (
        ("installed from source: until the first table", "fresh_clone_s"),
        ("compiling the model, once a version", "compile_s"),
        ("installed with compiled code: until the first table", "wheel_s"),
        ("in a second environment: until the first table", "second_environment_s"),
        ("any later command: until it simulates", "first_replication_s"),
        ("a mistake in a command: until it is named", "refused_s"),
    )
    return [Wait(what, seconds) for what, name in lines if (seconds := value(known, name)) is not None]


def study_waits(known: Known, sizes: Sizes) -> list[Wait]:
    single = [row for row in sizes if row["load"] == "tokyo" and number(row, "whole_s") is not None]
    found = []
    if single:
        largest = max(single, key=lambda row: float(row["passengers"]))
        found.append(Wait("one run, built and measured", float(largest["whole_s"])))
    if (usual := value(known, "tokyo_default_s")) is not None:
        count = value(known, "tokyo_default_replications")
        each = "the usual" if count is None else f"{count:.0f}"
        found.append(Wait(f"{each} replications of each staffing model, tables and figures", usual))
    minutes, many, memory = (value(known, f"study_{name}") for name in ("minutes", "replications", "peak_gb"))
    if minutes is not None and many is not None:
        says = "" if memory is None else f"{_two(memory)} GB"
        found.append(Wait(f"{many:,.0f} replications of each staffing model", 60 * minutes, says))
    return found


def crisis_waits(sizes: Sizes, load: str) -> list[Wait]:
    """By size."""
    found = []
    for row in sorted(sizes, key=lambda row: float(row["size"])):
        seconds, memory = number(row, "whole_s"), number(row, "peak_gb")
        if row["load"] == load and seconds is not None and float(row["size"]) >= WORTH_SHOWING:
            says = "" if memory is None else f"{_two(memory)} GB"
            found.append(Wait(f"{passengers(float(row['size']))} passengers", seconds, says))
    return found


def passengers(count: float) -> str:
    return f"{count / 1e6:.0f} million" if count >= 1e6 else f"{count:,.0f}"
