"""What is happening now, in one sentence a staffing model."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from caresim.model.codes import NOBODY, State
from caresim.tasks.dashboard.scene import TEXT, Scene
from caresim.tasks.dashboard.team import Team
from caresim.tasks.dashboard.wording import count, long

HOUR = 60.0
GOOD, BAD, PLAIN = "good", "bad", ""
WRITTEN = "post or message", "posts and messages"


class Said(NamedTuple):
    """A sentence, and whether it is good news, bad news or neither."""

    told: str
    tone: str


def flow(scene: Scene, d: int) -> tuple[int, int]:
    """What came in writing to a desk within the last hour, and what it has dealt with in that hour."""
    mine = scene.of_text & (scene.column("desk") == d)
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


def narration(scene: Scene, team: Team) -> Said:
    """One sentence on the desk in focus."""
    if scene.ended:
        return Said("The run is over. It is one crisis of many: the comparison runs many.", PLAIN)
    if not team.desks:
        machine = "Only the assistant answers" if team.machine.any() else "Nobody answers"
        return Said(f"{machine} in this staffing model.", PLAIN if team.machine.any() else BAD)
    desk = team.desks[0]
    channels = scene.sample.channels
    if not np.isin(channels["medium"][channels["desk"] == desk["row"]], TEXT).any():
        return on_the_line(desk, callers(scene, desk["row"]), team)
    came, done = flow(scene, desk["row"])
    return in_writing(desk, came, done) if desk["present"] else away(team, desk, came)


def in_writing(desk: dict[str, Any], came: int, done: int) -> Said:
    """Somebody is there to read. Behind: more waits than an hour's work, or somebody has waited for an hour."""
    waiting, oldest = desk["text"], desk["oldest_text"]
    first = f", the first passenger for {long(oldest)}" if oldest >= HOUR else ""
    wait = f"{waits(waiting)}{first}"
    if oldest >= HOUR or waiting > max(done, desk["present"]):
        if done > came:
            so_far = f"{done:,} dealt with within the last hour, {came:,} came in"
            return Said(f"Catching up: {so_far}; {wait}{unread(desk)}.", PLAIN)
        who = count(desk["present"], "person on duty has", "people on duty have")
        return Said(f"{count(came, *WRITTEN)} came in within the last hour; {who} dealt with {done:,}. {wait}.", BAD)
    if desk["aside"]:
        return Said(expired(desk, came), PLAIN)
    so_far = f"{count(came, *WRITTEN)} came in within the last hour"
    if desk["live"] > desk["present"]:
        return Said(f"Up to date in writing: {so_far}. But {count(desk['live'], 'caller')} on the line.", PLAIN)
    return Said(f"Up to date: {so_far}; {wait}.", GOOD)


def unread(desk: dict[str, Any]) -> str:
    """What no longer waits because it grew too old, beside what does."""
    return f"; {desk['aside']:,} expired unread" if desk["aside"] else ""


def expired(desk: dict[str, Any], came: int) -> str:
    """Little waits, and that is not because all was answered."""
    whose = (
        f" ({desk['aside_passengers']:,} of this crisis's passengers)"
        if desk["aside_passengers"] < desk["aside"]
        else ""
    )
    line = f", {count(desk['live'], 'caller')} on the line" if desk["live"] > desk["present"] else ""
    told = f"{waits(desk['text'])} now, {came:,} came in within the last hour{line}."
    return f"{told[:1].upper()}{told[1:]} But {count(desk['aside'], 'post')} expired unread, never answered{whose}."


def on_the_line(desk: dict[str, Any], came: int, team: Team) -> Said:
    """A desk that nobody writes to."""
    if not desk["present"]:
        nobody = f"Nobody is on duty{team.until(desk['row'])}"
        return Said(f"{nobody}; {waits(desk['live'])}.", BAD if desk["live"] else PLAIN)
    so_far = f"{count(came, 'caller')} within the last hour"
    first = f", the first for {long(desk['oldest_live'])}" if desk["oldest_live"] >= 1 else ""
    told = f"{so_far}; {waits(desk['live'])}{first}."
    return Said(told, BAD if desk["live"] > desk["present"] else GOOD)


def waits(number: int) -> str:
    return "none waits" if not number else f"{number:,} {'waits' if number == 1 else 'wait'}"


def away(team: Team, desk: dict[str, Any], came: int) -> Said:
    """Nobody is there."""
    until = team.until(desk["row"])
    if not came and not desk["text"]:
        return Said(f"Nobody is on duty{until}, and nothing waits{unread(desk)}.", PLAIN)
    wait = "1 post or message waits" if desk["text"] == 1 else f"{desk['text']:,} posts and messages wait"
    if desk["hoping"] < desk["text"] and not desk["aside"]:  # two lines have no room for both
        wait += f" ({desk['hoping']:,} passengers')"
    oldest = f", the first passenger for {long(desk['oldest_text'])}" if desk["oldest_text"] >= 1 else ""
    return Said(f"Nobody reads what is written{until}: {wait}{oldest}{unread(desk)}.", BAD)
