"""`task=compare`: its keys are those that every experiment has."""

from __future__ import annotations

from caresim.tasks.task import Task

TASK = Task(
    meaning="run all staffing models through the same replications and compare them with the baseline",
    example="experiment=tokyo replications=8 population.scale=0.1",
)
