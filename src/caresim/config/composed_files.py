"""What Hydra has composed of the packaged files, kept as plain data in this user's cache: it takes most of a second.

What is found there was composed of these very files, by these sources and this Hydra, and could have been put there by
nobody else. Where no cache can be used, Hydra composes each time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from caresim.config import paths
from caresim.model.ownership import content_of, make, objection_to_folder, write

FORMAT = "caresim composed 1"
MOST_KEPT = 40
"""Files; that of tokyo takes 0.1 MB."""
ENTRIES = ""
"""The one key of a JSON object that stands for a mapping with keys that are no text: its entries, in pairs."""


def digest_of(folder: Path, pattern: str) -> str:
    """Of the names and contents of every file below a folder."""
    text = hashlib.sha256()
    for file in sorted(folder.rglob(pattern)):
        content = file.read_bytes()
        text.update(f"{file.relative_to(folder)} {len(content)}\n".encode() + content)
    return text.hexdigest()


SOURCES = digest_of(Path(__file__).parent, "*.py")
"""Of what composes, as this process has read it: files that change later are not what runs."""
LIBRARIES = tuple(f"{library} {version(library)}" for library in ("hydra-core", "omegaconf", "PyYAML"))


def name_of(words: Sequence[str]) -> str:
    """What a composition of these words is kept under: of all that it depends on, as it is now."""
    made = [FORMAT, SOURCES, LIBRARIES, str(paths.conf()), digest_of(paths.conf(), "*.yaml"), list(words)]
    return hashlib.sha256(json.dumps(made).encode()).hexdigest()[:32]


def find(name: str) -> dict[str, Any] | None:
    """The composition that is kept under this name; None where there is none."""
    with suppress(OSError, RuntimeError):
        if not objection_to_folder(folder := _folder()):
            content, objection = content_of(folder / name)
            return None if objection else _unpacked(content)
    return None


def keep(name: str, mapping: dict[str, Any]) -> None:
    """Let `find` find it, if JSON can say it and the cache has room. Older ones give way."""
    try:
        content = _packed(mapping)
    except TypeError:
        return
    if _unpacked(content) != mapping:
        return
    with suppress(OSError, RuntimeError):
        make(folder := _folder())
        if not objection_to_folder(folder):
            write(content, folder / name)
            _prune(folder)


def _folder() -> Path:
    """In this user's cache; it need not exist. RuntimeError where nobody knows where this user lives."""
    return paths.cache() / "composed"


def _packed(mapping: dict[str, Any]) -> bytes:
    """The content of a file: a digest of the rest, then JSON."""
    whole = json.dumps(_encoded(mapping)).encode()
    return hashlib.sha256(whole).hexdigest().encode() + b"\n" + whole


def _unpacked(content: bytes) -> dict[str, Any] | None:
    """The mapping in a file; None where it is damaged."""
    digest, _, whole = content.partition(b"\n")
    if digest != hashlib.sha256(whole).hexdigest().encode():
        return None
    mapping: dict[str, Any] = json.loads(whole, object_hook=_decoded)
    return mapping


def _encoded(value: Any) -> Any:
    if isinstance(value, list):
        return [_encoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if all(isinstance(key, str) for key in value) and list(value) != [ENTRIES]:
        return {key: _encoded(item) for key, item in value.items()}
    return {ENTRIES: [[key, _encoded(item)] for key, item in value.items()]}


def _decoded(value: dict[str, Any]) -> dict[Any, Any]:
    return dict(value[ENTRIES]) if list(value) == [ENTRIES] else value


def _prune(folder: Path) -> None:
    """Remove all but the last few."""
    files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in files[MOST_KEPT:]:
        old.unlink(missing_ok=True)
