"""What a configuration is refused for."""

from __future__ import annotations

from typing import Any

import pytest

from caresim.config.compose import validate
from caresim.config.errors import BadInput


def refusal_of(whole: dict[str, Any]) -> BadInput:
    """The refusal of a configuration; the test fails where it is not refused."""
    with pytest.raises(BadInput) as refused:
        validate(whole)
    return refused.value
