"""The command line: `python -m caresim experiment=tokyo replications=64`, the same as the command `caresim`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.config.errors import BadInput

if TYPE_CHECKING:
    from caresim.study.jobs import Job, Request
    from caresim.study.store import Store

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main() -> None:
    """Exit with 0 done, 2 bad input, 130 interrupted, 1 anything else."""
    sys.exit(command(sys.argv[1:]))


def command(words: Sequence[str]) -> int:
    """Do what the words ask for; returns the exit status."""
    from caresim.study import jobs

    try:
        request = jobs.parse(words)
        if request.helping:
            from caresim.study.manual import text

            print(text(request.config_dir))
        elif request.printing:
            print(jobs.printed(request), end="")
        else:
            return _run(jobs.jobs(request), request)
    except BadInput as problem:
        print(f"caresim: {problem}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(
            "\ncaresim: interrupted; what was finished is kept, and the same command goes on from there",
            file=sys.stderr,
        )
        return INTERRUPTED
    return DONE


def _run(jobs: Sequence[Job], request: Request) -> int:
    from caresim.study.store import Store

    output_dir = Path(jobs[0].experiment.output_dir)
    store = Store(output_dir)
    if request.sweeping:
        folder, losers = _sweep(jobs, store, output_dir)
    else:
        folder, losers = _compare(jobs[0], store, output_dir), []
    if losers:
        print(f"caresim: {len(losers)} of {len(jobs)} runs failed: {'; '.join(map(str, losers))}", file=sys.stderr)
    else:
        store.forget()
    print(folder, flush=True)
    return FAILED if losers else DONE


def _sweep(jobs: Sequence[Job], store: Store, output_dir: Path) -> tuple[Path, list[Job]]:
    """Run every job into the sweep's folder, then gather a table and a figure; returns the folder and failed jobs."""
    from caresim.study import sweep

    def run(job: Job) -> Path:
        print(f"run {job.number + 1} of {len(jobs)}: {job}", file=sys.stderr)
        return _compare(job, store, folder)

    def report(job: Job, trace: str) -> None:
        print(f"{trace}caresim: the run with {job} failed; the others go on", file=sys.stderr)

    folder = sweep.begin(jobs, output_dir)
    losers = sweep.run_all(jobs, run, report)
    table = sweep.finish(folder)
    if len(table):
        from caresim.view import plots, style

        figure = plots.sweep(table)
        for kind in ("png", "svg"):
            style.save(figure, folder / f"sweep.{kind}")
    return folder, losers


def _compare(job: Job, store: Store, output_dir: Path) -> Path:
    """Compare, show and write one experiment; returns the run's folder."""
    from caresim.study import folder
    from caresim.study.compare import compare
    from caresim.study.progress import Progress

    with Progress() as progress:
        results = compare(job.experiment, store, progress)

    from caresim.view import figures, terminal

    terminal.show(results)
    print("drawing the figures ...", file=sys.stderr)
    return folder.write(results, output_dir, figures.save_all, job.told())


if __name__ == "__main__":
    main()
