"""What `task=nowcast` does: say what is known now and what the hours ahead will bring; show it and write the folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.config.own_words import as_yaml
from caresim.run.attempt import DONE, attempt, complete
from caresim.tasks.nowcast.settings import Nowcast, values_of

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.nowcast.desk.nowcast import NowcastedDesk
    from caresim.tasks.nowcast.desk.settings import NowcastOfDesk
    from caresim.tasks.nowcast.nowcast import Nowcasted
    from caresim.tasks.request import Request


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Nowcast; the last line that is printed names the folder."""
    from caresim.tasks.nowcast.desk.settings import NowcastOfDesk, asked

    settings = asked(values_of(request.overrides))
    if request.printing:
        print(as_yaml(settings), end="")
        return DONE
    with attempt(settings.output_dir) as store:
        if isinstance(settings, NowcastOfDesk):
            place = _desk(settings, request.command)
        else:
            place = _calls(settings, request.command)
    complete(place, store)
    return DONE


def _desk(settings: NowcastOfDesk, command: str) -> Path:
    """A nowcast of a written desk."""
    from caresim.tasks.nowcast.desk.nowcast import nowcast
    from caresim.tasks.nowcast.desk.words import answer, caution

    found = nowcast(settings)
    _say([*answer(found), *caution(found)])
    return write_desk(found, command)


def _calls(settings: Nowcast, command: str) -> Path:
    """A nowcast of calls."""
    from caresim.run.progress import Progress
    from caresim.tasks.jobs import warn_of
    from caresim.tasks.nowcast.nowcast import nowcast
    from caresim.tasks.nowcast.words import answer, caution

    warn_of(settings.workers)
    with Progress() as progress:
        found = nowcast(settings, progress)
    _say([*answer(found), *caution(found)])
    return write(found, command)


def _say(lines: Sequence[str]) -> None:
    """What was found, before the figures, which take a while."""
    print("\n".join(lines), flush=True)
    print("drawing the figures ...", file=sys.stderr)


def write_desk(found: NowcastedDesk, command: str) -> Path:
    """Write the folder of a written desk, with open_posts.csv."""
    from caresim.tasks.nowcast.desk import page
    from caresim.tasks.nowcast.desk.figure import save
    from caresim.tasks.nowcast.desk.words import answer, caution
    from caresim.tasks.nowcast.folder import written

    settings, known = found.settings, found.known
    told = {
        "nowcast": known.moment(known.now).isoformat(),
        "desk": known.posts.desk,
        "answer": answer(found),
        "warnings": caution(found),
        "seed": settings.seed,
        "draws": settings.draws,
        "weights": dict(found.fitted.weights),
    }
    return written(found, {"open_posts": found.open_posts}, told, save, lambda place: page.save(found, place, command))


def write(found: Nowcasted, command: str) -> Path:
    """Write the folder of a nowcast of calls, with open_contacts.csv, and candidates.csv where rules were chosen."""
    from caresim.tasks.nowcast import page
    from caresim.tasks.nowcast.figure import save
    from caresim.tasks.nowcast.folder import written
    from caresim.tasks.nowcast.words import answer, caution

    tables = {"open_contacts": found.open_contacts}
    if not found.candidates.empty:
        tables["candidates"] = found.candidates
    told = {
        "nowcast": found.known.moment.isoformat(),
        "answer": answer(found),
        "warnings": caution(found),
        "seed": found.settings.seed,
        "replications": found.settings.replications,
    }
    return written(found, tables, told, save, lambda place: page.save(found, place, command))
