"""A workbook: numbers are numbers, text is text whatever it begins with, equal tables give equal bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pandas as pd
import pytest
from openpyxl import load_workbook
from xlsxwriter.exceptions import FileCreateError

from caresim.run import spreadsheet

TABLE = pd.DataFrame(
    {
        "name": ["=1+1", "@here", "-", "+49 30", "plain\x00text"],
        "share": [0.5, float("nan"), float("inf"), 1.0, 2.0],
        "count": pd.array([1, None, 3, 4, 5], dtype="Int64"),
        "better": [True, False, True, True, False],
        "at": pd.to_datetime([datetime(2011, 3, 11, 5, 46, tzinfo=UTC)] * 4 + [pd.NaT], utc=True).tz_convert(
            "Asia/Tokyo"
        ),
    }
)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "results.xlsx"
    spreadsheet.write({"things": TABLE, "none": TABLE.head(0)}, path)
    book = load_workbook(path)
    assert book.sheetnames == ["things", "none"]
    assert [cell.value for cell in book["none"][1]] == list(TABLE)
    return book["things"]


def column(sheet, name):
    place = [cell.value for cell in sheet[1]].index(name)
    return [row[place] for row in sheet.iter_rows(min_row=2)]


def test_nothing_is_a_formula(sheet):
    cells = column(sheet, "name")
    assert [cell.value for cell in cells] == ["=1+1", "@here", "-", "+49 30", "plaintext"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n", "b", "d"}
    assert [cell.quotePrefix for cell in cells] == [True, True, True, True, False]


def test_a_heading_is_no_formula_either(tmp_path):
    spreadsheet.write({"swept": pd.DataFrame({"=key": [1]})}, tmp_path / "book.xlsx")
    (head,) = load_workbook(tmp_path / "book.xlsx")["swept"][1]
    assert (head.value, head.data_type) == ("=key", "s")


def test_cells_have_types(sheet):
    assert [cell.value for cell in column(sheet, "share")] == [0.5, None, spreadsheet.NEVER, 1, 2]
    assert [cell.value for cell in column(sheet, "count")] == [1, None, 3, 4, 5]
    assert [cell.value for cell in column(sheet, "better")] == [True, False, True, True, False]
    assert [cell.value for cell in column(sheet, "at")] == [datetime(2011, 3, 11, 14, 46)] * 4 + [None]


def test_equal_tables_give_equal_bytes_whenever_they_are_written(tmp_path):
    spreadsheet.write({"things": TABLE}, tmp_path / "book.xlsx")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "book.xlsx").read_bytes())) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        core = book.read("docProps/core.xml").decode()
    year = datetime.now().year
    assert f">{year}" not in core
    assert core.count(f">{spreadsheet.DAY:%Y-%m-%dT%H:%M:%SZ}<") == 2


def test_what_no_sheet_holds_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 4)
    with pytest.raises(ValueError, match="things has 5 rows, and a sheet holds 4"):
        spreadsheet.write({"things": TABLE}, tmp_path / "book.xlsx")
    monkeypatch.setattr(spreadsheet, "MOST_COLUMNS", 3)
    with pytest.raises(ValueError, match="things has 5 columns, and a sheet holds 3"):
        spreadsheet.write({"things": TABLE.head(1)}, tmp_path / "book.xlsx")
    with pytest.raises(ValueError, match="has 32 letters, and may have 31"):
        spreadsheet.write({"x" * 32: TABLE}, tmp_path / "book.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_told_as_such(tmp_path):
    (tmp_path / "book.xlsx").mkdir()
    with pytest.raises(OSError, match="directory"):
        spreadsheet.write({"things": TABLE}, tmp_path / "book.xlsx")


def test_a_disk_that_is_full_at_the_end_is_told_as_such(tmp_path, monkeypatch):
    def full(book):
        for sheet in book.worksheets():
            sheet._opt_close()
        raise FileCreateError(OSError(28, "No space left on device"))

    monkeypatch.setattr("xlsxwriter.workbook.Workbook.close", full)
    with pytest.raises(OSError, match="No space left"):
        spreadsheet.write({"things": TABLE}, tmp_path / "book.xlsx")


def test_nothing_lies_beside_the_workbook(tmp_path):
    spreadsheet.write({"things": TABLE}, tmp_path / "book.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


def test_text_is_told_as_it_is_read(tmp_path):
    table = pd.DataFrame({"one\x01": ["a\r\nb", "", "c\rd"]})
    spreadsheet.write({"things": table}, tmp_path / "book.xlsx")
    sheet = load_workbook(tmp_path / "book.xlsx")["things"]
    assert [cell.value for (cell,) in sheet.iter_rows()] == ["one", "a\nb", None, "c\nd"]
