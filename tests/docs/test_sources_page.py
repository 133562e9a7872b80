"""Every citation in conf/ is on the page of sources, and nothing on it is cited nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from tests.support.pages import ROOT, cells, page

PLAIN = re.compile(
    r"assumption|calibrated|by definition|design choice|convention|neutral|scaled so that|task=roster"
    r"|\d+ March:|earthquake and tsunami"  # the news, which have a row of their own
)
DATED = re.compile(r"\((?:[A-Z][\w&., ]+)\b(?:19|20)\d\d\)")
"""A reference in brackets, such as (Kim et al. 2015)."""


def sources(node: Any) -> Iterator[str]:
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, member in members:
        if key == "source":
            yield member
        else:
            yield from sources(member)


def told() -> set[str]:
    files = sorted((ROOT / "conf").rglob("*.yaml"))
    assert files
    return {source for file in files for source in sources(yaml.safe_load(file.read_text(encoding="utf-8")))}


def cited_as() -> list[str]:
    part = page("sources.md").split("## Cited in the configuration")[1].split("\n## ")[0]
    return [cells(line)[0] for line in part.splitlines() if line.startswith("| ")][1:]


def test_what_is_no_assumption_and_no_convention_has_a_reference():
    known = cited_as()
    bare = [text for text in told() if not PLAIN.match(text) and not any(name in text for name in known)]
    assert bare == []


def test_references_beside_an_assumption_are_listed_too():
    known = cited_as()
    cited = [text for text in told() if PLAIN.match(text) and DATED.search(text)]
    assert cited
    assert [text for text in cited if not any(name in text for name in known)] == []


def test_every_reference_is_cited():
    texts = told()
    assert [name for name in cited_as() if not any(name in text for text in texts)] == []
