"""The staff as tiles, desk by desk, and what each desk has before it."""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np

from caresim.config.display_names import desk_name
from caresim.model.codes import NEVER, NOBODY, Kind, State
from caresim.model.needs import Need
from caresim.tasks.dashboard.levers import focus_desk
from caresim.tasks.dashboard.scene import Scene
from caresim.tasks.dashboard.wording import count, long


class Duty(IntEnum):
    """What somebody is doing."""

    OFF = 0
    FREE = 1
    BUSY = 2
    BREAK = 3
    OVERTIME = 4


FEW = 4
"""So many people or fewer are each named."""
IDLE = {Duty.OFF: "off duty", Duty.FREE: "free", Duty.BREAK: "on a break"}


def duties(staff: np.ndarray) -> np.ndarray:
    """One `Duty` a member of staff."""
    at_work, in_hand = staff["on_duty"] != 0, staff["contact"] != NOBODY
    resting = ~at_work & (staff["overtime_end"] == NEVER)
    duty = np.full(len(staff), Duty.OFF, dtype=np.int8)
    duty[resting] = Duty.BREAK
    duty[at_work] = Duty.FREE
    duty[in_hand & (at_work | resting)] = Duty.BUSY
    duty[in_hand & ~at_work & ~resting] = Duty.OVERTIME
    return duty


def longest(now: float, arrivals: np.ndarray) -> float:
    return float(now - arrivals.min()) if len(arrivals) else 0.0


def in_writing(queue: dict[str, Any]) -> str:
    """ "96 passengers and 316 posts of bystanders": what waits at a desk in writing and can still be answered."""
    parts = [count(queue["author_waiting"], "passenger")] if queue["author_waiting"] else []
    if queue["of_bystanders"]:
        parts.append(f"{count(queue['of_bystanders'], 'post')} of bystanders")
    return " and ".join(parts) or "nobody"


