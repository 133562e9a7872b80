"""`task=compare`: its keys are those that every experiment has, and which figures are drawn."""

from __future__ import annotations

from typing import Any

from caresim.config.base import Text, one_of
from caresim.config.errors import known
from caresim.config.study import metric_names
from caresim.tasks.task import Key, Task

NONE, FEW, SLIDES, ALL, SHORT, FULL = "none", "few", "slides", "all", "short", "full"


def check(experiment: Any) -> None:
    """BadInput for a metric of a sweep that there is not."""
    names = metric_names()
    for index, name in enumerate(experiment.setting("sweep_metrics")):
        known(name, names, f"sweep_metrics[{index}]", "metric")


TASK = Task(
    meaning="run all staffing models through the same replications and compare them with the baseline",
    example="experiment=tokyo replications=8 population.scale=0.1",
    keys=(
        Key(
            "figures",
            "figures drawn: none, few (of the headline metrics), slides (one thing each), all",
            SLIDES,
        ),
        Key("table", "short: six rows that matter are printed; full: all, and whether they can be ranked", SHORT),
        Key(
            "sweep_metrics",
            "in a sweep (-m): the metrics of its table and figures, such as [csat,cost]",
            "headline metrics",
        ),
        Key("point_figures", "in a sweep (-m): figures drawn of each run, as figures", NONE),
        Key("page", "full: report.html and results.xlsx are written; none: they are left out", FULL),
    ),
    fields={
        "figures": (one_of(NONE, FEW, SLIDES, ALL), SLIDES),
        "table": (one_of(SHORT, FULL), SHORT),
        "page": (one_of(NONE, FULL), FULL),
        "sweep_metrics": (tuple[Text, ...], ()),
        "point_figures": (one_of(NONE, FEW, SLIDES, ALL), NONE),
    },
    check=check,
)
