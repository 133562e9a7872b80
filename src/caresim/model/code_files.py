"""Where compiled code lies: in the installed package, or in a cache that belongs to this user alone.

Compiled code is the only thing that caresim reads and runs. It is taken from a file of this user or of root that nobody
else may write to (ownership.py), and only if it was made of these very sources, by this Numba, for this Python, and for
a processor that can do no more than this one. Where no cache can be used, there is a fresh folder for this process.
"""

from __future__ import annotations

import atexit
import errno
import hashlib
import json
import logging
import os
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np

from .ownership import content_of, make, objection_to_folder, shipped_content_of, write

MODEL = Path(__file__).parent
SHIPPED = MODEL.parent / "compiled"
"""Within the package: the compiled code of a wheel that brings some."""
FORMAT = "caresim compiled code 1"
TEMPORARY = "CARESIM_CODE"
"""The environment variable that tells processes which this one begins where its fresh folder is."""
_KEPT = 4
_log = logging.getLogger(__name__)
_IN_USE = 24 * 3600.0
_refused: set[str] = set()
"""What has been told of files and folders that are not used: each is told once."""


@dataclass(frozen=True)
class Code:
    """Machine code for a processor with some features, and the laws in it that Python can call."""

    laws: tuple[str, ...]
    features: tuple[str, ...]
    """What the processor must be able to do."""
    content: bytes
    """An object file."""


def source_hash(folder: Path = MODEL) -> str:
    """Of every file of the model in `folder`, and of what compiles them."""
    text = hashlib.sha256(f"{numba.__version__} {np.__version__}".encode())
    for path in sorted(folder.glob("*.py")):
        text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()[:16]


OWN_SOURCES = source_hash()
"""Of the model as this process has read it: files that change later are not what runs."""


def origin() -> dict[str, str]:
    """What code must have been made of and by, to be used here."""
    return {
        "format": FORMAT,
        "sources": OWN_SOURCES,
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
    """The content of a file: a digest of the rest, a line that says what it is, then the code."""
    head = json.dumps({**origin(), "laws": code.laws, "features": code.features}).encode()
    whole = head + b"\n" + zlib.compress(code.content, 6)
    return hashlib.sha256(whole).hexdigest().encode() + b"\n" + whole


def unpacked(content: bytes) -> Code | None:
    """The code in a file; None where it is damaged, made of or by something else, or for another processor."""
    digest, _, whole = content.partition(b"\n")
    if digest != hashlib.sha256(whole).hexdigest().encode():
        return None
    head, _, squeezed = whole.partition(b"\n")
    try:
        about = json.loads(head)
        if any(about[key] != value for key, value in origin().items()) or not abilities() >= {*about["features"]}:
            return None
        return Code(tuple(about["laws"]), tuple(about["features"]), zlib.decompress(squeezed))
    except (ValueError, KeyError, TypeError, zlib.error):
        return None


def caches() -> Iterator[Path]:
    """This user's folders for compiled code of these sources, the first choice first; they need not exist."""
    homes: Sequence[str | None] = (os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME"), _home_cache())
    return (Path(home) / "caresim" / OWN_SOURCES for home in dict.fromkeys(homes) if home)


def _places() -> Iterator[Path]:
    """Where code is looked for: the caches, and the fresh folder of this process or of the one that began it."""
    yield from caches()
    if TEMPORARY in os.environ:
        yield temporary()


def temporary() -> Path:
    """A folder of this process and of those that it begins, which vanishes with it. OSError where there is no room."""
    if TEMPORARY not in os.environ:
        home, owner = tempfile.mkdtemp(prefix="caresim-"), os.getpid()

        def vanish() -> None:
            if os.getpid() == owner:
                shutil.rmtree(home, ignore_errors=True)

        atexit.register(vanish)
        os.environ[TEMPORARY] = home
    return Path(os.environ[TEMPORARY]) / "caresim" / OWN_SOURCES


def _home_cache() -> str | None:
    try:
        return str(Path.home() / ".cache")
    except RuntimeError:  # nobody knows where this user lives
        return None


def file_name(what: str, processor: Sequence[str]) -> str:
    """What the file with the code of `what` for a processor is called, in a cache that several machines may share."""
    return f"{what}-{hashlib.sha256(repr((*origin().values(), *processor)).encode()).hexdigest()[:16]}.code"


def forget(name: str) -> None:
    """Remove what was kept under this name and turned out to be of no use."""
    for folder in _places():
        with suppress(OSError):
            (folder / name).unlink()


def find(name: str, shipped: bool = False) -> Code | None:
    """Code that was kept under this name, or (`shipped`) that came with the package; None where there is none to use.

    What somebody else could have written is passed over with a warning, and what cannot be read without one.
    """
    for path in sorted(SHIPPED.glob("*.code")) if shipped else []:
        with suppress(OSError):
            if code := _judged(*shipped_content_of(path)):
                return code
    for folder in _places():
        with suppress(OSError):
            if not _is_trusted(folder):
                continue
            if code := _judged(*content_of(folder / name)):
                with suppress(OSError):  # a folder that cannot be written to is not pruned either
                    os.utime(folder)
                return code
    return None


def _is_trusted(folder: Path) -> bool:
    """Could nobody else have put something there? OSError where there is no such folder."""
    objection = objection_to_folder(folder)
    _tell(objection)
    return not objection


def _judged(content: bytes, objection: str) -> Code | None:
    _tell(objection)
    return None if objection else unpacked(content)


def _tell(objection: str) -> None:
    if objection and objection not in _refused:
        _refused.add(objection)
        _log.warning("compiled code is not taken from where somebody else could have put it: %s", objection)


def keep(name: str, code: Code) -> str:
    """Put code where `find` finds it; returns why no cache of the user's can hold it, else nothing.

    It is then kept as long as this process runs, if any disk has room.
    """
    if source_hash() != OWN_SOURCES:
        return "the files of the model have changed since this process read them"
    reasons = []
    for folder in caches():
        reason = _kept_in(folder, name, code)
        if not reason:
            return ""
        reasons.append(reason)
    with suppress(OSError):
        _kept_in(temporary(), name, code)
    return "; ".join(reasons) or "there is no home folder; set XDG_CACHE_HOME to a folder of your own"


def _kept_in(folder: Path, name: str, code: Code) -> str:
    """Put code into a folder; returns why that is not possible, else nothing."""
    try:
        open_folder(folder)
        write(packed(code), folder / name)
    except OSError as error:
        return f"{folder}: {error.strerror or error}"
    return ""


def open_folder(folder: Path) -> None:
    """Make a cache's folder, for this user alone, say that it is in use, and prune older ones; OSError if it cannot."""
    make(folder)
    if objection := objection_to_folder(folder):
        raise PermissionError(errno.EPERM, objection)
    os.utime(folder)
    _prune(folder)


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
