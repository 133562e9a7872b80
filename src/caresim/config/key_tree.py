"""The keys of an experiment as its files have them: for completion, which is asked at each press of a key.

Hydra takes most of a second to compose them. What matters here is only which keys there are: each file is put where its
list of `defaults` says, and what they refer to is left alone. `tests/config/test_key_tree.py` compares with Hydra.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from caresim.config import paths

MOST_BYTES = 1_000_000
"""Of a file that is looked at."""
MOST_FILES = 300
"""Of one experiment."""


class KeyTree:
    """Tables within tables, of the packaged files and those of a user."""

    def __init__(self, chosen: Mapping[str, str], config_dir: str | Path | None = None) -> None:
        """`chosen`: the files that a command line names by group, such as {"experiment": "tokyo"}."""
        self.folders = [*([Path(config_dir)] if config_dir else []), paths.conf()]
        self.chosen = dict(chosen)
        self.whole: dict[str, Any] = {}
        self._left = MOST_FILES
        self._heeded: set[str] = set()
        defaults = _defaults(self._content("config"))
        groups = {group: name for group, name, _ in _entries(defaults, "")}
        self._heed_overrides(f"experiment/{self.chosen.get('experiment', groups.get('experiment', ''))}")
        self._add("config", "")
        for key, name in chosen.items():
            group, _, place = key.partition("@")
            if place:
                self._add(f"{group}/{name}", place)

    def at(self, path: Sequence[str]) -> Any:
        """What is at a path of keys; None: nothing."""
        node: Any = self.whole
        for step in path:
            node = node.get(step) if isinstance(node, dict) else None
        return node

    def _content(self, path: str) -> dict[str, Any]:
        """What a file says; nothing, where there is none, or where it cannot be read, which a run will say."""
        import yaml

        file = next((file for folder in self.folders if paths.is_file(file := folder / f"{path}.yaml")), None)
        if file is None or file.stat().st_size > MOST_BYTES:
            return {}
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(file.read_bytes())
        try:
            content = loader.get_single_data()
        except (yaml.YAMLError, ValueError, RecursionError):
            return {}
        finally:
            loader.dispose()
        return content if isinstance(content, dict) else {}

    def _heed_overrides(self, path: str) -> None:
        """Choose what an experiment, and those that it builds on, put in the place of other files."""
        if path in self._heeded:
            return
        self._heeded.add(path)
        for group, name, overrides in _entries(_defaults(self._content(path)), path.rpartition("/")[0]):
            if overrides:
                self.chosen.setdefault(group, name)
            elif group == "experiment":
                self._heed_overrides(f"{group}/{name}")

    def _add(self, path: str, place: str, way: tuple[str, ...] = ()) -> None:
        """Put a file, and those that it builds on, into the tree at a place: a dotted path, empty for the top."""
        self._left -= 1
        if self._left < 0 or path in way:
            return
        content = self._content(path)
        own = {key: value for key, value in content.items() if key != "defaults"}
        inside = path.rpartition("/")[0]
        is_top = not place
        for entry in _defaults(content):
            if entry == "_self_":
                continue
            for key, name, overrides in _entries([entry], inside):
                if overrides:
                    continue
                group, _, given = key.partition("@")
                if isinstance(entry, dict):
                    name = self.chosen.get(key, name)
                if given:
                    there = given if is_top else f"{place}.{given}"
                elif group == inside and isinstance(entry, str):
                    there = place
                elif group == "experiment":
                    there = ""
                else:
                    there = group.replace("/", ".")
                self._add(f"{group}/{name}" if group else name, there, (*way, path))
        node = self.whole
        for step in filter(None, place.split(".")):
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                return
        _merge(node, own)


def _defaults(content: Mapping[str, Any]) -> list[Any]:
    defaults = content.get("defaults")
    return defaults if isinstance(defaults, list) else []


def _entries(defaults: Sequence[Any], inside: str) -> Iterator[tuple[str, str, bool]]:
    """(group with its place, file, does it override) of a list of defaults; its file lies in the folder `inside`."""
    for entry in defaults:
        for key, names in entry.items() if isinstance(entry, dict) else [("", entry)]:
            words = str(key).split()
            group = words[-1] if words else ""
            group = group[1:] if group.startswith("/") else "/".join(filter(None, (inside, group)))
            for name in names if isinstance(names, list) else [names]:
                if isinstance(name, str) and name != "_self_":
                    yield group, name, "override" in words[:-1]


def _merge(into: dict[str, Any], other: Mapping[Any, Any]) -> None:
    for key, value in other.items():
        there = into.get(str(key))
        if isinstance(there, dict) and isinstance(value, dict):
            into[str(key)] = merged = dict(there)
            _merge(merged, value)
        else:
            into[str(key)] = value
