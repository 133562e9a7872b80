"""What a worker process does: it takes up a job, computes one item after the other, and ends with its employer.

Requests come as pickles on standard input and replies leave as pickles on standard output: between two processes of
the same program, never through a file.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from caresim.run.effort import private_peak
from caresim.scenario.recent import Recent

Task = Callable[[Any, Any], Any]
"""Computes an item of a job: (what all items share, item) -> result."""
Reply = tuple[bool, Any, int]
"""Did it go well; the result, or the error; and the bytes that the worker has held at most for itself."""


def serve() -> None:
    """Answer requests until the employer ends, in whichever way: then this process ends at once, too."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What the code of a user prints must not get between the replies, nor may it read requests.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    Recent.one_by_one = True
    asked: SimpleQueue[tuple[bool, bytes]] = SimpleQueue()
    Thread(target=_listen, args=(requests, asked), daemon=True).start()
    task: Task | None = None
    shared: Any = None
    while True:
        is_job, content = asked.get()
        try:
            if is_job:
                task, shared = _taken_up(content)
                result = None
            else:
                assert task is not None
                result = task(shared, pickle.loads(content))
            reply = _packed_reply((True, result, private_peak()))
        except BaseException as error:  # that a result cannot be pickled is one of them
            reply = _packed_reply((False, _portable(error), private_peak()))
        replies.write(reply)
        replies.flush()


def packed(task: Task, shared: Any, rules: tuple[Sequence[str], str]) -> bytes:
    """A job as a worker takes it up; `rules`: the modules and the digest of the user's own routing rules."""
    return pickle.dumps((list(sys.path), rules, pickle.dumps((task, shared), protocol=5)), protocol=5)


def _packed_reply(reply: Reply) -> bytes:
    return pickle.dumps(reply, protocol=5)


def _listen(requests: IO[bytes], asked: SimpleQueue[tuple[bool, bytes]]) -> None:
    while True:
        try:
            asked.put(pickle.load(requests))
        except (EOFError, OSError, pickle.UnpicklingError):
            # Nobody is left who wants the rest: the employer has ended, perhaps in the middle of a request.
            os._exit(0)


def _taken_up(content: bytes) -> tuple[Task, Any]:
    from caresim.config.errors import BadInput
    from caresim.model import own_rules
    from caresim.run.plugins import load

    sys.path[:], (modules, digest), rest = pickle.loads(content)
    if missing := set(modules) - set(own_rules.modules()):
        load(sorted(missing))
    if own_rules.digest() != digest:
        raise BadInput("--plugin", ", ".join(modules), "has changed since it was loaded; start again to use it")
    task, shared = pickle.loads(rest)
    return task, shared


def _portable(error: BaseException) -> BaseException:
    """The error with what led to it as a note; in words alone, where it cannot travel."""
    trace = "".join(traceback.format_exception(error))
    error.add_note(f"In a worker process:\n{trace}")
    try:
        pickle.loads(pickle.dumps(error, protocol=5))
    except Exception:
        return RuntimeError(f"a worker process failed:\n{trace}")
    return error
