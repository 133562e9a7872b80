"""What a file looks like: the format in which it could be read, with what speaks for it and what is in doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from caresim.config.errors import BadInput
from caresim.config.exports.cells import CLOCKED, GROUPED, HALF_CLOCKED, is_empty
from caresim.config.exports.file_format import DURATIONS, JOINED, MARKS, SEPARATORS, UNITS, Format
from caresim.config.exports.grid import UTF_16_MARKS, lines_of
from caresim.config.exports.moment import SERIALS
from caresim.config.exports.vocabulary import COLUMNS, MEDIA, OUTCOMES, TOTALS, YES_NO, folded, listed, meanings, slug

SAMPLE = 5_000
"""Rows that are looked at."""
MOST_TITLES = 30
PLACED = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\b")
TIMED = re.compile(r"\d{1,2}:\d{2}")
PLAUSIBLE = (5.0, 3 * 3600.0)
"""Seconds: a handling time on the phone, by which units are told apart."""
OF_KIND = {
    "contacts": ("arrival", "outcome", "wait_s", "service_s", "patience_s", "channel", "medium", "desk", "contact_id",
                 "need", "cohort", "priority"),
    "intervals": ("interval_start", "interval_end", "offered", "answered", "abandoned", "aht_s", "asa_s", "staff",
                  "channel", "medium", "desk", "staffing", "replication"),
    "staff": ("start", "end", "headcount", "desk"),
}  # fmt: skip
"""Our columns that are looked for in each kind of file, the most telling first."""
NUMBERED = (
    ("epoch_s", 9e8, 4.2e9),
    ("epoch_ms", 9e11, 4.2e12),
    ("compact", 1.9e11, 2.2e11),
    ("compact", 1.9e13, 2.2e13),
    ("serial", *SERIALS),
)
"""What a number may stand for as a date, by its size."""
NAMED_UNITS = {"ms": "ms", "min": "min", "minutes": "min", "hours": "h", "h": "h"}
SWALLOWED_WORDS = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
"""Words that YAML may take for something else."""
COUNTS = ("offered", "answered", "abandoned", "headcount")


@dataclass
class Proposal:
    """A format for a file; `doubts` are sentences on what could be otherwise, `takes` says what each column is."""

    format: Format
    takes: dict[str, str] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


@contextmanager
def with_way_out(kind: str, path: str, form: Format) -> Iterator[None]:
    """Add to a refusal the format by which the file would be read further, ready to paste."""
    try:
        yield
    except BadInput as problem:
        proposed = propose(kind, path, form)
        words = pasted(proposed.format, form) if proposed is not None else ""
        if not words:
            raise
        doubt = f" ({' '.join(proposed.doubts)})" if proposed is not None and proposed.doubts else ""
        stop = "" if problem.allowed.endswith("?") else "."
        allowed = f"{problem.allowed}{stop} To read it as it looks, add {words}{doubt}"
        raise BadInput(problem.key, problem.value, allowed) from None


def pasted(proposed: Format, given: Format) -> str:
    """The proposed format as one word of the command line, quoted for a shell; empty where nothing is new."""
    new, old = changes(proposed), changes(given)
    if new == old:
        return ""
    return f"'replay.format={_inline(new)}'"


def changes(form: Format) -> dict[str, Any]:
    """What differs from the plain format, as plain mappings and lists."""
    given = form.model_dump(mode="json", exclude_defaults=True)
    return {key: _unwrapped(value) for key, value in given.items() if value not in (None, {}, [])}


def _unwrapped(value: Any) -> Any:
    """Lists of one word as the word."""
    if isinstance(value, Mapping):
        return {key: _unwrapped(inner) for key, inner in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _inline(value: Any) -> str:
    """The value in the syntax that YAML and the command line share."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_inline(inner) for inner in value) + "]"
    text = str(value)
    plain = re.fullmatch(r"[A-Za-z][\w-]*", text) and text.lower() not in SWALLOWED_WORDS
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def propose(kind: str, path: str, form: Format) -> Proposal | None:
    """How a file of this kind looks, starting from what is known of its format; None where it shows no table."""
    known = dict(changes(form))
    try:
        known |= _encoding(path, known)
        with_encoding = Format.model_validate(known)
        rules: list[str] = []
        separator, header, rows = _table(kind, path, with_encoding)
        if header is None:
            return None
        if separator != (form.separator or "comma"):
            known["separator"] = separator
            rules.append(f"cells are parted by {separator}s")
        proposal = Proposal(form, rules=rules)
        _columns(kind, header, rows, known, proposal)
        _dates(kind, header, rows, known, proposal)
        _numbers(kind, header, rows, known, proposal)
        _units(kind, header, rows, known, proposal)
        _words(kind, header, rows, known, proposal)
        proposal.format = Format.model_validate(known)
    except (BadInput, ValueError):
        return None  # Nothing to propose: the refusal itself says what is wrong.
    return proposal


