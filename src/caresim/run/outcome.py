"""One run of one staffing model, for a closer look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from caresim.config import price
from caresim.config.arguments import replication_of, staffing_of
from caresim.run.block import rows
from caresim.run.uncertain import drawn

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.scenario.run import Run


MOST_SHOWN = 6
"""Metrics in a line."""


@dataclass(frozen=True, repr=False)
class Outcome:
    """The metrics and the full rows of one run; the same figures as its row in a comparison."""

    played: Run
    """It forgets what it has measured where there is much: hundreds of thousands of passengers."""

    def __repr__(self) -> str:
        """Which run it is, and what came of the headline metrics, in a line."""
        told = ", ".join(f"{name} {value:.4g}" for name, value in self._told())
        return f"Outcome({self.played.experiment.name}: {self.played.staffing}, {self._number()}; {told})"

    def _repr_html_(self) -> str:
        """The same as a table."""
        rows = "".join(f"<tr><td>{name}</td><td>{value:.4g}</td></tr>" for name, value in self._told())
        which = f"{self.played.experiment.name}: {self.played.staffing}, {self._number()}"
        return f"<p><b>{escape(which)}</b></p><table>{rows}</table>"

    def _number(self) -> str:
        return f"replication {self.played.replication}"

    def _told(self) -> list[tuple[str, float]]:
        headline = self.played.experiment.study.headline[:MOST_SHOWN]
        return [(name, self.metrics[name]) for name in headline if name in self.metrics]

    @cached_property
    def run(self) -> Run:
        """The run with every row; one that has forgotten some is played once more, and the same happens."""
        from caresim.scenario.run import run

        if not self.played.world.reuses_rows:
            return self.played
        return run(self.played.experiment, self.played.staffing, self.played.replication)

    @cached_property
    def metrics(self) -> dict[str, float]:
        """Value by name of every metric; NaN where it is not defined."""
        from caresim.measure.metrics import measure

        return measure(self.played)

    @property
    def contacts(self) -> pd.DataFrame:
        return self._rows["contacts"]

    @property
    def passengers(self) -> pd.DataFrame:
        return self._rows["passengers"]

    @property
    def staff(self) -> pd.DataFrame:
        return self._rows["staff"]

    @property
    def timeline(self) -> pd.DataFrame:
        return self._rows["timeline"]

    @cached_property
    def _rows(self) -> dict[str, pd.DataFrame]:
        return rows(self.run)


def simulate(experiment: Experiment, staffing: str | None = None, replication: int = 0) -> Outcome:
    """Run one staffing model (None: the baseline) through one replication, with that replication's parameters.

    BadInput where that is more than this machine has memory or, unless asked for, a day for.
    """
    name, number = staffing_of(experiment, staffing), replication_of(replication)
    price.check(experiment, runs=1)
    from caresim.measure.measuring import Measuring
    from caresim.measure.metrics import TALLIES
    from caresim.scenario.run import run

    return Outcome(run(drawn(experiment, number), name, number, Measuring(TALLIES)))
