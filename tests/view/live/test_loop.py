"""A window's thread: answers in turn, survives what goes wrong, and lets go of everything when it is closed."""

from __future__ import annotations

import gc
import queue
import weakref

import pytest

from caresim.view.live.loop import Loop

PATIENCE_S = 120.0


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
    got = [answers.get(timeout=PATIENCE_S) for _ in range(4)]
    assert [message.kind for message in got] == ["setup", "frame", "frame", "frame"]
    assert [message.values["time"] for message in got[1:]] == [600, 610, 620]


def test_a_closed_window_stops_and_frees_its_models(window):
    loop, answers = window
    loop.ask({"ask": "hello"})
    answers.get(timeout=PATIENCE_S)
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
    assert seen < 50
    loop.ask({"ask": "step"})
    assert answers.empty()


def test_a_fault_is_told_and_the_window_goes_on(window, monkeypatch, capsys):
    loop, answers = window
    loop.ask({"ask": "hello"})
    answers.get(timeout=PATIENCE_S)
    answers.get(timeout=PATIENCE_S)
    monkeypatch.setattr(loop.show, "asks", {**loop.show.asks, "step": lambda ask: 1 / 0})
    loop.ask({"ask": "step"})
    told = answers.get(timeout=PATIENCE_S)
    assert (told.kind, told.values["told"]) == ("trouble", "ZeroDivisionError: division by zero")
    loop.ask({"ask": "advance", "minutes": 1.0})
    assert answers.get(timeout=PATIENCE_S).kind == "frame"
    assert "ZeroDivisionError" in capsys.readouterr().err
