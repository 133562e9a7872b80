"""How the live view ends: at Ctrl-C or when the system asks, with one sentence."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from caresim.run.stop_signals import SHELL, numbers


class EndedError(BaseException):
    """The view is to end before it is open."""


class Ending:
    """What has been asked for so far. `number` is the signal that came first."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.is_open = False

    @property
    def status(self) -> int:
        """For the shell."""
        return SHELL + (self.number or 0)

    def ask(self, number: int, frame: FrameType | None) -> None:
        """A signal has come. The second one ends the process at once: the view has nothing that could be lost."""
        if self.number is not None:
            os._exit(SHELL + number)
        self.number = number
        if not self.is_open:
            raise EndedError

    def wait(self, goes_on: Callable[[], bool]) -> None:
        """Until a signal comes, or `goes_on` is false. From here on a signal interrupts nothing."""
        self.is_open = True
        pause = threading.Event()
        while self.number is None and goes_on():
            pause.wait(0.2)


@contextmanager
def heard() -> Iterator[Ending]:
    """Ctrl-C and what else asks a command to end (run/stop_signals.py) ends the view while the context lasts.

    What was to be ignored stays ignored.
    """
    ending = Ending()
    if threading.current_thread() is not threading.main_thread():
        yield ending
        return
    before = {number: signal.getsignal(number) for number in numbers()}
    heeded = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, ending.ask)
    try:
        yield ending
    finally:
        for number in heeded:
            signal.signal(number, before[number])
