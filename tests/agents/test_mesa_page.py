"""The tutorial prints what it says it prints."""

from __future__ import annotations

from tests.support.mesa_page import blocks, outputs


def test_the_page_prints_what_it_says():
    assert outputs() == [said for _, said in blocks()]
