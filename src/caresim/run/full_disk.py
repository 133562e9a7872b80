"""A disk without room: which errors say so, and how that is told in a line."""

from __future__ import annotations

import errno
import os

ERRORS = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""No room on the device; none within the user's quota, where there are quotas."""


def is_full(problem: OSError) -> bool:
    """Does the error say that there is no room?"""
    return problem.errno in ERRORS


def told(problem: OSError, output_dir: str | os.PathLike[str]) -> str:
    """What the error says; where that is no more than the system's words, of what was being written."""
    words = problem.strerror or str(problem)
    if problem.errno is not None and words == os.strerror(problem.errno):
        return f"{words}: {problem.filename or os.fspath(output_dir)} (output_dir names a folder with more room)"
    return words
