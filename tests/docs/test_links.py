"""Links between the pages lead somewhere."""

from __future__ import annotations

import re

import pytest
from tests.support.pages import DOCS

PAGES = sorted(path.name for path in DOCS.glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def without_code(text: str) -> str:
    return re.sub(r"`[^`]*`", "", re.sub(r"```.*?```", "", text, flags=re.S))


def anchors(text: str) -> set[str]:
    """The anchors GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.S), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_there_are_pages():
    assert {"model.md", "configuration.md", "results.md", "sources.md"} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_relative_links_resolve(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    broken = []
    for target in LINK.findall(without_code(text)):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        place = DOCS / path if path else DOCS / name
        if not place.exists() or (anchor and anchor not in anchors(place.read_text(encoding="utf-8"))):
            broken.append(target)
    assert not broken
