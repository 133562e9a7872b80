"""Fixtures that tests of several rooms share."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.support.command_line",
    "tests.support.made_results",
    "tests.support.quick",
    "tests.support.small_world",
]
settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")
# On any number of cores: what a test puts in the place of something is there for threads alone.
os.environ.setdefault("CARESIM_WORKERS", "threads")
