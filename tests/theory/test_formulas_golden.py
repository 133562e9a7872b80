"""Every formula gives the published values, to the digits that are printed.

golden_queueing.csv: a formula, its arguments, an attribute or method of its result, the value, and the digits after the
point that are printed. Where none are given the value is in full double precision, and 1e-12 of it is allowed: a few
thousand roundings, far less than any published digit.
"""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from caresim import theory

FULL = 1e-12
SLACK = 1 + 1e-9
"""A value exactly between two printed ones may round either way."""


def golden(inverse: bool) -> list[Any]:
    """The rows that give a load for a blocking (inverse), or all others."""
    with (Path(__file__).parent / "golden_queueing.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    chosen = [row for row in rows if (row["metric"] == "load") == inverse]
    return [pytest.param(row, id=f"{row['model']}-{row['parameters']}-{row['metric']}") for row in chosen]


def arguments(row: dict[str, str]) -> dict[str, float]:
    pairs = (pair.split("=") for pair in row["parameters"].split())
    return {name: float(Fraction(number)) for name, number in pairs}


def allowed(row: dict[str, str]) -> float:
    value = abs(float(row["value"]))
    return SLACK * 0.5 * 10.0 ** -int(row["decimals"]) if row["decimals"] else FULL * value


def answer(result: Any, metric: str) -> float:
    """`metric` of a result: nothing, an attribute, or a method with its argument in brackets."""
    if not metric:
        return float(result)
    name, argument = re.fullmatch(r"(\w+)(?:\((.+)\))?", metric).groups()
    found = getattr(result, name)
    return float(found(float(Fraction(argument))) if argument else found)


@pytest.mark.parametrize("row", golden(inverse=False))
def test_published_value(row):
    found = answer(getattr(theory, row["model"])(**arguments(row)), row["metric"])
    assert found == pytest.approx(float(row["value"]), abs=allowed(row), rel=0)


@pytest.mark.parametrize("row", golden(inverse=True))
def test_published_load_for_a_blocking(row):
    """Tables of Erlang B are read backwards: the load that so many servers carry at a given blocking."""
    given, half_a_digit = arguments(row), allowed(row)

    def blocking(load: float) -> float:
        return theory.erlang_b(arrival_rate=load, service_mean=1, servers=given["servers"]).blocking

    load = float(row["value"])
    assert blocking(load - half_a_digit) <= given["blocking"] <= blocking(load + half_a_digit)
