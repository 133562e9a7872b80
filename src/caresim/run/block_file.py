"""A finished block as one piece of data: JSON for its numbers, Arrow for its frames, a checksum over both.

Nothing in such a file can run. Layout: MAGIC, 32 bytes of SHA-256 over all that follows, 8 bytes (little-endian) that
say how long the JSON is, the JSON, and one Arrow stream after the other at the places that the JSON gives.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.run.arrow_form import Unread, as_batch, stream
from caresim.run.block import INTERVALS, SERIES, TABLES, Finished
from caresim.run.long_table import LongTable

if TYPE_CHECKING:
    import pandas as pd

MAGIC = b"caresim block 1\n"
_DIGEST, _LENGTH = 32, 8
_BEGIN = len(MAGIC) + _DIGEST + _LENGTH
"""Where the JSON begins."""
NAMES = (*TABLES, *SERIES, INTERVALS)
"""What a block has frames of."""
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, OSError)
"""What JSON, Arrow and pandas raise over bytes that they cannot read: too deep, too large, of another kind."""


class NotABlock(ValueError):
    """The bytes are no finished block of this version, or a damaged one."""


def encoded(finished: Finished) -> bytes:
    """The block as bytes. TypeError for a number that JSON has no form for."""
    return laid_out(finished)[0]


def laid_out(finished: Finished) -> tuple[bytes, Contents]:
    """The block as bytes, and what stands where in them. TypeError for a number that JSON has no form for."""
    if isinstance(finished.kept, Contents) and isinstance(finished.kept.source, bytes):
        return finished.kept.source, finished.kept
    streams: list[Any] = []
    frames: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    at = 0
    for name in NAMES:
        for piece in finished.pieces(name):
            if isinstance(piece, LongTable):
                frames[name].append({"files": [str(path) for path in piece.sources]})
                continue
            batch = as_batch(piece)
            streams.append(stream(batch))
            size = len(streams[-1])
            frames[name].append({"at": at, "size": size, "rows": batch.num_rows, "columns": batch.num_columns})
            at += size
    told = {
        "rows": finished.rows,
        "events": finished.events,
        "processor_s": finished.processor_s,
        "frames": frames,
    }
    text = json.dumps(told, default=_plain).encode()
    parts: list[Any] = [len(text).to_bytes(_LENGTH, "little"), text, *streams]
    checksum = hashlib.sha256()
    for part in parts:
        checksum.update(part)
    content = b"".join([MAGIC, checksum.digest(), *parts])
    return content, Contents(told, _BEGIN + len(text), content)


@dataclass(frozen=True)
class Sealed:
    """A block between two processes of this program: bytes that are kept as they are, and read when they are wanted."""

    content: bytes

    @classmethod
    def of(cls, finished: Finished) -> Sealed:
        """The block as bytes. TypeError for a number that JSON has no form for."""
        return cls(encoded(finished))

    def opened(self) -> Finished:
        """The block, whose frames stay where they are in the bytes."""
        told, begin = _told(self.content)
        contents = Contents(told, begin, self.content)
        return Finished(told["rows"], events=told["events"], processor_s=told["processor_s"], kept=contents)


def decoded(content: bytes, folder: Path | None = None) -> Finished:
    """The block in these bytes, frames and all; its files lie in `folder`. NotABlock where they are none."""
    return Contents.of(content, folder).block()


@dataclass(frozen=True)
class Contents:
    """What stands where in a block's bytes or file."""

    told: Mapping[str, Any]
    begin: int
    """Of the first stream, counted from the beginning of the file."""
    source: bytes | Path

    @classmethod
    def of(cls, content: bytes, folder: Path | None = None) -> Contents:
        """Of the bytes of a block that lies in `folder`, with its files. NotABlock where they are none."""
        if len(content) < _BEGIN or not content.startswith(MAGIC):
            raise NotABlock("another kind of file")
        body = memoryview(content)[len(MAGIC) + _DIGEST :]
        if hashlib.sha256(body).digest() != content[len(MAGIC) : len(MAGIC) + _DIGEST]:
            raise NotABlock("damaged")
        try:
            told, begin = _told(content)
            # What is wrong is found here, and not when the results are put together.
            _check(told, len(content) - begin, folder)
        except UNREADABLE as error:
            raise NotABlock(str(error)) from error
        return cls(told, begin, content)

    def at(self, path: Path) -> Contents:
        """The same, read from now on from the file at `path`, which holds these bytes."""
        return replace(self, source=path)

    def block(self) -> Finished:
        """The block, frames and all. NotABlock where they are none."""
        told = self.told
        finished = Finished(rows=told["rows"], events=told["events"], processor_s=told["processor_s"])
        try:
            for name in NAMES:
                frames = finished.tables[name] if name in TABLES else getattr(finished, name)
                frames.extend(self.pieces(name))
        except UNREADABLE as error:
            raise NotABlock(str(error)) from error
        return finished

    def size(self, name: str) -> tuple[int, int]:
        """Rows and cells of the frames of this name."""
        frames = [frame for frame in self.told["frames"][name] if "rows" in frame]
        return sum(frame["rows"] for frame in frames), sum(frame["rows"] * frame["columns"] for frame in frames)

    def pieces(self, name: str) -> list[pd.DataFrame | LongTable]:
        """The frames of this name."""
        return [
            piece if isinstance(piece, LongTable) else piece.read().to_pandas(split_blocks=True)
            for piece in self._read(name)
        ]  # fmt: skip

    def batches(self, name: str) -> Iterator[Unread]:
        """The frames of this name as Arrow has them; without what lies in files of its own."""
        return (batch for batch in self._read(name) if not isinstance(batch, LongTable))

    def _read(self, name: str) -> Iterator[Unread | LongTable]:
        for frame in self.told["frames"][name]:
            if "files" in frame:
                yield LongTable([Path(path) for path in frame["files"]])
            else:
                yield Unread(self._bytes(self.begin + frame["at"], frame["size"]))

    def _bytes(self, first: int, size: int) -> memoryview | bytes:
        if isinstance(self.source, bytes):
            return memoryview(self.source)[first : first + size]
        with self.source.open("rb") as file:
            file.seek(first)
            return file.read(size)


