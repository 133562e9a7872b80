"""What `task=compare` does: one comparison, or in a sweep one a combination and a table and a figure of them all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
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
from caresim.tasks.jobs import Jobs

if TYPE_CHECKING:
    from caresim.config.errors import BadInput
    from caresim.config.experiment import Experiment
    from caresim.run.results import Results
    from caresim.run.store import Store
    from caresim.tasks.compare.sweep.result import Sweep
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request

SAID_S = 10.0
"""Seconds: of a comparison that takes longer, it is said at its start how long, and how much memory."""
MOST_WARNED = 5
"""Warnings of a sweep's runs that are printed."""
MOST_LISTED = 20
"""Runs of a sweep that a message lists."""


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
    results = computed(job, store)
    with spoken_of(job.experiment):
        from caresim.tasks.compare import after_run, observations, terminal

        terminal.show(results)
        observations.show(results)
        for line in after_run.warnings_after(results):
            print(f"caresim: {line}", file=sys.stderr)
        figures = job.experiment.setting("figures")
        return folder.write(results, output_dir, drawing(job.experiment, figures), job.manifest_entry(), tell)


def computed(job: Job, store: Store) -> Results:
    """The results of one experiment, with progress on the error stream."""
    with Progress() as progress:
        return compare(job.experiment, store, progress)


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


def drawing(experiment: Experiment, figures: str) -> folder.Draw | None:
    """What draws the figures that the word asks for into a run's folder; None where none are wanted, which spares
    loading Matplotlib.
    """
    if figures == NONE:
        return None
    print("drawing the figures ...", file=sys.stderr)
    from caresim.tasks.compare import figures as drawn

    return lambda results, place: drawn.save_all(results, place, figures)


def sweep_all(
    request: Request, jobs: Sequence[Job], store: Store, output_dir: Path
) -> tuple[Path, list[Job], list[Job]]:
    """Do every job into the sweep's folder, then gather a table, figures and a page of them all; returns the folder,
    the jobs that failed and those that were refused.
    """
    from caresim.tasks.compare import after_run
    from caresim.tasks.compare.sweep import going_on, sweep

    warned: list[str] = []
    asked = going_on.asked_for(request, jobs)
    shared = isinstance(jobs, Jobs) and going_on.blocks_are_shared(jobs, jobs.neighbours)

    def run_one(job: Job) -> None:
        if job.number in done:
            return
        print(f"run {job.number + 1} of {len(jobs)}: {job}", file=sys.stderr)
        there = job.within(place)  # refused before anything is computed
        results = computed(job, store)
        with spoken_of(job.experiment):
            warned.extend(f"{line} (the run with {job})" for line in after_run.warnings_after(results))
            entry = {**job.manifest_entry(), "command": request.command}
            with put_at(there):
                folder.write(results, place, drawing(job.experiment, job.experiment.setting("point_figures")), entry)
        going_on.mark(place, asked)
        if not shared:
            store.hand_over()

    def report(job: Job, problem: Exception, trace: str) -> None:
        sweep.note(place, sweep.Failure(f"{job}", sweep.FAILED, f"{type(problem).__name__}: {problem}"))
        print(f"{trace}caresim: the run with {job} failed; the others go on", file=sys.stderr)

    def tell(job: Job, problem: BadInput) -> None:
        sweep.note(place, sweep.Failure(f"{job}", sweep.REFUSED, f"{problem}"))
        print(f"caresim: {problem} (the run with {job}; the others go on)", file=sys.stderr)

    with sweep.begun(jobs, output_dir, asked) as (place, done):
        failed, refused = sweep.run_all(jobs, run_one, report, tell)
        for line in warned[:MOST_WARNED]:
            print(f"caresim: {line}", file=sys.stderr)
        if (more := len(warned) - MOST_WARNED) > 0:
            print(f"caresim: {more} more such lines of other runs are left out", file=sys.stderr)
        conclude(place, first_done(jobs, failed, refused))
        if not failed:
            going_on.unmark(place)
    return place, failed, refused


def first_done(jobs: Sequence[Job], failed: Sequence[Job], refused: Sequence[Job]) -> Job | None:
    """The first job with results; None where there is none."""
    lost = {job.number for job in (*failed, *refused)}
    return next((jobs[number] for number in range(len(jobs)) if number not in lost), None)


def conclude(place: Path, first: Job | None) -> None:
    """Gather what is in the sweep's folder: its table, the summary in the terminal, figures and page."""
    from caresim.tasks.compare.sweep import sweep

    if first is None:
        sweep.finish(place)
        return
    from caresim.tasks.compare.sweep.result import Sweep

    experiment = first.experiment
    swept = Sweep.load(place, experiment.setting("sweep_metrics"))
    with moved_into(place, "sweep_table") as beside:
        sweep.write_csv(swept.table, beside / sweep.TABLE)
    with spoken_of(experiment):
        written(swept, place, experiment.setting("figures") != NONE, experiment.setting("page") != NONE)


def written(swept: Sweep, place: Path, with_figures: bool, with_page: bool) -> None:
    """Print the summary of a sweep, and write its figures and its page into its folder."""
    from caresim.tasks.compare.sweep import terminal

    terminal.show(swept.table, swept.metrics, swept.failed, swept.confidence)
    with moved_into(place, "sweep_figures") as beside:
        if with_figures:
            print("drawing the figures of the sweep ...", file=sys.stderr)
            from caresim.tasks.compare.sweep import figures

            figures.save_sweep(swept.table, beside, swept.confidence, swept.metrics)
        else:
            from caresim.tasks.compare.sweep import cells

            cells.save(swept.table, beside, swept.metrics)
        if with_page:
            from caresim.tasks.compare.sweep import page

            page.save(swept, beside)
