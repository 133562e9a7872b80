"""A window's thread: answers in turn, survives what goes wrong, and lets go of everything when it is closed."""

from __future__ import annotations

import gc
import queue
import weakref

import pytest
from tests.support.waiting import PATIENCE_S

from caresim.tasks.dashboard.loop import Loop


@pytest.fixture
def window(experiment):
    answers: queue.SimpleQueue = queue.SimpleQueue()
    loop = Loop(experiment, answers.put)
    yield loop, answers
    loop.close()
    loop.thread.join(PATIENCE_S)


def test_asks_are_answered_in_turn(window):
    loop, answers = window
    for ask in ({"ask": "hello"}, {"ask": "step"}, {"ask": "step"}):
        loop.ask(ask)
    got = [answers.get(timeout=PATIENCE_S) for _ in range(7)]
    assert [message.kind for message in got] == ["setup", "frame", "done", "frame", "done", "frame", "done"]
    assert [message.values["time"] for message in got if message.kind == "frame"] == [600, 610, 620]


def test_a_closed_window_stops_and_frees_its_models(window):
    loop, answers = window
    loop.ask({"ask": "hello"})
    for _ in range(3):
        answers.get(timeout=PATIENCE_S)
    models = [weakref.ref(side.model) for side in loop.show.sides]
    for _ in range(50):
        loop.ask({"ask": "advance", "minutes": 60.0})
    loop.close()
    loop.thread.join(PATIENCE_S)
    assert not loop.thread.is_alive()
    assert loop.show is None
    gc.collect()
    assert [model() for model in models] == [None, None]
    seen = 0
    while not answers.empty():
        answers.get()
        seen += 1
    assert seen < 100
    loop.ask({"ask": "step"})
    assert answers.empty()


def test_a_fault_is_told_and_the_window_goes_on(window, monkeypatch, capsys):
    loop, answers = window
    loop.ask({"ask": "hello"})
    for _ in range(3):
        answers.get(timeout=PATIENCE_S)
    monkeypatch.setattr(loop.show, "asks", {**loop.show.asks, "step": lambda ask: 1 / 0})
    loop.ask({"ask": "step"})
    message = answers.get(timeout=PATIENCE_S)
    assert (message.kind, message.values["text"]) == ("trouble", "ZeroDivisionError: division by zero")
    assert answers.get(timeout=PATIENCE_S).kind == "done"
    loop.ask({"ask": "advance", "minutes": 1.0})
    assert answers.get(timeout=PATIENCE_S).kind == "frame"
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_window_to_which_nothing_can_be_sent_ends_in_order(experiment, capsys):
    def broken(message):
        raise ConnectionError("gone")

    loop = Loop(experiment, broken)
    loop.ask({"ask": "hello"})
    loop.thread.join(PATIENCE_S)
    assert not loop.thread.is_alive()
    assert loop.show is None
    assert "gone" in capsys.readouterr().err
