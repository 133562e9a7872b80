"""Large files of a user: read row by row with a line of progress, or refused before they fill the memory."""

from __future__ import annotations

from pathlib import Path

import pytest

import caresim
from caresim.config import pace
from caresim.config.errors import BadInput
from caresim.config.exports import export_table, room

SMALL = 25_000_000
"""Bytes of a small machine: room for 35,000 contacts."""


@pytest.fixture
def small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "memory", lambda: SMALL)


def written(folder: Path, text: str) -> Path:
    file = folder / "calls.csv"
    file.write_text(text, encoding="utf-8")
    return file


def contacts(count: int) -> str:
    return "arrival,channel,note\n" + "".join(f"{n * 0.5},phone,hello\n" for n in range(count))


def refusal(key: str, file: Path, *words: str) -> str:
    with pytest.raises(BadInput) as problem:
        caresim.load("experiment=replay", f"replay.{key}={file}", *words)
    return str(problem.value)


@pytest.mark.usefixtures("small_machine")
def test_a_file_larger_than_memory_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_table, "lines_of", lambda *given: pytest.fail("read"))
    told = refusal("contacts", written(tmp_path, contacts(40_000)))
    assert "has about 40,0" in told
    assert told.endswith("need 28 MB of memory; allowed: at most 35,000 rows with the 25 MB that can be had here")


@pytest.mark.usefixtures("small_machine")
def test_as_many_rows_as_were_allowed_are_read(tmp_path: Path) -> None:
    experiment = caresim.load("experiment=replay", f"replay.contacts={written(tmp_path, contacts(35_000))}")
    assert experiment.replay is not None
    assert len(experiment.replay.traffic.rows) == 35_000


def test_an_interval_cannot_have_any_number_of_calls(tmp_path: Path) -> None:
    told = refusal("intervals", written(tmp_path, "interval_start,offered\n0,10\n30,10000000000\n"))
    assert told.startswith(
        "replay.intervals (calls.csv, line 3, offered) = '10000000000': makes 10,000,000,010 contacts"
    )
    assert "7 TB of memory are needed; allowed: at most" in told


def test_neither_can_a_spell_of_duty_have_any_number_of_people(tmp_path: Path) -> None:
    file = written(tmp_path, "interval_start,offered,staff\n0,10,1000000000\n")
    assert "makes 1,000,000,000 people in all" in refusal("intervals", file)
    plan = tmp_path / "plan.csv"
    plan.write_text("start,end,headcount\n" + "0,60,10000\n" * 20_000)
    told = refusal("contacts", written(tmp_path, contacts(5)), f"replay.staff={plan}")
    assert told.startswith("replay.staff (plan.csv, line 2, headcount) = '10000': makes 200,000,000 people in all")


def test_a_file_of_thousands_of_columns_is_another_table(tmp_path: Path) -> None:
    names = ",".join(f"column_{n}" for n in range(10_000))
    told = refusal("contacts", written(tmp_path, f"arrival,{names}\n1\n"))
    assert "has 10,001 columns; allowed: at most 500 (those that are read: arrival, " in told


def test_a_file_without_line_ends_is_not_read_to_its_end(tmp_path: Path) -> None:
    told = refusal("contacts", written(tmp_path, "a" * (room.PROBED + 1)))
    assert told.endswith("has no line end in its first million characters; allowed: a CSV file, a row a line")


def test_reading_that_lasts_is_told_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes half a second each time somebody looks at it."""
    now = [0.0]

    def monotonic() -> float:
        now[0] += 0.5
        return now[0]

    told: list[str] = []
    monkeypatch.setattr(pace.time, "monotonic", monotonic)
    monkeypatch.setattr(pace, "_tell", told.append)
    file = written(tmp_path, contacts(60_000))
    caresim.load("experiment=replay", f"replay.contacts={file}")
    assert told[0].startswith("reading calls.csv: ")
    assert told[0].endswith(" s left")
    assert any(line.startswith("reading the times of calls.csv: ") for line in told)
    assert len(told) < 6


def test_nobody_is_told_of_a_small_file_or_in_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []
    monkeypatch.setattr(pace, "_tell", told.append)
    file = written(tmp_path, contacts(100))
    caresim.load("experiment=replay", f"replay.contacts={file}")
    assert told == []
    monkeypatch.setattr(pace, "_tell", None)
    monkeypatch.setattr(pace, "FIRST_S", 0.0)
    file.write_text(contacts(101))
    caresim.load("experiment=replay", f"replay.contacts={file}")
    assert capsys.readouterr() == ("", "")
