"""Fixtures that tests of several rooms share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.support.command_line",
    "tests.support.made_results",
    "tests.support.quick",
    "tests.support.small_world",
]
settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")
