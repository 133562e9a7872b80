"""What `task=nowcast` does: say what is known now and what the hours ahead will bring; show it and write the folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.config.own_words import as_yaml
from caresim.run.attempt import DONE, attempt, complete
from caresim.tasks.nowcast.settings import FILE, NONE, Nowcast, values_of

if TYPE_CHECKING:
    from caresim.tasks.nowcast.desk.settings import NowcastOfDesk
    from caresim.tasks.nowcast.nowcast import Nowcasted
    from caresim.tasks.request import Job, Request

SHORT = 6


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
    from caresim.tasks.nowcast.desk.folder import write as write_desk
    from caresim.tasks.nowcast.desk.nowcast import nowcast
    from caresim.tasks.nowcast.desk.words import answer, caution

    found = nowcast(settings)
    print("\n".join([*answer(found), *caution(found)]), flush=True)
    print("drawing the figures ...", file=sys.stderr)
    return write_desk(found, command)


def _calls(settings: Nowcast, command: str) -> Path:
    """A nowcast of calls."""
    from caresim.run.progress import Progress
    from caresim.tasks.nowcast.nowcast import nowcast
    from caresim.tasks.nowcast.words import answer, caution
    from caresim.tasks.request import warn_of

    warn_of(settings.workers)
    with Progress() as progress:
        found = nowcast(settings, progress)
    print("\n".join([*answer(found), *caution(found)]), flush=True)
    print("drawing the figures ...", file=sys.stderr)
    return write(found, command)


def write(found: Nowcasted, command: str) -> Path:
    """Write nowcast.csv, open_contacts.csv, figures/, manifest.json and, unless asked not to, the page."""
    from caresim.run.folder import digest, made, write_csv, write_manifest
    from caresim.run.output_dir import final_path, unfinished
    from caresim.tasks.nowcast import page
    from caresim.tasks.nowcast.figure import save
    from caresim.tasks.nowcast.words import answer, caution

    settings = found.settings
    name = digest(found.table)
    with unfinished(Path(settings.output_dir), FILE, name[:SHORT]) as place:
        write_csv(found.table, place / "nowcast.csv")
        write_csv(found.open_contacts, place / "open_contacts.csv")
        if not found.candidates.empty:
            write_csv(found.candidates, place / "candidates.csv")
        (place / "figures").mkdir()
        save(found, place / "figures")
        if settings.page != NONE:
            page.save(found, place, command)
        manifest = {
            "nowcast": found.known.moment.isoformat(),
            "answer": answer(found),
            "warnings": caution(found),
            "seed": settings.seed,
            "replications": settings.replications,
            "digest": name,
            **made(found.durations),
            "configuration": settings.model_dump(mode="json", exclude_defaults=True),
        }
        write_manifest(manifest, place)
        return final_path(place)
