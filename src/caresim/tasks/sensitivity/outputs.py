"""What is asked to what it is sensitive: levels of each staffing model, and what two of them differ by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from caresim.inference.estimand import Estimand
from caresim.model.codes import LAWS
from caresim.tasks.sensitivity.runs import by_law, table_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
LEVEL, DIFFERENCE = "level", "difference"


@dataclass(frozen=True)
class Output:
    """One number that every run has: a metric of a staffing model, or what that model differs by from another one.

    On the scale on which the metric is compared: of a ratio the logarithm.
    """

    metric: str
    of: str
    staffing: str
    against: str = ""
    """The other staffing model of a difference; of a level none."""


def differences_of(
    models: Sequence[str], baseline: str, contest: tuple[str, str] | None = None
) -> list[tuple[str, str]]:
    """The pairs whose differences are outputs: the contest, if one is given, then each model less the baseline."""
    pairs = [(model, baseline) for model in models if model != baseline]
    return pairs if contest is None else [contest, *(pair for pair in pairs if pair != contest)]


def outputs_of(metrics: Sequence[str], models: Sequence[str], pairs: Sequence[tuple[str, str]]) -> Iterator[Output]:
    """Metric by metric, first the levels, then the differences."""
    for metric in metrics:
        for model in models:
            yield Output(metric, LEVEL, model)
        for model, other in pairs:
            yield Output(metric, DIFFERENCE, model, other)


def columns_of(metric: str) -> tuple[str, ...]:
    """The columns of a metric: by each law of satisfaction where it follows them, else itself."""
    return by_law(metric) or (metric,)


@dataclass(frozen=True)
class Measured:
    """The runs of points, by staffing model: arrays of shape (rows, width) of each column that a metric has."""

    runs: pd.DataFrame
    estimands: Mapping[str, Estimand]
    width: int

    def column(self, metric: str, name: str, model: str) -> Floats:
        """A column of a metric, on the scale on which it is compared."""
        return self.estimands[metric].scaled(table_of(self.runs, name, model, self.width))

    def of_law(self, output: Output, law: int) -> Floats:
        """An output by one law of satisfaction (its number); of other metrics the same for each law."""
        names = columns_of(output.metric)
        name = names[law % len(names)]
        values = self.column(output.metric, name, output.staffing)
        if output.of == LEVEL:
            return values
        with np.errstate(invalid="ignore"):
            return values - self.column(output.metric, name, output.against)

    def of_all(self, output: Output) -> list[Floats]:
        """An output by each law, or once where laws make no difference."""
        return [self.of_law(output, law) for law in range(len(columns_of(output.metric)))]


def with_law(by_laws: Sequence[Floats], first: NDArray[np.int64], second: NDArray[np.int64]) -> Floats:
    """A design in which the law of satisfaction is an input, too, from outputs by each law of shape (rows, width).

    `first` and `second` are the laws of A and of B in each row. Its point is A with B's law, which takes no run; it
    comes last before B. Shape (rows, width + 1).
    """
    rows = np.arange(len(first))
    stacked = np.stack([by_laws[law % len(by_laws)] for law in range(len(LAWS))])
    own, other = stacked[first, rows], stacked[second, rows]
    return np.column_stack([own[:, :-1], other[:, 0], other[:, -1]])
