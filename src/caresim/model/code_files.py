"""Where compiled code lies: in the installed package, or in a cache that belongs to this user alone.

Compiled code is the only thing that caresim reads and runs. It is taken from a file of this user or of root that nobody
else may write to, and only if it was made of these very sources, by this Numba, for this Python, and for a processor
that can do no more than this one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np

MODEL = Path(__file__).parent
SHIPPED = MODEL.parent / "compiled"
"""Within the package: the compiled code of a wheel that brings some."""
FORMAT = "caresim compiled code 1"
_KEPT = 4
_IN_USE = 24 * 3600.0


@dataclass(frozen=True)
class Code:
    """Machine code for a processor with some features, and the laws in it that Python can call."""

    laws: tuple[str, ...]
    features: tuple[str, ...]
    """What the processor must be able to do."""
    content: bytes
    """An object file."""


@lru_cache(maxsize=1)
def own_sources() -> str:
    """`source_hash` of the model that is running."""
    return source_hash()


def source_hash(folder: Path = MODEL) -> str:
    """Of every file of the model in `folder`, and of what compiles them."""
    text = hashlib.sha256(f"{numba.__version__} {np.__version__}".encode())
    for path in sorted(folder.glob("*.py")):
        text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()[:16]


def origin() -> dict[str, str]:
    """What code must have been made of and by, to be used here."""
    return {
        "format": FORMAT,
        "sources": own_sources(),
        "numba": numba.__version__,
        "llvmlite": llvmlite.__version__,
        "python": sys.implementation.cache_tag,
        "system": llvm.get_process_triple(),
    }


def abilities() -> frozenset[str]:
    """What this processor can do, in LLVM's words."""
    return frozenset(name for name, able in llvm.get_host_cpu_features().items() if able)


def needed(features: str) -> tuple[str, ...]:
    """The abilities that code needs which was made for these features (`+avx2,-avx512f`)."""
    return tuple(sorted(word[1:] for word in features.split(",") if word.startswith("+")))


def packed(code: Code) -> bytes:
    """The content of a file: a line that says what it is, then the code."""
    squeezed = zlib.compress(code.content, 6)
    head = {
        **origin(),
        "laws": code.laws,
        "features": code.features,
        "digest": hashlib.sha256(squeezed).hexdigest(),
    }
    return json.dumps(head).encode() + b"\n" + squeezed


def unpacked(content: bytes) -> Code | None:
    """The code in a file; None where it is damaged, made of or by something else, or for another processor."""
    line, _, squeezed = content.partition(b"\n")
    try:
        head = json.loads(line)
        fits = all(head[key] == value for key, value in origin().items())
        if not fits or head["digest"] != hashlib.sha256(squeezed).hexdigest() or not abilities() >= {*head["features"]}:
            return None
        return Code(tuple(head["laws"]), tuple(head["features"]), zlib.decompress(squeezed))
    except (ValueError, KeyError, TypeError, zlib.error):
        return None


def is_ours_alone(path: Path) -> bool:
    """Does it belong to this user or to root, and may nobody else write to it?"""
    if not hasattr(os, "getuid"):
        return True  # a system whose files have no owner in this sense
    about = path.stat()
    return about.st_uid in (0, os.getuid()) and not about.st_mode & 0o022


def caches() -> Iterator[Path]:
    """This user's folders for compiled code of these sources, the first choice first; they need not exist."""
    homes: Sequence[str | None] = (os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME"), _home_cache())
    for home in dict.fromkeys(homes):
        if home:
            yield Path(home) / "caresim" / own_sources()


def _home_cache() -> str | None:
    try:
        return str(Path.home() / ".cache")
    except RuntimeError:  # nobody knows where this user lives
        return None


def file_name(what: str, processor: Sequence[str]) -> str:
    """What the file with the code of `what` for a processor is called, in a cache that several machines may share."""
    return f"{what}-{hashlib.sha256(repr((*origin().values(), *processor)).encode()).hexdigest()[:16]}.code"


def find(name: str, shipped: bool = False) -> Code | None:
    """Code that was kept under this name, or (`shipped`) that came with the package; None where there is none to use.

    What somebody else could have written is passed over, as is what cannot be read.
    """
    for folder in (*([SHIPPED] if shipped else []), *caches()):
        for path in sorted(folder.glob("*.code")) if folder == SHIPPED else [folder / name]:
            with suppress(OSError):
                if is_ours_alone(path) and is_ours_alone(folder) and (code := unpacked(path.read_bytes())):
                    return code
    return None


def keep(name: str, code: Code) -> str:
    """Put code where `find` finds it; returns why that was not possible anywhere, else nothing."""
    reasons = []
    for folder in caches():
        try:
            open_folder(folder)
            _write(packed(code), folder / name)
            return ""
        except OSError as error:
            reasons.append(f"{folder}: {error.strerror or error}")
    return "; ".join(reasons) or "there is no home folder; set XDG_CACHE_HOME to a folder of your own"


def open_folder(folder: Path) -> None:
    """Make a cache's folder, for this user alone, say that it is in use, and prune older ones; OSError if it cannot."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not is_ours_alone(folder):
        raise PermissionError(None, "somebody else could write there")
    os.utime(folder)
    _prune(folder)


def _write(content: bytes, path: Path) -> None:
    """In one piece: a reader sees all of it or nothing."""
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix="unfinished-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _prune(folder: Path) -> None:
    """Delete the other folders but the last few, and but those that a program may be using: begun with within a day."""
    others = [other for other in folder.parent.iterdir() if other != folder and other.is_dir()]
    used = sorted((_last_used(other), other) for other in others)
    for when, old in used[: -_KEPT or None]:
        if when < time.time() - _IN_USE:
            shutil.rmtree(old, ignore_errors=True)


def _last_used(folder: Path) -> float:
    """When a program last began with this folder; now, where another one is deleting it."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return time.time()
