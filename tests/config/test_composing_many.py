"""Configurations of a sweep, of which the common part is composed once, are those that each word list gives alone."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from caresim.config import compose as composing
from caresim.config.compose import Composer, compose
from caresim.config.errors import BadInput
from caresim.tasks.combinations import combinations

SWEEPS = {
    "a number": ["experiment=queue", "queue.arrival_rate=5.25,'8 /min'"],
    "of a quantity that has a source": ["experiment=tokyo", "behaviour.anger.kappa=0.2,0.3"],
    "a word and a bool": ["record=none,all", "staffing.social_team.desks.social.rebooks=true,false"],
    "nothing": ["experiment=queue", "queue.patience_mean=null,2 min", "only=null"],
    "a key without a line in a file": ["figures=none,few", "precision=0.1,0.2"],
    "a group": ["experiment=queue,tokyo", "seed=1,2"],
    "related keys": ["behaviour.anger.kappa.value=0.2,0.3", "behaviour.anger.kappa.range=null"],
    "the same key above": ["study.headline=[csat]", "study={confidence:0.9},{confidence:0.8}"],
    "a reference": ["replications=3", "seed=${replications},4"],
}


def jobs(words: Sequence[str]) -> tuple[Sequence[list[str]], list[str]]:
    return combinations(words)


@pytest.mark.parametrize("what", SWEEPS)
def test_they_are_the_same(what: str) -> None:
    lists, keys = jobs(SWEEPS[what])
    assert len(lists) > 1
    composer = Composer()
    for words in lists:
        one, other = composer.compose(words, keys), compose(words)
        assert json.dumps(one.as_text()) == json.dumps(other.as_text())
        assert one == other


@pytest.mark.parametrize(
    "words",
    [
        ["experiment=queue", "queue.servers=0,9"],
        ["behaviour.anger.kapa.value=1,2"],
        ["behaviour.angers.kappa.value=1,2"],
        ["experiment=tokio,queue"],
    ],
)
def test_bad_input_is_told_alike(words: list[str]) -> None:
    lists, keys = jobs(words)
    composer = Composer()
    for each in lists:
        told = []
        for way in (lambda words: composer.compose(words, keys), compose):
            try:
                told.append(way(each).name)
            except BadInput as problem:
                told.append(str(problem))
        assert told[0] == told[1]


def test_what_is_shared_is_composed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Sequence[str]] = []
    real = composing._composed
    monkeypatch.setattr(composing, "_composed", lambda words, folder: calls.append(words) or real(words, folder))
    lists, keys = jobs(["experiment=queue", "queue.servers=8,9,10,11"])
    composer = Composer()
    rates = [composer.compose(words, keys).queue.servers.value for words in lists]
    assert rates == [8, 9, 10, 11]
    assert calls == [("experiment=queue",)]


def test_configurations_that_refer_to_others_are_composed_each() -> None:
    """Whoever changes what is referred to changes what refers to it."""
    words = ["experiment=tokyo", "seed=${replications}"]
    composer = Composer()
    for replications in ("5", "6"):
        assert composer.compose([*words, f"replications={replications}"], ["replications"]).seed == int(replications)
