"""`task=compare`: its keys are those that every experiment has, and which figures are drawn."""

from __future__ import annotations

from caresim.config.base import one_of
from caresim.tasks.task import Key, Task

NONE, FEW, ALL, FULL = "none", "few", "all", "full"

TASK = Task(
    meaning="run all staffing models through the same replications and compare them with the baseline",
    example="experiment=tokyo replications=8 population.scale=0.1",
    keys=(
        Key("figures", "which figures are drawn: none, few (those of the headline metrics), all", ALL),
        Key("page", "full: report.html and results.xlsx are written; none: they are left out", FULL),
    ),
    fields={"figures": (one_of(NONE, FEW, ALL), ALL), "page": (one_of(NONE, FULL), FULL)},
)
