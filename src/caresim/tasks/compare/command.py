"""What `task=compare` does: one comparison, or in a sweep one a combination and a table and a figure of them all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.config.labels import spoken_of
from caresim.config.price import price_of
from caresim.run import folder
from caresim.run.attempt import BAD_INPUT, DONE, FAILED, attempt, complete, incomplete
from caresim.run.output_dir import moved_into, put_at
from caresim.run.progress import Progress
from caresim.tasks.compare.compare import compare
from caresim.tasks.compare.settings import NONE

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.errors import BadInput
    from caresim.config.experiment import Experiment
    from caresim.run.results import Results
    from caresim.run.store import Store
    from caresim.tasks.request import Job, Request

OF_A_MAP = 2
"""Swept keys of a map."""
SAID_S = 10.0
"""Seconds: of a comparison that takes longer, it is said at its start how long, and how much memory."""
MOST_LISTED = 20
"""Runs of a sweep that a message lists."""


@dataclass
class Wishes:
    """What the runs of a sweep, whose experiments are not kept, want of its figures and its page."""

    drawn: bool = False
    page: bool = False
    levels: set[float] = field(default_factory=set)

    def heed(self, experiment: Experiment) -> None:
        """One more run."""
        self.drawn = self.drawn or experiment.setting("figures") != NONE
        self.page = self.page or experiment.setting("page") != NONE
        self.levels.add(experiment.study.confidence.value)


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Compare, show and write; the last line that is printed names the folder."""
    output_dir = Path(jobs[0].experiment.output_dir)
    failed: list[Job] = []
    refused: list[Job] = []
    with attempt(output_dir) as store:
        if request.sweeping:
            place, failed, refused = sweep_all(request, jobs, store, output_dir)
        else:
            place = compare_one(jobs[0], store, output_dir, telling(request, jobs[0].experiment))
    for what, those in (("failed", failed), ("were refused", refused)):
        if those:
            print(f"caresim: {len(those)} of {len(jobs)} runs {what}: {listed(those)}", file=sys.stderr)
    if failed:
        incomplete(place)
    else:
        complete(place, store)
    return FAILED if failed else BAD_INPUT if refused else DONE


def listed(jobs: Sequence[Job]) -> str:
    """The first of the jobs in words, and how many more there are."""
    more = f"; and {len(jobs) - MOST_LISTED} more" if len(jobs) > MOST_LISTED else ""
    return "; ".join(map(str, jobs[:MOST_LISTED])) + more


def compare_one(job: Job, store: Store, output_dir: Path, tell: folder.Draw | None = None) -> Path:
    """Compare the staffing models of one experiment, show and write what comes out; returns the run's folder.

    `tell` writes the page; None: there is none.
    """
    if (price := price_of(job.experiment)).seconds > SAID_S:
        print(f"this takes {price}", file=sys.stderr)
    with Progress() as progress:
        results = compare(job.experiment, store, progress)
    with spoken_of(job.experiment):
        return shown_and_written(results, job, output_dir, tell)


def shown_and_written(results: Results, job: Job, output_dir: Path, tell: folder.Draw | None) -> Path:
    """Print what came out, and write the run's folder."""
    from caresim.tasks.compare import after_run, observations, terminal

    terminal.show(results)
    observations.show(results)
    for line in after_run.warnings_after(results):
        print(f"caresim: {line}", file=sys.stderr)
    return folder.write(results, output_dir, drawing(job.experiment), job.manifest_entry(), tell)


def telling(request: Request, experiment: Experiment) -> folder.Draw | None:
    """What writes the answer page and the workbook into the run's folder; None where they are not wanted."""
    if experiment.setting("page") == NONE:
        return None

    def tell(results: Results, place: Path) -> None:
        from caresim.report.two_hands import share_out
        from caresim.tasks.compare.page import page, workbook

        jobs = [partial(workbook.save, results, place), partial(page.save, results, place, request.command)]
        share_out(jobs, alone=experiment.workers == 1)

    return tell


def drawing(experiment: Experiment) -> folder.Draw | None:
    """What draws the figures into the run's folder; None where none are wanted, which spares loading Matplotlib."""
    if experiment.setting("figures") == NONE:
        return None
    print("drawing the figures ...", file=sys.stderr)
    from caresim.tasks.compare import figures

    return figures.save_all


def show_sweep(table: pd.DataFrame, place: Path, jobs: Sequence[Job], wishes: Wishes) -> None:
    """Draw the figures of a sweep, where any of its jobs has figures; the cells of its map are a table and remain."""
    keys = jobs[0].overrides
    values: dict[str, set[str]] = {key: set() for key in keys}
    for number in range(len(jobs)):
        for key, value in jobs[number].overrides.items():
            values[key].add(value)
    if not wishes.drawn and sum(len(different) > 1 for different in values.values()) != OF_A_MAP:
        return
    from caresim.tasks.compare.sweep import figures

    if not wishes.drawn:
        figures.save_cells(table, place)
        return
    figures.save_sweep(table, place, next(iter(wishes.levels)) if len(wishes.levels) == 1 else None)


def sweep_all(
    request: Request, jobs: Sequence[Job], store: Store, output_dir: Path
) -> tuple[Path, list[Job], list[Job]]:
    """Do every job into the sweep's folder, then gather a table and figures; returns the folder, the jobs that failed
    and those that were refused.
    """
    from caresim.tasks.compare.sweep import sweep

    wishes = Wishes()

    def run_one(job: Job) -> None:
        print(f"run {job.number + 1} of {len(jobs)}: {job}", file=sys.stderr)
        wishes.heed(job.experiment)
        with put_at(job.within(place)):
            compare_one(job, store, place)

    def report(job: Job, trace: str) -> None:
        print(f"{trace}caresim: the run with {job} failed; the others go on", file=sys.stderr)

    def tell(job: Job, problem: BadInput) -> None:
        print(f"caresim: {problem} (the run with {job}; the others go on)", file=sys.stderr)

    with sweep.begun(jobs, output_dir) as place:
        failed, refused = sweep.run_all(jobs, run_one, report, tell)
        table = sweep.finish(place)
        if len(table):
            with moved_into(place, "sweep_figures") as beside:
                show_sweep(table, beside, jobs, wishes)
                if wishes.page:
                    from caresim.tasks.compare.sweep import page

                    left = [f"{job}" for job in (*failed, *refused)]
                    page.save(table, beside, jobs[0].experiment.question, request.command, left)
    return place, failed, refused
