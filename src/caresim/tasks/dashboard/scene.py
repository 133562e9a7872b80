"""What one frame reads of a running model: its tables, its clock, and its words."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.measure.sample import Sample
from caresim.model.media import Medium
from caresim.scenario.run import Run
from caresim.tasks.story.words import Words

if TYPE_CHECKING:
    from caresim.agents.model import CareModel

TEXT = (Medium.PUBLIC, Medium.PRIVATE, Medium.EMAIL)


class Scene:
    """The model at this moment. Looking changes nothing."""

    def __init__(self, model: CareModel) -> None:
        self.model = model
        self.experiment = model.experiment
        self.world: Any = model.world
        self.names = model.names
        self.now = model.time
        self.ended = self.now >= self.experiment.ends
        self.sample = Sample(Run(model.experiment, model.staffing, model.replication, model.world, model.names, 0.0, 0))
        self.words = Words(model.experiment, model.names, model.world)

    def column(self, name: str) -> np.ndarray:
        """A column of the contacts there are."""
        return self.sample.column(name)

    @cached_property
    def of_text(self) -> np.ndarray:
        """Contacts in writing that have been written."""
        return np.isin(self.column("medium"), TEXT) & (self.column("arrival") <= self.now) & self.sample.landed

    @cached_property
    def passengers(self) -> np.ndarray:
        """Rows of the passengers of the disruption, in order; the first `affected` of them have been reached by it."""
        return np.flatnonzero(~self.sample.ordinary)

    @cached_property
    def affected(self) -> int:
        return int(np.searchsorted(self.passengers, int(self.world.clock["next_affected"][0])))

    @cached_property
    def place(self) -> np.ndarray:
        """One entry a passenger: their place among those of the disruption (-1: of any other day)."""
        places = np.full(len(self.sample.ordinary), -1, dtype=np.int64)
        places[self.passengers] = np.arange(len(self.passengers))
        return places
