"""Waiting for what a test needs, on a machine of any speed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE_S = 300.0
"""For what takes a second on an idle machine: others may be compiling beside it."""


def wait_for(happens: Callable[[], Any], what: str, pause_s: float = 0.2, within_s: float = PATIENCE_S) -> None:
    """Until it is true."""
    until = time.monotonic() + within_s
    while not happens():
        assert time.monotonic() < until, f"waited {within_s:.0f} s for {what}"
        time.sleep(pause_s)
