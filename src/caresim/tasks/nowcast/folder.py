"""The folder that a nowcast of either kind leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from caresim.run.folder import digest, made, write_csv, write_manifest
from caresim.run.output_dir import final_path, unfinished
from caresim.tasks.nowcast.settings import FILE, NONE

SHORT = 6
"""Characters of the digest in a folder's name."""


def written(
    found: Any, tables: Mapping[str, pd.DataFrame], told: Mapping[str, Any], draw: Callable[[Any, Path], Any],
    tell: Callable[[Path], None],
) -> Path:  # fmt: skip
    """Write nowcast.csv, other tables, figures/, manifest.json (first what is `told`) and, unless asked not to, the
    page; returns the folder.
    """
    settings, name = found.settings, digest(found.table)
    with unfinished(Path(settings.output_dir), FILE, name[:SHORT]) as place:
        for table, rows in {"nowcast": found.table, **tables}.items():
            write_csv(rows, place / f"{table}.csv")
        (place / "figures").mkdir()
        draw(found, place / "figures")
        if settings.page != NONE:
            tell(place)
        configuration = settings.model_dump(mode="json", exclude_defaults=True)
        manifest = {**told, "digest": name, **made(found.durations), "configuration": configuration}
        write_manifest(manifest, place)
        return final_path(place)
