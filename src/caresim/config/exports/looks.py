"""What the columns of a sample look like: which is which, the order of dates, signs within numbers, units."""

from __future__ import annotations

import re
from collections import Counter

from caresim.config.exports.cells import CLOCKED, GROUPED, HALF_CLOCKED
from caresim.config.exports.file_format import DURATIONS, JOINED, MARKS, UNITS
from caresim.config.exports.moment import SERIALS
from caresim.config.exports.sample import Look
from caresim.config.exports.vocabulary import folded

PLACED = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\b")
TIMED = re.compile(r"\d{1,2}:\d{2}")
PLAUSIBLE = (5.0, 3 * 3600.0)
"""Seconds: a handling time on the phone, by which units are told apart."""
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
        first, second = max(int(found[1]) for found in written), max(int(found[3]) for found in written)
        dots = all(found[2] == "." for found in written)
        if first > 12 and second > 12:
            return
        look.known["dates"] = "month_first" if second > 12 else "day_first"
        example = written[0][0]
        if first <= 12 and second <= 12 and not dots:
            half = any(re.search(r"[AaPp]\.?[Mm]\.?$", cell) for cell in cells)
            look.known["dates"] = "month_first" if half else "day_first"
            other = "day_first" if half else "month_first"
            look.doubts.append(f"{example} may be either order: dates: {other} is the other.")
        look.rules.append(f"dates such as {example} are {str(look.known['dates']).replace('_', ' ')}")
    elif any(re.match(r"\d{4}[/.]", cell) for cell in cells):
        look.known["dates"] = "year_first"
    elif numbers and len(numbers) == len(cells):
        for dates, low, high in NUMBERED:
            if all(low <= value <= high for value in numbers):
                look.known["dates"] = dates
                look.rules.append(f"times such as {cells[0]} are {dates}")
                break


def find_numbers(look: Look) -> None:
    """Signs before decimals and between thousands."""
    if "decimal" in look.known or "thousands" in look.known:
        return
    names = {name: column for name, column in look.takes.items() if column in (*DURATIONS, *COUNTS, "staff")}
    decimals: Counter[str] = Counter()
    thousands: Counter[str] = Counter()
    for name, column in names.items():
        for cell in look.cells(name):
            signs = [mark for mark, sign in MARKS.items() if sign in cell]
            if CLOCKED.fullmatch(cell) or not signs or not re.fullmatch(r"[-+]?\d[\d.,' \u00a0\u202f]*\D*", cell):
                continue
            if len(signs) == 2:
                last = max(signs, key=lambda mark: cell.rindex(MARKS[mark]))
                decimals[last] += 1
                thousands[next(mark for mark in signs if mark != last)] += 1
            elif (
                len(signs) == 1 and GROUPED.fullmatch(cell) and (column in COUNTS or signs[0] not in ("point", "comma"))
            ):
                thousands[signs[0]] += 1
            elif signs[0] in ("point", "comma") and not GROUPED.fullmatch(cell):
                decimals[signs[0]] += 1
            elif signs == ["comma"]:
                thousands["comma"] += 1
    decimal = next((mark for mark in ("comma",) if decimals[mark] and not decimals["point"]), None)
    between = next((mark for mark, _ in thousands.most_common() if mark != decimal and not decimals[mark]), None)
    if decimal:
        look.known["decimal"] = decimal
        look.rules.append("a comma stands before decimals")
    if between:
        look.known["thousands"] = between
        look.rules.append(f"thousands are parted by a {between}")


def find_units(look: Look) -> None:
    """Units of durations that cannot be seconds."""
    units = dict(look.known.get("units", {}))
    for name, column in look.takes.items():
        if column not in DURATIONS or column in units:
            continue
        cells = look.cells(name)
        halves = [cell for cell in cells if HALF_CLOCKED.fullmatch(cell)]
        if halves:
            units[column] = "m:ss"
            look.doubts.append(f"{halves[0]} in {name} may be hours and minutes: units: {{{column}: h:mm}}.")
            continue
        said = folded(name).split()
        by_name = next((unit for word, unit in NAMED_UNITS.items() if word in said), None)
        values = sorted(value for cell in cells if (value := _plain(look, cell)) > 0)
        median = values[len(values) // 2] if values else 0.0
        if by_name:
            units[column] = by_name
            look.rules.append(f"{name} is in {by_name}, as its name says")
        elif column in ("service_s", "aht_s") and median and not 2.0 <= median <= PLAUSIBLE[1]:
            fits = [unit for unit in ("ms", "min", "h", "days") if PLAUSIBLE[0] <= median * UNITS[unit] <= PLAUSIBLE[1]]
            if fits:
                units[column] = fits[0]
                look.rules.append(f"{name} is in {fits[0]}: its median, {median:g}, cannot be seconds")
                others = [other for other in ("wait_s", "asa_s", "patience_s") if other in look.takes.values()]
                for other in others if fits[0] == "ms" else ():
                    units.setdefault(other, "ms")
    if units:
        look.known["units"] = units


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
