"""The composed tokyo, once: as plain mappings to break in copies, and validated."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from caresim.config.compose import validate
from caresim.config.composition import resolved
from caresim.config.experiment import Experiment


@pytest.fixture(scope="session")
def composed() -> dict[str, Any]:
    return resolved(["experiment=tokyo"])


@pytest.fixture(scope="session")
def tokyo(composed: dict[str, Any]) -> Experiment:
    return validate(composed)


@pytest.fixture
def with_value(composed: dict[str, Any]) -> Callable[[str, Any], dict[str, Any]]:
    """A copy of tokyo's plain configuration with one key set."""

    def changed(path: str, value: Any) -> dict[str, Any]:
        whole = copy.deepcopy(composed)
        node = whole
        *way, last = path.split(".")
        for step in way:
            if not isinstance(node.get(step), dict):
                node[step] = {}
            node = node[step]
        node[last] = value
        return whole

    return changed
