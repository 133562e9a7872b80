"""The pages of docs/ as text, and the tables in them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def table(text: str, marker: str) -> list[list[str]]:
    """The cells of the rows (without head) of the table that follows the comment `<!-- marker -->`."""
    start = f"<!-- {marker} -->\n"
    assert text.count(start) == 1, f"wants exactly one table marked {start.strip()}"
    lines = text.split(start)[1].lstrip("\n").split("\n\n")[0].splitlines()
    return [cells(line) for line in lines[2:] if not line.startswith("<!--")]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def codes(text: str) -> list[str]:
    """What stands between back-ticks."""
    return re.findall(r"`([^`]+)`", text)


def fenced(text: str, first_line: str) -> str:
    """The YAML block that begins with `first_line`."""
    found = [block for block in re.findall(r"```yaml\n(.*?)```", text, flags=re.S) if block.startswith(first_line)]
    assert len(found) == 1
    return found[0]
