"""What `task=roster` does: plan a roster, print it as configuration, and write it with the demand it follows from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.run.attempt import DONE, complete
from caresim.run.probe import probe
from caresim.tasks.roster.planned import Plan, plan

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Plan, print and write one roster; the last line that is printed names the folder."""
    (job,) = jobs
    probe(job.experiment.output_dir)
    planned = plan(job.experiment, job.experiment.setting("roster"))
    print(planned.text, end="")
    complete(write(planned, job.experiment.output_dir))
    return DONE


def write(planned: Plan, output_dir: str | Path) -> Path:
    """Write roster.yaml, demand.csv and manifest.json; returns the folder's path."""
    from caresim.run.block import content_hash
    from caresim.run.folder import origin, write_csv, write_manifest
    from caresim.run.output_dir import final_path, unfinished

    experiment = planned.experiment
    with unfinished(Path(output_dir), f"{experiment.name}_roster", content_hash(experiment)[:6]) as place:
        (place / "roster.yaml").write_text(planned.text, encoding="utf-8")
        write_csv(planned.table(), place / "demand.csv")
        write_manifest({**origin(experiment), "staffing": planned.staffing, "desk": planned.desk}, place)
        return final_path(place)
