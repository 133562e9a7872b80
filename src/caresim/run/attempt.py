"""An attempt at some work: an attempt that is interrupted, or finds the disk full, loses nothing that was finished."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caresim.run.store import Store

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses of the command line. A full disk is BAD_INPUT: another `output_dir` helps."""
KEPT = "what was finished is kept, and the same command goes on from there"
NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""No room on the device; none within the user's quota, where there are quotas."""


class WorkerLostError(RuntimeError):
    """Worker processes were killed again and again while they computed the same."""


@contextmanager
def attempt(output_dir: str | Path) -> Iterator[Store]:
    """A store of finished blocks in `output_dir`; the caller forgets them when the results are safe.

    KeyboardInterrupt, WorkerLostError and the OSError of a full disk say on their way out whether anything is kept.
    """
    from caresim.run.store import Store

    store = Store(output_dir)
    try:
        yield store
    except KeyboardInterrupt:
        raise KeyboardInterrupt(*[KEPT] if store.holds else []) from None
    except WorkerLostError as lost:
        raise WorkerLostError(*[f"{lost}; {KEPT}"] if store.holds else lost.args) from None
    except OSError as problem:
        if not is_full(problem):
            raise
        kept = f"; {KEPT}" if store.holds else ""
        raise OSError(problem.errno, f"{full_disk(problem, output_dir)}{kept}") from problem


def is_full(problem: OSError) -> bool:
    """Does the error say that there is no room?"""
    return problem.errno in NO_ROOM


def full_disk(problem: OSError, output_dir: str | os.PathLike[str]) -> str:
    """The error in a line. Where its words are the system's alone, the line says what was being written."""
    words = problem.strerror or str(problem)
    if problem.errno is not None and words == os.strerror(problem.errno):
        return f"{words}: {problem.filename or os.fspath(output_dir)} (output_dir names a folder with more room)"
    return words
