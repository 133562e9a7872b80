"""A figure gets its colours in one place; those of media stand in their rows."""

from __future__ import annotations

import ast
import re

from caresim.report.style import PALETTE

HOMES = {"report/style.py", "model/media.py"}
HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def test_a_colour_is_written_in_its_home(sources):
    strays = [
        f"{source.name}:{node.lineno} {node.value}"
        for source in sources
        if source.name not in HOMES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and HEX.fullmatch(node.value)
    ]
    assert not strays, "\n".join(strays)


def test_no_two_staffing_models_have_the_same_colour():
    assert len(set(PALETTE)) == len(PALETTE) == 10
