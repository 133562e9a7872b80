"""A workbook (.xlsx) from tables: cells have types, text stays text, and equal tables give equal bytes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

WORKBOOK = "results.xlsx"
"""What the workbook of a run is called."""
MOST_ROWS = 1_048_575
"""Of a sheet, below its heading: what spreadsheets open."""
MOST_COLUMNS = 16_384
"""Of a sheet."""
LONGEST_NAME = 31
"""Letters of a sheet's name."""
MOST_LETTERS = 32_767
"""Of a cell."""
DAY = datetime(2000, 1, 1)
"""When every workbook was made: its bytes depend on its tables alone."""
NEVER = "not reached"
"""What stands for a time that never comes."""
FORMULA = ("=", "+", "-", "@", "#", "\t", "\n")
"""How text begins that is marked as text: a spreadsheet shows it and never computes it, even when it is edited."""
_ILLEGIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST, _NARROWEST = 60, 9
LOOKED_AT = 40
"""Rows by which the width of a column is chosen."""


def write(sheets: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write the tables as sheets of these names, headings first.

    ValueError for a name that is too long, or a table that is too long or too wide; OSError when the disk refuses.

    What XlsxWriter puts aside on the way lies beside the workbook, and goes with its folder if the process is killed.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    for name, table in sheets.items():
        if len(name) > LONGEST_NAME:
            raise ValueError(f"the sheet's name {name} has {len(name)} letters, and may have {LONGEST_NAME}")
        if len(table) > MOST_ROWS:
            raise ValueError(f"{name} has {len(table)} rows, and a sheet holds {MOST_ROWS}")
        if table.shape[1] > MOST_COLUMNS:
            raise ValueError(f"{name} has {table.shape[1]} columns, and a sheet holds {MOST_COLUMNS}")
    with TemporaryDirectory(dir=path.parent) as aside, path.open("wb") as file:
        # Row by row, each of which is let go when the next one begins.
        book = Workbook(file, {"constant_memory": True, "tmpdir": aside})
        book.use_zip64()
        book.set_properties({"created": DAY})
        styles = Styles(book)
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, width in enumerate(_widths(table)):
                sheet.set_column(number, number, width)
            _fill(sheet, table, styles)
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None


class Styles:
    """How cells look."""

    def __init__(self, book: Workbook) -> None:
        self.heading = book.add_format({"bold": True})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.text = book.add_format({"quote_prefix": True})
        """Of text that a spreadsheet would take for a formula, or for an error."""


def _fill(sheet: Worksheet, table: pd.DataFrame, styles: Styles) -> None:
    """The heading in bold, then row by row."""
    for place, name in enumerate(table.columns):
        sheet.write_string(0, place, _legible(str(name)), styles.heading)
    columns = [[_value(each) for each in column.tolist()] for column in _known(table)]
    for row, values in enumerate(zip(*columns, strict=True), start=1):
        for place, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, place, value, styles.text if value.startswith(FORMULA) else None)
            elif isinstance(value, bool):
                sheet.write_boolean(row, place, value)
            elif isinstance(value, datetime):
                sheet.write_datetime(row, place, value, styles.moment)
            elif value is not None:
                sheet.write_number(row, place, value)


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
    return value.replace(tzinfo=None) if isinstance(value, datetime) else _legible(str(value)) or None


def _legible(text: str) -> str:
    """Text without what no spreadsheet takes, its lines ended in one way."""
    return _ILLEGIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:MOST_LETTERS]


def _widths(table: pd.DataFrame) -> Iterator[float]:
    """Of each column, from its heading and first rows."""
    for number, name in enumerate(table.columns):
        longest = max([len(str(name)), *(len(str(value)) for value in table.iloc[:LOOKED_AT, number])])
        yield min(max(longest + 1, _NARROWEST), _WIDEST)
