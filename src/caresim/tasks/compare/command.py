"""What `task=compare` does: one comparison, or in a sweep one a combination and a table and a figure of them all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.run import folder
from caresim.run.attempt import DONE, FAILED, attempt
from caresim.run.progress import Progress
from caresim.tasks.compare.compare import compare
from caresim.tasks.compare.settings import NONE

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.run.store import Store
    from caresim.tasks.request import Job, Request

OF_A_MAP = 2
"""Swept keys of a map."""


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Compare, show and write; the last line that is printed names the folder."""
    output_dir = Path(jobs[0].experiment.output_dir)
    failed: list[Job] = []
    with attempt(output_dir) as store:
        if request.sweeping:
            place, failed = sweep_all(jobs, store, output_dir)
        else:
            place = compare_one(jobs[0], store, output_dir)
    if failed:
        print(f"caresim: {len(failed)} of {len(jobs)} runs failed: {'; '.join(map(str, failed))}", file=sys.stderr)
    else:
        store.forget()
    print(place, flush=True)
    return FAILED if failed else DONE


def compare_one(job: Job, store: Store, output_dir: Path) -> Path:
    """Compare the staffing models of one experiment, show and write what comes out; returns the run's folder."""
    with Progress() as progress:
        results = compare(job.experiment, store, progress)

    from caresim.tasks.compare import observations, ranking, terminal

    terminal.show(results)
    ranking.show(results)
    observations.show(results)
    return folder.write(results, output_dir, drawing(job.experiment), job.manifest_entry())


def drawing(experiment: Experiment) -> folder.Draw | None:
    """What draws the figures into the run's folder; None where none are wanted, which spares loading Matplotlib."""
    if experiment.setting("figures") == NONE:
        return None
    print("drawing the figures ...", file=sys.stderr)
    from caresim.tasks.compare import figures

    return figures.save_all


def show_sweep(table: pd.DataFrame, place: Path, jobs: Sequence[Job]) -> None:
    """Draw the figures of a sweep, where any of its jobs has figures; the cells of its map are a table and remain."""
    drawn = any(job.experiment.setting("figures") != NONE for job in jobs)
    if not drawn and sum(len({job.overrides[key] for job in jobs}) > 1 for key in jobs[0].overrides) != OF_A_MAP:
        return
    from caresim.tasks.compare.sweep import figures

    if not drawn:
        figures.save_cells(table, place)
        return
    levels = {job.experiment.study.confidence.value for job in jobs}
    figures.save_sweep(table, place, levels.pop() if len(levels) == 1 else None)


def sweep_all(jobs: Sequence[Job], store: Store, output_dir: Path) -> tuple[Path, list[Job]]:
    """Do every job into the sweep's folder, then gather a table and figures; returns the folder and failed jobs."""
    from caresim.tasks.compare.sweep import sweep

    def run_one(job: Job) -> None:
        print(f"run {job.number + 1} of {len(jobs)}: {job}", file=sys.stderr)
        compare_one(job, store, place)

    def report(job: Job, trace: str) -> None:
        print(f"{trace}caresim: the run with {job} failed; the others go on", file=sys.stderr)

    with sweep.begun(jobs, output_dir) as place:
        failed = sweep.run_all(jobs, run_one, report)
    table = sweep.finish(place)
    if len(table):
        show_sweep(table, place, jobs)
    return place, failed
