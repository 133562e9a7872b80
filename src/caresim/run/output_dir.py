"""The folder that runs are written into: a place for a run, and what dead runs have left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from caresim.run.claim import Claim, lock_of, remove_abandoned
from caresim.run.refusal import refusals_told

_MOMENT = f"{'[0-9]' * 4}-{'[0-9]' * 2}-{'[0-9]' * 2}_{'[0-9]' * 2}-{'[0-9]' * 2}-{'[0-9]' * 2}"
UNFINISHED = f".{_MOMENT}_*_*"
"""What a run's folder is called while it is being written, as a pattern."""
SWEEP = f"{_MOMENT}_sweep_*"
"""What the folder of a sweep is called, as a pattern."""


def clear_up(output_dir: Path) -> None:
    """Remove what runs and sweeps that were killed have left half-written."""
    sweeps = [folder for folder in output_dir.glob(SWEEP) if folder.is_dir()]
    for place in (output_dir, *sweeps):
        remove_abandoned(place, UNFINISHED)
    for sweep in sweeps:
        # Its runs are worth keeping; one without any, and without an owner, was killed before the first.
        if not lock_of(hidden(sweep)).exists():
            with suppress(OSError):
                sweep.rmdir()


@contextmanager
def unfinished(output_dir: Path, name: str, short_hash: str) -> Iterator[Path]:
    """A new hidden folder that becomes the final one at the end of the block, or vanishes when the block fails.

    RefusedError where the system does not let it be written.
    """
    with refusals_told(output_dir):
        output_dir.mkdir(parents=True, exist_ok=True)
        clear_up(output_dir)
        place, claim = reserved(output_dir, f"{name}_{short_hash}")
        try:
            place.mkdir()
            yield place
            place.rename(final_path(place))
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        finally:
            claim.release()


def final_path(place: Path) -> Path:
    """Where an unfinished folder will be."""
    return place.with_name(place.name.removeprefix("."))


def hidden(place: Path) -> Path:
    """Where a folder is while it is unfinished."""
    return place.with_name(f".{place.name}")


def reserved(output_dir: Path, name: str) -> tuple[Path, Claim]:
    """A hidden folder's path, of this moment and of a name that nobody has or can take, and the claim on it."""
    stem = f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{name}"
    number = 1
    while True:
        place = hidden(output_dir / (stem if number == 1 else f"{stem}-{number}"))
        number += 1
        if place.exists() or final_path(place).exists():
            continue
        try:
            claim = Claim(place)
        except FileExistsError:
            continue
        if not place.exists() and not final_path(place).exists():
            return place, claim
        claim.release()
