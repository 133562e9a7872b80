"""The command line: `python -m caresim experiment=tokyo replications=64`, the same as the command `caresim`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caresim.run.store import Store
    from caresim.tasks.request import Job, Request

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
KEPT = "what was finished is kept, and the same command goes on from there"


def main() -> None:
    """Exit with 0 done, 2 bad input or a full disk, 130 interrupted, 1 anything else."""
    sys.exit(command(sys.argv[1:]))


def command(words: Sequence[str]) -> int:
    """Do what the words ask for; returns the exit status."""
    try:
        return _do(words)
    except KeyboardInterrupt:
        return _interrupted("nothing was finished yet")


def _do(words: Sequence[str]) -> int:
    # Loaded here, where Ctrl-C is already looked after.
    from caresim.config.errors import BadInput
    from caresim.tasks import request as jobs

    try:
        request = jobs.parse(words)
        if request.helping:
            from caresim.tasks.manual import text

            print(text(request.config_dir))
            return DONE
        if request.plugins:
            from caresim.run.plugins import load

            load(request.plugins)
        if (task := jobs.other_task(request)) is not None:
            return OTHER_TASKS[task](request)
        elif request.printing:
            print(jobs.printed(request), end="")
        else:
            return _run(jobs.jobs(request), request)
    except BadInput as problem:
        print(f"caresim: {problem}", file=sys.stderr)
        return BAD_INPUT
    except OSError as problem:
        return _refused(problem, Path.cwd())
    return DONE


def _interrupted(words: str) -> int:
    print(f"\ncaresim: interrupted; {words}", file=sys.stderr)
    return INTERRUPTED


def _refused(problem: OSError, output_dir: Path, more: str = "") -> int:
    """Tell that the disk is full; any other error goes on its way."""
    from caresim.run.full_disk import is_full, told

    if not is_full(problem):
        raise problem
    print(f"caresim: {told(problem, output_dir)}{more}", file=sys.stderr)
    return BAD_INPUT


def _run(jobs: Sequence[Job], request: Request) -> int:
    from caresim.run.store import Store

    output_dir = Path(jobs[0].experiment.output_dir)
    if jobs[0].experiment.task == "story":
        print(_story(jobs[0], output_dir), flush=True)
        return DONE
    if jobs[0].experiment.task == "dashboard":
        return _dashboard(jobs[0])
    store = Store(output_dir)
    losers: list[Job] = []
    try:
        if jobs[0].experiment.task == "explain":
            folder = _explain(jobs[0], store, output_dir)
        elif request.sweeping:
            folder, losers = _sweep(jobs, store, output_dir)
        else:
            folder = _compare(jobs[0], store, output_dir)
    except KeyboardInterrupt:
        if not store.holds:
            raise
        return _interrupted(KEPT)
    except OSError as problem:
        return _refused(problem, output_dir, f"; {KEPT}" if store.holds else "")
    if losers:
        print(f"caresim: {len(losers)} of {len(jobs)} runs failed: {'; '.join(map(str, losers))}", file=sys.stderr)
    else:
        store.forget()
    print(folder, flush=True)
    return FAILED if losers else DONE


def _sweep(jobs: Sequence[Job], store: Store, output_dir: Path) -> tuple[Path, list[Job]]:
    """Run every job into the sweep's folder, then gather a table and a figure; returns the folder and failed jobs."""
    from caresim.tasks.sweep import sweep

    def run(job: Job) -> Path:
        print(f"run {job.number + 1} of {len(jobs)}: {job}", file=sys.stderr)
        return _compare(job, store, folder)

    def report(job: Job, trace: str) -> None:
        print(f"{trace}caresim: the run with {job} failed; the others go on", file=sys.stderr)

    with sweep.begun(jobs, output_dir) as folder:
        losers = sweep.run_all(jobs, run, report)
    table = sweep.finish(folder)
    if len(table):
        from caresim.tasks.sweep import figures

        levels = {job.experiment.study.confidence.value for job in jobs}
        figures.save_sweep(table, folder, levels.pop() if len(levels) == 1 else None)
    return folder, losers


def _compare(job: Job, store: Store, output_dir: Path) -> Path:
    """Compare, show and write one experiment; returns the run's folder."""
    from caresim.run import folder
    from caresim.run.progress import Progress
    from caresim.tasks.compare.compare import compare

    with Progress() as progress:
        results = compare(job.experiment, store, progress)

    from caresim.tasks.compare import figures, observations, ranking, terminal

    terminal.show(results)
    ranking.show(results)
    observations.show(results)
    print("drawing the figures ...", file=sys.stderr)
    return folder.write(results, output_dir, figures.save_all, job.told())


def _explain(job: Job, store: Store, output_dir: Path) -> Path:
    """Explain, show and write one experiment; returns the folder."""
    from caresim.run.progress import Progress
    from caresim.tasks.explain.explanation import explain, write

    with Progress() as progress:
        explanation = explain(job.experiment, store, progress)

    from caresim.tasks.explain import terminal as credit

    credit.show(explanation)
    print("drawing the figure ...", file=sys.stderr)
    return write(explanation, output_dir, credit.save, job.told())


def _story(job: Job, output_dir: Path) -> Path:
    """Tell, show and write what happened to one passenger; returns the run's folder."""
    from caresim.tasks.story import story

    told = story.story(job.experiment)

    from caresim.tasks.story import story_table
    from caresim.tasks.story.figure import save_story

    story_table.show(told)
    return story.write(told, output_dir, save_story)


def _dashboard(job: Job) -> int:
    """Serve the live view until Ctrl-C."""
    from caresim.tasks.dashboard.server import serve

    serve(job.experiment)
    return DONE


def _backtest(request: Request) -> int:
    """Hold the simulated desks against stylised facts, show and write what comes out."""
    from caresim.tasks.backtest.folder import asked, printed, write

    settings = asked(request)
    if request.printing:
        print(printed(settings), end="")
        return DONE
    from caresim.run.progress import Progress
    from caresim.tasks.backtest.backtest import backtest

    with Progress() as progress:
        tested = backtest(settings, request.config_dir, progress)

    from caresim.tasks.backtest import terminal as backtested
    from caresim.tasks.backtest.figure import save_backtest

    backtested.show(tested)
    print("drawing the figure ...", file=sys.stderr)
    print(write(tested, save_backtest), flush=True)
    return DONE


OTHER_TASKS = {"backtest": _backtest}


if __name__ == "__main__":
    main()
