"""Configurations that differ in values alone: what they share is composed once, which takes Hydra most of a second.

Of the packaged files it is known from one command to the next (composed_files.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

from caresim.config import composed_files, composition, paths

VALUE = re.compile(r"\+\+[\w.]+=")
"""An override that sets a value, whether there was one or not."""
MOST_KEPT = 32
"""Compositions that are kept; tokyo's has some 5,000 values."""


class Composer:
    """Composes one configuration after the other, with the files as they were when it first read them."""

    def __init__(self, config_dir: str | Path | None = None) -> None:
        self.config_dir = config_dir
        self._shared: dict[tuple[str, ...], dict[str, Any] | None] = {}

    def of(self, overrides: Sequence[str]) -> dict[str, Any] | None:
        """What Hydra would compose; None where that does not follow from what it composes without the values."""
        words = composition.relaxed(overrides, self.config_dir)
        values = [word for word in words if VALUE.match(word) and not self._names_a_folder(word)]
        rest = tuple(word for word, whole in zip(overrides, words, strict=True) if whole not in values)
        assigned = [_assigned(word, [other for other in words if other is not word]) for word in values]
        mapping = None if None in assigned else self._composed(rest)
        for path, value in filter(None, assigned):
            mapping = None if mapping is None else _put(mapping, path, value)
        return mapping

    def _names_a_folder(self, word: str) -> bool:
        """Does Hydra take its key for that of a group?"""
        folders = [paths.conf(), *([Path(self.config_dir)] if self.config_dir else [])]
        return any(paths.is_folder(folder / word.partition("=")[0].lstrip("+")) for folder in folders)

    def _composed(self, words: tuple[str, ...]) -> dict[str, Any] | None:
        """What Hydra composes of these words, kept."""
        if words not in self._shared:
            while len(self._shared) >= MOST_KEPT:
                self._shared.pop(next(iter(self._shared)), None)
            self._shared[words] = self._found_or_composed(words)
        return self._shared[words]

    def _found_or_composed(self, words: Sequence[str]) -> dict[str, Any] | None:
        if self.config_dir is not None:
            return self._without_references(words)
        name = composed_files.name_of(words)
        if (mapping := composed_files.find(name)) is not None:
            return mapping
        mapping = self._without_references(words)
        if mapping is not None and composed_files.name_of(words) == name:  # no file has changed meanwhile
            composed_files.keep(name, mapping)
        return mapping

    def _without_references(self, words: Sequence[str]) -> dict[str, Any] | None:
        """What Hydra composes, if no value of it refers to another one, which might be changed afterwards."""
        from omegaconf import OmegaConf

        try:
            composed = composition.composed_by_hydra(words, self.config_dir)
            plain = OmegaConf.to_container(composed, resolve=False)
            return plain if plain == OmegaConf.to_container(composed, resolve=True) else None  # type: ignore[return-value]
        except Exception:
            # It may be good with the other words; if it is not, composing them all together says why.
            return None


def kept() -> Composer:
    """The composer of the packaged files as they are now, for all of this process."""
    return _kept(tuple(_stamps()))


@lru_cache(maxsize=1)
def _kept(stamps: tuple[tuple[str, int, int], ...]) -> Composer:
    return Composer()


def _stamps() -> list[tuple[str, int, int]]:
    """Path, time of change in ns and size in bytes of every packaged file."""
    files = [(file, file.stat()) for file in sorted(paths.conf().rglob("*.yaml"))]
    return [(str(file), seen.st_mtime_ns, seen.st_size) for file, seen in files]


def _assigned(word: str, others: Sequence[str]) -> tuple[list[str], Any] | None:
    """Path and value of an override that only sets one value, and that no other word has to do with."""
    if (parsed := _parsed(word)) is None:
        return None
    key, value = parsed[0], deepcopy(parsed[1])
    keys = [other.partition("=")[0].lstrip("+~") for other in others]
    related = any(f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.") for other in keys)
    if related or not _is_plain(value) or "${" in str(value):
        return None
    return key.split("."), value


@lru_cache(maxsize=1024)
def _parsed(word: str) -> tuple[str, Any] | None:
    """Key and value of an override; None where Hydra does not understand it: composing all of the words says why."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        parsed = OverridesParser.create().parse_override(word)
        return parsed.key_or_group, parsed.value()
    except HydraException:
        return None


def _is_plain(value: Any) -> bool:
    """A value, or a list of values: they take the place of what was there, where a table of keys is merged into it."""
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str | int | float | bool | None) for item in items)


def _put(mapping: dict[str, Any], path: Sequence[str], value: Any) -> dict[str, Any] | None:
    """A copy of the mapping with another value at the path; None where nothing leads there."""
    first, *rest = path
    if not rest:
        return {**mapping, first: value}
    inner = mapping.get(first)
    changed = _put(inner, rest, value) if isinstance(inner, dict) else None
    return None if changed is None else {**mapping, first: changed}
