"""A file as lines of cells: text of any encoding with any separator, or a sheet of a workbook."""

from __future__ import annotations

import csv
import math
import os
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from caresim.config.errors import BadInput, choice
from caresim.config.exports.file_format import SEPARATORS, Format
from caresim.config.pace import STEP, Pace

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
WORKBOOK_MARK = b"PK\x03\x04"
OLD_WORKBOOK_MARK = b"\xd0\xcf\x11\xe0"
DECLARED = re.compile(r"sep=(.)", re.IGNORECASE)
"""The first line by which spreadsheets are told the separator."""
MOST_TITLES = 30
"""Lines that may stand above the header."""
MOST_UNPACKED = 2 * 1024**3
"""Bytes of an unpacked workbook: a larger one cannot be meant."""


class Line(NamedTuple):
    """One row of a file and the line, from 1, in which it begins."""

    number: int
    cells: list[str]


def lines_of(key: str, path: str, form: Format) -> Iterator[Line]:
    """Every line with something in it. BadInput, with the `key` that named the file, where it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            beginning = file.read(8)
    except OSError as error:
        raise BadInput(key, path, f"cannot be read ({error.strerror}); allowed: a CSV file or a workbook") from None
    if beginning.startswith(WORKBOOK_MARK):
        return _of_workbook(key, path, form)
    if beginning.startswith(OLD_WORKBOOK_MARK):
        raise BadInput(key, path, "is a workbook of the old kind (.xls); save it as .xlsx or as CSV")
    if form.sheet is not None:
        raise BadInput(
            "replay.format.sheet", form.sheet, f"is of a workbook, and {Path(path).name} is none; leave it out"
        )
    return _of_text(key, path, form, encoding_of(beginning, form))


def encoding_of(beginning: bytes, form: Format) -> str:
    """What the file says of itself by its mark, or what the format says, or UTF-8."""
    if beginning.startswith(UTF_16_MARKS):
        return "utf-16"
    return "utf-8-sig" if form.encoding in (None, "utf-8") else str(form.encoding)


def _of_text(key: str, path: str, form: Format, encoding: str) -> Iterator[Line]:
    separator = SEPARATORS[form.separator or "comma"]
    number = 0
    try:
        with Path(path).open(encoding=encoding, newline="") as file:
            first = file.readline()
            if declared := DECLARED.fullmatch(first.strip()):
                number, separator = 1, declared[1]
            elif first.strip().lower() == "sep=":
                number, separator = 1, "\t"
            else:
                file.seek(0)
            pace = Pace(f"reading {Path(path).name}", Path(path).stat().st_size)
            reader = csv.reader(file, delimiter=separator, strict=True)
            before = 0
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Line(number + before + 1, [cell.strip() for cell in cells])
                before = reader.line_num
                if not before % STEP:
                    pace.at(os.lseek(file.fileno(), 0, os.SEEK_CUR))
            number += before
    except UnicodeError:
        known = "UTF-16" if encoding == "utf-16" else form.encoding or "UTF-8"
        raise BadInput(
            key, path, f"is not text in {known}; save it as CSV UTF-8, or say replay.format.encoding"
        ) from None
    except csv.Error as error:
        where = f"{key} ({Path(path).name}, from line {number + before + 1})"
        raise BadInput(
            where, path, f"is no CSV: {error}; allowed: cells parted by {form.separator or 'comma'}s"
        ) from None
    except OSError as error:
        raise BadInput(key, path, f"cannot be read ({error.strerror}); allowed: a CSV file or a workbook") from None


def _of_workbook(key: str, path: str, form: Format) -> Iterator[Line]:
    # Loaded here: most files are text, and the library takes a fifth of a second.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = math.fsum(part.file_size for part in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise ValueError(f"it unpacks to {unpacked / 1024**3:,.1f} GB")
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise BadInput(key, path, f"is no workbook that can be read ({_words(error)}); save the sheet as CSV") from None
    try:
        names = [sheet.title for sheet in book.worksheets]
        if form.sheet is None and len(names) != 1:
            raise BadInput("replay.format.sheet", None, f"is required for {Path(path).name}; {choice(names)}")
        if form.sheet is not None and form.sheet not in names:
            raise BadInput("replay.format.sheet", form.sheet, choice(names, form.sheet))
        for number, row in enumerate(book[form.sheet or names[0]].iter_rows(values_only=True), start=1):
            cells = [as_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield Line(number, cells)
    finally:
        book.close()


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


def as_text(value: Any) -> str:
    """A cell of a workbook as it would stand in a file of plain text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, rest = divmod(value.total_seconds(), 60.0)
        return f"{int(minutes // 60)}:{int(minutes % 60):02d}:{rest:06.3f}".removesuffix(".000")
    if isinstance(value, float) and math.isfinite(value) and value == math.floor(value) and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).split())
