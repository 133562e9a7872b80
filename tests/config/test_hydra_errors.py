"""What the installed Hydra refuses is told in our words. Where its text alone says what is wrong, it has to say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from caresim.config import composition, paths
from caresim.config.errors import BadInput
from caresim.config.hydra_errors import SAID

CONFIG = "defaults:\n  - _self_\n  - experiment: one\n\nseed: 0\nstaffing: {}\n"
ONE = "# @package _global_\ndefaults:\n  - /staffing/case@staffing.team: team\n  - _self_\n\nname: one\n"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A packaged folder of three files, which Hydra composes in no time."""
    for name, text in {
        "config": CONFIG,
        "experiment/one": ONE,
        "experiment/none": ONE.replace("case@staffing.team: team", "case@staffing.team: tame"),
        "experiment/bare": "# @package _global_\ndefaults: [oen, _self_]\nname: bare\n",
        "experiment/late": ONE.replace("  - _self_", "  - _self_\n  - override /study: two"),
        "staffing/case/team": "desks: 1\n",
        "staffing/case/other": "desks: 2\n",
        "study/plain": "level: 1\n",
    }.items():
        file = tmp_path / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(paths, "conf", lambda: tmp_path)
    return tmp_path


TOLD = {
    "no such file of a group": ("experiment=oen", "experiment = 'oen': no such file, did you mean one? "),
    "no such file in a list": ("experiment=none", "staffing/case = 'tame': no such file, did you mean team? "),
    "no such file beside it": ("experiment=bare", "experiment = 'oen': no such file, did you mean one? "),
    "no such place": (
        "staffing/case@staffing.crew=other",
        "is not there to be replaced; to add it, write +staffing/case@",
    ),
    "no place": ("staffing/case=other", "does not say where it belongs; write staffing/case@PLACE=other; "),
    "no such place in a file": ("experiment=late", "study"),
    "there already": ("+staffing/case@staffing.team=other", "is there already; leave out the +"),
    "not there": ("~staffing.crew", "staffing.crew: is not there, so that it cannot be taken out"),
    "no such group there": ("~study@two", "is not there, so that it cannot be taken out"),
    "several values": ("seed=1,2", "seed = '1,2': has several values; type -m before it"),
    "a range": ("seed=range(1,4)", "seed = 'range(1,4)': has several values; type -m before it"),
    "a folder": ("++study=plain", "study = 'plain': is a folder of files; write +study/FOLDER@study.NAME=FILE"),
    "no value": ("seed=[1", "command line = 'seed=[1': cannot be read: "),
    "a reference": ("seed=${sed}", "seed: Interpolation key 'sed' not found"),
}


@pytest.mark.parametrize("what", TOLD)
def test_it_is_told_in_our_words(what: str, small: Path) -> None:
    word, told = TOLD[what]
    with pytest.raises(BadInput) as refused:
        composition.resolved([word])
    assert told in str(refused.value)
    assert "hydra" not in str(refused.value).lower()


def test_whatever_is_told_by_its_text_is_made_above() -> None:
    assert set(SAID) <= set(TOLD)


def test_an_error_of_ours_is_not_taken_for_a_mistake_in_the_words(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(composition, "_check_reach", broken)
    with pytest.raises(ZeroDivisionError):
        composition.resolved(["seed=1"])
