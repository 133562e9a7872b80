"""What the system refuses while results are written, in a line: no room, no right to write, a folder that has gone."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""No room on the device; none within the user's quota, where there are quotas."""
NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
GONE = {errno.ENOENT, errno.ENOTDIR, getattr(errno, "ESTALE", errno.ENOENT)}
BROKEN = {errno.EIO, errno.EFBIG}
HELP = {
    **dict.fromkeys(NO_ROOM, "output_dir names a folder with more room"),
    **dict.fromkeys(NO_RIGHT, "output_dir names a folder that can be written to"),
    **dict.fromkeys(GONE, "somebody has removed it while it was in use"),
    **dict.fromkeys(BROKEN, "output_dir names a folder on another disk"),
}


class RefusedError(OSError):
    """The system has refused to write results; its `strerror` is a line for whoever started them."""


def is_full(problem: OSError) -> bool:
    """Does the error say that there is no room?"""
    return problem.errno in NO_ROOM


def in_words(problem: OSError, output_dir: str | os.PathLike[str]) -> str | None:
    """The error in a line; None where it is not about `output_dir`, and nobody who started a run could mend it.

    Where its words are the system's alone, the line says what was being written.
    """
    words = problem.strerror or str(problem)
    if isinstance(problem, RefusedError):
        return words
    if (
        problem.errno is None
        or problem.errno not in HELP
        or not (is_full(problem) or _is_about(problem, Path(output_dir)))
    ):
        return None
    if words != os.strerror(problem.errno):
        return words if is_full(problem) else f"{words} ({HELP[problem.errno]})"
    return f"{words}: {problem.filename or os.fspath(output_dir)} ({HELP[problem.errno]})"


def told_at_last(problem: Exception) -> str | None:
    """The line for a command that ends with this error, where something was refused while results were written, or
    there was no room anywhere; None: it is an error of another kind.
    """
    if isinstance(problem, RefusedError) or (isinstance(problem, OSError) and is_full(problem)):
        return in_words(problem, Path.cwd())
    return None


def _is_about(problem: OSError, output_dir: Path) -> bool:
    """Does it name something in the folder? Libraries put the name into their words."""
    if problem.filename is None:
        return problem.errno not in GONE or str(output_dir) in str(problem)
    return Path(os.fsdecode(problem.filename)).absolute().is_relative_to(output_dir.absolute())


@contextmanager
def refusals_told(output_dir: str | Path) -> Iterator[None]:
    """Within the block, what the system refuses about `output_dir` is raised as a RefusedError."""
    try:
        yield
    except RefusedError:
        raise
    except OSError as problem:
        if (words := in_words(problem, output_dir)) is None:
            raise
        raise RefusedError(problem.errno, words) from problem
