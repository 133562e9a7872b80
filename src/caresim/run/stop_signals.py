"""Ctrl-C, and what else asks a command to end: a terminal that is closed, a service, a queue of jobs, `kill`.

Only the command line installs this; a notebook or a program that uses caresim keeps its own ways. What is asked for
first ends the work in order. Who asks again ends the process at once, and so does time: after `PATIENCE_S` a stretch of
machine code that Python cannot interrupt is not waited for. Nothing is lost either way: finished blocks are in place,
and what is half-written is removed when the next command begins.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

PATIENCE_S = 5.0
"""A command that has been asked to end has ended by then."""
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""What asks; not every system has them all."""
SHELL = 128
"""A shell adds this to a signal's number: 130 for Ctrl-C, 143 for SIGTERM."""


SHOW_CURSOR = "\x1b[?25h"
"""What a terminal is told that hides it while there is a bar."""


class StopSignal(KeyboardInterrupt):
    """A command was asked to end."""


class _Asked:
    """What has been asked of this process."""

    def __init__(self, in_words: Callable[[], str]) -> None:
        self.in_words = in_words
        self.first: int | None = None
        self._told = threading.Lock()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        # What Python's own handler does has to wait until machine code returns; this thread does not.
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, daemon=True, name="caresim-stop").start()

    def handle(self, number: int, _: FrameType | None) -> None:
        """In the main thread, as soon as it is at work in Python."""
        if self.first is not None:
            self.end(number)
        self.first = number
        raise StopSignal

    def tell(self, words: str) -> None:
        """One sentence, once, whoever says it first."""
        if self._told.acquire(blocking=False):
            with suppress(OSError, ValueError):  # the terminal may be gone, which changes nothing
                print(f"\ncaresim: {words}", file=sys.stderr, flush=True)

    def end(self, number: int) -> None:
        """Now: no exit handler runs, and workers end because their pipes are closed."""
        if self._told.acquire(blocking=False):
            # Past Python's own stream: whoever is interrupted may hold it.
            with suppress(OSError):
                cursor = SHOW_CURSOR if os.isatty(2) else ""
                os.write(2, f"{cursor}\ncaresim: {self.in_words()}\n".encode())
        os._exit(SHELL + number)

    def _listen(self) -> None:
        first = self._next()
        self._woken.settimeout(PATIENCE_S)
        try:
            self.end(self._next())
        except TimeoutError:
            self.end(first)

    def _next(self) -> int:
        """The number of the next signal that is ours. TimeoutError where none has come in time.

        A task that takes a signal over for a while (the live view) is the only one to hear it then.
        """
        while True:
            number = self._woken.recv(1)[0]
            if number in _OURS and signal.getsignal(number) == self.handle:
                return number


_asked: _Asked | None = None
_OURS: set[int] = set()


def install(in_words: Callable[[], str]) -> None:
    """Heed the signals that this process was not told to ignore (as `nohup` does); once a process, in its main thread.

    `in_words` says what becomes of what was done, and how to go on: for a process that has no time for more.
    """
    global _asked
    _OURS.update(int(number) for number in numbers() if signal.getsignal(number) != signal.SIG_IGN)
    _asked = _Asked(in_words)
    for number in _OURS:
        signal.signal(number, _asked.handle)
    sys.unraisablehook = _unraisable
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget)


def numbers() -> list[signal.Signals]:
    """What asks a process of this system to end."""
    return [getattr(signal, name) for name in NAMES if hasattr(signal, name)]


def status() -> int | None:
    """The exit status of a process that was asked to end; None: it was not asked."""
    return None if _asked is None or _asked.first is None else SHELL + _asked.first


def tell(words: str) -> None:
    """Say how the command ends, unless that has been said."""
    if _asked is None:
        print(f"\ncaresim: {words}", file=sys.stderr)
    else:
        _asked.tell(words)


def _unraisable(unraisable: Any) -> None:
    """What was asked while Python cleared something away, where it would be printed and forgotten, is heeded."""
    if isinstance(unraisable.exc_value, StopSignal) and _asked is not None and _asked.first is not None:
        _asked.end(_asked.first)
    sys.__unraisablehook__(unraisable)


def _forget() -> None:
    """In a copy of this process: signals end it, and are not told to the original."""
    global _asked
    if _asked is not None:
        signal.set_wakeup_fd(-1)
        for number in _OURS:
            signal.signal(number, signal.SIG_DFL)
        _asked = None
