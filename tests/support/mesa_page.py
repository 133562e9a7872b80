"""The Python of docs/mesa.md, run in order: `python -m tests.support.mesa_page` writes what it prints into the page."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "mesa.md"
BLOCK = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", flags=re.S)


def blocks() -> list[tuple[str, str]]:
    """Code and what the page says it prints."""
    text = PAGE.read_text(encoding="utf-8")
    found = BLOCK.findall(text)
    assert len(found) == text.count("```python\n"), "every block of code is followed by its output"
    return found


def outputs() -> list[str]:
    """What the blocks print, one after the other in the same namespace."""
    space: dict[str, object] = {"__name__": "page"}
    printed = []
    for number, (code, _) in enumerate(blocks(), start=1):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(compile(code, f"{PAGE.name}, block {number}", "exec"), space)
        printed.append(said.getvalue())
    return printed


def main() -> None:
    said = iter(outputs())
    text = BLOCK.sub(lambda block: f"```python\n{block[1]}```\n\n```text\n{next(said)}```", PAGE.read_text("utf-8"))
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
