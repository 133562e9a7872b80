"""Desks, tiles, the feed and the sentence say what the rows of the world say."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.model.codes import NEVER, NOBODY, State
from caresim.model.records import rows
from caresim.view.live.feed import feed
from caresim.view.live.narration import comparison, flow, narration
from caresim.view.live.team import Duty, Team, duties


@pytest.mark.parametrize("time", [300.0, 600.0, 2000.0, 4600.0])
def test_tiles_count_as_the_desks_do(scene_at, time):
    scene = scene_at(time)
    team = Team(scene)
    for desk in team.desks:
        row = scene.world.desks[desk["row"]]
        states = [tile[0] for tile in desk["tiles"]]
        assert states.count(Duty.BUSY) + states.count(Duty.OVERTIME) == desk["busy"] == int(row.busy)
        assert desk["text"] == int(row.waiting_text)
        queued = (scene.column("desk") == desk["row"]) & (scene.column("queued") != 0)
        assert desk["live"] + desk["text"] == np.count_nonzero(queued)


def test_what_somebody_does_follows_from_their_record():
    staff = rows(6, "staff")
    staff["contact"] = [NOBODY, NOBODY, 3, NOBODY, 3, 3]
    staff["on_duty"] = [0, 1, 1, 0, 0, 0]
    staff["stays_until"] = [900.0, NEVER, NEVER, NEVER, NEVER, 900.0]
    # who has a matter in hand when a break begins finishes it first; after the end of the day that is overtime
    told = [Duty.OFF, Duty.FREE, Duty.BUSY, Duty.BREAK, Duty.BUSY, Duty.OVERTIME]
    assert duties(staff).tolist() == told


def test_the_desk_that_answers_the_public_comes_first(scene_at):
    assert Team(scene_at(600.0)).desks[0]["name"] == "Social"
    assert Team(scene_at(600.0, "call_center_24_7")).desks[0]["name"] == "Contact centre"


def test_a_tile_names_whose_matter_is_in_hand(scene_at):
    scene = scene_at(600.0)
    staff, contacts = scene.sample.staff, scene.sample.contacts
    found = 0
    for desk in Team(scene).desks:
        seats = np.flatnonzero(staff["desk"] == desk["row"])
        for s, tile in zip(seats, desk["tiles"], strict=True):
            c = int(staff["contact"][s])
            if c == NOBODY:
                assert tile[3] == -1
                continue
            i = int(contacts["passenger"][c])
            assert contacts["state"][c] == State.IN_HAND
            assert (f"passenger {i} " in tile[4]) == (i != NOBODY)
            found += 1
    assert found


def test_at_night_the_team_is_off_and_the_page_says_until_when(scene_at):
    desk = Team(scene_at(2000.0)).desks[0]  # Saturday afternoon
    assert [tile[0] for tile in desk["tiles"]] == [Duty.OFF, Duty.OFF]
    assert desk["people"] == "nobody on duty until Mon 09:00"


def test_the_sentence_says_why_they_drown(scene_at):
    scene = scene_at(2000.0)
    told = narration(scene, Team(scene))
    assert told.startswith("Nobody reads what is written until Mon 09:00")
    assert f"{int(scene.world.desks[4].waiting_text):,} posts" in told


def test_what_came_and_what_was_dealt_with_are_counted_from_the_rows(scene_at):
    scene = scene_at(600.0)
    contacts = scene.sample.contacts
    text = contacts["desk"] == 4
    with np.errstate(invalid="ignore"):
        came = text & (contacts["arrival"] > 540) & (contacts["arrival"] <= 600)
    assert flow(scene, 4)[0] == np.count_nonzero(came)
    assert 0 < flow(scene, 4)[1] < flow(scene, 4)[0] + 50


def test_the_feed_is_in_order_and_of_the_past(scene_at):
    items = feed(scene_at(600.0, "call_center_24_7"))
    times = [item["time"] for item in items]
    assert times == sorted(times, reverse=True)
    assert times[0] <= 600
    assert {item["kind"] for item in items} >= {"post", "reply"}


def test_the_comparison_is_in_numbers():
    one, other = {"social": 0.09, "waiting": 1330}, {"social": 0.15, "waiting": 71}
    told = comparison(one, other)
    assert "9% on the left, 15% on the right" in told
    assert "1,330 and 71" in told
    assert "hour" not in comparison({**one, "social": None}, other)
