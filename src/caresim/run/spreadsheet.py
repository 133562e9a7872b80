"""A workbook (.xlsx) from tables: cells have types, text stays text, and equal tables give equal bytes."""

from __future__ import annotations

import io
import math
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

WORKBOOK = "results.xlsx"
"""What the workbook of a run is called."""
MOST_ROWS = 1_048_575
"""Of a sheet, below its heading: what spreadsheets open."""
MOST_LETTERS = 32_767
"""Of a cell."""
DAY = datetime(2000, 1, 1)
"""When every workbook was made: its bytes depend on its tables alone."""
NEVER = "not reached"
"""What stands for a time that never comes."""
CORE = "docProps/core.xml"
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_WIDEST, _NARROWEST = 60, 9
LOOKED_AT = 40
"""Rows by which the width of a column is chosen."""


def write(sheets: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write the tables as sheets of these names, headings first. ValueError for one that is too long.

    What openpyxl puts aside on the way lies beside the workbook, and goes with its folder if the process is killed.
    """
    with _put_aside_in(path.parent):
        path.write_bytes(_dateless(_written(sheets)))


@contextmanager
def _put_aside_in(folder: Path) -> Iterator[None]:
    """For the length of a block, temporary files lie in this folder."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _written(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """The workbook as openpyxl writes it."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, table in sheets.items():
        if len(table) > MOST_ROWS:
            raise ValueError(f"{name} has {len(table)} rows, and a sheet holds {MOST_ROWS}")
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for letter, width in _widths(table):
            sheet.column_dimensions[letter].width = width
        for row in _rows(table, sheet):
            sheet.append(row)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def _rows(table: pd.DataFrame, sheet: Any) -> Iterator[list[Any]]:
    """The heading in bold, then a row a time."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    head = [WriteOnlyCell(sheet, value=str(name)) for name in table.columns]
    for cell in head:
        cell.font = Font(bold=True)
        cell.data_type = "s"
    yield head
    columns = [[_value(each) for each in column.tolist()] for column in _known(table)]
    for values in zip(*columns, strict=True):
        yield [_cell(value, sheet) if _looks_computed(value) else value for value in values]


def _known(table: pd.DataFrame) -> Iterator[pd.Series]:
    """The columns, with None for what is missing, however they say it."""
    for place in range(table.shape[1]):
        column = table.iloc[:, place]
        yield column.astype(object).where(column.notna().to_numpy(), None)


def _value(value: Any) -> Any:
    """A cell's value: None where there is none; moments without their zone, which spreadsheets do not know."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else NEVER
    return value.replace(tzinfo=None) if isinstance(value, datetime) else _legible(str(value))


def _legible(text: str) -> str:
    """Text without what no spreadsheet takes."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:MOST_LETTERS]


def _looks_computed(value: Any) -> bool:
    """Would a spreadsheet take it for a formula, or for an error?"""
    return isinstance(value, str) and value[:1] in FORMULA


FORMULA = ("=", "+", "-", "@", "#", "\t", "\n")
"""How text begins that is marked as text: a spreadsheet shows it and never computes it, even when it is edited."""


def _cell(text: str, sheet: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _widths(table: pd.DataFrame) -> Iterator[tuple[str, float]]:
    """Letter and width of each column, from its heading and first rows."""
    from openpyxl.utils import get_column_letter

    for number, name in enumerate(table.columns, start=1):
        longest = max([len(str(name)), *(len(str(value)) for value in table.iloc[:LOOKED_AT, number - 1])])
        yield get_column_letter(number), min(max(longest + 1, _NARROWEST), _WIDEST)


def _dateless(book: bytes) -> bytes:
    """The workbook without the moment at which it was written."""
    told = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == CORE:
                content = _DATES.sub(rb"\g<1>" + DAY.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            entry = zipfile.ZipInfo(name, DAY.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return told.getvalue()
