"""A sweep that was ended before its end goes on in its folder: runs that are finished there are not run again.

The folder of a sweep at work has a hidden file from its first finished run on, which says what was asked for. It is
removed when the sweep is complete. The same command finds it and takes the folder up, if every run in it is still what
would be computed today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from caresim.config.errors import BadInput
from caresim.config.pace import paced, say
from caresim.run.block import content_hash
from caresim.run.output_dir import AT_WORK, goes_to, moved_into, taken_up
from caresim.tasks.request import MODE, OF_THE_MACHINE

if TYPE_CHECKING:
    from caresim.run.claim import Claim
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request


class Earlier(NamedTuple):
    """The folder of a sweep that goes on, the claim on it, and the numbers of the runs that are finished there."""

    folder: Path
    claim: Claim
    done: frozenset[int]


def asked_for(request: Request, jobs: Sequence[Job]) -> str:
    """What a sweep is asked for, as a digest: its words without those that change no result, and its first run."""
    settings = sorted((key, str(said)) for key, said in request.settings.items() if key != MODE)
    text = json.dumps([request.command, settings, content_hash(jobs[0].experiment)])
    return hashlib.sha256(text.encode()).hexdigest()


def mark(folder: Path, asked: str) -> None:
    """Note in a sweep's folder, unless it is noted, that the command that asks for this may go on there."""
    if not (folder / AT_WORK).exists():
        with moved_into(folder, "sweep_mark") as beside:
            (beside / AT_WORK).write_text(asked, encoding="utf-8")


def _said(file: Path) -> str | None:
    """What was asked for; None where the sweep has been completed or removed meanwhile, or others may not read it."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def unmark(folder: Path) -> None:
    """The sweep is complete."""
    (folder / AT_WORK).unlink(missing_ok=True)


def earlier(jobs: Sequence[Job], output_dir: Path, asked: str) -> Earlier | None:
    """The newest folder in which the sweep can go on; None where there is none, or others are at work in it.

    BadInput where something is in that folder which is no run of a sweep.
    """
    for file in sorted(output_dir.glob(f"*/{AT_WORK}"), reverse=True):
        folder = file.parent
        if folder.is_symlink() or _said(file) != asked or (claim := taken_up(folder)) is None:
            continue
        done = None
        try:
            if _said(file) != asked:
                continue  # its owner completed it before it was claimed
            if (done := _finished(jobs, folder)) is None:
                say(f"the runs in {folder} are of another version or configuration; the sweep begins anew")
                continue
            say(f"the sweep goes on in {folder}: {len(done)} of {len(jobs)} runs are finished")
            goes_to(folder)
            return Earlier(folder, claim, done)
        finally:
            if done is None:
                claim.release()
    return None


def blocks_are_shared(jobs: Sequence[Job], neighbours: Sequence[int]) -> bool:
    """Do runs of the sweep have blocks in common, as those of `replications=10,20` have? `neighbours`: the numbers of
    runs that differ from the first in one key alone.
    """
    felt = content_hash(jobs[0].experiment)
    for number in neighbours:
        try:
            if content_hash(jobs[number].experiment) == felt:
                return True
        except BadInput:
            continue  # it is told when its turn comes, and has no blocks
    return False


def _finished(jobs: Sequence[Job], folder: Path) -> frozenset[int] | None:
    """The numbers of the runs in a sweep's folder; None where one is not what would be computed today."""
    manifests = sorted(folder.glob("*/manifest.json"))
    done = set()
    for place in paced("looking at the finished runs", len(manifests), 1):
        manifest = json.loads(manifests[place].read_text(encoding="utf-8"))
        if not isinstance(manifest.get("job"), dict):
            allowed = "is no run of a sweep: move it out of the sweep's folder, and the same command goes on there"
            raise BadInput("folder", str(manifests[place].parent), allowed)
        number = int(manifest["job"]["number"])
        if number >= len(jobs) or not _is_of(jobs[number], manifest):
            return None
        done.add(number)
    return frozenset(done)


def _is_of(job: Job, manifest: Mapping[str, Any]) -> bool:
    """Is a finished run this job's: by its values, and by all that its replications would be computed from and by?"""
    if manifest["job"]["overrides"] != dict(job.overrides):
        return False
    experiment = job.experiment
    return manifest["content_hash"] == content_hash(experiment) and _told(manifest["configuration"]) == _told(
        experiment.as_text()
    )


def _told(configuration: Mapping[str, Any]) -> str:
    """A configuration as text, without the keys that no result depends on."""
    kept = {key: value for key, value in configuration.items() if key not in OF_THE_MACHINE}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)
