"""Fixtures that tests of several rooms share."""

from __future__ import annotations

pytest_plugins = ["tests.support.command_line", "tests.support.made_results", "tests.support.small_world"]
