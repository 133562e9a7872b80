"""Separators, encodings, titles, totals, workbooks: how a table lies in its file."""

from __future__ import annotations

import datetime
import io

import pytest
from openpyxl import Workbook

from caresim.config.errors import BadInput
from caresim.config.exports import grid

REPORT = "interval_start;offered;aht_s\n2026-03-02 08:00;1204;284,5\n"


def workbook(*sheets):
    """A real .xlsx; each sheet is (title, rows)."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (REPORT, {"separator": "semicolon", "decimal": "comma"}),
        (REPORT.replace(";", "\t").encode("utf-16"), {"separator": "tab", "decimal": "comma"}),
        (b"\xef\xbb\xbf" + REPORT.encode(), {"separator": "semicolon", "decimal": "comma"}),
        (REPORT.replace("\n", "\r\n"), {"separator": "semicolon", "decimal": "comma"}),
        (REPORT.replace("\n", "\r"), {"separator": "semicolon", "decimal": "comma"}),
        ("sep=;\n" + REPORT, {"decimal": "comma"}),
        (REPORT.encode("utf-16-le"), {"separator": "semicolon", "decimal": "comma", "encoding": "utf-16-le"}),
        ("Queue report\n\nWeek 10;all queues\n" + REPORT, {"separator": "semicolon", "decimal": "comma"}),
        (REPORT + "Total;1204;284,5\n", {"separator": "semicolon", "decimal": "comma"}),
    ],
)
def test_a_table_is_found_wherever_it_lies(read, text, form):
    found = read("intervals", text, **form)
    assert len(found.rows) == 1204
    assert found.rows[0].service == 284.5 / 60


def test_letters_of_another_encoding_are_read_as_the_format_says(read):
    text = "Zeit;Anrufe;Ø Bearbeitungszeit\n02.03.2026 08:00;1.000;284,5\n".encode("cp1252")
    columns = {"interval_start": "Zeit", "offered": "Anrufe", "aht_s": "Ø Bearbeitungszeit"}
    form = {
        "separator": "semicolon",
        "decimal": "comma",
        "thousands": "point",
        "dates": "day_first",
        "columns": columns,
    }
    with pytest.raises(BadInput, match=r"is not text in UTF-8; save it as CSV UTF-8, or say replay\.format\.encoding"):
        read("intervals", text, **form)
    assert len(read("intervals", text, encoding="cp1252", **form).rows) == 1000


def test_titles_and_totals_that_are_left_out_are_said(read):
    found = read("intervals", "Report\ninterval_start,offered\n0,1\n30,2\nGrand Total,3\n")
    assert found.notes == ("1 line above the header left out", "1 line of totals left out")
    assert len(found.rows) == 3


def test_a_workbook_with_real_times_and_durations_is_read(read):
    rows = [
        ["Agents' calls"],
        ["arrival", "wait_s", "outcome", "service_s"],
        [datetime.datetime(2026, 3, 2, 8, 0, 30), 12, "answered", datetime.timedelta(minutes=4, seconds=5)],
        [datetime.datetime(2026, 3, 2, 8, 1), 60.5, "abandoned", None],
    ]
    found = read("contacts", workbook(("Calls", rows)), name="calls.xlsx")
    assert [row.arrival for row in found.rows] == [480.5, 481.0]
    assert found.rows[0].service == 245 / 60
    assert list(found.columns["wait_s"]) == [12.0, 60.5]


def test_of_several_sheets_one_is_named(read):
    book = workbook(("Notes", [["nothing"]]), ("Calls", [["arrival"], [5], [7]]))
    with pytest.raises(BadInput, match=r"replay.format.sheet.*is required.*allowed: Notes, Calls"):
        read("contacts", book, name="calls.xlsx")
    assert len(read("contacts", book, name="calls.xlsx", sheet="Calls").rows) == 2
    with pytest.raises(BadInput, match="did you mean Calls"):
        read("contacts", book, name="calls.xlsx", sheet="Call")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 no workbook", "is no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a workbook of the old kind"),
        (workbook(("Calls", [])), "must have a column arrival"),
    ],
)
def test_what_is_no_workbook_is_told_in_one_line(read, content, words):
    with pytest.raises(BadInput, match=words):
        read("contacts", content, name="calls.xlsx")


def test_a_workbook_that_unpacks_to_more_than_can_be_meant_is_refused(read, monkeypatch):
    monkeypatch.setattr(grid, "MOST_UNPACKED", 1000)
    with pytest.raises(BadInput, match=r"is no workbook that can be read \(it unpacks to 0.0 GB\)"):
        read("contacts", workbook(("Calls", [["arrival"], [5]])), name="calls.xlsx")


def test_a_sheet_of_a_text_file_is_refused(read):
    with pytest.raises(BadInput, match=r"replay.format.sheet = 'Calls': is of a workbook"):
        read("contacts", "arrival\n5\n", sheet="Calls")
