"""The thread that computes for one window: asks go in, messages come out."""

from __future__ import annotations

import ctypes
import gc
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from caresim.config.experiment import Experiment
from caresim.tasks.dashboard.show import DONE, Message, Show

Publish = Callable[[Message], None]
"""Sends a message to the page."""


def give_back() -> None:
    """Return the memory of what is no longer used.

    Models refer to themselves, and Python would let many pile up before it looks; the C library of Linux keeps what
    each thread has freed for the next thread that happens to share its arena.
    """
    gc.collect()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


class Loop:
    """Answers one ask after the other, in a thread of its own, until it is closed.

    The page asks for the next frame when it has drawn the last one: a closed tab asks for nothing, and the model does
    not run ahead of a slow page.
    """

    def __init__(self, experiment: Experiment, publish: Publish) -> None:
        self.experiment, self.publish = experiment, publish
        self.asks: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
        self.closed = threading.Event()
        self.show: Show | None = None
        self.thread = threading.Thread(target=self.run, name="caresim live view", daemon=True)
        self.thread.start()

    def ask(self, ask: Mapping[str, Any]) -> None:
        """Have something answered, in turn."""
        self.asks.put(ask)

    def close(self) -> None:
        """Stop after the present answer, and free the models."""
        self.closed.set()
        self.asks.put(None)

    def run(self) -> None:
        """Answer until the loop is closed, or until nothing can be sent any more because the window has gone."""
        try:
            while (ask := self.asks.get()) is not None and not self.closed.is_set():
                for message in [*self.answers(ask), DONE]:
                    if not self.closed.is_set():
                        self.publish(message)
        except Exception:
            traceback.print_exc()
        finally:
            self.closed.set()
            self.show = None
            give_back()

    def answers(self, ask: Mapping[str, Any]) -> list[Message]:
        """An error in the model is shown on the page, and the window goes on."""
        try:
            if self.show is None:
                self.show = Show(self.experiment)
            return self.show.answer(ask)
        except Exception as problem:
            traceback.print_exc()
            return [Message("trouble", {"side": None, "text": f"{type(problem).__name__}: {problem}"})]
