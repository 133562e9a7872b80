"""What a study of sensitivity gives: indices, the worth of knowing each assumption, how far each moves the answer."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from caresim.config.arguments import only_with_axes
from caresim.config.labels import spoken_of
from caresim.inference.knowing import GRID, Known, Worth
from caresim.inference.sobol import FEWEST, indices_of
from caresim.run.estimands import estimand
from caresim.run.uncertain import uniform
from caresim.tasks.sensitivity.assumptions import LAW, LUCK, OTHERS, Assumption
from caresim.tasks.sensitivity.design import Rows, apart
from caresim.tasks.sensitivity.outputs import (
    DIFFERENCE,
    Measured,
    Output,
    columns_of,
    differences_of,
    outputs_of,
    with_law,
)
from caresim.tasks.sensitivity.runs import COST, by_law, numbers_of, table_of, values_at

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.inference.estimand import Estimand
    from caresim.tasks.sensitivity.settings import SensitivitySettings

Floats = NDArray[np.float64]
FIGURE = "caresim.tasks.sensitivity.figure"
ANSWER = "caresim.tasks.sensitivity.answer"
ENDS = (0.05, 0.95)
"""Places in a range that a tornado shows: of the worlds, nine in ten lie between."""
TOGETHER = "all of these"
"""Knowing every assumption of the table at once."""
EUR = "EUR"
INDICES = (
    "assumption", "metric", "unit", "of", "staffing", "against", "first", "first_low", "first_high", "total",
    "total_low", "total_high", "of_mean", "of_mean_low", "of_mean_high", "rows",
)  # fmt: skip
KNOWING = (
    "assumption", "unit", "worth", "worth_low", "worth_high", "held_out", "held_out_low", "held_out_high", "changes",
)  # fmt: skip
TORNADO = (
    "assumption", "staffing", "against", "metric", "unit", "from_value", "to_value", "at_from", "at_from_low",
    "at_from_high", "at_to", "at_to_low", "at_to_high", "mean",
)  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """Of a range, from one place to another, and the staffing model that is best there."""

    start: float
    end: float
    best: str


@dataclass(frozen=True)
class Sensitivity:
    """Which assumption decides between staffing models, and what it is worth to know it.

    `metrics` begins with the one that decides. `runs` has a row a point of `rows` and staffing model; `screening` the
    effects of all assumptions along trajectories, None where none was needed. `inputs` are the assumptions that have
    indices, then all others together, luck, and the law of satisfaction where a metric follows it.
    """

    experiment: Experiment
    assumptions: tuple[Assumption, ...]
    models: tuple[str, ...]
    metrics: tuple[str, ...]
    rows: Rows
    inputs: tuple[str, ...]
    runs: pd.DataFrame
    screening: pd.DataFrame | None = None
    durations: dict[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:
        asked, models = ", ".join(self.named), ", ".join(self.models)
        return f"Sensitivity({self.experiment.name}: {models}; {self.settings.rows} rows; {asked})"

    @property
    def text(self) -> str:
        """The answer in three sentences."""
        with spoken_of(self.experiment):
            return "\n".join(importlib.import_module(ANSWER).sentences(self))

    def plot(self, *, models: str | Sequence[str] | None = None, ax: Any = None) -> Any:
        """The tornado: how far each assumption moves what two staffing models differ by.

        `models`: of pairs with these (None: of all). On Matplotlib's `ax`, which is returned, the first such pair;
        None: a page with all of them. BadInput where there is no such pair.
        """
        # By name and at the last moment: Matplotlib takes seconds to load.
        figures = importlib.import_module(FIGURE)
        return figures.tornado(self, models) if ax is None else figures.tornado_on_axes(ax, self, models)

    def plot_indices(self, of: str | None = None, *, models: str | Sequence[str] | None = None, ax: Any = None) -> Any:
        """The indices of levels and differences in the metric that decides, of these staffing models (None: of all).

        On Matplotlib's `ax`, which is returned, those `of` one "level" or "difference", the first of them; None: a page
        with all of them. BadInput where there are none.
        """
        figures = importlib.import_module(FIGURE)
        if ax is not None:
            return figures.indices_on_axes(ax, self, of, models)
        only_with_axes("of", of)
        return figures.indices(self, models)

    def table(self) -> pd.DataFrame:
        """Indices of every input for levels and differences in each metric (the columns of sensitivity.csv)."""
        return self._indices.copy()

    def knowing(self) -> pd.DataFrame:
        """What it is worth to know each assumption, the one that is worth most first (knowing.csv)."""
        return self._knowing.copy()

    def tornado(self) -> pd.DataFrame:
        """Differences near both ends of each assumption's range, the widest first for each pair (tornado.csv)."""
        return self._tornado.copy()

    def points(self) -> pd.DataFrame:
        """The values at every point of the rows: `point`, `row`, `input` that is switched, `luck`, a column a key."""
        import pandas as pd

        points, width = self.rows.points(), self.rows.width
        numbers = numbers_of(self.experiment, self.assumptions)
        switched = ["A", *(name for name in self.inputs if name != LAW), "B"]
        told = {
            "point": np.arange(len(points)),
            "row": np.arange(len(points)) // width,
            "input": [switched[point % width] for point in range(len(points))],
            "luck": points.luck,
        }
        values = [values_at(numbers, places) for places in points.places]
        return pd.DataFrame(told | {key: [row[key] for row in values] for key, _, _ in numbers})

    @property
    def settings(self) -> SensitivitySettings:
        settings: SensitivitySettings = self.experiment.setting("sensitivity")
        return settings

    @property
    def confidence(self) -> float:
        return float(self.experiment.study.confidence.value)

    @property
    def metric(self) -> str:
        """The one that decides."""
        return self.metrics[0]

    @property
    def named(self) -> list[str]:
        """The assumptions that are inputs of their own; the law of satisfaction where the metric follows it."""
        asked = [name for name in self.inputs if name not in (OTHERS, LUCK, LAW)]
        return [*asked, LAW] if LAW in self.inputs and by_law(self.metric) else asked

    @property
    def others(self) -> int:
        """So many assumptions are looked at together."""
        return len(self.assumptions) - len(self.rows.chosen)

    @property
    def unit(self) -> str:
        """Of what knowing is worth."""
        return EUR if self.settings.worth is not None else self.estimands[self.metric].unit

    def assumption(self, name: str) -> Assumption | None:
        """None for the law of satisfaction, luck and the rest."""
        return next((one for one in self.assumptions if one.name == name), None)

    @cached_property
    def estimands(self) -> dict[str, Estimand]:
        from caresim.measure.metrics import REGISTRY

        return {name: estimand(REGISTRY[name], self.experiment.study.margins) for name in self.metrics}

    @cached_property
    def measured(self) -> Measured:
        return Measured(self.runs, self.estimands, self.rows.width)

    @cached_property
    def places(self) -> Floats:
        """Of A and B of every row, shape (rows, 2, inputs); luck and the rest have none and stand in the middle."""
        found = np.full((len(self.rows.first), 2, len(self.inputs)), 0.5)
        for column, place in enumerate(self.rows.chosen):
            found[:, 0, column], found[:, 1, column] = self.rows.first[:, place], self.rows.second[:, place]
        if LAW in self.inputs:
            seed, law = self.experiment.seed, self.inputs.index(LAW)
            for row in range(len(found)):
                found[row, :, law] = uniform(seed, LAW, row), apart(seed, LAW, row)
        return found

    def values(self, by_laws: Sequence[Floats]) -> Floats:
        """An output at every point, shape (rows, inputs + 2), from that by each law of satisfaction."""
        if LAW not in self.inputs:
            return by_laws[0]
        laws = (self.places[:, :, self.inputs.index(LAW)] >= 0.5).astype(np.int64)
        return with_law(by_laws, laws[:, 0], laws[:, 1])

    def of(self, output: Output) -> Floats:
        """The same for an output."""
        return self.values(self.measured.of_all(output))

    @cached_property
    def known(self) -> Known:
        """The staffing models as options: the metric that decides, more being better, or its worth less the cost."""
        better = 1.0 if self.estimands[self.metric].better == "higher" else -1.0
        options = []
        for model in self.models:
            worth = better * self.euros * self.levels(model)
            if self.settings.worth is not None:
                worth = worth - self.values([table_of(self.runs, COST, model, self.rows.width)])
            options.append(worth)
        return self._known(np.array(options))

    @property
    def euros(self) -> float:
        """What one of the metric that decides is worth, of a share all of it; 1 where worth is told in the metric."""
        if self.settings.worth is None:
            return 1.0
        return self.settings.worth.value * (100.0 if self.estimands[self.metric].unit == "share" else 1.0)

    def levels(self, model: str) -> Floats:
        """The metric that decides at every point, as it is told."""
        return self.values([table_of(self.runs, name, model, self.rows.width) for name in columns_of(self.metric)])

    def mean_of(self, model: str) -> float:
        """The mean of the metric that decides over the draws A and B of the rows that have a value of every model."""
        return float(self.levels(model)[self.known.rows][:, [0, -1]].mean())

    def _known(self, options: Floats) -> Known:
        steps = frozenset([self.inputs.index(LAW)]) if LAW in self.inputs else frozenset()
        return Known(options, self.places, steps)

    @cached_property
    def ranked(self) -> list[str]:
        """The staffing models by what they are worth on average, the best first."""
        means = self.known.means()[0]
        return [self.models[place] for place in np.argsort(-means, kind="stable")]

    @cached_property
    def contest(self) -> tuple[str, str]:
        """The best staffing model and the next; the baseline stands second where it is one of the two, or where too
        few rows tell which they are.
        """
        baseline = self.experiment.baseline
        first, second = self.ranked[:2]
        if baseline in (first, second) or len(self.known.rows) < FEWEST:
            return next(name for name in self.ranked if name != baseline), baseline
        return first, second

    @property
    def differences(self) -> list[tuple[str, str]]:
        """The pairs of staffing models whose differences have indices: the contest first."""
        return differences_of(self.models, self.experiment.baseline, self.contest)

    def shares(self, pair: tuple[str, str]) -> pd.DataFrame:
        """The indices of what a pair differs by in the metric that decides, by assumption."""
        rows = self._indices
        here = (rows["metric"] == self.metric) & (rows["of"] == DIFFERENCE)
        return rows[here & (rows["staffing"] == pair[0]) & (rows["against"] == pair[1])].set_index("assumption")

    def stretches(self, name: str) -> list[Stretch]:
        """Which staffing model is best where, along the range of an assumption."""
        at = (np.arange(GRID) + 0.5) / GRID
        best = self.known.curve(self.inputs.index(name), at).argmax(axis=0)
        starts = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist()]
        ends = [*starts[1:], GRID]
        return [
            Stretch(start / GRID, end / GRID, self.models[best[start]]) for start, end in zip(starts, ends, strict=True)
        ]

    def luck(self, name: str) -> np.random.Generator:
        """Of resamples: by the seed and what they are for."""
        key = int.from_bytes(hashlib.sha256(f"sensitivity/{name}".encode()).digest()[:8], "big")
        return np.random.default_rng([self.experiment.seed, key])

    @cached_property
    def _indices(self) -> pd.DataFrame:
        import pandas as pd

        rows: list[tuple[object, ...]] = []
        luck = self.inputs.index(LUCK)
        for output in outputs_of(self.metrics, self.models, self.differences):
            found = indices_of(self.of(output), luck, self.confidence, self.experiment.seed)
            told = [getattr(found, key) for key in INDICES[6:-1]]
            for each in told[6:]:
                each[luck] = np.nan  # The mean over luck has no share that is luck's.
            one = self.estimands[output.metric]
            unit = one.effect_unit if output.of == DIFFERENCE else one.unit
            rows += [
                (
                    name,
                    output.metric,
                    unit,
                    output.of,
                    output.staffing,
                    output.against,
                    *(float(each[place]) for each in told),
                    found.rows,
                )
                for place, name in enumerate(self.inputs)
            ]
        return pd.DataFrame(rows, columns=list(INDICES))

    @cached_property
    def _knowing(self) -> pd.DataFrame:
        import pandas as pd

        rows = [self._row(name, self._worth([name], name)) for name in self.named]
        rows.sort(key=lambda row: -np.nan_to_num(float(row[2]), nan=-1.0))
        if len(self.named) > 1:
            rows.append(self._row(TOGETHER, self._worth(self.named, TOGETHER)))
        return pd.DataFrame(rows, columns=list(KNOWING))

    def _worth(self, names: Sequence[str], key: str) -> Worth:
        return self.known.worth([self.inputs.index(name) for name in names], self.confidence, self.luck(key))

    def _row(self, name: str, worth: Worth) -> tuple[Any, ...]:
        spent = worth.value, worth.low, worth.high, worth.held_out, worth.held_out_low, worth.held_out_high
        return (name, self.unit, *spent, worth.changes)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What a tornado is drawn of: the best and the next best, then each other model against the baseline."""
        against = [(name, self.experiment.baseline) for name in self.models if name != self.experiment.baseline]
        best = self.ranked[0], self.ranked[1]
        return [best, *(pair for pair in against if pair != best and pair[::-1] != best)]

    @cached_property
    def _tornado(self) -> pd.DataFrame:
        import pandas as pd

        rows = [row for pair in self.pairs for row in self._of_pair(*pair)]
        return pd.DataFrame(rows, columns=list(TORNADO))

    def _of_pair(self, model: str, other: str) -> list[tuple[Any, ...]]:
        laws = []
        for name in columns_of(self.metric):
            one, two = (self.measured.column(self.metric, name, each) for each in (model, other))
            with np.errstate(invalid="ignore"):
                laws.append(one - two)
        known, rows = self._known(self.values(laws)[None]), []
        unit = self.estimands[self.metric].effect_unit
        if not len(known.rows):
            return []
        for name in self.named:
            which, at = self.inputs.index(name), np.array(ENDS)
            middle = known.curve(which, at)[0]
            low, high = (each[0] for each in known.curve_ends(which, at, self.confidence, self.luck(name)))
            ends = self.ends(name)
            told = [value for place in (0, 1) for value in (middle[place], low[place], high[place])]
            rows.append((name, model, other, self.metric, unit, *ends, *told, float(known.means()[0, 0])))
        return sorted(rows, key=lambda row: -abs(row[10] - row[7]))

    def ends(self, name: str) -> tuple[str, str]:
        """What an assumption is at both ends of a tornado, in words."""
        one = self.assumption(name)
        if one is None:
            from caresim.model.codes import LAWS

            return LAWS[0], LAWS[1]
        return one.text_at(ENDS[0]), one.text_at(ENDS[1])
