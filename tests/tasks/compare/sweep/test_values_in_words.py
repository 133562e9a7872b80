"""Values of a swept key as people read them: rosters by their hours and people, names without underscores."""

from __future__ import annotations

import pandas as pd
import pytest

from caresim.tasks.compare.sweep.keys import points_of, tick


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('[{start:"06:30",end:"14:30"},{start:"14:30",end:"22:30"}]', "06:30–14:30, 14:30–22:30"),
        ('[{"start": "16:00", "end": "20:00", "headcount": "3 people"}]', "+3 16:00–20:00"),
        ('[{start: "08:00", end: "20:00", share: 0.5, days: weekend}]', "08:00–20:00 ×0.5 weekend"),
        (
            '[{start: "08:00", end: "20:00", days: [mon, tue], first: 2011-03-12}]',
            "08:00–20:00 mon tue from 2011-03-12",
        ),
        ("[]", "none"),
        ("[fr,en]", "fr, en"),
        ("call_center_24_7", "call center 24 7"),
        ("12", "12"),
        ("[half a list", "[half a list"),
    ],
)
def test_a_value_in_words(value: str, words: str) -> None:
    assert tick(value) == words


def test_points_that_read_alike_are_numbered() -> None:
    table = pd.DataFrame({"job": ["a", "b", "c"], "x": ["one_two", "one two", "three"], "staffing": "s"})
    assert points_of(table) == {"a": "one two", "b": "one two (2)", "c": "three"}
