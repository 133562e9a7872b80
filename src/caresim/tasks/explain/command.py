"""What `task=explain` does: divide the difference between two staffing models, show and write the shares."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from caresim.run.attempt import DONE, attempt, complete
from caresim.run.progress import Progress
from caresim.tasks.explain.explanation import explain, write

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Explain, show and write one experiment; the last line that is printed names the folder."""
    (job,) = jobs
    with attempt(job.experiment.output_dir) as store:
        with Progress() as progress:
            explanation = explain(job.experiment, store, progress)

        from caresim.tasks.explain import terminal

        terminal.show(explanation)
        print("drawing the figure ...", file=sys.stderr)
        place = write(explanation, job.experiment.output_dir, terminal.save, job.manifest_entry())
    complete(place, store)
    return DONE
