"""Keys that are read without Hydra are those that it composes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from caresim.config.composition import resolved
from caresim.config.key_tree import KeyTree


def shape(node: Any) -> Any:
    """Tables of keys, without what stands in them."""
    return {str(key): shape(inner) for key, inner in node.items()} if isinstance(node, dict) else None


@pytest.mark.parametrize("experiment", ["tokyo", "messenger"])
def test_they_are_the_same(experiment: str) -> None:
    """tokyo has models that build on others; messenger takes another file of behaviour."""
    assert shape(KeyTree({"experiment": experiment}).whole) == shape(resolved([f"experiment={experiment}"]))


def test_what_a_command_line_adds_is_there() -> None:
    tree = KeyTree({"experiment": "queue", "staffing/tokyo@staffing.other": "hybrid"})
    assert {"serves", "headcount"} <= set(tree.at(["staffing", "other", "desks", "social"]))
    assert tree.at(["staffing", "another", "desks"]) is None


def test_files_of_a_user_that_cannot_be_read_have_no_keys(tmp_path: Path) -> None:
    """Whoever runs them is told why."""
    folder = tmp_path / "experiment"
    folder.mkdir()
    (folder / "circle.yaml").write_text("# @package _global_\ndefaults: [circle, tokyo, _self_]\nseed: 3\n")
    (folder / "broken.yaml").write_text("a: [1\n")
    (folder / "list.yaml").write_text("- a\n")
    assert "staffing" in KeyTree({"experiment": "circle"}, tmp_path).whole
    for name in ("broken", "list", "missing"):
        assert "staffing" not in KeyTree({"experiment": name}, tmp_path).whole
        assert "study" in KeyTree({"experiment": name}, tmp_path).whole
