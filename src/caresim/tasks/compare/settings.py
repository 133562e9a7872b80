"""`task=compare`: its keys are those that every experiment has, and which figures are drawn."""

from __future__ import annotations

from caresim.config.base import one_of
from caresim.tasks.task import Key, Task

NONE, FEW, SLIDES, ALL, SHORT, FULL = "none", "few", "slides", "all", "short", "full"

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
        Key("page", "full: report.html and results.xlsx are written; none: they are left out", FULL),
    ),
    fields={
        "figures": (one_of(NONE, FEW, SLIDES, ALL), SLIDES),
        "table": (one_of(SHORT, FULL), SHORT),
        "page": (one_of(NONE, FULL), FULL),
    },
)
