"""What `task=sensitivity` does: ask which assumption decides, show it, and write tables, figures and the page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.config.labels import spoken_of
from caresim.run.attempt import DONE, attempt, complete

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request
    from caresim.tasks.sensitivity.result import Sensitivity

    Tell = Callable[[Sensitivity, Path], Any]

NONE = "none"
"""Of the key `page`: no page is written."""


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Ask, show and write one study; the last line that is printed names the folder."""
    from caresim.run.progress import Progress
    from caresim.tasks.sensitivity import figure, terminal
    from caresim.tasks.sensitivity.study import study

    (job,) = jobs
    with attempt(job.experiment.output_dir) as store:
        with Progress() as progress:
            told = study(job.experiment, store, progress)
        with spoken_of(job.experiment):
            terminal.show(told)
            print("drawing the figures ...", file=sys.stderr)
            tell = None
            if job.experiment.setting("page") != NONE:
                from caresim.tasks.sensitivity import page

                tell = partial(page.save, command=request.command)
            place = write(told, job.experiment.output_dir, figure.save, tell)
    complete(place, store)
    return DONE


def write(told: Sensitivity, output_dir: str | Path, draw: Tell | None = None, tell: Tell | None = None) -> Path:
    """Write the folder of a study into `output_dir` and return its path.

    Files: sensitivity.csv (indices), knowing.csv (what knowing is worth), tornado.csv, screening.csv where there was
    one, points.parquet (the values at every point), runs.parquet (the metrics of every run), manifest.json and, when
    `draw` is given, figures/. `tell` puts into the folder what people read, once all else is there.
    """
    from caresim.run import draw_table, folder
    from caresim.run.block import task_hash
    from caresim.run.output_dir import final_path, unfinished

    experiment = told.experiment
    short = task_hash(experiment, "sensitivity")[:6]
    with unfinished(Path(output_dir), f"{experiment.name}_sensitivity", short) as place:
        folder.write_csv(told.table(), place / "sensitivity.csv")
        folder.write_csv(told.knowing(), place / "knowing.csv")
        folder.write_csv(told.tornado(), place / "tornado.csv")
        if told.screening is not None:
            folder.write_csv(told.screening, place / "screening.csv")
        draw_table.write(told.points(), experiment, place / "points.parquet")
        folder.write_parquet(told.runs, place / "runs.parquet")
        if draw is not None:
            (place / "figures").mkdir()
            draw(told, place / "figures")
        if tell is not None:
            tell(told, place)
        manifest = {
            **folder.origin(experiment, told.durations),
            "models": list(told.models),
            "metrics": list(told.metrics),
            "assumptions": len(told.assumptions),
            "inputs": list(told.inputs),
            "rows": len(told.rows.first),
            "digests": {"runs": folder.digest(told.runs)},
        }
        folder.write_manifest(manifest, place)
        return final_path(place)
