"""What one frame reads of a running model: its tables, its clock, and its words."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.measure.sample import Sample
from caresim.model.media import WRITTEN
from caresim.scenario.run import Run
from caresim.tasks.story.vocabulary import Vocabulary

if TYPE_CHECKING:
    from caresim.agents.model import CareModel


class Scene:
    """The model at this moment. Reading it changes nothing."""

    def __init__(self, model: CareModel) -> None:
        self.model = model
        self.experiment = model.experiment
        self.world: Any = model.world
        self.names = model.names
        self.now = model.time
        self.ended = self.now >= self.experiment.ends
        self.sample = Sample(Run(model.experiment, model.staffing, model.replication, model.world, model.names, 0.0, 0))
        self.words = Vocabulary(model.experiment, model.names, model.world)

    def column(self, name: str) -> np.ndarray:
        """A column of the contacts made so far."""
        return self.sample.column(name)

    @cached_property
    def written(self) -> np.ndarray:
        """Posts and messages that have been written by now."""
        return np.isin(self.column("medium"), WRITTEN) & (self.column("arrival") <= self.now) & self.sample.landed

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
