"""Configurations of which the common part is composed once are those that Hydra composes of each word list alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

import caresim
from caresim.config import composer as kept_ones
from caresim.config import composition, paths
from caresim.config.compose import compose, validate
from caresim.config.composer import Composer, kept
from caresim.config.composition import resolved
from caresim.config.errors import BadInput
from caresim.tasks.combinations import combinations

SWEEPS = {
    "a number": ["experiment=queue", "queue.arrival_rate=5.25,'8 /min'"],
    "of a quantity that has a source": ["experiment=queue", "behaviour.anger.kappa=0.2,0.3"],
    "a word and a bool": ["experiment=queue", "record=none,all", "staffing.servers.desks.desk.rebooks=true,false"],
    "nothing": ["experiment=queue", "queue.patience_mean=null,2 min", "only=null"],
    "a key without a line in a file": ["experiment=queue", "figures=none,few", "precision=0.1,0.2"],
    "a group": ["experiment=queue,tokyo", "seed=1,2"],
    "related keys": ["experiment=queue", "behaviour.anger.kappa.value=0.2,0.3", "behaviour.anger.kappa.range=null"],
    "the same key above": ["experiment=queue", "study.headline=[csat]", "study={confidence:0.9},{confidence:0.8}"],
    "a reference": ["experiment=queue", "replications=3", "seed=${replications},4"],
}


def jobs(words: Sequence[str]) -> tuple[Sequence[list[str]], list[str]]:
    return combinations(words)


@pytest.mark.parametrize("what", SWEEPS)
def test_they_are_the_same(what: str) -> None:
    lists, _ = jobs(SWEEPS[what])
    assert len(lists) > 1
    composer = Composer()
    for words in lists:
        one, other = compose(words, composer=composer), validate(resolved(words))
        assert json.dumps(one.as_text()) == json.dumps(other.as_text())
        assert one == other


@pytest.mark.parametrize(
    "words",
    [
        ["experiment=queue", "queue.servers=0,9"],
        ["experiment=queue", "behaviour.anger.kapa.value=1,2"],
        ["experiment=queue", "behaviour.angers.kappa.value=1,2"],
        ["experiment=tokio,queue"],
    ],
)
def test_bad_input_is_told_alike(words: list[str]) -> None:
    lists, _ = jobs(words)
    composer = Composer()
    for each in lists:
        told = []
        for way in (lambda words: compose(words, composer=composer), compose, lambda words: validate(resolved(words))):
            try:
                told.append(way(each).name)
            except BadInput as problem:
                told.append(str(problem))
        assert told == [told[0]] * 3


def test_what_is_shared_is_composed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # where no command has been before
    calls: list[Sequence[str]] = []
    real = composition.composed_by_hydra
    monkeypatch.setattr(
        composition, "composed_by_hydra", lambda words, folder: calls.append(words) or real(words, folder)
    )
    lists, _ = jobs(["experiment=queue", "queue.servers=8,9,10,11"])
    composer = Composer()
    rates = [compose(words, composer=composer).queue.servers.value for words in lists]
    assert rates == [8, 9, 10, 11]
    assert calls == [("experiment=queue",)]


def test_configurations_that_refer_to_others_are_composed_each() -> None:
    """Whoever changes what is referred to changes what refers to it."""
    words = ["experiment=tokyo", "seed=${replications}"]
    composer = Composer()
    for replications in ("5", "6"):
        assert compose([*words, f"replications={replications}"], composer=composer).seed == int(replications)


WORDS = {
    "values": ["replications=4", "seed=3", "behaviour.anger.kappa=0.25", "warm_up=null", "question='Why: so'"],
    "lists": ["only=[social_team,hybrid]", "study.headline=[csat,'useful_60']"],
    "a group among them": ["seed=3", "behaviour.anger.kappa=0.25", "experiment=compiegne"],
    "one added": ["+staffing/tokyo@staffing.other=social_team", "staffing.other.desks.social.rebooks=true"],
    "one taken away": ["~staffing.hybrid", "replications=2"],
    "a key that has no line": ["precision=0.1"],
    "a table": ["study={confidence:0.9}"],
    "twice": ["seed=1", "seed=2"],
    "a reference": ["seed=${replications}", "replications=5"],
}
SLOWLY = ("twice", "a reference")
"""What Hydra composes each time: it is more than putting values in their places."""


@pytest.mark.parametrize("what", WORDS)
def test_what_is_loaded_again_is_what_hydra_composes(what: str) -> None:
    words = (
        WORDS[what]
        if any(word.startswith("experiment=") for word in WORDS[what])
        else ["experiment=tokyo", *WORDS[what]]
    )
    whole = json.dumps(resolved(words))
    for _ in range(2):
        quick = kept().of(words)
        assert (quick is None) == (what in SLOWLY)
        assert quick is None or json.dumps(quick) == whole


REFUSED = ["seed=[1", "seed=", "seed=a b: c", "staffing=queue", "hydra.verbose=true", "=3", "experiment=tokio"]


@pytest.mark.parametrize("word", REFUSED)
def test_words_that_cannot_be_meant_are_refused_as_by_hydra(word: str) -> None:
    caresim.load("experiment=queue")
    told = []
    for way in (compose, lambda words: validate(resolved(words))):
        with pytest.raises(BadInput) as refused:
            way(["experiment=queue", word])
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_a_packaged_file_that_is_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "conf"
    shutil.copytree(paths.conf(), copy)
    monkeypatch.setattr(kept_ones.paths, "conf", lambda: copy)
    assert caresim.load("experiment=queue").queue.servers.value == 10
    file = copy / "experiment" / "queue.yaml"
    file.write_text(file.read_text().replace('servers: {value: "10 people"', 'servers: {value: "12 people"'))
    assert caresim.load("experiment=queue").queue.servers.value == 12