def unread(kind: str, path: str, form: Format, ignored: Sequence[str]) -> str:
    """What columns that are left alone look like, in a sentence; empty where they look like nothing that is read."""
    proposal = propose(kind, path, form)
    takes = {} if proposal is None else {name: proposal.takes[name] for name in ignored if name in proposal.takes}
    if not takes or proposal is None:
        return ""
    which = ", ".join(f"{name} may be {column}" for name, column in takes.items())
    return f"{which}: to read it so, add {pasted(proposal.format, form)}"


def _encoding(path: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The encoding, where the file is not text in UTF-8 and does not say by its mark what else."""
    with Path(path).open("rb") as file:
        start = file.read(1 << 16)
    if "encoding" in known or start.startswith((*UTF_16_MARKS, b"PK")):
        return {}
    if b"\0" in start:
        return {"encoding": "utf-16"}
    try:
        with Path(path).open(encoding="utf-8") as text:
            for _ in text:
                pass
    except UnicodeDecodeError:
        return {"encoding": "cp1252"}
    return {}


def _table(kind: str, path: str, form: Format) -> tuple[str, list[str] | None, list[list[str]]]:
    """Separator, header and rows that make most of the file: the most of our columns, by whatever name."""
    best: tuple[int, str, list[str] | None, list[list[str]]] = (0, form.separator or "comma", None, [])
    for separator in [form.separator] if form.separator else SEPARATORS:
        try:
            lines = [
                line.cells
                for line in islice(lines_of("", path, form.model_copy(update={"separator": separator})), SAMPLE)
            ]
        except BadInput:
            continue
        for place, cells in enumerate(lines[:MOST_TITLES]):
            score = len(_matched(kind, cells, form))
            if score > best[0]:
                rows = [row + [""] * (len(cells) - len(row)) for row in lines[place + 1 :]]
                best = score, str(separator), cells, rows
    return best[1:]


def _matched(kind: str, header: Sequence[str], form: Format) -> dict[str, tuple[str, ...]]:
    """Names in the file of our columns: those that the format gives, those that are ours, those that are usual."""
    found: dict[str, tuple[str, ...]] = {}
    for column in OF_KIND[kind]:
        given = form.named(column)
        if all(name in header for name in given):
            found[column] = given
    taken = {name for given in found.values() for name in given}
    for column in OF_KIND[kind]:
        if column in found or column in form.columns:
            continue
        for usual in listed(COLUMNS.get(column, "")):
            names = [
                name for name in header if name and name not in taken and usual in (folded(name), _without_unit(name))
            ]
            if names:
                found[column] = (names[0],)
                taken.add(names[0])
                break
    return found


def _without_unit(name: str) -> str:
    """A folded name of a column without its unit: `Talk time (sec)` is talk time."""
    words = folded(name).split()
    while len(words) > 1 and words[-1] in ("s", "sec", "secs", "seconds", "ms", "min", "minutes", "h", "hours", "avg"):
        words.pop()
    return " ".join(words)


def _cells(header: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> list[str]:
    """What stands in a column, without empty cells and totals."""
    place = header.index(name)
    return [row[place] for row in rows if not is_empty(row[place]) and folded(row[place]) not in TOTALS]


def _columns(
    kind: str, header: Sequence[str], rows: Sequence[Sequence[str]], known: dict[str, Any], proposal: Proposal
) -> None:
    """Which column is which; a date without a time is joined with the time beside it."""
    found = _matched(kind, header, Format.model_validate(known))
    names = dict(known.get("columns", {}))
    for column, theirs in list(found.items()):
        if theirs != (column,):
            names[column] = list(theirs) if len(theirs) > 1 else theirs[0]
        if column in JOINED and len(theirs) == 1:
            cells = _cells(header, rows, theirs[0])
            if cells and not any(TIMED.search(cell) for cell in cells) and all(PLACED.match(cell) for cell in cells):
                taken = {name for other in found.values() for name in other}
                clock = next((n for n in header if n and n not in taken and _is_clock(header, rows, n)), None)
                if clock is not None:
                    names[column] = [theirs[0], clock]
                    proposal.rules.append(f"{column} is {theirs[0]} and {clock} together")
                    found[column] = (theirs[0], clock)
            elif cells and all(re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp][Mm])?", cell) for cell in cells):
                day = next((n for n in header if n and n not in theirs and _is_day(header, rows, n)), None)
                if day is not None:
                    names[column] = [day, theirs[0]]
                    proposal.rules.append(f"{column} is {day} and {theirs[0]} together")
                    found[column] = (day, theirs[0])
                    if all(re.fullmatch(r"\d+", cell) for cell in _cells(header, rows, day)):
                        known["dates"] = "compact"
                        proposal.rules.append(f"{day} is year, month and day without signs between")
                elif column in names:
                    del names[column], found[column]
    if names:
        known["columns"] = names
    for column, theirs in found.items():
        for name in theirs:
            proposal.takes[name] = column


def _is_clock(header: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> bool:
    cells = _cells(header, rows, name)
    clock = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\s*[AaPp]\.?[Mm]\.?)?"
    return (
        bool(cells)
        and all(re.fullmatch(clock, cell) for cell in cells)
        and "time" in folded(name).replace("zeit", "time")
    )


def _is_day(header: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> bool:
    cells = _cells(header, rows, name)
    packed = "date" in folded(name).split() and all(re.fullmatch(r"\d{6}|\d{8}", cell) for cell in cells)
    return bool(cells) and (packed or all(PLACED.fullmatch(cell) for cell in cells))


def _dates(
    kind: str, header: Sequence[str], rows: Sequence[Sequence[str]], known: dict[str, Any], proposal: Proposal
) -> None:
    """The order of day and month, or what numbers stand for."""
    if "dates" in known:
        return
    names = [name for name, column in proposal.takes.items() if column in JOINED]
    cells = [cell for name in names for cell in _cells(header, rows, name)]
    written = [found for cell in cells if (found := PLACED.match(cell)) and len(found[1]) <= 2]
    numbers = [float(cell) for cell in cells if re.fullmatch(r"\d+(\.\d+)?", cell)]
    if written:
        first, second = max(int(found[1]) for found in written), max(int(found[3]) for found in written)
        dots = all(found[2] == "." for found in written)
        if first > 12 and second > 12:
            return
        known["dates"] = "month_first" if second > 12 else "day_first"
        example = written[0][0]
        if first <= 12 and second <= 12 and not dots:
            half = any(re.search(r"[AaPp]\.?[Mm]\.?$", cell) for cell in cells)
            known["dates"] = "month_first" if half else "day_first"
            other = "day_first" if half else "month_first"
            proposal.doubts.append(f"{example} may be either order: dates: {other} is the other.")
        proposal.rules.append(f"dates such as {example} are {str(known['dates']).replace('_', ' ')}")
    elif any(re.match(r"\d{4}[/.]", cell) for cell in cells):
        known["dates"] = "year_first"
    elif numbers and len(numbers) == len(cells):
        for dates, low, high in NUMBERED:
            if all(low <= value <= high for value in numbers):
                known["dates"] = dates
                proposal.rules.append(f"times such as {cells[0]} are {dates}")
                break


def _numbers(
    kind: str, header: Sequence[str], rows: Sequence[Sequence[str]], known: dict[str, Any], proposal: Proposal
) -> None:
    """Signs before decimals and between thousands."""
    if "decimal" in known or "thousands" in known:
        return
    names = {name: column for name, column in proposal.takes.items() if column in (*DURATIONS, *COUNTS, "staff")}
    decimals: Counter[str] = Counter()
    thousands: Counter[str] = Counter()
    for name, column in names.items():
        for cell in _cells(header, rows, name):
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
        known["decimal"] = decimal
        proposal.rules.append("a comma stands before decimals")
    if between:
        known["thousands"] = between
        proposal.rules.append(f"thousands are parted by a {between}")


def _units(
    kind: str, header: Sequence[str], rows: Sequence[Sequence[str]], known: dict[str, Any], proposal: Proposal
) -> None:
    """Units of durations that cannot be seconds."""
    units = dict(known.get("units", {}))
    for name, column in proposal.takes.items():
        if column not in DURATIONS or column in units:
            continue
        cells = _cells(header, rows, name)
        halves = [cell for cell in cells if HALF_CLOCKED.fullmatch(cell)]
        if halves:
            units[column] = "m:ss"
            proposal.doubts.append(f"{halves[0]} in {name} may be hours and minutes: units: {{{column}: h:mm}}.")
            continue
        said = folded(name).split()
        by_name = next((unit for word, unit in NAMED_UNITS.items() if word in said), None)
        values = sorted(value for cell in cells if (value := _plain(cell, known)) > 0)
        median = values[len(values) // 2] if values else 0.0
        if by_name:
            units[column] = by_name
            proposal.rules.append(f"{name} is in {by_name}, as its name says")
        elif column in ("service_s", "aht_s") and median and not 2.0 <= median <= PLAUSIBLE[1]:
            fits = [unit for unit in ("ms", "min", "h", "days") if PLAUSIBLE[0] <= median * UNITS[unit] <= PLAUSIBLE[1]]
            if fits:
                units[column] = fits[0]
                proposal.rules.append(f"{name} is in {fits[0]}: its median, {median:g}, cannot be seconds")
                others = [other for other in ("wait_s", "asa_s", "patience_s") if other in proposal.takes.values()]
                for other in others if fits[0] == "ms" else ():
                    units.setdefault(other, "ms")
    if units:
        known["units"] = units


def _plain(cell: str, known: Mapping[str, Any]) -> float:
    """The number in a cell by the signs found so far; 0 where there is none."""
    text = cell
    if "thousands" in known:
        text = text.replace(MARKS[str(known["thousands"])], "")
    if known.get("decimal") == "comma":
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return 0.0


def _words(
    kind: str, header: Sequence[str], rows: Sequence[Sequence[str]], known: dict[str, Any], proposal: Proposal
) -> None:
    """Outcomes, media and queues whose words are not known."""
    ours = {column: name for name, column in proposal.takes.items()}
    if "outcome" in ours:
        words = meanings(OUTCOMES) | (meanings(YES_NO) if "answer" in folded(ours["outcome"]) else {})
        for outcome, theirs in known.get("outcomes", {}).items():
            words |= {folded(word): outcome for word in ([theirs] if isinstance(theirs, str) else theirs)}
        unknown = [word for word in dict.fromkeys(_cells(header, rows, ours["outcome"])) if folded(word) not in words]
        if unknown:
            outcomes = {key: list(value) if not isinstance(value, str) else [value]
                        for key, value in known.get("outcomes", {}).items()}  # fmt: skip
            for word in unknown:
                outcomes.setdefault(_likely(header, rows, ours, word), []).append(word)
            known["outcomes"] = outcomes
            proposal.doubts.append(f"Whether {', '.join(unknown)} means answered is for you to say.")
    if "medium" in ours:
        table = meanings(MEDIA)
        for medium, theirs in known.get("media", {}).items():
            table |= {folded(word): medium for word in ([theirs] if isinstance(theirs, str) else theirs)}
        unknown = [word for word in dict.fromkeys(_cells(header, rows, ours["medium"])) if folded(word) not in table]
        if unknown:
            known["media"] = {**known.get("media", {}), "messenger": unknown}
            proposal.doubts.append(f"Whether {', '.join(unknown)} is a messenger is for you to say.")
    elif "channel" in ours and "medium" not in known:
        table = meanings(MEDIA)
        cells = _cells(header, rows, ours["channel"])
        if any(folded(cell) not in table for cell in cells) and all(slug(cell) for cell in cells):
            known["medium"] = "phone"
            proposal.doubts.append(f"That all of {ours['channel']} are phone calls is for you to say.")


def _likely(header: Sequence[str], rows: Sequence[Sequence[str]], ours: Mapping[str, str], word: str) -> str:
    """Answered where handling times stand beside the word in most rows, else abandoned."""
    if "service_s" not in ours:
        return "abandoned"
    outcome, service = header.index(ours["outcome"]), header.index(ours["service_s"])
    beside = [row[service] for row in rows if row[outcome] == word]
    with_time = sum(not is_empty(cell) and cell not in ("0", "0:00:00", "00:00:00", "00:00") for cell in beside)
    return "answered" if 2 * with_time > len(beside) else "abandoned"
