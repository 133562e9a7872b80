"""Breaks are spread over the whole shift: as many people are at work all the time, and each has their breaks."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.worlds import bare_world

from caresim.model.draws import name_key
from caresim.model.duty import lay_out_duty
from caresim.model.records import rows

START, END = 480.0, 960.0
SHARE = 0.2


def laid_out(people: int, luck: int = 1, *, share: float = SHARE, block: float = 120.0, end: float = END):
    """Stretches of duty of a shift of so many people, none of whom is absent."""
    world = bare_world()
    world.clock[0].luck = name_key("luck", luck)
    world.set_table("desk_traits", rows(1, "desk_traits"))
    world.desk_traits["breaks"], world.desk_traits["block"] = share, block
    world.set_table("staff", rows(people, "staff"))
    world.staff["key"] = [name_key("staff", number) for number in range(people)]
    world.set_table("shift_instances", rows(1, "shift_instances"))
    shift = world.shift_instances[0]
    shift.start, shift.end, shift.most = START, end, people
    world.set_table("duty_periods", rows(people * 32, "duty_periods"))
    return np.array(world.duty_periods[: lay_out_duty(world)])


def on_duty(duty, moments):
    return ((duty["start"][:, None] <= moments) & (moments < duty["end"][:, None])).sum(axis=0)


@pytest.mark.parametrize("first", range(2, 61, 10))
def test_in_the_middle_of_a_steady_shift_as_many_people_are_on_duty_all_the_time(first):
    """It swings by at most three people or the share of the breaks, whichever is more: 300 shifts of 2 to 60 people."""
    rest = SHARE * (END - START) / 4
    middle = np.arange(START + rest, END - rest, 1.0)
    for draw in range(50):
        people = min(60, first + draw % 10)
        there = on_duty(laid_out(people, draw), middle)
        assert there.max() - there.min() <= max(3.0, SHARE * people), (people, draw)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.66, 0.8, 0.95])
@pytest.mark.parametrize("hours", [1, 3, 8, 14])
def test_everybody_has_the_breaks_they_are_paid_for_one_after_the_other(share, hours):
    end = START + 60.0 * hours
    duty = laid_out(7, share=share, end=end)
    for person in range(7):
        own = duty[duty["staff"] == person]
        assert (own["start"][0], own["end"][-1]) == (START, end)
        assert (own["start"] < own["end"]).all()
        assert np.allclose(own["start"][1:] - own["end"][:-1], own["break_minutes"][:-1], rtol=0, atol=1e-9)
        assert own["break_minutes"].sum() == pytest.approx(share * (end - START))
        assert own["last"].tolist() == [0] * (len(own) - 1) + [1]
    if share <= 0.66 and hours == 8:
        assert len(duty) == 7 * 5


def test_breaks_fall_into_the_whole_of_the_shift():
    """Starts of 60 people's breaks fill the shift evenly, without the gaps between blocks of two hours."""
    starts = np.sort(laid_out(60)["end"])
    starts = starts[starts < END]
    rest = SHARE * (END - START) / 4
    assert np.diff(starts, prepend=START, append=END - rest).max() < 3 * (END - START - rest) / len(starts)
