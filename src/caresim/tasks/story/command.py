"""What `task=story` does: tell, show and write what happens to one passenger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from caresim.run.attempt import DONE, complete
from caresim.run.probe import probe
from caresim.tasks.story.story import story, write

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Tell, show and write one story; the last line that is printed names the folder."""
    (job,) = jobs
    probe(job.experiment.output_dir)
    passenger_story = story(job.experiment)

    from caresim.tasks.story import story_table
    from caresim.tasks.story.figure import save_story

    story_table.show(passenger_story)
    complete(write(passenger_story, job.experiment.output_dir, save_story))
    return DONE
