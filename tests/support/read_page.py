"""A page (report.html), read: its tags, headings and words, and what it would ask for from elsewhere."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser


class Read(HTMLParser):
    """A page, read: its tags with what they carry, its headings, its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[int, str]] = []
        self.words = ""
        self._level = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch(r"h[1-6]", tag):
            self._level = int(tag[1])
            self.headings.append((self._level, ""))

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self._level = 0

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._level:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [carried for name, carried in self.tags if name == tag]

    def is_well_ordered(self) -> bool:
        """Is there one heading of the first level, at the top, and is none skipped below it?"""
        levels = [level for level, _ in self.headings]
        return levels.count(1) == 1 == levels[0] and all(b - a <= 1 for a, b in itertools.pairwise(levels))

    def outside(self, text: str) -> list[str]:
        """What the page would load or run: files from elsewhere, scripts, addresses."""
        carried = [(tag, name, str(value)) for tag, each in self.tags for name, value in each.items()]
        wrong = [f"{tag} {value[:60]}" for tag, name, value in carried if name == "src" and value[:5] != "data:"]
        wrong += [f"{tag} {value}" for tag, name, value in carried if name == "href" and (tag != "a" or ":" in value)]
        wrong += [tag for tag, _ in self.tags if tag in {"script", "link", "iframe", "object", "form"}]
        return wrong + re.findall(r"https?://|url\(|@import", text)


def differing_lines(one: str, other: str) -> list[tuple[str, str]]:
    """The lines in which two pages of as many lines differ."""
    return [pair for pair in zip(one.splitlines(), other.splitlines(), strict=True) if len(set(pair)) > 1]
