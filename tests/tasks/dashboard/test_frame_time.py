"""Smooth at 20,000 passengers: the server's part of a frame."""

from __future__ import annotations

import json
import time

import pytest

from caresim.config.compose import compose
from caresim.tasks.dashboard.show import Show

MOST = 0.2
"""Seconds for a frame, the browser's part included, which takes some 30 ms (docs/live.md). The time of this thread's
processor is counted, so that a busy machine does not fail the test."""


@pytest.fixture(scope="module")
def show() -> Show:
    show = Show(compose(["experiment=tokyo", "population.scale=1.25"]))
    show.answer({"ask": "jump", "time": 14000})
    return show


def test_two_models_at_once_in_time(show):
    people = show.sides[0].model.world.passengers
    assert len(people) - int(people["ordinary"].sum()) >= 20_000
    spent = []
    for _ in range(10):
        began = time.thread_time()
        (message,) = show.answer({"ask": "advance", "minutes": 12.0})
        spent.append(time.thread_time() - began)
    assert sorted(spent)[len(spent) // 2] < MOST
    size = len(json.dumps(message.values)) + sum(map(len, message.buffers))
    assert size < 500_000, "bytes a frame"
