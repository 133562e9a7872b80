"""What the columns of a sample look like: which is which, the order of dates, signs within numbers, units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from caresim.config.exports.cells import CLOCKED, GROUPED, HALF_CLOCKED, WITH_UNIT
from caresim.config.exports.durations import LONGEST_HANDLING, SHORTEST_HANDLING
from caresim.config.exports.file_format import DURATIONS, JOINED, MARKS, UNITS
from caresim.config.exports.moment import SERIALS
from caresim.config.exports.sample import Look
from caresim.config.exports.vocabulary import PARTIAL, folded

PLACED = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\b")
TIMED = re.compile(r"\d{1,2}:\d{2}")
NUMBERED = (
    ("epoch_s", 9e8, 4.2e9),
    ("epoch_ms", 9e11, 4.2e12),
    ("compact", 1.9e11, 2.2e11),
    ("compact", 1.9e13, 2.2e13),
    ("serial", *SERIALS),
)
"""What a number may stand for as a date, by its size."""
NAMED_UNITS = {"ms": "ms", "min": "min", "minutes": "min", "hours": "h", "h": "h"}
COUNTS = ("offered", "answered", "abandoned", "headcount")


def find_columns(look: Look) -> None:
    """Which column is which; a date without a time is joined with the time beside it."""
    found = look.matched()
    names = dict(look.known.get("columns", {}))
    for column, theirs in list(found.items()):
        if theirs != (column,):
            names[column] = list(theirs) if len(theirs) > 1 else theirs[0]
        if column in JOINED and len(theirs) == 1:
            cells = look.cells(theirs[0])
            if cells and not any(TIMED.search(cell) for cell in cells) and all(PLACED.match(cell) for cell in cells):
                taken = {name for other in found.values() for name in other}
                clock = next((n for n in look.header if n and n not in taken and _is_clock(look, n)), None)
                if clock is not None:
                    names[column] = [theirs[0], clock]
                    look.rules.append(f"{column} is {theirs[0]} and {clock} together")
                    found[column] = (theirs[0], clock)
            elif cells and all(re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp][Mm])?", cell) for cell in cells):
                day = next((n for n in look.header if n and n not in theirs and _is_day(look, n)), None)
                if day is not None:
                    names[column] = [day, theirs[0]]
                    look.rules.append(f"{column} is {day} and {theirs[0]} together")
                    found[column] = (day, theirs[0])
                    if all(re.fullmatch(r"\d+", cell) for cell in look.cells(day)):
                        look.known["dates"] = "compact"
                        look.rules.append(f"{day} is year, month and day without signs between")
                elif column in names:
                    del names[column], found[column]
    if names:
        look.known["columns"] = names
    for column, theirs in found.items():
        for name in theirs:
            look.takes[name] = column


def _is_clock(look: Look, name: str) -> bool:
    cells = look.cells(name)
    clock = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\s*[AaPp]\.?[Mm]\.?)?"
    return (
        bool(cells)
        and all(re.fullmatch(clock, cell) for cell in cells)
        and "time" in folded(name).replace("zeit", "time")
    )


def _is_day(look: Look, name: str) -> bool:
    cells = look.cells(name)
    packed = "date" in folded(name).split() and all(re.fullmatch(r"\d{6}|\d{8}", cell) for cell in cells)
    return bool(cells) and (packed or all(PLACED.fullmatch(cell) for cell in cells))


def find_dates(look: Look) -> None:
    """The order of day and month, or what numbers stand for."""
    if "dates" in look.known:
        return
    names = [name for name, column in look.takes.items() if column in JOINED]
    cells = [cell for name in names for cell in look.cells(name)]
    written = [found for cell in cells if (found := PLACED.match(cell)) and len(found[1]) <= 2]
    numbers = [float(cell) for cell in cells if re.fullmatch(r"\d+(\.\d+)?", cell)]
    if written:
        _find_order(look, written, any(re.search(r"[AaPp]\.?[Mm]\.?$", cell) for cell in cells))
    elif any(re.match(r"\d{4}[/.]", cell) for cell in cells):
        look.known["dates"] = "year_first"
    elif numbers and len(numbers) == len(cells):
        dates = next((dates for dates, low, high in NUMBERED if all(low <= n <= high for n in numbers)), None)
        if dates == "serial":
            look.doubts.append(f"{cells[0]} may be minutes, or days of a spreadsheet: say dates: minutes, or serial.")
        elif dates is not None:
            look.known["dates"] = dates
            look.rules.append(f"times such as {cells[0]} are {dates}")


def _find_order(look: Look, written: Sequence[re.Match[str]], half_days: bool) -> None:
    """Of day, month and year, from dates with one or two figures in front; `half_days`: with am or pm behind."""
    example = written[0][0]
    first, second = max(int(found[1]) for found in written), max(int(found[3]) for found in written)
    if first > 12 and second > 12:
        return
    if first > 12 and all(len(found[1]) == len(found[4]) == 2 and int(found[4]) <= 31 for found in written):
        look.doubts.append(f"{example} may begin with the day or with the year: say dates: day_first, or year_first.")
        return
    dots = all(found[2] == "." for found in written)
    look.known["dates"] = "month_first" if second > 12 else "day_first"
    if first <= 12 and second <= 12 and not dots:
        look.known["dates"] = "month_first" if half_days else "day_first"
        other = "day_first" if half_days else "month_first"
        look.doubts.append(f"{example} may be either order: dates: {other} is the other.")
    look.rules.append(f"dates such as {example} are {str(look.known['dates']).replace('_', ' ')}")


def find_numbers(look: Look) -> None:
    """Signs before decimals and between thousands."""
    if "decimal" in look.known or "thousands" in look.known:
        return
    decimals: Counter[str] = Counter()
    thousands: Counter[str] = Counter()
    unclear: dict[str, tuple[str, str]] = {}
    """Of durations all of whose signs may be either: an example, and the sign."""
    for name, column in look.takes.items():
        if column not in (*DURATIONS, *COUNTS, "staff", "speed"):
            continue
        sure, grouped = _signs(look.cells(name))
        for mark in ("point", "comma"):
            decimals[mark] += sure[f"decimal {mark}"]
        for mark in MARKS:
            thousands[mark] += sure[f"thousands {mark}"]
        for mark, cell in grouped.items():
            if column in COUNTS:
                thousands[mark] += 1
            elif mark == "comma" or (
                column in DURATIONS and not sure[f"decimal {mark}"] and mark in ("point", "comma")
            ):
                unclear[name] = cell, mark
    decimal = "comma" if decimals["comma"] and not decimals["point"] else None
    seen = [mark for mark, times in thousands.most_common() if times and mark != decimal and not decimals[mark]]
    between = next(iter(seen), None)
    for name, (cell, mark) in unclear.items():
        if mark == "comma" and decimal is None and not thousands["comma"]:
            between = between or "comma"
        if mark in (between, "comma") and mark != decimal:
            look.doubts.append(
                f"{cell} in {name} is read with {mark}s between thousands: decimal: {mark} is the other."
            )
    if decimal:
        look.known["decimal"] = decimal
        look.rules.append("a comma stands before decimals")
    if between:
        look.known["thousands"] = between
        look.rules.append(f"thousands are parted by a {between}")


def _signs(cells: Sequence[str]) -> tuple[Counter[str], dict[str, str]]:
    """How often each sign can only be decimal, or only of thousands; and an example of each that may be either."""
    sure: Counter[str] = Counter()
    grouped: dict[str, str] = {}
    for cell in cells:
        own = WITH_UNIT.fullmatch(cell)
        text = own["number"].strip() if own else cell
        signs = [mark for mark, sign in MARKS.items() if sign in text]
        if not signs or CLOCKED.fullmatch(text) or not re.fullmatch(r"[-+]?\d[\d.,' \u00a0\u202f]*", text):
            continue
        last = max(signs, key=lambda mark: text.rindex(MARKS[mark]))
        if len(signs) == 2:
            sure[f"decimal {last}"] += 1
            sure[f"thousands {next(mark for mark in signs if mark != last)}"] += 1
        elif last in ("space", "apostrophe") or text.count(MARKS[last]) > 1:
            sure[f"thousands {last}"] += 1
        elif GROUPED.fullmatch(text):
            grouped.setdefault(last, cell)
        else:
            sure[f"decimal {last}"] += 1
    return sure, grouped


def find_units(look: Look) -> None:
    """Units of durations that cannot be seconds."""
    units = dict(look.known.get("units", {}))
    given = set(units)
    stated = set(units)
    """Columns whose unit the file or the user says."""
    durations = {name: column for name, column in look.takes.items() if column in DURATIONS}
    for name, column in durations.items():
        cells = look.cells(name)
        if column in given or (cells and all(CLOCKED.fullmatch(cell) or WITH_UNIT.fullmatch(cell) for cell in cells)):
            stated.add(column)
        elif halves := [cell for cell in cells if HALF_CLOCKED.fullmatch(cell)]:
            units[column] = "m:ss"
            stated.add(column)
            look.doubts.append(f"{halves[0]} in {name} may be hours and minutes: units: {{{column}: h:mm}}.")
        elif unit := next((unit for word, unit in NAMED_UNITS.items() if word in folded(name).split()), None):
            units[column] = unit
            stated.add(column)
            look.rules.append(f"{name} is in {unit}, as its name says")
        elif (fits := _unit_by_size(look, column, cells)) is not None:
            units[column] = fits
            stated.add(column)
            look.rules.append(f"{name} is in {fits}: its median cannot be seconds")
        if folded(name) in PARTIAL:
            look.doubts.append(f"{name} may be the talk alone: handling is talk, hold and wrap-up together.")
    odd = {units[column] for column in stated - given if units.get(column, "s") != "s"}
    for name, column in durations.items():
        if odd and column not in stated:
            if odd == {"ms"}:
                units[column] = "ms"
            look.doubts.append(f"Whether {name} is in {units.get(column, 's')} the file does not say.")
    if units:
        look.known["units"] = units


def _unit_by_size(look: Look, column: str, cells: Sequence[str]) -> str | None:
    """The unit in which the median handling time is one that can be meant, where seconds are none."""
    values = sorted(value for cell in cells if (value := _plain(look, cell)) > 0)
    median = values[len(values) // 2] if values else 0.0
    longest = LONGEST_HANDLING[True]
    if column not in ("service_s", "aht_s") or not median or SHORTEST_HANDLING <= median <= longest:
        return None
    return next((u for u in ("ms", "min", "h", "days") if SHORTEST_HANDLING <= median * UNITS[u] <= longest), None)


def _plain(look: Look, cell: str) -> float:
    """The number in a cell by the signs found so far; 0 where there is none."""
    text = cell
    if "thousands" in look.known:
        text = text.replace(MARKS[str(look.known["thousands"])], "")
    if look.known.get("decimal") == "comma":
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return 0.0
