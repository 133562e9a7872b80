"""A study of sensitivity, step by step: which models, which assumptions, then the runs that all answers come from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from caresim.config import price
from caresim.config.errors import BadInput
from caresim.run.estimands import estimand
from caresim.run.progress import Nobody, Watch
from caresim.run.uncertain import PAIR
from caresim.tasks.sensitivity.assumptions import LAW, LUCK, OTHERS, Assumption, asked_for, assumptions_of
from caresim.tasks.sensitivity.design import Points, Rows, rows_of, trajectories
from caresim.tasks.sensitivity.outputs import Measured, differences_of, outputs_of
from caresim.tasks.sensitivity.result import Sensitivity
from caresim.tasks.sensitivity.runs import Runs, by_law, with_laws
from caresim.tasks.sensitivity.screening import screened
from caresim.tasks.sensitivity.settings import SensitivitySettings, check_asked

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.inference.estimand import Estimand
    from caresim.run.store import Store

FIRST_LOOK = 8
"""Worlds in which all staffing models are run to find the best of them."""


def study(experiment: Experiment, store: Store, watch: Watch | None = None) -> Sensitivity:
    """Ask which assumption decides, as the key `sensitivity` says. BadInput for what cannot be asked."""
    check_asked(experiment)
    started = time.perf_counter()
    asker = Asker(experiment, Runs(experiment, tuple(assumptions_of(experiment)), store, watch or Nobody()))
    price.check(experiment, runs=asker.most)
    asker.runs.watch.expect(asker.most)
    models = asker.models()
    chosen, screening = asker.chosen(models)
    rows = rows_of(experiment.seed, asker.names, chosen, asker.settings.rows)
    runs = asker.runs.measured(rows.points(), models, with_laws(asker.metrics))
    spent = {"study_s": time.perf_counter() - started}
    return Sensitivity(
        experiment, asker.assumptions, models, asker.metrics, rows, asker.inputs(rows), runs, screening, spent
    )


@dataclass(frozen=True)
class Asker:
    """Who asks: the experiment, and where points are run."""

    experiment: Experiment
    runs: Runs

    @property
    def settings(self) -> SensitivitySettings:
        settings: SensitivitySettings = self.experiment.setting("sensitivity")
        return settings

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        return self.runs.assumptions

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.assumptions]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The one that decides first, then the other headline metrics of which one way is better."""
        from caresim.measure.metrics import REGISTRY

        headline = self.experiment.study.headline
        first = self.settings.metric or headline[0]
        if REGISTRY[first].better == "neither":
            raise BadInput("sensitivity.metric", first, "neither more nor less of it is better; choose another metric")
        others = [name for name in headline if name != first and REGISTRY[name].better != "neither"]
        return (first, *dict.fromkeys(others))

    @property
    def estimands(self) -> dict[str, Estimand]:
        from caresim.measure.metrics import REGISTRY

        return {name: estimand(REGISTRY[name], self.experiment.study.margins) for name in self.metrics}

    @property
    def asked(self) -> list[Assumption] | None:
        """The assumptions that need no screening; None: it takes one."""
        keys = self.settings.assumptions
        if keys is not None:
            return asked_for(self.assumptions, keys)
        return list(self.assumptions) if len(self.assumptions) <= self.settings.most else None

    @property
    def looks_first(self) -> bool:
        """Are there more models than are chosen among?"""
        return self.settings.models is None and len(self.experiment.compared) > self.settings.most_models

    @property
    def most(self) -> int:
        """Runs that the whole takes, at most."""
        settings, experiment = self.settings, self.experiment
        named = len(set(settings.models)) if settings.models else len(experiment.compared)
        models = settings.most_models if self.looks_first else named
        asked = self.asked
        chosen = settings.most if asked is None else len(asked)
        width = chosen + (chosen < len(self.assumptions)) + 3
        first = FIRST_LOOK * len(experiment.compared) * self.looks_first
        screening = settings.trajectories * (len(self.assumptions) + 1) if asked is None else 0
        return first + (screening + settings.rows * width) * models

    def inputs(self, rows: Rows) -> tuple[str, ...]:
        """What the columns of a row switch, in order; the law of satisfaction last, which takes no run."""
        laws = any(by_law(metric) for metric in self.metrics)
        others = [OTHERS] if rows.has_others else []
        return (*(self.names[place] for place in rows.chosen), *others, LUCK, *([LAW] if laws else []))

    def models(self) -> tuple[str, ...]:
        """The staffing models to choose among, in the experiment's order."""
        compared, settings = self.experiment.compared, self.settings
        if settings.models is not None:
            return tuple(name for name in compared if name in settings.models)
        if not self.looks_first:
            return compared
        whole = rows_of(self.experiment.seed, self.names, (), FIRST_LOOK)
        points = Points(whole.first, PAIR * np.arange(FIRST_LOOK, dtype=np.int64))
        runs = self.runs.measured(points, compared, with_laws(self.metrics))
        best = self.ranked(runs)[: settings.most_models - 1]
        return tuple(name for name in compared if name == self.experiment.baseline or name in best)

    def ranked(self, runs: pd.DataFrame) -> list[str]:
        """The other models by the mean of the metric that decides, the best first; what has none comes last."""
        metric = self.metrics[0]
        means = runs.groupby("staffing", sort=False)[metric].mean()
        sign = -1.0 if self.estimands[metric].better == "higher" else 1.0
        others = [name for name in self.experiment.compared if name != self.experiment.baseline]
        return sorted(others, key=lambda name: np.nan_to_num(sign * means[name], nan=np.inf))

    def chosen(self, models: Sequence[str]) -> tuple[list[int], pd.DataFrame | None]:
        """Places of the assumptions that are inputs of their own, and the table of the screening, if it took one."""
        if (asked := self.asked) is not None:
            return [self.assumptions.index(one) for one in asked], None
        settings, experiment = self.settings, self.experiment
        points = trajectories(experiment.seed, self.names, settings.trajectories)
        runs = self.runs.measured(points, models, with_laws(self.metrics))
        measured = Measured(runs, self.estimands, len(self.names) + 1)
        confidence = float(experiment.study.confidence.value)
        outputs = list(outputs_of(self.metrics, models, differences_of(models, experiment.baseline)))
        chosen, table = screened(
            measured, points, self.assumptions, outputs, settings.most, confidence, experiment.seed
        )
        if not chosen:
            allowed = "no assumption moves any headline metric of these models; choose another metric or other models"
            raise BadInput("sensitivity", "nothing to pass on", allowed)
        return chosen, table
