"""A few cases of each kind in every run, and all that was ever found. Many: `python -m tests.fuzz --count 20000`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz.__main__ import as_process, case_of, shrunk
from tests.fuzz.case import Case
from tests.fuzz.judge import KINDS, Outcome, judged

CORPUS = Path(__file__).parent / "corpus"
FEW = {"configuration": 16, "words": 14, "yaml": 8, "replay": 30}
"""Within fifteen CPU seconds, most of which compose the good ones."""


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_comes_in_is_run_or_refused_in_one_line(kind: str) -> None:
    sorts = Counter()
    for number in range(FEW[kind]):
        outcome = judged(case_of(0, number, kind))
        assert outcome.sort != "find", f"case {number} of kind {kind}: {outcome.why}"
        sorts[outcome.sort] += 1
    assert sorts["refused"]
    assert sorts["run"] + sorts["large"] + sorts["shown"], (
        "nothing was accepted: the cases are too wild to tell anything"
    )


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.json")), ids=lambda file: file.stem)
def test_what_was_found_is_mended(file: Path) -> None:
    outcome = judged(Case.read(file))
    assert outcome.sort != "find", outcome.why


def test_there_is_something_to_repeat() -> None:
    assert len(list(CORPUS.glob("*.json"))) >= 10


def test_a_case_follows_from_its_number_and_survives_its_file(tmp_path: Path) -> None:
    for number in range(200):
        case = case_of(3, number)
        case.write(tmp_path / "case.json")
        again = Case.read(tmp_path / "case.json")
        assert repr(again) == repr(case) == repr(case_of(3, number))


def test_a_traceback_is_a_find_and_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fuzzer itself can fail: one step of three is to blame."""

    def breaks(raw: object) -> None:
        if "brittle" in str(raw):
            raise KeyError("brittle")

    monkeypatch.setattr("caresim.config.compose.check_raw", breaks)
    steps = (["set", ["seed"], 5], ["set", ["question"], "brittle"], ["set", ["bin"], "31 min"])
    case = Case("configuration", "minimal", steps)
    outcome = judged(case)
    assert outcome.sort == "find"
    small = shrunk(case, outcome.why)
    assert small.steps == (steps[1],)
    assert small.why.endswith("KeyError: 'brittle'")


def test_a_refusal_in_several_lines_is_a_find(monkeypatch: pytest.MonkeyPatch) -> None:
    from caresim.config.errors import BadInput

    class Talkative(BadInput):
        def __str__(self) -> str:
            return "two\nlines"

    def refuse(raw: object) -> None:
        raise Talkative("seed", 1, "must be 2")

    monkeypatch.setattr("caresim.config.compose.check_raw", refuse)
    assert judged(Case("configuration", "minimal", ())).sort == "find"


def test_a_real_process_agrees() -> None:
    refused = Case("words", "queue", (["word", "seed=-1"],))
    assert as_process(refused) == Outcome("refused", "caresim: seed = -1: must be at least 0\n")
    assert as_process(Case("words", "queue", ())).sort == "shown"
