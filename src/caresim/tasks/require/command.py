"""What `task=require` does: find how many people each desk needs, show it, and write table and heat map."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.run.attempt import DONE, attempt, complete

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request
    from caresim.tasks.require.requirement import StaffNeeded

    Tell = Callable[[StaffNeeded, Path], Any]

NONE = "none"
"""Of the key `page`: no page is written."""


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Find, show and write one requirement; the last line that is printed names the folder."""
    from caresim.run.progress import Progress
    from caresim.tasks.require import terminal
    from caresim.tasks.require.requirement import staff_needed

    (job,) = jobs
    with attempt(job.experiment.output_dir) as store:
        with Progress() as progress:
            needed = staff_needed(job.experiment, progress, store)
        terminal.show(needed)
        print("drawing the figure ...", file=sys.stderr)
        tell = None
        if job.experiment.setting("page") != NONE:
            from caresim.tasks.require import page

            tell = partial(page.save, command=request.command)
        place = write(needed, job.experiment.output_dir, tell)
    complete(place, store)
    return DONE


def write(needed: StaffNeeded, output_dir: str | Path, tell: Tell | None = None) -> Path:
    """Write requirement.csv (a row an interval of a desk), figures/ and manifest.json; returns the folder's path.

    `tell` puts into the folder what people read, once all else is there.
    """
    from caresim.run.block import task_hash
    from caresim.run.folder import origin, write_csv, write_manifest
    from caresim.run.output_dir import final_path, unfinished
    from caresim.tasks.require.figure import save

    experiment = needed.experiment
    with unfinished(Path(output_dir), f"{experiment.name}_require", task_hash(experiment, "require")[:6]) as place:
        write_csv(needed.table(), place / "requirement.csv")
        (place / "figures").mkdir()
        save(needed, place / "figures")
        if tell is not None:
            tell(needed, place)
        manifest = {
            **origin(experiment),
            "staffing": needed.staffing,
            "desks": {needs.desk: needs.method for needs in needed.desks},
            "notes": list(needed.notes),
            "replications": experiment.replications,
        }
        write_manifest(manifest, place)
        return final_path(place)
