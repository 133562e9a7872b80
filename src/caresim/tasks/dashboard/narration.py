"""What is happening now: one sentence for each staffing model."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from caresim.model.codes import NOBODY, State
from caresim.model.media import WRITTEN
from caresim.tasks.dashboard import team as desks
from caresim.tasks.dashboard.scene import Scene
from caresim.tasks.dashboard.team import Team
from caresim.tasks.dashboard.wording import count, long

HOUR = 60.0
GOOD, BAD, PLAIN = "good", "bad", ""
POSTS = "post or message", "posts and messages"


class Sentence(NamedTuple):
    """A sentence, and whether it is good news, bad news or neither."""

    text: str
    tone: str


def flow(scene: Scene, d: int) -> tuple[int, int]:
    """What came in writing to a desk within the last hour, and what it has dealt with in that hour."""
    mine = scene.written & (scene.column("desk") == d)
    with np.errstate(invalid="ignore"):
        came = mine & (scene.column("arrival") > scene.now - HOUR)
        touched = np.fmax(scene.column("reply"), scene.column("closed"))
        done = mine & (touched > scene.now - HOUR) & (touched <= scene.now) & (scene.column("staff") != NOBODY)
    done &= scene.column("state") != State.IN_HAND
    return int(np.count_nonzero(came)), int(np.count_nonzero(done))


def callers(scene: Scene, d: int) -> int:
    """Who came to a desk on the phone or in person within the last hour."""
    mine = (scene.column("desk") == d) & (scene.column("synchronous") != 0)
    when = scene.column("arrival")
    return int(np.count_nonzero(mine & (when > scene.now - HOUR) & (when <= scene.now)))


def narration(scene: Scene, team: Team) -> Sentence:
    """The sentence on the desk in focus."""
    if scene.ended:
        return Sentence("The run is over. It is one crisis of many: the comparison runs many.", PLAIN)
    if not team.desks:
        machine = "Only the assistant answers" if team.machine.any() else "Nobody answers"
        return Sentence(f"{machine} in this staffing model.", PLAIN if team.machine.any() else BAD)
    desk = team.desks[0]
    channels = scene.sample.channels
    if not np.isin(channels["medium"][channels["desk"] == desk["row"]], WRITTEN).any():
        return on_the_line(desk, callers(scene, desk["row"]), team)
    came, done = flow(scene, desk["row"])
    return in_writing(desk, came, done) if desk["present"] else away(team, desk, came)


def in_writing(desk: dict[str, Any], came: int, done: int) -> Sentence:
    """Somebody is there to read. The desk is behind if more waits than an hour's work, or somebody has for an hour."""
    waiting, oldest = desk["author_waiting"] + desk["of_bystanders"], desk["oldest_deferred"]
    first = f", the first passenger for {long(oldest)}" if oldest >= HOUR else ""
    wait = f"{waits_in_writing(desk)}{first}"
    if oldest >= HOUR or waiting > max(done, desk["present"]):
        if done > came:
            so_far = f"{done:,} dealt with within the last hour, {came:,} came in"
            return Sentence(f"Catching up: {so_far}; {wait}{unread(desk)}.", PLAIN)
        who = count(desk["present"], "person on duty has", "people on duty have")
        return Sentence(f"{count(came, *POSTS)} came in within the last hour; {who} dealt with {done:,}. {wait}.", BAD)
    if desk["expired"]:
        return Sentence(expired(desk, came), PLAIN)
    so_far = f"{count(came, *POSTS)} came in within the last hour"
    if desk["synchronous"] > desk["present"]:
        return Sentence(
            f"Up to date in writing: {so_far}. But {count(desk['synchronous'], 'caller')} on the line.", PLAIN
        )
    return Sentence(f"Up to date: {so_far}; {wait}.", GOOD)


def unread(desk: dict[str, Any]) -> str:
    """What no longer waits because it is too old, after what does wait."""
    return f"; {desk['expired']:,} expired unread" if desk["expired"] else ""


def expired(desk: dict[str, Any], came: int) -> str:
    """Little waits, but not because everything was answered."""
    whose = (
        f" ({desk['expired_passengers']:,} of this crisis's passengers)"
        if desk["expired_passengers"] < desk["expired"]
        else ""
    )
    line = f", {count(desk['synchronous'], 'caller')} on the line" if desk["synchronous"] > desk["present"] else ""
    text = f"{waits_in_writing(desk)} now, {came:,} came in within the last hour{line}."
    return f"{text[:1].upper()}{text[1:]} But {count(desk['expired'], 'post')} expired unread, never answered{whose}."


def on_the_line(desk: dict[str, Any], came: int, team: Team) -> Sentence:
    """A desk that nobody writes to."""
    if not desk["present"]:
        nobody = f"Nobody is on duty{team.until(desk['row'])}"
        return Sentence(f"{nobody}; {waits(desk['synchronous'])}.", BAD if desk["synchronous"] else PLAIN)
    so_far = f"{count(came, 'caller')} within the last hour"
    first = f", the first for {long(desk['oldest_synchronous'])}" if desk["oldest_synchronous"] >= 1 else ""
    text = f"{so_far}; {waits(desk['synchronous'])}{first}."
    return Sentence(text, BAD if desk["synchronous"] > desk["present"] else GOOD)


def waits(number: int) -> str:
    return "none waits" if not number else f"{number:,} {'waits' if number == 1 else 'wait'}"


def waits_in_writing(desk: dict[str, Any]) -> str:
    """ "96 passengers and 316 posts of bystanders wait"."""
    number = desk["author_waiting"] + desk["of_bystanders"]
    return f"{desks.in_writing(desk)} {'waits' if number <= 1 else 'wait'}"


def away(team: Team, desk: dict[str, Any], came: int) -> Sentence:
    """Nobody is there."""
    until = team.until(desk["row"])
    if not came and not desk["author_waiting"] + desk["of_bystanders"]:
        return Sentence(f"Nobody is on duty{until}, and nothing waits{unread(desk)}.", PLAIN)
    wait = waits_in_writing(desk)
    oldest = f", the first passenger for {long(desk['oldest_deferred'])}" if desk["oldest_deferred"] >= 1 else ""
    return Sentence(f"Nobody reads what is written{until}: {wait}{oldest}{unread(desk)}.", BAD)
