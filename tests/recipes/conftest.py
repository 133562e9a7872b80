"""A fresh copy of the package for every recipe."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.recipes import Recipe


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    return Recipe(tmp_path)
