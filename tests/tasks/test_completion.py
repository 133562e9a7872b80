"""What a press of the tab key gets: words that the command line takes, in three shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from caresim.__main__ import command
from caresim.tasks import completion, known
from caresim.tasks.completion import STAFFING_MODELS, after
from caresim.tasks.registry import TASKS
from caresim.tasks.shells import EXAMPLES, INSTALL, UNINSTALL


@pytest.fixture(scope="module")
def words():
    return known.gathered()


LINES = {
    "caresim exper": ["experiment="],
    "caresim experiment=to": ["experiment=tokyo"],
    "python -m caresim experiment=to": ["experiment=tokyo"],
    ".venv/bin/caresim -m experiment=queue,to": ["experiment=queue,tokyo"],
    "caresim task=pl": ["task=plan"],
    "caresim reco": ["record="],
    "caresim record=": ["record=all", "record=first", "record=none"],
    "caresim figures=s": ["figures=slides"],
    "caresim i_have_time=": ["i_have_time=false", "i_have_time=true"],
    "caresim replications=": ["replications=32"],
    "caresim precis": ["precision="],
    "caresim staffing.hyb": ["staffing.hybrid."],
    "caresim staffing.hybrid.desks.social.headc": [
        "staffing.hybrid.desks.social.headcount=",
        "staffing.hybrid.desks.social.headcount_before=",
    ],
    "caresim staffing.hybrid.desks.social.overf": ["staffing.hybrid.desks.social.overflow."],
    "caresim staffing.hybrid.desks.social.end_of_duty=d": ["staffing.hybrid.desks.social.end_of_duty=drop"],
    "caresim experiment=queue queue.serve": ["queue.servers="],
    "caresim experiment=compiegne baseline=": None,
    "caresim only=[social_team,hyb": ["only=[social_team,hybrid"],
    "caresim plan.staffing=call_center_24_7_": ["plan.staffing=call_center_24_7_funded"],
    "caresim ~staffing.hyb": ["~staffing.hybrid"],
    "caresim +staffing/to": ["+staffing/tokyo@staffing."],
    "caresim +staffing/tokyo@staffing.mine=hyb": ["+staffing/tokyo@staffing.mine=hybrid"],
    "caresim --cfg ": ["all", "hydra", "job"],
    "caresim -i defaults-": ["defaults-tree"],
    "caresim --conf": ["--config-dir"],
    "caresim --config-dir ": [],
    "caresim hydra.r": ["hydra.run.dir="],
    "caresim hydra/launcher=": ["hydra/launcher=basic"],
    "caresim hydra.mode=": ["hydra.mode=MULTIRUN", "hydra.mode=RUN"],
    "caresim task=backtest backtest=sty": ["backtest=stylised_facts"],
    "caresim task=backtest cont": ["contacts="],
    "caresim ../": [],
    "caresim question='Why so": [],
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_goes_on(line: str, words) -> None:
    found = after(line, words)
    assert found == LINES[line] if LINES[line] is not None else len(found) > 1


def test_files_of_a_user_are_there_as_well(tmp_path: Path, words) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "harbour.yaml").write_text("# @package _global_\nstaffing: {two: {desks: {pier: {}}}}\n")
    line = f"caresim --config-dir {tmp_path} experiment=harbour"
    assert after(line, words) == ["experiment=harbour"]
    assert after(f"{line} staffing.two.desks.", words) == ["staffing.two.desks.pier."]


def test_names_of_staffing_models_belong_to_keys_that_there_are(words) -> None:
    line = completion._Line([], words)
    for key in STAFFING_MODELS:
        *path, last = key.split(".")
        assert last in line._known_below(path), key
    assert set(words["tasks"]) == set(TASKS)


def test_words_are_gathered_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words) -> None:
    monkeypatch.setattr(known, "gathered", lambda: {"gathered": 1})
    assert known.known(tmp_path) == {"gathered": 1}
    monkeypatch.setattr(known, "gathered", lambda: {"gathered": 2})
    assert known.known(tmp_path) == {"gathered": 1}
    monkeypatch.setattr(known, "stamp", lambda: "other sources")
    assert known.known(tmp_path) == {"gathered": 2}
    assert len(list(tmp_path.iterdir())) == 1
    next(tmp_path.iterdir()).write_text("no JSON")
    assert known.known(tmp_path) == {"gathered": 2}
    assert known.known(tmp_path / "words-other sources.json" / "no folder") == {"gathered": 2}


def test_a_press_of_the_key_loads_nothing_heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words) -> None:
    """CPU seconds: under half a second, with a wide margin for a busy machine."""
    monkeypatch.setattr(known, "gathered", lambda: words)
    known.known(tmp_path / "caresim")
    code = "import sys, caresim.tasks.completion as it; it.answer(['query=bash']); print(*sys.modules, file=sys.stderr)"
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "COMP_LINE": "caresim staffing.hyb"}
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    after = os.times()
    assert done.stdout == "staffing.hybrid.\n"
    assert not {"pydantic", "hydra", "numpy", "omegaconf"} & set(done.stderr.split())
    assert after.children_user + after.children_system - before.children_user - before.children_system < 1


def test_scripts_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for what, scripts in (("install", INSTALL), ("uninstall", UNINSTALL)):
        for shell, text in scripts.items():
            assert command(["-sc", f"{what}={shell}"]) == 0
            assert capsys.readouterr().out == text
    for words in (["install=tcsh"], [], ["remove=bash"]):
        assert command(["--shell-completion", *words]) == 2
        assert EXAMPLES["fish"] in capsys.readouterr().err


IN_BASH = r"""
caresim() { printf '%s\n' "$COMP_LINE" > asked; (( ! ${#ANSWER[@]} )) || printf '%s\n' "${ANSWER[@]}"; }
try() {
    COMP_LINE=$1 COMP_POINT=${#1}; shift
    COMP_WORDS=(caresim) COMP_CWORD=1; ANSWER=("$@")
    _caresim_complete 2>/dev/null
    printf '%s|' "${COMPREPLY[@]}"; echo
}
try "caresim experiment=to" experiment=tokyo
try "caresim window=" "window=9 d 17 h"
try "caresim staf" staffing. staffing/
COMP_WORDBREAKS=${COMP_WORDBREAKS//=}
try "caresim experiment=to" experiment=tokyo
try "caresim nothing"
cat asked
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_gets_what_it_inserts(tmp_path: Path) -> None:
    """The part of the word behind a sign at which it breaks words, quoted."""
    script = INSTALL["bash"] + IN_BASH
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "tokyo|",
        r"9\ d\ 17\ h|",
        "staffing.|staffing/|",
        "experiment=tokyo|",
        "|",
        "caresim nothing",
    ]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_can_read_their_scripts(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    (tmp_path / "script").write_text(INSTALL[shell])
    subprocess.run([shell, "-n", "script"], check=True, cwd=tmp_path)
