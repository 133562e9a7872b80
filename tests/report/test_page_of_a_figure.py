"""The title of a figure and the quiet lines below it."""

from __future__ import annotations

import pytest

from caresim.report.style import page


@pytest.mark.parametrize("title", ["One line", "A title\nof two lines", "A title\nof three\nlines"])
def test_a_title_of_several_lines_stands_above_its_subtitle(title: str) -> None:
    figure = page(title, "A quiet line\nand another")
    above, below = (text.get_window_extent() for text in figure.texts)
    assert below.y1 < above.y0
