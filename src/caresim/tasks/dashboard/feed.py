"""The latest posts, messages and replies: who wrote, and in plain words what."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.config.display_names import desk_name
from caresim.model.anger import anger_now
from caresim.model.codes import NOBODY, Kind
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.tasks.dashboard.scene import Scene
from caresim.tasks.dashboard.wording import count, long, outcome, times

POSTS, REPLIES = 12, 8
"""At most so many of each are shown."""
HOUR = 60.0


def feed(scene: Scene) -> list[dict[str, Any]]:
    """The latest first. `kind`: post, again or reply; `who` is the passenger's place among those of the disruption."""
    ours = scene.written & (scene.column("passenger") != NOBODY)
    posts = [post(scene, c) for c in latest(scene.column("posted"), ours, scene.now, POSTS)]
    replies = [reply(scene, c) for c in latest(scene.column("reply"), ours, scene.now, REPLIES)]
    return sorted(posts + replies, key=lambda item: -item["time"])


def latest(when: np.ndarray, among: np.ndarray, now: float, most: int) -> list[int]:
    """Rows with the greatest `when` up to now, at most `most` of them."""
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(among & (when <= now))
    if len(rows) > most:
        rows = rows[np.argpartition(when[rows], -most)[-most:]]
    return [int(c) for c in rows]


def bystanders(scene: Scene) -> str:
    """How much bystanders wrote within the last hour, in a line; empty where they wrote nothing."""
    with np.errstate(invalid="ignore"):
        recent = scene.written & (scene.column("arrival") > scene.now - HOUR)
    number = int(np.count_nonzero(recent & (scene.column("passenger") == NOBODY)))
    return f"and {count(number, 'post')} by bystanders within the last hour" if number else ""


def item(scene: Scene, kind: str, time: float, i: int, text: str, by: str = "") -> dict[str, Any]:
    """`by` comes before the passenger's name, `text` after it."""
    return {
        "by": by,
        "kind": kind,
        "time": time,
        "clock": scene.words.clock(time),
        "who": int(scene.place[i]),
        "name": f"passenger {i}",
        "text": text,
        "anger": round(float(anger_now(scene.world, i)), 2),
    }


def post(scene: Scene, c: int) -> dict[str, Any]:
    """A post or message, or a reminder of it."""
    contact = scene.sample.contacts[c]
    time, number = float(contact["posted"]), int(contact["posts"])
    text = Need(int(contact["need"])).row.asks
    if message := Medium(int(contact["medium"])).row.message:
        text += f" ({message})"
    if number > 1:
        text += f", {times(number)}, after {long(time - float(contact['arrival']))}"
    return item(scene, "again" if number > 1 else "post", time, int(contact["passenger"]), text)


def reply(scene: Scene, c: int) -> dict[str, Any]:
    """What was answered in writing, after how long, by which desk."""
    contact = scene.sample.contacts[c]
    time, i = float(contact["reply"]), int(contact["passenger"])
    machine = scene.sample.staff["kind"][int(contact["staff"])] == Kind.ASSISTANT and contact["staff"] != NOBODY
    who = "The assistant" if machine else desk_name(scene.names.desks[int(contact["desk"])])
    text = f"after {long(time - float(contact['arrival']))}: {outcome(contact)}"
    return item(scene, "reply", time, i, text, f"{who} answers")
