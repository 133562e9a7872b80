"""The line that sets two models against each other never says more than can be compared by then."""

from __future__ import annotations

import pytest
from tests.support.small_world import study

from caresim.tasks.dashboard.comparison import TWO_DAYS, comparison, set_against

MARGINS = study().margins
"""0.1 points, 5 percentage points, a ratio of 1.15."""
OR_NO_DIFFERENT = "or no different by more than the study's margins"


def side(on_duty="2 until 18:00", **numbers):
    usual = {"social": 0.31, "social_of": 500, "waiting": 503, "never": 35, "satisfaction": None, "paid_hours": 6101.8}
    return {"on_duty": on_duty, "numbers": {**usual, **numbers}}


LEFT = side(social=0.31)
RIGHT = side("10 around the clock", social=0.21, waiting=417, never=20)


def test_an_early_lead_is_not_told():
    text = comparison(LEFT, RIGHT, 600.0, ended=False, margins=MARGINS)
    assert text == (
        "Same passengers, same luck, same paid hours. On duty: 2 until 18:00 on the left, 10 around the clock on the "
        "right; waiting for an answer now: 503 and 417."
    )
    assert "%" in comparison(LEFT, RIGHT, TWO_DAYS, ended=False, margins=MARGINS)


def test_a_share_of_a_few_is_not_told():
    assert "%" not in comparison(LEFT, side(social_of=29), TWO_DAYS, ended=False, margins=MARGINS)
    assert "%" not in comparison(LEFT, side(social=None, social_of=0), TWO_DAYS, ended=False, margins=MARGINS)


def test_two_days_on_shares_are_told():
    text = comparison(LEFT, RIGHT, TWO_DAYS, ended=False, margins=MARGINS)
    assert "31% on the left, 21% on the right" in text
    assert "503 and 417" in text


@pytest.mark.parametrize(
    ("right", "terms", "under"),
    [
        (6101.8, "same paid hours.", ["paid hours: the same on both sides"] * 2),
        (6102.1, "same paid hours.", ["paid hours: the same on both sides"] * 2),
        (
            7236.0,
            "but 1,134 more paid hours on the right.",
            ["paid hours: 1,134 less than on the right", "paid hours: 1,134 more than on the left"],
        ),
        (
            5101.8,
            "but 1,000 more paid hours on the left.",
            ["paid hours: 1,000 more than on the right", "paid hours: 1,000 less than on the left"],
        ),
    ],
)
def test_it_is_said_whether_both_cost_the_same(right, terms, under):
    frames = [LEFT, side(paid_hours=right)]
    assert terms in comparison(*frames, 600.0, ended=False, margins=MARGINS)
    assert set_against(frames) == under
    assert set_against(frames[:1]) == ["paid hours, whole run"]


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        ({"social": 0.51, "never": 128, "satisfaction": 3.79}, "the right fared better throughout"),
        ({"social": 0.10, "never": 2000, "satisfaction": 3.50}, "the left fared better throughout"),
        ({"social": 0.51, "never": 128, "satisfaction": 3.50}, "each fared better in something"),
        ({"social": 0.51, "never": 128, "satisfaction": 3.69}, f"the right fared better, {OR_NO_DIFFERENT}"),
        ({"social": 0.10, "never": 1200, "satisfaction": 3.60}, f"the left fared better, {OR_NO_DIFFERENT}"),
        ({"social": 0.19, "never": 1250, "satisfaction": 3.69}, "both fared alike, but for differences too small"),
        ({"social": 0.19, "never": 1263, "satisfaction": 3.69}, f"the left fared better, {OR_NO_DIFFERENT}"),
        ({"social": 0.19, "never": 1250, "satisfaction": 3.71}, f"the right fared better, {OR_NO_DIFFERENT}"),
    ],
)
def test_the_end_is_concluded(right, verdict):
    text = comparison(
        side(social=0.15, never=1097, satisfaction=3.6), side(**right), 15434.0, ended=True, margins=MARGINS
    )
    assert f"At the end {verdict}" in text
    assert ": posts answered within the hour 15% and " in text
    assert "never answered or too late 1,097 and " in text
    assert "satisfaction 3.60 and " in text
    assert text.endswith("One crisis of many: see the comparison.")


def test_what_there_is_none_of_is_left_out_of_the_conclusion():
    text = comparison(
        side(social=None, satisfaction=3.0),
        side(social=None, satisfaction=4.0, never=1),
        9e3,
        ended=True,
        margins=MARGINS,
    )
    assert "within the hour" not in text
    assert "the right fared better throughout" in text
