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

if TYPE_CHECKING:
    from caresim.run.store import Store
    from caresim.tasks.request import Job, Request


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

    from caresim.tasks.compare import figures, observations, ranking, terminal

    terminal.show(results)
    ranking.show(results)
    observations.show(results)
    print("drawing the figures ...", file=sys.stderr)
    return folder.write(results, output_dir, figures.save_all, job.manifest_entry())


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
        from caresim.tasks.compare.sweep import figures

        levels = {job.experiment.study.confidence.value for job in jobs}
        figures.save_sweep(table, place, levels.pop() if len(levels) == 1 else None)
    return place, failed