def _told(content: bytes) -> tuple[Any, int]:
    """What a block's JSON tells, and where its streams begin."""
    begin = _BEGIN + int.from_bytes(content[_BEGIN - _LENGTH : _BEGIN], "little")
    return json.loads(content[_BEGIN:begin]), begin


def _check(told: Any, room: int, folder: Path | None) -> None:
    """Complain of what no block tells: `room` is how many bytes its streams have, `folder` where its files may lie."""
    _expect(isinstance(told, dict), "no table")
    _expect(_all(told["rows"], dict), "rows")
    _expect(_all(told["events"], int), "events")
    _expect(_is(told["processor_s"], int) or _is(told["processor_s"], float), "processor_s")
    for name in NAMES:
        frames = told["frames"][name]
        _expect(_all(frames, dict), name)
        for frame in frames:
            if "files" in frame:
                _expect(_all(frame["files"], str) and bool(frame["files"]), f"files of {name}")
                _expect(all(_lies_in(path, folder) for path in frame["files"]), f"files of {name} elsewhere")
            else:
                place = [frame[key] for key in ("at", "size", "rows", "columns")]
                _expect(_all(place, int) and min(place) >= 0, f"place of {name}")
                _expect(frame["at"] + frame["size"] <= room, f"place of {name}")


def _expect(fits: bool, what: str) -> None:
    if not fits:
        raise NotABlock(f"not what a block says: {what}")


def _is(value: Any, kind: type) -> bool:
    """Is it of this kind? True and false are no numbers."""
    return isinstance(value, kind) and not isinstance(value, bool)


def _all(values: Any, kind: type) -> bool:
    return isinstance(values, list) and all(_is(value, kind) for value in values)


def _lies_in(path: str, folder: Path | None) -> bool:
    """Is it a file of this very folder, and no link that leads out of it?"""
    if folder is None:
        return False
    return Path(os.path.realpath(path)).parent == Path(os.path.realpath(folder))


def _plain(number: Any) -> Any:
    """A number of NumPy's as one of Python's."""
    import numpy as np

    if not isinstance(number, np.generic):
        raise TypeError(f"a block holds numbers and words, and not {number!r}")
    return number.item()