class Team:
    """Desks and people at one moment."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.staff = scene.sample.staff
        self.duty = duties(self.staff)
        self.machine = self.staff["kind"] == Kind.ASSISTANT
        self.focus = focus_desk(scene.experiment, scene.model.staffing)
        self.desks = [self.desk(d) for d in self.order()]

    def order(self) -> list[int]:
        """The desk in focus comes first."""
        return sorted(range(len(self.scene.names.desks)), key=lambda d: self.scene.names.desks[d] != self.focus)

    def desk(self, d: int) -> dict[str, Any]:
        """What the page says and draws of a desk."""
        seats = np.flatnonzero((self.staff["desk"] == d) & ~self.machine)
        present = {duty: int(np.count_nonzero(self.duty[seats] == duty)) for duty in Duty}
        queue = self.queue(d)
        return {
            "row": d,
            "name": desk_name(self.scene.names.desks[d]),
            "focus": self.scene.names.desks[d] == self.focus,
            "present": sum(present.values()) - present[Duty.OFF],
            "busy": present[Duty.BUSY] + present[Duty.OVERTIME],
            "breaks": present[Duty.BREAK],
            "off": present[Duty.OFF],
            **queue,
            **self.expired(d),
            "people": self.people(d, present),
            "backlog": self.backlog(queue),
            "tiles": [self.tile(int(s)) for s in seats],
        }

    def queue(self, d: int) -> dict[str, Any]:
        """Who waits at a desk: on the line or at the counter (`synchronous`); in writing (`deferred`: the whole queue),
        and of these what can still be answered: passengers who wait for a reply (`author_waiting`) and posts of
        bystanders (`of_bystanders`). `oldest...` is how long the first of those who wait has done so: of all, in
        writing, and of the others (minutes; 0: nobody).
        """
        scene = self.scene
        waiting = (scene.column("desk") == d) & (scene.column("queued") != 0)
        desk = scene.world.desks[d]
        waiting &= ~(scene.column("posted") + float(desk.expires) <= scene.now)
        of_passengers = scene.column("passenger") != NOBODY
        wanted = waiting & of_passengers & (scene.column("author_waiting") != 0)
        synchronous = scene.column("synchronous") != 0
        arrival = scene.column("arrival")
        return {
            "synchronous": int(desk.waiting_synchronous),
            "deferred": int(desk.waiting_deferred),
            "author_waiting": int(np.count_nonzero(wanted & ~synchronous)),
            "of_bystanders": int(np.count_nonzero(waiting & ~of_passengers)),
            "oldest": longest(scene.now, arrival[wanted]),
            "oldest_deferred": longest(scene.now, arrival[wanted & ~synchronous]),
            "oldest_synchronous": longest(scene.now, arrival[wanted & synchronous]),
        }

    def expired(self, d: int) -> dict[str, int]:
        """What a desk put aside as too old without a reply: all of it, and what the headline counts."""
        scene = self.scene
        mine = (scene.column("desk") == d) & (scene.column("expired") != 0) & ~scene.sample.replied
        passengers = mine & scene.sample.requests
        return {"expired": int(np.count_nonzero(mine)), "expired_passengers": int(np.count_nonzero(passengers))}

    def people(self, d: int, present: dict[Duty, int]) -> str:
        """ "2 of 2 people busy", "nobody on duty until Mon 09:00"."""
        there = sum(present.values()) - present[Duty.OFF]
        if not there:
            return f"nobody on duty{self.until(d)}"
        busy = present[Duty.BUSY] + present[Duty.OVERTIME]
        breaks = f", {present[Duty.BREAK]} on a break" if present[Duty.BREAK] and there <= FEW else ""
        return f"{busy} of {count(there, 'person', 'people')} busy{breaks}"

    def until(self, d: int) -> str:
        """When the next shift of a desk begins; empty where there is none."""
        shifts = self.scene.world.shift_instances
        starts = shifts["start"][(self.staff["desk"][shifts["first"]] == d) & (shifts["start"] > self.scene.now)]
        if not len(starts):
            return " any more"
        moment = self.scene.words.moment(float(starts.min()))
        today = moment.date() == self.scene.words.moment(self.scene.now).date()
        return f" until {moment:%H:%M}" if today else f" until {moment:%a %H:%M}"

    def backlog(self, queue: dict[str, Any]) -> str:
        """ "96 passengers and 316 posts of bystanders waiting, the first for 9 h"."""
        parts = []
        if queue["synchronous"]:
            parts.append(f"{queue['synchronous']:,} on the line")
        if queue["author_waiting"] or queue["of_bystanders"]:
            parts.append(f"{in_writing(queue)} waiting")
        if not parts:
            return "nobody waiting"
        oldest = f", the first for {long(queue['oldest'])}" if queue["oldest"] >= 1 else ""
        return ", ".join(parts) + oldest

    def tile(self, s: int) -> list[Any]:
        """[duty, conversations kept open, minutes since the customer first wrote or called, place of the passenger (-1:
        none), in words].
        """
        duty, c = Duty(int(self.duty[s])), int(self.staff["contact"][s])
        held = int(self.held[s])
        if duty == Duty.OFF:
            return [int(duty), 0, 0, -1, IDLE[duty]]
        if duty in IDLE:
            return [int(duty), held, 0, -1, IDLE[duty]]
        contact = self.scene.sample.contacts[c]
        i = int(contact["passenger"])
        age = float(self.scene.now - contact["arrival"])
        if i == NOBODY:
            return [int(duty), held, round(age), -1, "reads a bystander's post"]
        place = int(self.scene.place[i])
        words = f"passenger {i} {Need(int(contact['need'])).row.asks}; open for {long(age)}"
        return [int(duty), held, round(age), place, words + (" (overtime)" if duty == Duty.OVERTIME else "")]

    @cached_property
    def held(self) -> np.ndarray:
        """Conversations that each keeps open besides the one in hand: the customer is to write, or has just written."""
        staff, state = self.scene.column("staff"), self.scene.column("state")
        kept = (staff != NOBODY) & (self.scene.column("queued") == 0)
        kept &= (state == State.CUSTOMER) | (state == State.WAITING)
        return np.bincount(staff[kept], minlength=len(self.staff))
