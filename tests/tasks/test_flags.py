"""Every flag of the installed Hydra works, or is refused with what to type instead."""

from __future__ import annotations

import pytest
from hydra._internal.utils import get_args_parser

from caresim.config.errors import BadInput
from caresim.tasks import flags
from caresim.tasks.flags import BY_NAME, FLAGS, parsed

HYDRAS = {action.option_strings[0]: action for action in get_args_parser()._actions if action.option_strings}


def test_each_has_a_row_and_the_names_that_hydra_gives_it() -> None:
    assert {flag.name for flag in FLAGS if not flag.ours} == set(HYDRAS)
    for flag in FLAGS:
        if not flag.ours:
            assert list(filter(None, (flag.name, flag.short))) == HYDRAS[flag.name].option_strings
            assert sorted(flag.choices) == sorted(HYDRAS[flag.name].choices or ())


@pytest.mark.parametrize("name", [name for name, flag in BY_NAME.items() if not flag.does])
def test_one_that_is_refused_says_what_to_type(name: str) -> None:
    for words in ([name, "x"], [f"{name}=x"], ["seed=1", name]):
        with pytest.raises(BadInput) as refused:
            parsed(words)
        assert BY_NAME[name].instead in str(refused.value)


def test_they_stand_anywhere() -> None:
    args = parsed(["seed=1", "-c", "all", "--resolve", "record=none", "-p", "staffing.hybrid", "-cd", "mine"])
    assert args.overrides == ["seed=1", "record=none"]
    assert (args.cfg, args.resolve, args.package, args.config_dir) == ("all", True, "staffing.hybrid", "mine")
    assert parsed(["--info", "seed=1"]).info == parsed(["-i"]).info == parsed(["seed=1", "--info", "all"]).info == "all"
    assert parsed(["--info", "defaults-tree", "seed=1"]).info == "defaults-tree"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-m", "-r"], "allowed: one of the two"),
        (["--info", "--cfg", "job"], "allowed: one of the two"),
        (["-m", "--cfg", "job"], "leave out -m"),
        (["--resolve"], "--cfg job --resolve"),
        (["-p", "seed"], "--cfg job --package"),
        (["--cfg", "jobs"], "invalid choice"),
        (["--nonsense"], "--help tells"),
        (["seed=1", "-sc", "install=bash"], "comes first"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: list[str], told: str) -> None:
    with pytest.raises(BadInput) as refused:
        parsed(words)
    assert told in str(refused.value)


def test_texts_win() -> None:
    for text in flags.TEXTS:
        assert getattr(parsed([f"--{text.replace('_', '-')}", "-m", "--cfg", "job"]), text)
