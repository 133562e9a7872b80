"""Every test that the page of threats names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from tests.support.pages import page

ROOT = Path(__file__).parents[2]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page("threat_model.md"))))


def test_there_are_many_and_no_others_in_another_form():
    assert len(NAMED) > 40
    assert page("threat_model.md").count("tests/") == len(
        re.findall(r"`tests/[\w/]+\.py(?:::\w+)?`", page("threat_model.md"))
    )


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_is_a_test(file, name):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    tests = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test")]
    assert name in tests if name else tests
