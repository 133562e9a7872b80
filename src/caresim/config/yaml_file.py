"""A YAML file as its author means it: read once, looked at before anything is made of it, and refused in one line.

YAML has more in it than a configuration needs: numbers in base 8 and 60, labels that multiply or contain themselves,
types of Python. Each of them is refused where it stands, with what to write instead.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from caresim.config.errors import MISSING, BadInput

MOST_BYTES = 10_000_000
"""Of a file: a configuration is a few pages."""
MOST_VALUES = 100_000
"""In a file, once what its labels stand for is in full. The largest of ours has some hundreds."""
MOST_LEVELS = 50
"""Tables within tables. Ours have at most eight."""
MOST_DIGITS = 30
TAG = "tag:yaml.org,2002:"
PLAIN_TAGS = {f"{TAG}{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map", "merge")}
NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*(?:_\d+)*)?(?:\.\d*)?(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|nan)", re.IGNORECASE)
"""A number that YAML, the command line and a reader understand alike."""
CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
ENCODINGS = {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32", codecs.BOM_UTF16_LE: "UTF-16"} | {
    codecs.BOM_UTF16_BE: "UTF-16"
}
"""By how a file begins; the longer signs come first."""


def read(file: Path) -> tuple[str, Any]:
    """The text of a file and what is in it, as plain tables, lists, text and numbers (None: nothing).

    BadInput names file and line of what cannot be used.
    """
    text = text_of(file)
    return text, loads(text, str(file))


def text_of(file: Path) -> str:
    """The text of a file in UTF-8, without a byte-order mark. Only regular files of a reasonable size are opened."""
    key = str(file)
    try:
        if not file.is_file():
            raise BadInput(key, MISSING, "must be a YAML file; a folder, a pipe or a device is none")
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise BadInput(key, MISSING, f"has {size:,} bytes; allowed: at most {MOST_BYTES:,}")
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(key, MISSING, f"cannot be read ({error.strerror}); allowed: a YAML file") from None
    for sign, encoding in ENCODINGS.items():
        if content.startswith(sign):
            raise BadInput(key, MISSING, f"is saved as {encoding}; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadInput(f"{key}, line {line}", MISSING, "is not text in UTF-8; save the file as UTF-8") from None
    if "\0" in text:
        raise BadInput(key, MISSING, "is no text, or is saved as UTF-16; save it as UTF-8")
    return text


def loads(text: str, key: str) -> Any:
    """What YAML text says; `key` names it in messages."""
    import yaml

    try:
        loader = _loader()(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            _Look(key).at(node)
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise _unreadable(error, key) from None
    except RecursionError:
        raise BadInput(key, MISSING, _too_deep()) from None
    except ValueError as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(key, MISSING, f"cannot be read: {error}") from None


@lru_cache(maxsize=1)
def _loader() -> Any:
    """The reader that OmegaConf has for YAML: 1e3 is a number, a date is text, and no key stands twice."""
    from omegaconf._utils import get_yaml_loader

    return get_yaml_loader()


def _too_deep() -> str:
    return f"has brackets or tables within each other, deeper than {MOST_LEVELS} levels; allowed: fewer"


def _unreadable(error: Any, key: str) -> BadInput:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"{key}, line {mark.line + 1}" if mark is not None else key
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return BadInput(where, MISSING, f"is no YAML: {' '.join(str(problem).split())}")


class _Look:
    """Looks at the nodes of a document before any of them is made a value."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.sizes: dict[int, int] = {}
        """Values in each table or list that has been looked at, by its identity."""
        self.within: set[int] = set()

    def at(self, node: Any, level: int = 0) -> int:
        """How many values are in `node`, with its labels in full. BadInput where it cannot be used."""
        if node.tag not in PLAIN_TAGS:
            raise self._wrong(node, f"has the type {node.tag.removeprefix(TAG)}; allowed: text, numbers, lists, tables")
        if not isinstance(node.value, list):
            self._scalar(node)
            return 1
        if id(node) in self.within:
            raise self._wrong(node, "contains itself by the label that it has; allowed: to write it out, or another")
        if id(node) in self.sizes:
            return self.sizes[id(node)]
        if level > MOST_LEVELS:
            raise self._wrong(node, _too_deep())
        self.within.add(id(node))
        size = 1
        for member in node.value:
            for part in member if isinstance(member, tuple) else (member,):
                size += self.at(part, level + 1)
                if size > MOST_VALUES:
                    raise self._wrong(node, f"has more than {MOST_VALUES:,} values with its labels in full")
        self.within.remove(id(node))
        self.sizes[id(node)] = size
        return size

    def _scalar(self, node: Any) -> None:
        """Refuse a number that is written as nobody reads it: 010 is 8 to YAML, and 12:30 is 750."""
        if node.tag not in (f"{TAG}int", f"{TAG}float") or node.style:
            return
        if len(node.value) > MOST_DIGITS:
            raise self._wrong(node, f"must be a number of at most {MOST_DIGITS} digits")
        if NUMBER.fullmatch(node.value):
            return
        clock = CLOCK.fullmatch(node.value)
        quoted = f"'{int(clock[1]):02d}:{clock[2]}'" if clock else f"'{node.value}'"
        what = "a clock time" if clock else "text"
        kind = "base 60" if ":" in node.value else "another base than 10"
        raise self._wrong(node, f"is a number in {kind} to YAML; write {quoted} in quotes for {what}, or plain digits")

    def _wrong(self, node: Any, allowed: str) -> BadInput:
        value = MISSING if isinstance(node.value, list) else node.value
        return BadInput(f"{self.key}, line {node.start_mark.line + 1}", value, allowed)
