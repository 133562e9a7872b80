"""The smallest differences that matter: with none, no verdict could fall."""

from __future__ import annotations

import pytest

from caresim.config.compose import validate
from caresim.config.errors import BadInput


@pytest.mark.parametrize(
    ("key", "none", "word"),
    [("csat", "0 points", "more than 0"), ("share", "0 %", "more than 0"), ("ratio", "1 x", "more than 1")],
)
def test_a_margin_of_nothing_is_refused(with_value, key: str, none: str, word: str) -> None:
    with pytest.raises(BadInput, match=word) as caught:
        validate(with_value(f"study.margins.{key}", none))
    assert caught.value.key.startswith(f"study.margins.{key}")
