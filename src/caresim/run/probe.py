"""Can results be written where they shall go? Tried in earnest before the first run, and nothing is left of it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from caresim.config.errors import BadInput

INNER = "figures/.satisfaction.svg.part"
"""A path within a run's folder, about as long as any."""
TRIES = 20
"""Another study may take a folder away, in the same place and at the same moment, that it had made for its own try."""


def probe(output_dir: str | Path, within: str = "") -> None:
    """BadInput where a run's folder could not be made in `output_dir`, or in a folder `within`."""
    problem: OSError | ValueError | None = None
    for _ in range(TRIES):
        try:
            _try(Path(output_dir, within).absolute() / f".probe-{uuid4().hex}{'-' * 32}" / INNER)
            return
        except (FileNotFoundError, FileExistsError) as error:
            problem = error
        except (OSError, ValueError) as error:
            problem = error
            break
    why = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    allowed = f"must be a folder that can be written to ({why}); allowed: another path, such as outputs"
    raise BadInput("output_dir", os.fspath(output_dir), allowed) from None


def _try(file: Path) -> None:
    """Write an empty file, with all folders that it takes, and remove what was made."""
    made: list[Path] = []
    with suppress(FileNotFoundError, NotADirectoryError):
        # A path that is too long for the system is refused before half of it is made.
        os.stat(file)
    try:
        for folder in (*reversed(file.parent.parents), file.parent):
            if not folder.is_dir():
                folder.mkdir()
                made.append(folder)
        file.write_bytes(b"")
        file.unlink()
    finally:
        for folder in reversed(made):
            # Not empty: somebody else is at work there already.
            with suppress(OSError):
                folder.rmdir()
