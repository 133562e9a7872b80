"""Output whose reader has gone (`caresim ... | head`, a closed terminal): the work goes on, and no more is said."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any, TextIO

STATUS = 141
"""The exit status of a command whose output nobody reads to its end: 128 and the number of the signal for it."""


class UntilReaderGoes:
    """A text stream that swallows what is written once nobody reads it; all else is that of the stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self.reader_gone = False

    def write(self, text: str) -> int:
        """Write, or throw away."""
        try:
            return self._stream.write(text)
        except OSError as problem:
            self._turn_away(problem)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write, or throw away."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Flush, or throw away."""
        try:
            self._stream.flush()
        except OSError as problem:
            self._turn_away(problem)

    def _turn_away(self, problem: OSError) -> None:
        """From now on into nothing: what is in the buffer would fail again, at the latest when Python ends.

        A terminal that was closed answers with an error of input and output; a file that does so is on a broken disk.
        """
        if not (isinstance(problem, BrokenPipeError) or (self._terminal and problem.errno == errno.EIO)):
            raise problem
        self.reader_gone = True
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self._stream.fileno())
        os.close(nothing)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def with_streams(work: Any, *words: Any) -> int:
    """Do the work, which returns an exit status, with output that may lose its reader and that shows any character."""
    watched = []
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # Without a terminal, Windows gives none.
            continue
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace" if name == "stdout" else "backslashreplace")
        watched.append(UntilReaderGoes(stream))
        setattr(sys, name, watched[-1])
    status: int = work(*words)
    for stream in watched:
        stream.flush()
    return STATUS if status == 0 and any(stream.reader_gone for stream in watched) else status
