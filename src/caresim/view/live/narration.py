"""What is happening now, in one sentence a staffing model, and one that compares the two."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.model.codes import NOBODY, State
from caresim.view.live.scene import Scene
from caresim.view.live.team import Team
from caresim.view.live.wording import count, long

HOUR = 60.0
MANY = 50
"""Posts waiting from which on a desk is said to be behind."""
QUEUE = 10
"""Callers on the line from which on they are spoken of."""
KEEPING_UP = 0.9
"""Share of what comes in that has to be dealt with, for a desk that is not falling behind."""


def flow(scene: Scene, d: int) -> tuple[int, int]:
    """What came in writing to a desk within the last hour, and what it has dealt with in that hour."""
    mine = scene.of_text & (scene.column("desk") == d)
    with np.errstate(invalid="ignore"):
        came = mine & (scene.column("arrival") > scene.now - HOUR)
        touched = np.fmax(scene.column("reply"), scene.column("closed"))
        done = mine & (touched > scene.now - HOUR) & (touched <= scene.now) & (scene.column("staff") != NOBODY)
    done &= scene.column("state") != State.IN_HAND
    return int(np.count_nonzero(came)), int(np.count_nonzero(done))


def narration(scene: Scene, team: Team) -> str:
    """One sentence on the desk in focus."""
    if scene.ended:
        return "The run is over: everybody has rated the care they got."
    desk = team.desks[0]
    came, done = flow(scene, desk["row"])
    if not desk["present"]:
        return away(team, desk, came)
    if desk["text"] >= MANY and done < KEEPING_UP * came:
        who = count(desk["present"], "person on duty has", "people on duty have")
        return (
            f"{came:,} posts and messages came in within the last hour; {who} dealt with {done:,}. "
            f"{desk['text']:,} are waiting."
        )
    if desk["text"] >= MANY:
        return (
            f"Catching up: {done:,} posts dealt with in the last hour, {came:,} came in, {desk['text']:,} still wait."
        )
    if desk["live"] >= QUEUE:
        return f"Up to date with posts ({came:,} in the last hour), but {desk['live']:,} callers wait on the line."
    if desk["oldest"] >= HOUR:
        return f"Nearly up to date; the first in line has waited {long(desk['oldest'])}."
    return f"Up to date: {came:,} posts and messages came in within the last hour, and hardly any wait."


def away(team: Team, desk: dict[str, Any], came: int) -> str:
    """Nobody is there."""
    until = team.until(desk["row"])
    if not came and not desk["text"]:
        return f"Nobody is on duty{until}, and nothing waits."
    wait = "1 post or message waits" if desk["text"] == 1 else f"{desk['text']:,} posts and messages wait"
    told = f"Nobody reads what is written{until}: {wait}"
    oldest = f", the first passenger for {long(desk['oldest'])}" if desk["oldest"] >= 1 else ""
    return f"{told}{oldest}."


def comparison(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Two models at the same moment, by their headline numbers."""
    parts = []
    if one["social"] is not None and other["social"] is not None:
        parts.append(
            f"posts answered within the hour: {one['social']:.0%} on the left, {other['social']:.0%} on the right"
        )
    parts.append(f"without any answer now: {one['waiting']:,} and {other['waiting']:,}")
    told = "; ".join(parts)
    return f"Same passengers, same luck. {told[:1].upper()}{told[1:]}."
