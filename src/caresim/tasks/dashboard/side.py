"""One staffing model of the view: its switches, its running model, and what a frame shows of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from caresim.agents.model import CareModel
from caresim.config.display_names import desk_name, readable
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.scenario import openings, roster
from caresim.tasks.dashboard.crowd import Crowd, crowd
from caresim.tasks.dashboard.feed import bystanders, feed
from caresim.tasks.dashboard.history import history
from caresim.tasks.dashboard.levers import focus_desk, has_assistant, levers_of, read, varied
from caresim.tasks.dashboard.narration import narration
from caresim.tasks.dashboard.numbers import numbers
from caresim.tasks.dashboard.scene import Scene
from caresim.tasks.dashboard.team import Team

FULL = 65535
"""Waits and anger are sent as shares of this, in 16 bits."""
LONGEST = 10 * 1440.0
"""Minutes at the right end of the axis of waits, which is logarithmic from a minute on."""


class Side:
    """A staffing model of `origin` on the luck of `replication`.

    `experiment` is `origin` with the switches; `drawn` is that with the uncertain values of the replication.
    """

    def __init__(self, origin: Experiment, staffing: str, replication: int = 0) -> None:
        self.origin, self.staffing, self.replication = origin, staffing, replication
        self.experiment = origin
        self.levers = levers_of(origin, staffing)
        self.is_guest = False
        self.begin()

    @classmethod
    def around(cls, model: CareModel) -> Side:
        """A model that somebody else runs: the page may look at it and nothing else."""
        side = cls.__new__(cls)
        side.origin = side.experiment = model.experiment
        side.staffing, side.replication = model.staffing, model.replication
        side.levers = None
        side.is_guest = True
        side.take(model)
        return side

    def begin(self) -> None:
        """The model at the beginning of the run, on the same luck."""
        self.take(CareModel(self.experiment, self.staffing, self.replication))

    def take(self, model: CareModel) -> None:
        self.model = model
        self.drawn = self.model.experiment
        self.paid_hours = paid_hours(self.drawn, self.staffing)
        self.spans = self.duty()

    def change(self, raw: Mapping[str, Any]) -> None:
        """Set other switches: the same passengers from the start. BadInput leaves everything as it was."""
        if self.levers is None:
            raise BadInput("levers", self.staffing, "has no desk whose people can be set")
        wanted = read(raw, self.levers)
        experiment = varied(self.origin, self.staffing, wanted)
        before = self.experiment, self.levers
        self.experiment, self.levers = experiment, wanted
        try:
            self.begin()
        except Exception:
            self.experiment, self.levers = before
            raise

    def go(self, time: float) -> None:
        """To a moment. To go back, the model is run again from the beginning. A model of others stays where it is."""
        if self.is_guest:
            return
        if time < self.model.time:
            self.begin()
        if time > self.model.time:
            self.model.run_until(time)

    def person_at(self, place: int) -> int | None:
        """The key of the passenger at a place of the crowd (None: there is none)."""
        scene = Scene(self.model)
        if not 0 <= place < scene.affected:
            return None
        return int(scene.sample.person[scene.passengers[place]])

    def frame(self) -> tuple[dict[str, Any], list[bytes]]:
        """What is to be drawn: a mapping, and the bytes of `crowd` (waits, anger, marks) and `history`."""
        scene = Scene(self.model)
        people, team, past = crowd(scene), Team(scene), history(scene)
        sentence = narration(scene, team)
        values = {
            "staffing": self.staffing,
            "name": readable(self.staffing),
            "narration": sentence.text,
            "tone": sentence.tone,
            "numbers": {key: finite(value) for key, value in numbers(scene, people, self.paid_hours).items()},
            "on_duty": self.on_duty(team),
            "desks": team.desks,
            "feed": feed(scene),
            "bystanders": bystanders(scene),
            "series": past.series,
        }
        return values, [*packed(people), past.values.tobytes()]

    def setup(self) -> dict[str, Any]:
        """What stays the same until the switches are moved."""
        desk = focus_desk(self.experiment, self.staffing)
        return {
            "staffing": self.staffing,
            "name": readable(self.staffing),
            "differs": self.experiment.staffing[self.staffing].differs,
            "changed": self.experiment is not self.origin,
            "desk": desk_name(desk) if desk else "",
            "adjustable": self.levers is not None,
            "assistant_possible": has_assistant(self.origin),
            "levers": self.levers.as_mapping() if self.levers else {},
            "shifts": self.spans,
        }

    def on_duty(self, team: Team) -> str:
        """ "2 until 18:00": at the desk in focus."""
        if not team.desks:
            return "nobody"
        desk, now = team.desks[0], self.model.time
        ends = [end for start, end in self.spans if start <= now < end]
        if not desk["present"]:
            return f"nobody{team.until(desk['row'])}"
        if not ends:  # in overtime
            return f"{desk['present']:,}"
        last = ends[0]
        until = "around the clock" if last >= self.experiment.ends else f"until {team.scene.words.moment(last):%H:%M}"
        return f"{desk['present']:,} {until}"

    def duty(self) -> list[tuple[float, float]]:
        """When the desk in focus is staffed, in minutes."""
        desk = focus_desk(self.experiment, self.staffing)
        if desk is None:
            return []
        row = list(self.experiment.staffing[self.staffing].desks).index(desk)
        shifts = roster.build(self.drawn, self.staffing)[row]
        spans = [(shift.start, shift.end) for shift in shifts if shift.heads > 0]
        return openings.merged(spans, self.experiment.begins, self.experiment.ends)


def paid_hours(experiment: Experiment, staffing: str) -> float:
    """Of all desks within the window, as planned."""
    return math.fsum(roster.paid_hours(experiment, desk) for desk in roster.build(experiment, staffing))


def finite(value: float) -> float | None:
    """JSON knows no NaN."""
    return value if math.isfinite(value) else None


def packed(people: Crowd) -> list[bytes]:
    """Waits on the axis and anger in 16 bits each, marks in 8."""
    across = np.log1p(np.minimum(people.wait, LONGEST)) / math.log1p(LONGEST)
    waits, anger = (np.rint(values * FULL).astype("<u2") for values in (across, np.clip(people.anger, 0, 1)))
    return [waits.tobytes(), anger.tobytes(), people.mark.tobytes()]
