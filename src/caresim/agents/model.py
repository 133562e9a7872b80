"""A run as a Mesa model: to step, watch, query and extend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa import Model

from caresim.config.errors import BadInput, choice
from caresim.model.engine import advance
from caresim.scenario.build import build

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


class CareModel(Model):
    """One staffing model of an experiment in one replication, from the warm-up on.

    `experiment` is one whose uncertain values are set. Times are minutes since the disruption's start.
    """

    def __init__(self, experiment: Experiment, staffing: str | None = None, replication: int = 0) -> None:
        super().__init__(rng=0)
        name = experiment.baseline if staffing is None else staffing
        if name not in experiment.staffing:
            raise BadInput("staffing", name, choice(experiment.staffing, name))
        self.experiment = experiment
        self.staffing = name
        self.replication = replication
        self.step_length = 15.0
        self.world, self.names = build(experiment, name, replication)

    @property
    def time(self) -> float:
        """Minutes since the disruption's start."""
        return float(self.world.clock["now"][0])

    @time.setter
    def time(self, value: float) -> None:
        """Mesa sets a time of its own, which is of no use here."""

    def run_until(self, minutes: float) -> None:
        """Let everything happen up to `minutes`, and no further than the end of the run."""
        advance(self.world, min(float(minutes), self.experiment.ends))
        self.running = self.time < self.experiment.ends

    def run_for(self, minutes: float) -> None:
        """Let everything happen in the next `minutes`."""
        self.run_until(self.time + minutes)

    def step(self) -> None:
        """Let everything happen in the next `step_length` minutes."""
        self.run_for(self.step_length)
