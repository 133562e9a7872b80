"""What `task=plan` does: plan a roster, show what it buys, and write it as a staffing model."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.run.attempt import DONE, attempt, complete
from caresim.run.progress import Progress
from caresim.tasks.plan.planning import plan

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.plan.result import Plan
    from caresim.tasks.request import Request

    Draw = Callable[[Plan, Path], Any]

NONE = "none"
"""Of the key `page`: no page is written."""
CONF, STAFFING = "conf", "staffing"
"""The folder for `--config-dir`, and where in it staffing models are looked for."""


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Plan, show and write one roster; the last line that is printed names the folder."""
    (job,) = jobs
    with attempt(job.experiment.output_dir) as store:
        with Progress() as progress:
            planned = plan(job.experiment, store, progress)

        from caresim.tasks.plan import figure, terminal

        terminal.show(planned)
        print("drawing the figures ...", file=sys.stderr)
        tell = None
        if job.experiment.setting("page") != NONE:
            from caresim.tasks.plan import page

            tell = partial(page.save, command=request.command)
        place = write(planned, job.experiment.output_dir, figure.save, tell)
    complete(place, store)
    return DONE


def write(planned: Plan, output_dir: str | Path, draw: Draw | None = None, tell: Draw | None = None) -> Path:
    """Write the folder of a plan into `output_dir` and return its path.

    Files: conf/staffing/NAME/plan.yaml (a staffing model), plan.csv (people by day and hour), shifts.csv (people by day
    and shift), days.csv, half_hours.csv (what contacts met), figures.csv (all means and differences), frontier.csv,
    judged.parquet, searched.parquet, manifest.json and, when `draw` is given, figures/. `tell` puts into the
    folder what people read, once all else is there.
    """
    from caresim.run import folder
    from caresim.run.block import task_hash
    from caresim.run.output_dir import final_path, unfinished
    from caresim.tasks.plan import day_table

    experiment = planned.experiment
    with unfinished(Path(output_dir), f"{experiment.name}_plan", task_hash(experiment, "plan")[:6]) as place:
        model = place / CONF / STAFFING / experiment.name / "plan.yaml"
        model.parent.mkdir(parents=True)
        model.write_text(planned.text, encoding="utf-8")
        folder.write_csv(planned.table(), place / "plan.csv")
        folder.write_csv(planned.shifts(), place / "shifts.csv")
        folder.write_csv(planned.days(), place / "days.csv")
        folder.write_csv(day_table.half_hours(planned), place / "half_hours.csv")
        folder.write_csv(planned.figures(), place / "figures.csv")
        if planned.settings.frontier:
            folder.write_csv(planned.frontier(), place / "frontier.csv")
        folder.write_parquet(planned.judged, place / "judged.parquet")
        if planned.choice.searched is not None:
            folder.write_parquet(planned.choice.searched, place / "searched.parquet")
        if draw is not None:
            (place / "figures").mkdir()
            draw(planned, place / "figures")
        if tell is not None:
            tell(planned, place)
        manifest = {
            **folder.origin(experiment, planned.durations),
            "staffing": planned.rules.staffing,
            "desk": planned.rules.desk,
            "candidate": planned.choice.name or str(planned.choice.weights),
            "weights": str(planned.choice.weights),
            "times": planned.choice.times,
            "reached": planned.choice.reached,
            "digests": {"judged": folder.digest(planned.judged.drop(columns="ordinary_days"))},
        }
        folder.write_manifest(manifest, place)
        return final_path(place)
