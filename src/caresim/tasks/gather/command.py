"""What `task=gather` does: read the runs of a sweep, print its summary, and write its table, figures and page anew."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.config.errors import BadInput
from caresim.config.labels import spoken_of
from caresim.config.own_words import as_yaml
from caresim.config.paths import is_folder
from caresim.run.attempt import DONE
from caresim.run.folder import write_csv
from caresim.run.output_dir import moved_into
from caresim.tasks.compare.command import written
from caresim.tasks.compare.sweep import sweep
from caresim.tasks.compare.sweep.result import Sweep
from caresim.tasks.gather.settings import FOLDER, NONE, words

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request


def run(request: Request, jobs: Sequence[Job]) -> int:
    """The last line that is printed names the folder."""
    asked = words(request.overrides)
    if request.printing:
        print(as_yaml(asked), end="")
        return DONE
    if not is_folder(Path(asked.folder)):
        raise BadInput(FOLDER, asked.folder, "no such folder; allowed: the folder of a sweep (-m)")
    place = Path(asked.folder).resolve()
    try:
        swept = Sweep.load(place, asked.sweep_metrics)
    except BadInput as problem:
        if problem.key != "folder":
            raise
        told = asked.folder if problem.value == str(place) else problem.value
        raise BadInput(FOLDER, told, problem.allowed) from problem
    with moved_into(place, "sweep_table") as beside:
        write_csv(swept.table, beside / sweep.TABLE)
    with spoken_of(swept.experiment):
        written(swept, place, asked.figures != NONE, asked.page != NONE)
    print(place if Path(asked.folder).is_absolute() else os.path.relpath(place), flush=True)
    return DONE
