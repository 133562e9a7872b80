"""Slips that somebody made who wrote a railway's case from the pages alone."""

from __future__ import annotations

from typing import Any

import pytest

import caresim
from caresim.config.compose import validate
from caresim.config.errors import BadInput


def storm(**cohort: Any) -> dict[str, Any]:
    """The storm as plain data, with keys of one of its cohorts changed."""
    raw = caresim.load("experiment=storm").as_text()
    name = next(name for name, member in raw["population"]["cohorts"].items() if not member.get("ordinary"))
    raw["population"]["cohorts"][name] |= cohort
    return raw


def channels() -> list[str]:
    experiment = caresim.load("experiment=storm")
    return list(next(c for c in experiment.population.cohorts.values() if not c.ordinary).preference)


def test_shares_without_their_sign_are_no_logits():
    """A hundred people in a hundred would turn to the first channel, and nobody would be told."""
    one, *others = channels()
    with pytest.raises(BadInput, match=r"preference.*sum to 100: write shares with their sign, such as 45 %"):
        validate(storm(preference={one: 55, **dict.fromkeys(others, 45 / len(others))}))


def test_a_cancelled_train_has_no_seats_whatever_the_operator_says():
    raw = caresim.load("experiment=storm").as_text()
    (name, operator), *_ = raw["operators"].items()
    cancelled = next(series for series in operator["flights"].values() if series.get("cancelled"))
    cancelled.pop("free", None)
    operator["free_seats"] = "12 %"
    trains = validate(raw).operators[name].flights.values()
    assert [train.free.value for train in trains if train.cancelled] == [0.0] * sum(t.cancelled for t in trains)
