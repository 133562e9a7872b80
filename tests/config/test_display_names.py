"""Names in a configuration as people write them."""

from __future__ import annotations

import pytest

from caresim.config.display_names import readable, title


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("call_center_24_7_funded", "Call centre 24/7 funded"),
        ("sncf_around_the_clock", "SNCF around the clock"),
        ("everybody_like_air_france", "Everybody like Air France"),
        ("club_med_absent", "Club Med absent"),
        ("manager_informs", "Manager informs"),
        ("staffed_by_hour", "Staffed by hour"),
    ],
)
def test_a_staffing_model_keeps_the_names_of_companies(name, written):
    assert readable(name) == written


def test_companies_are_called_as_they_are_written():
    assert [title(name) for name in ("air_france", "sncf", "club_med")] == ["Air France", "SNCF", "Club Med"]
    assert title("narita") == "Narita"
