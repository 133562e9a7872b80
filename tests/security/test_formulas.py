"""Text from data never reaches a spreadsheet as a formula: in no CSV file that a run leaves behind."""

from __future__ import annotations

import ast
import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.run.folder import write, write_csv

PACKAGE = Path(caresim.__file__).parent
CELLS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1", "－1", "＠A1"]


def cells(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("text", CELLS)
@pytest.mark.parametrize("kind", ["object", "str", "category"])
def test_text_that_would_be_computed_gets_an_apostrophe(text: str, kind: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"word": pd.Series([text, "plain", None, f"'{text}"], dtype=kind)})
    write_csv(frame, tmp_path / "a.csv")
    safe = "'" + text.replace("\r", "\n")
    assert cells(tmp_path / "a.csv")[1:] == [[safe], ["plain"], [""], [safe]]
    assert frame["word"][0] == text


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_no_text_begins_a_row(end: str, tmp_path: Path) -> None:
    """The first cell of which would be a formula."""
    write_csv(pd.DataFrame({"word": [f"two{end}=1+1"], "more": 1}), tmp_path / "a.csv")
    assert cells(tmp_path / "a.csv") == [["word", "more"], ["two\n=1+1", "1"]]
    assert b"\r" not in (tmp_path / "a.csv").read_bytes()


def test_so_does_the_name_of_a_column(tmp_path: Path) -> None:
    write_csv(pd.DataFrame({"=1+1": [1], "plain": [2]}), tmp_path / "a.csv")
    assert cells(tmp_path / "a.csv")[0] == ["'=1+1", "plain"]


def test_numbers_and_times_are_as_they_were(tmp_path: Path) -> None:
    """Also those that are written as words: a spreadsheet shows them as what they are."""
    frame = pd.DataFrame(
        {
            "float": [-1.5, np.nan, -np.inf],
            "whole": pd.array([-1, None, 2], dtype="Int64"),
            "yes": [True, False, True],
            "time": pd.to_datetime([0, 1, 2], unit="s", utc=True),
            "word": ["-1.5", "+3", "1e-3"],
            "mixed": [-2, "-2 points", None],
        }
    )
    write_csv(frame, tmp_path / "a.csv")
    as_pandas = frame.replace({"mixed": {"-2 points": "'-2 points"}})
    as_pandas.to_csv(tmp_path / "b.csv", index=False, float_format="%.10g", lineterminator="\n")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_a_replay_of_hostile_contacts_leaves_no_formula(tmp_path: Path) -> None:
    """From the file of contacts to every file of the run's folder, by the writer of every run.

    Words of a file are either known, and written as ours, or refused: none of them gets further.
    """
    hostile = ["=HYPERLINK(A1)", "@sum(a1)", "-1+1"]
    rows = [f"2026-03-02T08:0{minute}:00,{word},9,{word}" for minute, word in enumerate(hostile, start=1)]
    (tmp_path / "contacts.csv").write_text("\n".join(["arrival,outcome,wait_s,=note", *rows]))
    (tmp_path / "staff.csv").write_text("start,end,desk,headcount\n2026-03-02T08:00,2026-03-02T12:30,phone,3\n")
    files = [f"replay.{name}={tmp_path / name}.csv" for name in ("contacts", "staff")]
    with pytest.raises(caresim.BadInput, match="unknown outcome"):
        caresim.load("experiment=replay", *files)
    known = "replay.format={outcomes: {abandoned: [" + ", ".join(f'"{word}"' for word in hostile) + "]}}"
    results = caresim.compare(caresim.load("experiment=replay", *files, known, "replications=2"))
    folder = write(results, tmp_path / "out")
    found = [cell for path in folder.glob("*.csv") for row in cells(path) for cell in row]
    assert "abandoned" in found
    assert [cell for cell in found if cell.startswith(("=", "@", "\t", "\r"))] == []


def test_every_csv_file_has_the_one_writer() -> None:
    """Whoever writes one otherwise writes formulas."""
    writers = {
        (path.relative_to(PACKAGE).as_posix(), node.attr)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"to_csv", "to_excel", "to_clipboard", "to_html", "writerow", "DictWriter"}
    }
    # What a notebook shows is HTML, in which pandas escapes every cell.
    shown = ("run/results", "tasks/compare/sweep/result", "tasks/compare_folders/side_by_side", "tasks/plan/result")
    assert writers == {("run/folder.py", "to_csv"), *((f"{name}.py", "to_html") for name in shown)}
