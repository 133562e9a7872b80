"""`task=sensitivity`: of which metric, between which staffing models, and how much work is put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StrictInt

from caresim.config.base import Frozen, Text
from caresim.config.errors import BadInput, choice, known
from caresim.config.quantity import Money
from caresim.config.study import metric_names
from caresim.config.values import shared_name
from caresim.tasks.task import Key, Task

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


COST = "cost"
ALL = "*"
"""In the name of numbers of several staffing models that share a draw: stands for the model."""


class SensitivitySettings(Frozen):
    """What is asked of the assumptions."""

    metric: Text | None = None
    """By which the staffing models are chosen; None: the first headline metric."""
    assumptions: tuple[Text, ...] | None = None
    """Keys with a range, or names as they are printed (`*` for the staffing model), that are asked about, without a
    screening; None: those that a screening of all finds."""
    models: tuple[Text, ...] | None = None
    """The staffing models to choose among; None: the baseline and the best others."""
    most_models: Annotated[StrictInt, Field(ge=2)] = 3
    """How many these are, where `models` does not say it."""
    most: Annotated[StrictInt, Field(ge=1)] = 8
    """Assumptions that a screening passes on."""
    trajectories: Annotated[StrictInt, Field(ge=2)] = 3
    """Of the screening: each takes a run of every model for every assumption."""
    rows: Annotated[StrictInt, Field(ge=16)] = 48
    """Of the design for indices: each takes a run of every model for every assumption passed on, and four more."""
    worth: Money | None = None
    """What a point of the metric is worth (a percentage point, a point of satisfaction, a minute); cost then counts."""


def check(experiment: Experiment) -> None:
    """The metric and the models are there, whatever the task."""
    settings: SensitivitySettings = experiment.setting("sensitivity")
    if settings.metric is not None:
        known(settings.metric, metric_names(), "sensitivity.metric", "metric")
    for name in settings.models or ():
        known(name, experiment.staffing, "sensitivity.models", "staffing model")
    if experiment.task == "sensitivity":
        check_asked(experiment)


def check_asked(experiment: Experiment) -> None:
    """BadInput for what can be told of this task before any work starts."""
    settings: SensitivitySettings = experiment.setting("sensitivity")
    if experiment.precision is not None:
        raise BadInput("precision", experiment.precision, "is of comparisons; leave it out of task=sensitivity")
    if len(experiment.compared) < 2:
        allowed = "one staffing model alone leaves nothing to decide; compare two or more"
        raise BadInput("only" if experiment.only else "staffing", list(experiment.compared), allowed)
    _check_worth(experiment, settings)
    if settings.models is not None:
        for name in settings.models:
            if name not in experiment.compared:
                raise BadInput("sensitivity.models", name, f"is left out by only, {choice(experiment.compared, name)}")
        if len(set(settings.models)) < 2:
            raise BadInput("sensitivity.models", list(settings.models), "must name two staffing models or more")
        if experiment.baseline not in settings.models:
            allowed = f"must contain the baseline, {experiment.baseline}; or write baseline={settings.models[0]}"
            raise BadInput("sensitivity.models", list(settings.models), allowed)
    ranged = dict(experiment.uncertain())
    if not ranged:
        allowed = (
            'no number of this experiment has a range; give one, such as {value: "14 min", range: ["9 min", "20 min"]}'
        )
        raise BadInput("sensitivity", "no assumption", allowed)
    shared = {shared_name(key): key for key in ranged}
    for key in settings.assumptions or ():
        if key not in ranged and key not in shared:
            raise BadInput(
                "sensitivity.assumptions", key, without_range(experiment, key, list(shared if ALL in key else ranged))
            )
    if settings.assumptions == ():
        raise BadInput("sensitivity.assumptions", [], f"must name a key with a range, {choice(ranged)}")


def _check_worth(experiment: Experiment, settings: SensitivitySettings) -> None:
    """BadInput for what a point is worth where it is no one number, or where money would count twice."""
    if settings.worth is None:
        return
    metric = settings.metric or experiment.study.headline[0]
    if metric == COST:
        allowed = f"a point of {metric} is EUR already, and would count twice; leave out sensitivity.worth"
        raise BadInput("sensitivity.worth", settings.worth.text, allowed)
    if settings.worth.low is not None:
        raise BadInput("sensitivity.worth", settings.worth.text, "must be one value, without a range")


def without_range(experiment: Experiment, key: str, ranged: list[str]) -> str:
    """Why a key is no assumption, and what to write instead."""
    from caresim.config.values import quantities

    found = dict(quantities(experiment)).get(key)
    if found is None:
        return f"is no number of this experiment, {choice(ranged, key)}"
    if found.same_as:
        return f"is the same number as {found.same_as}; name that one"
    return f"is fixed at {found.text}: nothing is to be learned about it; give it a range, or {choice(ranged, key)}"


TASK = Task(
    meaning="which assumption decides, and what it is worth to know it: measure this first",
    example="task=sensitivity experiment=tokyo sensitivity.rows=96",
    keys=(
        Key("sensitivity.metric", "by which the staffing models are chosen", "the first headline metric"),
        Key("sensitivity.assumptions", "keys with a range that are asked about, without a screening", "all, screened"),
        Key("sensitivity.models", "the staffing models to choose among", "the baseline and the best others"),
        Key("sensitivity.most_models", "how many these are at most, 2 or more", "3"),
        Key("sensitivity.most", "assumptions that the screening passes on, 1 or more", "8"),
        Key("sensitivity.trajectories", "of the screening (Morris), 2 or more", "3"),
        Key("sensitivity.rows", "of the design for indices (Saltelli), 16 or more", "48"),
        Key("sensitivity.worth", "of a point of the metric, such as '500 EUR': costs then count", "points, no money"),
    ),
    fields={"sensitivity": (SensitivitySettings, Field(default_factory=SensitivitySettings))},
    check=check,
    no_sweep="looks at all assumptions of one experiment: leave out -m",
)
