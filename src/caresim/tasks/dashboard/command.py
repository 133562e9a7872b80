"""What `task=dashboard` does: serve the live view until Ctrl-C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from caresim.tasks.dashboard.server import serve

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Show one experiment."""
    (job,) = jobs
    return serve(job.experiment)
