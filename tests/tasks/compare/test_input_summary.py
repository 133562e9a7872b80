"""What the terminal says of a queue's or a replay's input before it shows the results."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import caresim
from caresim.tasks.compare.input_summary import input_lines


def said(*words: str) -> str:
    return "\n".join(input_lines(SimpleNamespace(experiment=caresim.load(*words))))


def test_a_queue_tells_its_inputs_and_what_the_formula_says():
    text = said("experiment=queue", "queue.arrival_rate=200 calls/h", "queue.service_mean=3", "queue.servers=14")
    assert "10 Erlang" in text
    # 100 calls in half an hour, 3 min, patience 5 min, 14 people: the published 1.398 % of pyworkforce's tests
    assert "Theory (Erlang A)" in text
    assert "abandonment 1.40 %" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("queue.patience_mean=null",), "Theory (Erlang C)"),
        (("queue.capacity=12",), "Theory (M/M/c/K+M)"),
        (("queue.patience_mean=null", "queue.servers=5"), "no steady state"),
        (("queue.service=deterministic",), "no formula"),
    ],
)
def test_the_formula_is_the_queues_own(words, told):
    assert told in said("experiment=queue", *words)


def test_a_replay_tells_what_was_read_what_was_not_and_what_the_file_says_itself(tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(
        "arrival,service_s,wait_s,outcome,agent\n0,60,10,answered,x\n1,,30,abandoned,\n2,60,30,answered,y\n3,,9,abandoned,\n"
    )
    results = caresim.compare(caresim.load("experiment=replay", f"replay.contacts={file}"))
    text = "\n".join(input_lines(results))
    assert "calls.csv: 4 contacts (phone)" in text
    assert "Handling times given: 2, others: 2 (exponential, mean 5 min)" in text
    assert "Patience given: 2, at least the wait: 2 (endless)" in text
    assert "Columns that say nothing here: agent" in text
    # (10 + 30) / 2 s; 2 of 4 hung up; 1 of 2 answered + 2 patient ones within 20 s
    assert "answered 2 | 4, abandoned 2 | 0, speed of answer 20 s | 0 s, service level 25.0 % | 100.0 %" in text
    assert "of the file's contacts 50.0 % hung up, in the replay 0.0 %" in text
    # the four have waited 10 + 30 + 30 + 9 s, for two who hung up
    assert 'replay.patience_mean="40 s" is what the file suggests' in text


def test_other_experiments_say_nothing():
    assert said("experiment=tokyo") == ""
