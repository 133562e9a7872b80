"""What the style tests look at: the sources as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "caresim"


class Source(NamedTuple):
    """A file of the package: its path from src/caresim, its text and its syntax tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def layer(self) -> str:
        """The folder directly below src/caresim, or 'caresim' for the files above the folders."""
        return self.name.split("/")[0] if "/" in self.name else "caresim"

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full name of everything imported, at the top or inside a function, relative names resolved.

        `from a import b` gives `a.b`, which may be a module or a name in one.
        """
        here = ("caresim", *self.name.split("/")[:-1])
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node.lineno, alias.name
            elif isinstance(node, ast.ImportFrom):
                base = ".".join(here[: len(here) - node.level + 1]) if node.level else ""
                start = ".".join(part for part in (base, node.module) if part)
                for alias in node.names:
                    yield node.lineno, f"{start}.{alias.name}"


def read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(PACKAGE).as_posix(), text, ast.parse(text, str(path)))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sources() -> list[Source]:
    found = [read(path) for path in sorted(PACKAGE.rglob("*.py"))]
    assert found, f"no sources in {PACKAGE}"
    return found
