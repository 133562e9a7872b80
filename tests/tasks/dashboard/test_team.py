"""Desks, tiles, the feed and the sentence say what the rows of the world say."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.model.codes import NEVER, NOBODY, State
from caresim.model.records import rows
from caresim.tasks.dashboard.feed import feed
from caresim.tasks.dashboard.narration import flow, in_writing, narration
from caresim.tasks.dashboard.numbers import never_answered
from caresim.tasks.dashboard.team import Duty, Team, duties


@pytest.mark.parametrize("time", [300.0, 600.0, 2000.0, 4600.0])
def test_tiles_count_as_the_desks_do(scene_at, time):
    scene = scene_at(time)
    team = Team(scene)
    for desk in team.desks:
        row = scene.world.desks[desk["row"]]
        states = [tile[0] for tile in desk["tiles"]]
        assert states.count(Duty.BUSY) + states.count(Duty.OVERTIME) == desk["busy"] == int(row.busy)
        assert desk["deferred"] == int(row.waiting_deferred)
        queued = (scene.column("desk") == desk["row"]) & (scene.column("queued") != 0)
        assert desk["synchronous"] + desk["deferred"] == np.count_nonzero(queued)


def test_what_somebody_does_follows_from_their_record():
    staff = rows(6, "staff")
    staff["contact"] = [NOBODY, NOBODY, 3, NOBODY, 3, 3]
    staff["on_duty"] = [0, 1, 1, 0, 0, 0]
    staff["overtime_end"] = [900.0, NEVER, NEVER, NEVER, NEVER, 900.0]
    # who has a matter in hand when a break begins finishes it first; after the end of the day that is overtime
    duty = [Duty.OFF, Duty.FREE, Duty.BUSY, Duty.BREAK, Duty.BUSY, Duty.OVERTIME]
    assert duties(staff).tolist() == duty


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
    text, tone = narration(scene, Team(scene))
    assert tone == "bad"
    assert text.startswith("Nobody reads what is written until Mon 09:00")
    contacts = scene.sample.contacts
    mine = contacts[(contacts["desk"] == 4) & (contacts["queued"] != 0)]
    fresh = mine[mine["posted"] + scene.world.desks[4].expires > scene.now]
    passengers = np.count_nonzero((fresh["passenger"] != NOBODY) & (fresh["author_waiting"] != 0))
    assert f": {passengers:,} passengers and {np.count_nonzero(fresh['passenger'] == NOBODY):,} posts of" in text


def test_what_came_and_what_was_dealt_with_are_counted_from_the_rows(scene_at):
    scene = scene_at(600.0)
    contacts = scene.sample.contacts
    mine = contacts["desk"] == 4
    with np.errstate(invalid="ignore"):
        came = mine & (contacts["arrival"] > 540) & (contacts["arrival"] <= 600)
    assert flow(scene, 4)[0] == np.count_nonzero(came)
    with np.errstate(invalid="ignore"):
        touched = np.fmax(contacts["reply"], contacts["closed"])
        done = mine & (touched > 540) & (touched <= 600) & (contacts["staff"] != NOBODY)
    done &= (contacts["state"] != State.IN_HAND) & (contacts["arrival"] <= 600)
    assert flow(scene, 4)[1] == np.count_nonzero(done) > 0


def written(passengers: int, of_bystanders: int) -> dict[str, int]:
    return {"author_waiting": passengers, "of_bystanders": of_bystanders}


@pytest.mark.parametrize(
    ("deferred", "oldest", "came", "done", "tone", "begins"),
    [
        (9, 660.0, 3, 1, "bad", "3 posts and messages came in"),
        (9, 660.0, 0, 0, "bad", "0 posts and messages came in"),
        (1, 10.0, 1, 0, "good", "Up to date: 1 post or message came in"),
        (40, 90.0, 30, 27, "bad", "30 posts and messages came in"),
        (40, 90.0, 20, 27, "", "Catching up: 27 dealt with"),
        (0, 0.0, 0, 0, "good", "Up to date"),
    ],
)
def test_behind_is_whoever_leaves_somebody_waiting_for_an_hour(deferred, oldest, came, done, tone, begins):
    desk = written(deferred, 0) | {"oldest_deferred": oldest, "present": 2, "synchronous": 0, "expired": 0}
    sentence = in_writing(desk, came, done)
    assert sentence.tone == tone
    assert sentence.text.startswith(begins)


@pytest.mark.parametrize(("deferred", "oldest", "synchronous"), [(0, 0.0, 0), (0, 0.0, 9), (40, 90.0, 0)])
def test_what_was_put_aside_unread_is_no_good_news(deferred, oldest, synchronous):
    desk = written(0, deferred) | {
        "oldest_deferred": oldest,
        "present": 2,
        "synchronous": synchronous,
        "expired": 4366,
        "expired_passengers": 987,
    }
    text, tone = in_writing(desk, 17, 27)
    assert tone != "good"
    assert "Up to date" not in text
    assert "4,366" in text
    assert "expired unread" in text
    assert ("987 of this crisis's passengers" in text) == (deferred == 0)


def test_after_a_backlog_has_expired_the_page_says_so(scene_at):
    """Wednesday evening: what waited over the weekend has left the queue, not by being answered."""
    scene = scene_at(8000.0)
    team = Team(scene)
    desk = team.desks[0]
    contacts = scene.sample.contacts
    unread = (contacts["expired"] != 0) & np.isnan(contacts["reply"])
    assert desk["expired"] == np.count_nonzero(unread) > 100
    # what the headline counts as never answered holds it
    assert 0 < desk["expired_passengers"] <= never_answered(scene)
    assert desk["expired_passengers"] < np.count_nonzero(unread & (contacts["passenger"] != NOBODY))
    assert f"{desk['expired']:,} expired unread" in narration(scene, team).text


def test_the_feed_is_in_order_and_of_the_past(scene_at):
    items = feed(scene_at(600.0, "call_center_24_7"))
    times = [item["time"] for item in items]
    assert times == sorted(times, reverse=True)
    assert times[0] <= 600
    assert {item["kind"] for item in items} >= {"post", "reply"}
