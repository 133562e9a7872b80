"""Labels keep apart and near what they name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.report.labels import spread

ROUNDING = 1e-9


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10))
def test_labels_are_apart_inside_and_in_order(wanted):
    place = spread(wanted, 0.05, 0.0, 1.0)
    order = np.argsort(wanted, kind="stable")
    assert np.all(np.diff(place[order]) >= 0.05 - ROUNDING)
    assert place.min() >= -ROUNDING
    assert place.max() <= 1 + ROUNDING


def test_labels_with_room_stay_where_they_are():
    assert spread([0.9, 0.1, 0.5], 0.1, 0, 1) == pytest.approx([0.9, 0.1, 0.5])


def test_two_equal_labels_part_evenly():
    assert spread([0.5, 0.5], 0.1, 0, 1) == pytest.approx([0.45, 0.55])


def test_too_many_labels_share_the_room_evenly():
    assert spread([0.5, 0.4, 0.6], 0.8, 0, 1) == pytest.approx([0.5, 0.0, 1.0])
