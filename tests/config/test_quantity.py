"""Numbers carry a unit, a source and a range, and are read into canonical units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from caresim.config import quantity as q
from caresim.config.errors import from_validation


def read(kind: object, raw: object) -> q.Quantity:
    return TypeAdapter(kind).validate_python(raw)


def refusal(kind: object, raw: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, raw)
    return str(from_validation(caught.value))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (q.Duration, "11 min", 11),
        (q.Duration, "15 s", 0.25),
        (q.Duration, "36h", 2160),
        (q.Duration, "9 d 17 h 14 min", 13994),
        (q.Share, "35 %", 0.35),
        (q.Share, 0.35, 0.35),
        (q.Count, "180 lines", 180),
        (q.Count, 4, 4),
        (q.Rate, "15 calls/h", 0.25),
        (q.Rate, "1440 /day", 1),
        (q.Factor, "1.5 x", 1.5),
        (q.Number, "-0.7 logit", -0.7),
        (q.Factor, "1e-3", 0.001),
        (q.Money, "0.10 EUR", 0.1),
        (q.Wage, "26 EUR/h", 26),
    ],
)
def test_units_are_turned_into_canonical_ones(kind, text, value):
    assert read(kind, text).value == pytest.approx(value, rel=1e-12)


def test_value_range_and_source_are_kept():
    told = read(q.Duration, {"value": "11 min", "range": ["9 min", "0.25 h"], "source": "a study"})
    assert (told.value, told.low, told.high, told.source, told.text) == (11, 9, 15, "a study", "11 min")
    assert told.uncertain
    assert not read(q.Duration, "11 min").uncertain


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [
        (q.Duration, 11, "needs a unit"),
        (q.Duration, "11", "needs a unit"),
        (q.Duration, "11 kg", "wrong unit"),
        (q.Duration, "11 mins", "did you mean min"),
        (q.Duration, "soon", "must be a duration"),
        (q.Duration, "-3 min", "must be at least 0"),
        (q.Duration, True, "must be a duration"),
        (q.Duration, [3], "must be a duration"),
        (q.Share, "110 %", "between 0 % and 100 %"),
        (q.Share, "35 % 2", "must be a share"),
        (q.PositiveFactor, 0, "more than 0"),
        (q.Rate, 15, "needs a unit"),
        (q.Rate, "15 EUR/h", "wrong unit"),
        (q.Wage, "26 EUR", "wrong unit"),
        (q.Number, float("nan"), "finite"),
        (q.Number, "1e999", "finite"),
        (q.Number, {"value": 2, "range": [3, 4]}, "must contain the value 2"),
        (q.Number, {"value": 2, "range": [3, 1]}, "rise"),
        (q.Number, {"value": 2, "range": [1]}, "list of two"),
        (q.Number, {"value": 2, "rang": [1, 3]}, "did you mean range"),
        (q.Number, {"source": "a study"}, "required"),
        (q.Number, {"value": 2, "source": 3}, "must be text"),
        (q.Duration, {"value": "2 min", "range": [1, 3]}, "needs a unit"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(kind, raw, words):
    assert words in refusal(kind, raw)


@given(st.floats(min_value=0, max_value=1e9), st.sampled_from(sorted(q.CANONICAL)))
def test_what_is_written_reads_back_to_the_bit(value, dimension):
    kinds = {"duration": q.Duration, "share": q.Share, "count": q.Count, "rate": q.Rate, "number": q.Number}
    kinds |= {"money": q.Money, "wage": q.Wage}
    value = value / 1e9 if dimension == "share" else value
    assert read(kinds[dimension], q.written(value, dimension)).value == value
