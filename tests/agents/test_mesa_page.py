"""The tutorial prints what it says it prints."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from mesa_page import blocks, outputs


def test_the_page_prints_what_it_says():
    assert outputs() == [said for _, said in blocks()]
