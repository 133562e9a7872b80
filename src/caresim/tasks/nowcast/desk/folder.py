"""The folder that a nowcast of a written desk leaves behind."""

from __future__ import annotations

from pathlib import Path

from caresim.run.folder import digest, made, write_csv, write_manifest
from caresim.run.output_dir import final_path, unfinished
from caresim.tasks.nowcast.desk import page
from caresim.tasks.nowcast.desk.figure import save
from caresim.tasks.nowcast.desk.nowcast import NowcastedDesk
from caresim.tasks.nowcast.desk.words import answer, caution
from caresim.tasks.nowcast.settings import FILE, NONE

SHORT = 6


def write(found: NowcastedDesk, command: str) -> Path:
    """Write nowcast.csv, open_posts.csv, figures/, manifest.json and, unless asked not to, the page."""
    settings, known = found.settings, found.known
    name = digest(found.table)
    with unfinished(Path(settings.output_dir), FILE, name[:SHORT]) as place:
        write_csv(found.table, place / "nowcast.csv")
        write_csv(found.open_posts, place / "open_posts.csv")
        (place / "figures").mkdir()
        save(found, place / "figures")
        if settings.page != NONE:
            page.save(found, place, command)
        manifest = {
            "nowcast": known.moment(known.now).isoformat(),
            "desk": known.posts.desk,
            "answer": answer(found),
            "warnings": caution(found),
            "seed": settings.seed,
            "draws": settings.draws,
            "weights": dict(found.fitted.weights),
            "digest": name,
            **made(found.durations),
            "configuration": settings.model_dump(mode="json", exclude_defaults=True),
        }
        write_manifest(manifest, place)
        return final_path(place)
