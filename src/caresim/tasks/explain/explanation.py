"""How much of the difference between two staffing models each factor makes: runs, table, figure, folder."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.config import price
from caresim.config.arguments import must_be_run
from caresim.config.errors import BadInput
from caresim.run import folder
from caresim.run.block import content_hash
from caresim.run.output_dir import final_path, unfinished
from caresim.run.progress import Watch
from caresim.tasks.compare.compare import compare
from caresim.tasks.explain.credit import divided
from caresim.tasks.explain.design import FactorialDesign, design_of
from caresim.tasks.explain.factors import MEANING
from caresim.tasks.explain.hybrid import meeting
from caresim.tasks.explain.runs import combined
from caresim.tasks.explain.settings import Explain

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.run.store import Store

FIGURE = "caresim.tasks.explain.figure"


@dataclass(frozen=True)
class Explanation:
    """The difference between two staffing models, divided among the factors in which they differ.

    `combinations` has one row for each combination of factors and replication: `combination` (factor i is bit i),
    `replication`, `draw`, 0 (as in `one`) or 1 (as in `other`) for each factor, and one column for each
    metric.
    """

    experiment: Experiment
    design: FactorialDesign
    combinations: pd.DataFrame
    durations: dict[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:
        count = self.combinations["replication"].nunique()
        factors = " x ".join(self.design.factors)
        return f"Explanation({self.experiment.name}: {self.one} to {self.other} by {factors}; {count} replications)"

    @property
    def one(self) -> str:
        """The staffing model from which the difference is taken."""
        return self.design.one

    @property
    def other(self) -> str:
        """The staffing model to which it leads."""
        return self.design.other

    @property
    def factors(self) -> dict[str, str]:
        """What each factor in which the two differ means."""
        return {factor: MEANING[factor] for factor in self.design.factors}

    @property
    def unmatched(self) -> list[str]:
        """Desks of either model that share no channel with a desk of the other: they come or go as a whole."""
        models = [self.experiment.staffing[name].desks for name in (self.one, self.other)]
        return list(
            dict.fromkeys(
                name
                for mine, theirs in (models, models[::-1])
                for name, desk in mine.items()
                if not meeting(desk, theirs)
            )
        )

    def table(self) -> pd.DataFrame:
        """Shares, totals, main effects and interactions with their intervals (the columns of explain.csv)."""
        return self._table.copy()

    def plot(self, metric: str | Sequence[str] | None = None, *, ax: Any = None) -> Any:
        """The figure: shares of the difference in the headline metrics, or in those of `metric`.

        On Matplotlib's `ax`, which is returned, one metric; None: a page with all of them. BadInput for a metric that
        there is not.
        """
        # By name and at the last moment: Matplotlib takes seconds to load.
        figures = importlib.import_module(FIGURE)
        return figures.explain(self, metric) if ax is None else figures.explain_on_axes(ax, self, metric)

    @cached_property
    def _table(self) -> pd.DataFrame:
        return divided(self.combinations, self.design, self.experiment.study)


def checked(experiment: Experiment) -> None:
    """BadInput for what can be told before any work starts."""
    settings: Explain = experiment.setting("explain")
    one = settings.one or experiment.baseline
    for key, name in (("explain.one", one), ("explain.other", settings.other)):
        if name is not None:
            must_be_run(experiment, name, key)
    if len(experiment.compared) < 2:
        raise BadInput("staffing", list(experiment.compared), "must hold two staffing models or more to explain")
    if experiment.precision is not None:
        raise BadInput("precision", experiment.precision, "is of task=compare; an explanation takes replications")
    if one == settings.other:
        others = [name for name in experiment.compared if name != one]
        raise BadInput("explain.other", one, f"must be another model than explain.one; allowed: {', '.join(others)}")
    if settings.seats is not None and not any(operator.flights for operator in experiment.operators.values()):
        raise BadInput(
            "explain.seats", settings.seats.text, "needs flights, and this experiment has none; leave it out"
        )
    for name in experiment.compared:
        if any(desk.roster == "given" for desk in experiment.staffing[name].desks.values()):
            raise BadInput("task", "explain", f"cannot mix the hours of {name}, which a file gives, with others'")


def explain(experiment: Experiment, store: Store, watch: Watch | None = None) -> Explanation:
    """Run every combination of the factors in which the two models of the key `explain` differ, and divide.

    Without `explain.other` all models that are run are compared first, and the best of the others is taken.
    """
    checked(experiment)
    started = time.perf_counter()
    settings: Explain = experiment.setting("explain")
    one, other, before = settings.one or experiment.baseline, settings.other, 0
    if other is None:
        other = best(experiment, one, store, watch)
        before = len(experiment.compared) * experiment.replications
    design = design_of(experiment, one, other)
    price.check(experiment, runs=before + experiment.replications * 2.0 ** len(design.factors))
    combinations = combined(experiment, design, store, watch, before)
    return Explanation(experiment, design, combinations, {"simulate_s": time.perf_counter() - started})


def best(experiment: Experiment, one: str, store: Store, watch: Watch | None = None) -> str:
    """The staffing model other than `one` with the best estimate of the first headline metric (the first of equals)."""
    from caresim.measure.metrics import REGISTRY

    metric = REGISTRY[experiment.study.headline[0]]
    summary = compare(experiment.model_copy(update={"record": "none"}), store, watch).summary()
    means = summary[(summary["metric"] == metric.name) & (summary["staffing"] != one)].set_index("staffing")["mean"]
    if means.isna().all():
        raise BadInput("explain.other", None, f"is needed: no other model has a {metric.label.lower()}")
    return str(means.idxmin() if metric.better == "lower" else means.idxmax())


def write(
    explanation: Explanation,
    output_dir: str | Path,
    draw: Callable[[Explanation, Path], Any] | None = None,
    job: Mapping[str, Any] | None = None,
) -> Path:
    """Write the folder of an explanation into `output_dir` and return its path.

    Files: explain.csv, combinations.parquet, manifest.json and, when `draw` is given, figures/.
    """
    experiment = explanation.experiment
    short = content_hash(experiment)[:6]
    with unfinished(Path(output_dir), f"{experiment.name}_explain", short) as place:
        folder.write_csv(explanation.table(), place / "explain.csv")
        folder.write_parquet(explanation.combinations, place / "combinations.parquet")
        if draw is not None:
            (place / "figures").mkdir()
            draw(explanation, place / "figures")
        folder.write_manifest(manifest(explanation, job), place)
        return final_path(place)


def manifest(explanation: Explanation, job: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What was explained: the two models, the factors, configuration, seed, hashes, versions, seconds."""
    return {
        **folder.origin(explanation.experiment, explanation.durations),
        "task": "explain",
        "replications": int(explanation.combinations["replication"].nunique()),
        "explain": {**explanation.design.as_mapping(), "meaning": explanation.factors},
        "job": job,
        "digests": {"combinations": folder.digest(explanation.combinations)},
    }
