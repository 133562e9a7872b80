"""What may come next on a command line: flags, groups, files, keys, values, as whole words.

It is asked at each press of the tab key, so that it goes by words that were gathered before (known.py), and reads the
files of the experiment without Hydra (config/key_tree.py).
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from caresim.config import paths
from caresim.config.key_tree import KeyTree
from caresim.tasks import shells
from caresim.tasks.known import known

STAFFING_MODELS = {
    *("baseline", "only", "explain.one", "explain.other", "plan.staffing", "plan.beside", "require.staffing"),
    *("roster.staffing", "sensitivity.models", "dashboard.left", "dashboard.right"),
}
"""Keys that take the name of a staffing model, or a list of them."""
SHAPES = ("[", ",", "(")
"""What comes before one of several values."""
QUERY = "query"
DONE = 0


def answer(words: Sequence[str]) -> int:
    """Print what the shell asks for: a script, or what may come next in the line of the environment's COMP_LINE.

    BadInput for anything else; returns the exit status.
    """
    what, _, shell = (words[0] if words else "").partition("=")
    if what == QUERY:
        print("".join(f"{word}\n" for word in after(os.environ.get("COMP_LINE", ""))), end="")
    else:
        print(shells.script(what, shell), end="")
    return DONE


def after(line: str, words: Mapping[str, Any] | None = None) -> list[str]:
    """What the last word of a line up to the cursor may become, in order. `words`: those that are known."""
    typed = _split(line)
    if typed[1:3] == ["-m", "caresim"]:
        typed = typed[2:]
    *before, word = typed[1:] or [""]
    found = _Line(before, known() if words is None else words).next(word)
    return sorted({each for each in found if each.startswith(word) and each.isprintable()})


def _split(line: str) -> list[str]:
    """The words of a line, as a shell has them; the last one may be unfinished, or empty."""
    for end in ("", '"', "'"):
        try:
            words = shlex.split(line + end)
        except ValueError:
            continue
        return [*words, ""] if not end and (not line or line[-1].isspace()) else words
    return [*line.split(), ""]


class _Line:
    """What stands before the word that is being typed."""

    def __init__(self, before: Sequence[str], words: Mapping[str, Any]) -> None:
        self.before, self.words = before, words
        given = dict(pairwise(before))
        folder = given.get("--config-dir", given.get("-cd", ""))
        self.config_dir = Path(folder).expanduser() if folder else None
        pairs = (word.partition("=") for word in before if "=" in word and not word.startswith("-"))
        self.values = {key.lstrip("+"): value for key, _, value in pairs}

    @cached_property
    def tree(self) -> KeyTree:
        chosen = {key: value for key, value in self.values.items() if self._files(key.partition("@")[0])}
        return KeyTree(chosen, self.config_dir)

    def next(self, word: str) -> Iterable[str]:
        """All words that could stand here; some of them do not begin like `word`."""
        last = self.words["flags"].get(self.before[-1]) if self.before else None
        if last is not None and last["takes"]:
            return last["choices"]  # none: the shell completes names of files by itself
        if word.startswith("-"):
            return (name for name, flag in self.words["flags"].items() if flag["long"])
        sign = word[: len(word) - len(word.lstrip("+~"))]
        key, equals, value = word.removeprefix(sign).partition("=")
        if equals:
            head = value[: max(map(value.rfind, SHAPES)) + 1]
            return (f"{sign}{key}={head}{found}" for found in self._values(key))
        own = self.words["tasks"].get(self.values.get("task", ""))
        if own is not None:
            return ("task=", *(f"{name}=" for name in own))
        if sign == "~":
            return (f"~{found.rstrip('=.')}" for found in self._keys(key))
        return (f"{sign}{found}" for found in (*self._keys(key), *self._groups(key), *self._hydras(key)))

    def _keys(self, key: str) -> Iterator[str]:
        """Keys of the experiment one level deep, with `.` behind tables and `=` behind others."""
        *path, _ = key.split(".")
        tables = {name: bool(about["of"] or about["named"]) for name, about in self._known_below(path).items()}
        node = self.tree.at(path)
        if isinstance(node, dict) and not _is_quantity(node):
            tables |= {name: isinstance(there, dict) and not _is_quantity(there) for name, there in node.items()}
        for name, is_table in tables.items():
            yield ".".join((*path, name)) + ("." if is_table else "=")

    def _known_below(self, path: Sequence[str]) -> Mapping[str, Any]:
        """What the schema knows of the keys at a path; nothing where the user names what is there."""
        classes = self.words["classes"]
        keys, named = classes[self.words["top"]], ""
        for step in path:
            if named:
                keys, named = classes.get(named, {}), ""
                continue
            about = keys.get(step, {"of": "", "named": False})
            keys, named = ({}, about["of"]) if about["named"] else (classes.get(about["of"], {}), "")
        return keys

    def _groups(self, key: str) -> Iterator[str]:
        """Folders of files, one level deep; of those in a folder it has to be said where the file goes."""
        folder, slash, _ = key.rpartition("/")
        for name in self._folders(folder):
            group = f"{folder}{slash}{name}"
            if name in self.words["tasks"] and not folder:
                continue
            if self._files(group):
                yield f"{group}@{folder}." if folder else f"{group}="
            if any(self._folders(group)):
                yield f"{group}/"

    def _hydras(self, key: str) -> Iterator[str]:
        """Those of Hydra's own settings that work."""
        if key.startswith(("hydra.", "hydra/")):
            yield from (f"{name}=" for name in self.words["hydra"])
        else:
            yield from ("hydra.", "hydra/")

    def _values(self, key: str) -> Iterable[str]:
        if key == "task":
            return self.words["tasks"]
        if key in self.words["hydra"]:
            return self.words["hydra"][key]
        if files := self._files(key.partition("@")[0]):
            return files
        if key in STAFFING_MODELS:
            return self.tree.whole.get("staffing", {})
        *path, last = key.split(".")
        about = self._known_below(path).get(last)
        if about is not None and about["words"]:
            return about["words"]
        node = self.tree.at((*path, last))
        there = node.get("value") if isinstance(node, dict) else node
        return () if there is None or isinstance(there, dict | list) else (_typed(there),)

    def _files(self, group: str) -> list[str]:
        """Names of the files in a group."""
        if not group or ".." in group or group.startswith("/"):
            return []
        return [file.stem for folder in self._places for file in sorted((folder / group).glob("*.yaml"))]

    def _folders(self, group: str) -> list[str]:
        if ".." in group or group.startswith("/"):
            return []
        places = (folder / group for folder in self._places if paths.is_folder(folder / group))
        return sorted({inner.name for place in places for inner in place.iterdir() if paths.is_folder(inner)})

    @property
    def _places(self) -> list[Path]:
        return [paths.conf(), *([self.config_dir] if self.config_dir else [])]


def _is_quantity(node: Mapping[str, Any]) -> bool:
    return "value" in node or "same_as" in node


def _typed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
