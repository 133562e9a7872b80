"""What `task=require` does: find how many people each desk needs, show it, and write table and heat map."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.run.attempt import DONE, complete
from caresim.run.probe import probe

if TYPE_CHECKING:
    from caresim.tasks.request import Job, Request
    from caresim.tasks.require.requirement import StaffNeeded


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Find, show and write one requirement; the last line that is printed names the folder."""
    from caresim.run.progress import Progress
    from caresim.tasks.require import terminal
    from caresim.tasks.require.requirement import staff_needed

    (job,) = jobs
    probe(job.experiment.output_dir)
    with Progress() as progress:
        needed = staff_needed(job.experiment, progress)
    terminal.show(needed)
    print("drawing the figure ...", file=sys.stderr)
    complete(write(needed, job.experiment.output_dir))
    return DONE


def write(needed: StaffNeeded, output_dir: str | Path) -> Path:
    """Write requirement.csv (a row an interval of a desk), figures/ and manifest.json; returns the folder's path."""
    from caresim.run.block import code_hash, content_hash
    from caresim.run.folder import write_csv, write_manifest
    from caresim.run.output_dir import final_path, unfinished
    from caresim.tasks.require.figure import save

    experiment = needed.experiment
    content = content_hash(experiment)
    with unfinished(Path(output_dir), f"{experiment.name}_require", content[:6]) as place:
        write_csv(needed.table(), place / "requirement.csv")
        (place / "figures").mkdir()
        save(needed, place / "figures")
        origin = {
            "experiment": experiment.name,
            "staffing": needed.staffing,
            "desks": {needs.desk: needs.method for needs in needed.desks},
            "notes": list(needed.notes),
            "seed": experiment.seed,
            "replications": experiment.replications,
            "content_hash": content,
            "code_hash": code_hash(),
            "configuration": experiment.as_text(),
        }
        write_manifest(origin, place)
        return final_path(place)
