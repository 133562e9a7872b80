"""What a study in a notebook works with: a bar of how far it is, which gives way to one line, and a store."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from html import escape
from types import TracebackType
from typing import Any

from caresim.run.progress import Counting, Nobody, Watch
from caresim.run.store import Store

RUNS = "runs (staffing models x replications)"
OFTEN_S = 0.2
"""The bar moves at most this often: each time is a message to the page."""


def watching(what: str = RUNS, elsewhere: Watch | None = None) -> AbstractContextManager[Watch]:
    """Who is told how far the work is: in a notebook a bar, of so many of `what`; elsewhere `elsewhere`, or nobody."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if getattr(shell, "kernel", None) is None:
        return nullcontext(elsewhere or Nobody())
    # A notebook has loaded it; nothing else needs it.
    return InNotebook(sys.modules["IPython"].display.display, what)


@contextmanager
def study(output_dir: str, what: str = RUNS) -> Iterator[tuple[Store, Watch]]:
    """Where a study keeps what it has finished, and who is told how far it is; forgotten where it has ended well."""
    store = Store(output_dir)
    with watching(what) as watch:
        yield store, watch
    store.forget()


class InNotebook(Counting):
    """A watch that shows a bar below the cell. Use with `with`: at its end one line is left, the same in every run."""

    def __init__(self, display: Callable[..., Any], what: str) -> None:
        super().__init__(what)
        self._display = display
        self._handle: Any = None
        self._moved = -OFTEN_S

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is None:
            return
        ended = "" if error is None else f", then {kind.__name__ if kind else 'an error'}"
        self._show(f"{self.finished:,} {self._what}{ended}", bar=False)

    def compiled(self, seconds: float) -> None:
        """The bar goes on."""

    def expect(self, replications: int, staffings: Collection[str] = (), passengers: float = 0) -> None:
        super().expect(replications, staffings, passengers)
        self._move()

    def done(self, replications: int, resumed: bool, staffing: str = "") -> None:
        super().done(replications, resumed, staffing)
        if time.monotonic() - self._moved >= OFTEN_S:
            self._move()

    def _move(self) -> None:
        self._moved = time.monotonic()
        self._show(self.so_far(), bar=True)

    def _say(self, words: str) -> None:
        if not self.total:
            self._show(words, bar=False)

    def _show(self, words: str, bar: bool) -> None:
        """Put the words, behind a bar or alone, where the last ones were."""
        drawn = f'<progress value="{self.finished}" max="{self.total}"></progress> ' if bar else ""
        page = {"text/plain": words, "text/html": f"<div>{drawn}{escape(words)}</div>"}
        if self._handle is None:
            self._handle = self._display(page, raw=True, display_id=True)
        else:
            self._handle.update(page, raw=True)
