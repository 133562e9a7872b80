"""Media and needs have a table each: nobody else names a member, lists their words, or knows how many there are."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from caresim.model import media, needs

TABLES = ("model/media.py", "model/needs.py")
WORDS = {*media.WORDS, *needs.WORDS}
COUNTS = {len(media.WORDS), len(needs.WORDS), len(media.STAFFED)}
COUNTED = {"MEDIA", "NEEDS", "WORDS", "STAFFED", "Medium", "Need"}
NAMED = {
    "config/queue.py": "the queue of textbooks is a telephone",
    "config/traffic.py": "a replayed file that names neither channel nor need is one of calls",
    "scenario/behaviour.py": "the people of the study had complained in public, and want another seat",
    "tasks/backtest/stylised/crisis.py": "the published figure is of questions",
}
"""Files that mean one medium or need and no other, each with its reason."""


def mentions(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of all that the tables should say instead."""
    for node in ast.walk(tree):
        if is_member(node) or is_comparison(node) or is_list(node) or is_class(node) or is_count(node):
            yield node.lineno, ast.unparse(node).partition("\n")[0][:90]


def is_member(node: ast.AST) -> bool:
    """Medium.PHONE"""
    return isinstance(node, ast.Attribute) and name_of(node.value) in ("Medium", "Need") and node.attr.isupper()


def is_comparison(node: ast.AST) -> bool:
    """medium == "web", medium in ("phone", "counter")"""
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    inner = [
        part for side in sides for part in (side.elts if isinstance(side, ast.Tuple | ast.Set | ast.List) else [side])
    ]
    return any(is_word(part) for part in inner)


def is_list(node: ast.AST) -> bool:
    """("public", "private", "email"), {"phone": ..., "counter": ...}: two words or more, and not much else."""
    parts = node.elts if isinstance(node, ast.Tuple | ast.Set | ast.List) else getattr(node, "keys", [])
    return is_mostly_words([is_word(part) for part in parts] if isinstance(parts, list) else [], 2)


def is_class(node: ast.AST) -> bool:
    """A class with a field for each of several media."""
    if not isinstance(node, ast.ClassDef):
        return False
    fields = [part.target for part in node.body if isinstance(part, ast.AnnAssign)]
    return sum(isinstance(field, ast.Name) and field.id in WORDS for field in fields) >= 3


def is_count(node: ast.AST) -> bool:
    """MEDIA[:5], NEEDS = 5, medium * 5, need < 4"""
    if isinstance(node, ast.Subscript):
        return name_of(node.value) in COUNTED and any(isinstance(part, ast.Constant) for part in ast.walk(node.slice))
    if isinstance(node, ast.Assign):
        return any(name_of(target) in COUNTED for target in node.targets) and is_number(node.value)
    if isinstance(node, ast.Compare):
        return is_of_media(node.left) and any(is_last(side) for side in node.comparators)
    multiplied = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
    return multiplied and (
        (is_number(node.left) and is_of_media(node.right)) or (is_number(node.right) and is_of_media(node.left))
    )


def is_word(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in WORDS


def is_mostly_words(found: list[bool], least: int) -> bool:
    return sum(found) >= max(least, len(found) / 2)


def is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value in COUNTS


def is_last(node: ast.AST) -> bool:
    """How many media or needs there are, or the number of the last."""
    return isinstance(node, ast.Constant) and type(node.value) is int and {node.value, node.value + 1} & COUNTS != set()


def is_of_media(node: ast.AST) -> bool:
    """Does it speak of a medium or a need?"""
    return any("medium" in name or "need" in name for part in ast.walk(node) for name in [name_of(part).lower()])


def name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_the_tables_alone_name_media_and_needs(sources):
    found = {
        source.name: [f"{source.name}:{line} {text}" for line, text in mentions(source.tree)]
        for source in sources
        if source.name not in TABLES
    }
    found = {name: lines for name, lines in found.items() if lines}
    new = [line for name, lines in found.items() if name not in NAMED for line in lines]
    assert not new, "read the row instead (model/media.py, model/needs.py):\n" + "\n".join(new)
    assert set(NAMED) - set(found) == set(), "take these out of the lists, they read the tables now"


@pytest.mark.parametrize(
    "line",
    [
        "if medium == Medium.PHONE: pass",
        'staffed = medium != "web"',
        'spoken = medium in ("phone", "counter")',
        'LIVE = ["phone", "counter"]',
        'COLOURS = {"phone": "#000", "counter": "#111"}',
        "TAKE_WORK = MEDIA[:5]",
        "NEEDS = 5",
        "while need < 4: pass",
        "mean = desk.handle[contact.medium * 5 + contact.need]",
        "class Means:\n    phone: float\n    counter: float\n    email: float",
    ],
)
def test_what_the_tables_should_say_is_found(line):
    assert list(mentions(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        "mean = desk.handle[contact.medium * NEEDS + contact.need]",
        "table = {medium: medium.row.label for medium in Medium}",
        "if medium.row.public: pass",
        "DAYS = {'weekdays': tuple(range(5))}",
        "minutes = hours * 6",
    ],
)
def test_what_reads_the_tables_is_left_alone(line):
    assert not list(mentions(ast.parse(line)))
