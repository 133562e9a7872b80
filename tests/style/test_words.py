"""Words that were given up do not come back: not as names in the model, not in what people read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GIVEN_UP = {
    **dict.fromkeys(("dealing", "dealings", "dealing_row"), "cases"),
    **dict.fromkeys(("grudge", "grudges"), "medium_experience"),
    **dict.fromkeys(("tire", "TIRE", "tired"), "abandon"),
    **dict.fromkeys(("take", "touch"), "start_handling, handling_draw"),
    **dict.fromkeys(("soon", "front", "put_off", "foresee", "deal", "_deal"), "immediate, head_slot, insert_far, ..."),
    **dict.fromkeys(("relate", "query", "feel_of"), "compiled(signature)"),
    **dict.fromkeys(("expects", "typical"), "expected_wait, typical_wait"),
    **dict.fromkeys(("handed", "hand_over"), "escalates_to, transferred"),
    **dict.fromkeys(("fresh", "echo", "talk", "chime_in"), "spontaneous, follow_on, about"),
    **dict.fromkeys(("turn", "Turn", "TURN"), "exchanges, CUSTOMER_REPLY, ShiftInstance"),
    "put_down": "end_handling",
    "let_go": "release_tables",
    "make_room": "evict",
    "cared": "author_waiting",
    "silent": "abandoned_silently_at",
    "aside": "expired",
    "plans": "cohort_parameters",
    "notes": "far_events",
    "stays_until": "overtime_end",
    "shifts": "duty_periods",
    "live": "synchronous",
}
"""Names of the model that meant nothing to a newcomer, or several things, and what they are called now."""
PHRASES = {"nought": 0, "hangs? on": 0, "of the processor": 0}
"""Turns of phrase that few know who learned English at school, and how often they are left; never more than that."""


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every name that is given or used."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield node.lineno, node.arg


def test_the_model_keeps_its_names(sources):
    back = [
        f"{source.name}:{line} {name}: {GIVEN_UP[name]}"
        for source in sources
        if source.layer == "model"
        for line, name in names_in(source.tree)
        if name in GIVEN_UP
    ]
    assert not back, "\n".join(back)


@pytest.fixture(scope="session")
def read_by_people(root) -> dict[Path, str]:
    """Pages, configuration and sources."""
    places = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "conf").rglob("*.yaml")]
    places += (root / "src" / "caresim").rglob("*.py")
    return {path: path.read_text(encoding="utf-8") for path in sorted(places) if path.name != "CHANGELOG.md"}


@pytest.mark.parametrize("phrase", sorted(PHRASES))
def test_prose_is_plain(read_by_people, root, phrase):
    found = [
        f"{path.relative_to(root)}:{number} {line.strip()[:80]}"
        for path, text in read_by_people.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if re.search(rf"\b{phrase}\b", line, flags=re.IGNORECASE)
    ]
    assert len(found) <= PHRASES[phrase], f"{len(found)} lines say {phrase!r}:\n" + "\n".join(found)
