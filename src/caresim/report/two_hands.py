"""Jobs shared out between this process and a copy of it: what leaves files behind need not be done one by one."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector

from caresim.model.cores import cores

Job = Callable[[], object]
MOST = 256
"""Jobs: each has a number of one byte."""
PATIENCE_S = 60.0
"""A copy that has reported nothing for so long hangs: a lock that another thread held was copied with it."""


def can_help() -> bool:
    """Is there a second core, and a system on which a process can be copied as it stands?"""
    return sys.platform == "linux" and cores() > 1


def share_out(jobs: Sequence[Job], alone: bool = False) -> None:
    """Do every job once, here or in a copy of this process, whichever is free; nothing but its files comes back.

    What the copy does not finish, or not within `PATIENCE_S` of the last, is done here, so that its error is raised
    here. `alone`: without a copy.
    """
    if alone or not 2 <= len(jobs) <= MOST or not can_help():
        for job in jobs:
            job()
        return
    tickets, issue = os.pipe()
    os.write(issue, bytes(range(len(jobs))))
    os.close(issue)
    reports, report = os.pipe()
    copy = _copied()
    if copy == 0:
        try:
            for number in _drawn(tickets):
                jobs[number]()
                os.write(report, bytes([number]))
        finally:
            os._exit(0)  # no exit handlers: those are of the process that was copied
    os.close(report)
    try:
        done = set()
        for number in _drawn(tickets):
            jobs[number]()
            done.add(number)
        with DefaultSelector() as waiting:
            waiting.register(reports, EVENT_READ)
            while waiting.select(PATIENCE_S) and (told := os.read(reports, 1)):
                done.add(told[0])
    finally:
        os.kill(copy, signal.SIGKILL)  # it has ended, or hangs, or is not wanted any more
        os.close(tickets)
        os.close(reports)
        with suppress(ChildProcessError):  # where SIGCHLD is ignored, the system has buried it
            os.waitpid(copy, 0)
    for number, job in enumerate(jobs):
        if number not in done:
            job()


def _copied() -> int:
    """0 in the copy, its number here. Other threads do not exist in it, and no job waits for one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 on: there may be other threads
        return os.fork()


def _drawn(pipe: int) -> Iterator[int]:
    """Numbers from a pipe, one by one, until there are none and nobody can put any more in."""
    while number := os.read(pipe, 1):
        yield number[0]
