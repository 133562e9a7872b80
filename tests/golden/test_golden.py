"""Golden values: every experiment, cut down, gives what it gave: rows to the bit, derived numbers to 1e-12.

After a change that is meant to move them: python -m tests.golden.update, which prints what moved and by how much.
"""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import pytest
from tests.golden import update
from tests.support import golden_file

NAMES = golden_file.names()
SMALL = {
    "one_team": {
        "rows": {"contacts": "3 rows 0123456789abcdef"},
        "metrics": {"csat": ["3.5", "4.0"], "phone_blocked": ["0.0", "nan"]},
        "comparison": {"csat": {"difference": "1e-05", "verdict": "better"}},
    }
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """A golden file of a few values, in a folder of its own; what is computed is a copy that a test may change."""
    computed = copy.deepcopy(SMALL)
    monkeypatch.setattr(golden_file, "HERE", tmp_path)
    monkeypatch.setattr(golden_file, "names", lambda: ["small"])
    monkeypatch.setattr(golden_file, "computed", lambda name: computed)
    golden_file.keep("small", SMALL)
    return computed


@pytest.mark.parametrize("name", NAMES)
def test_nothing_has_moved(name: str) -> None:
    kept = golden_file.kept(name)
    assert kept is not None, f"{name} has no golden file: python -m tests.golden.update {name}"
    moves = golden_file.moved(kept, golden_file.computed(name))
    lines = [*golden_file.told(moves)]
    assert not moves, "\n".join([f"{len(moves)} values of {name} moved", *lines[:30]])


def test_every_golden_file_and_every_cut_is_that_of_an_experiment() -> None:
    assert {path.stem for path in golden_file.HERE.glob("*.json")} == set(NAMES)
    assert set(golden_file.inputs()) - {"every"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_golden_values_say_something(name: str) -> None:
    """Rows in every table that a run always has, and more numbers than missing ones."""
    kept = golden_file.kept(name)
    assert kept is not None
    for staffing, values in kept.items():
        assert not values["rows"]["contacts"].startswith("0 rows"), staffing
        numbers = [float(text) for texts in values["metrics"].values() for text in texts]
        assert sum(map(math.isnan, numbers)) < len(numbers) / 2, staffing


def test_the_files_folder_can_be_named_in_an_override(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"every": ["seed=0"], "other": ["replay.contacts={here}/calls.csv", "a={start: 1}"]}
    monkeypatch.setattr(golden_file, "inputs", lambda: told)
    expected = ["experiment=other", "seed=0", f"replay.contacts={golden_file.HERE}/calls.csv", "a={start: 1}"]
    assert golden_file.overrides("other") == expected
    assert golden_file.overrides("unlisted") == ["experiment=unlisted", "seed=0"]


@pytest.mark.parametrize("off", [0.9, -0.9])
def test_a_number_may_be_off_by_rounding_and_no_more(small: dict[str, Any], off: float) -> None:
    values = small["one_team"]["metrics"]["csat"]
    values[1] = repr(4.0 + off * 4 * golden_file.STATISTICS)
    assert golden_file.moved(SMALL, small) == {}
    values[1] = repr(4.0 + 1.3 * off * 4 * golden_file.STATISTICS)
    assert set(golden_file.moved(SMALL, small)) == {"one_team.metrics.csat.1"}


def test_a_gain_may_be_off_by_more_and_nothing_else() -> None:
    gain, other = "1204.843016001662", "1204.8430159997547"
    assert not golden_file.moved({"csat": {"pairing_gain": gain}}, {"csat": {"pairing_gain": other}})
    assert golden_file.moved({"csat": {"pairing_gain": gain}}, {"csat": {"pairing_gain": "1204.8430161"}})
    assert golden_file.moved({"csat": {"ci_high": gain}}, {"csat": {"ci_high": other}})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nan", "0.0"),
        ("inf", "1e+300"),
        ("inf", "-inf"),
        ("better", "worse"),
        ("3 rows 01", "3 rows 02"),
        (None, "nan"),
    ],
)
def test_what_is_no_finite_number_has_to_be_the_same(old: str | None, new: str) -> None:
    assert not golden_file.same(old, new)
    assert not golden_file.same(new, old)
    assert golden_file.same(old, old)


def test_an_update_prints_what_moved_and_by_how_much(small: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    small["one_team"]["rows"]["contacts"] = "4 rows 0123456789abcdef"
    small["one_team"]["metrics"]["csat"][0] = "3.570000000000000"
    small["one_team"]["comparison"]["csat"]["difference"] = "5e-06"
    small["one_team"]["metrics"]["cost"] = ["7.0"]
    del small["one_team"]["comparison"]["csat"]["verdict"]
    assert update.main(["small"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "  one_team.rows.contacts: 3 rows 0123456789abcdef -> 4 rows 0123456789abcdef",
        "  one_team.comparison.csat.verdict: better -> none",
        "  one_team.metrics.cost.0: none -> 7.0",
        "  one_team.comparison.csat.difference: 1e-05 -> 5e-06  (-0.5 relative)",
        "  one_team.metrics.csat.0: 3.5 -> 3.570000000000000  (+0.02 relative)",
        "small: 5 of 7 values moved",
    ]
    assert golden_file.kept("small") == small
    update.main(["small"])
    assert capsys.readouterr().out == "small: nothing moved\n"


def test_an_update_leaves_a_file_that_rounds_otherwise(small: dict[str, Any]) -> None:
    before = golden_file.file_of("small").read_bytes()
    small["one_team"]["metrics"]["csat"][0] = repr(3.5 + 1e-15)
    update.main([])
    assert golden_file.file_of("small").read_bytes() == before


def test_an_experiment_without_a_file_gets_one(small: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    golden_file.file_of("small").unlink()
    update.main([])
    assert capsys.readouterr().out == "small: new, 7 values\n"
    assert golden_file.kept("small") == small


def test_an_unknown_experiment_is_refused(small: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        update.main(["tokio"])
    assert stopped.value.code == 2
    assert "no experiment 'tokio', allowed: small" in capsys.readouterr().err
