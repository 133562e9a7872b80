"""A desk's roster, and the same roster written in other rows: by weekday, by date, heads apart, in another order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.support.properties.options import one
from tests.support.properties.small_worlds import cohort, desk, minimal, operator, phone, replans, reserves, staffing

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST = date(2011, 3, 11)
"""A Friday: the first day of the run, which ends on the Monday after it."""
HOURS = (
    *(("08:00", "16:00"), ("08:00", "12:00"), ("16:00", "24:00"), ("00:00", "24:00"), ("22:00", "06:00+1")),
    ("09:30", "17:30"),
)
AGAIN = {"24:00": "00:00+1"}
"""Another word for the same time."""
Row = dict[str, Any]


@st.composite
def rows(draw: Any, parts: st.SearchStrategy[int], most: int) -> list[Row]:
    """A few shifts, some at the same hours. `parts` is what each has: hundredths of the headcount, or people."""
    found = []
    for _ in range(draw(st.integers(1, most))):
        start, end = draw(one(*HOURS))
        row: Row = {"start": start, "end": end, "part": draw(parts)}
        row["days"] = draw(one(DAYS, DAYS, DAYS[:5], DAYS[5:], ("sat", "mon")))
        row["timezone"] = draw(one(None, None, "Asia/Tokyo"))
        found.append(row)
    return found


@st.composite
def written_otherwise(draw: Any, roster: list[Row], zone: str) -> list[Row]:
    """The same roster: rows divided in one way or another, some put in other words, and all in another order."""
    found: list[Row] = []
    for row in roster:
        way = draw(one("weekdays", "dates", "heads", "as it is"))
        if way == "weekdays" and len(row["days"]) > 1:
            some = draw(st.sets(st.sampled_from(row["days"]), min_size=1, max_size=len(row["days"]) - 1))
            pieces = [tuple(day for day in row["days"] if (day in some) == chosen) for chosen in (True, False)]
            found += [row | {"days": days} for days in pieces]
        elif way == "dates":
            last = FIRST + timedelta(days=draw(st.integers(0, 2)))
            found += [row | {"last": last.isoformat()}, row | {"first": (last + timedelta(days=1)).isoformat()}]
        elif way == "heads" and row["part"] > 1:
            less = draw(st.integers(1, row["part"] - 1))
            found += [row | {"part": less}, row | {"part": row["part"] - less}]
        else:
            found.append(row)
    in_words = [in_other_words(row, zone) if draw(st.booleans()) else row for row in found]
    return draw(st.permutations(in_words))


def in_other_words(row: Row, zone: str) -> Row:
    """The desk's own time zone by its name, and midnight as that of the day after."""
    return row | {"timezone": row["timezone"] or zone, "end": AGAIN.get(row["end"], row["end"])}


def shifts(roster: list[Row]) -> list[dict[str, Any]]:
    """The rows as a desk has its shifts."""
    return [plain(row) | {"share": f"{row['part'] / 100:g} x"} for row in roster]


def on_top(roster: list[Row]) -> list[dict[str, Any]]:
    """The rows as people who come on top."""
    return [plain(row) | {"headcount": f"{row['part']} people"} for row in roster]


def plain(row: Row) -> dict[str, Any]:
    return {key: list(value) if key == "days" else value for key, value in row.items() if key != "part"}


@st.composite
def two_writings(draw: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A configuration with one desk of people who differ, and the same with its roster in other rows."""
    whole = minimal()
    whole |= {"start": f"{FIRST} 00:00 UTC", "window": "72 h", "drain": "12 h", "seed": draw(st.integers(0, 999))}
    channels = {"a_phone": phone("5 lines"), "a_mail": {"medium": "email", "languages": ["en"]}}
    whole["operators"] = {"a": operator(channels, {})}
    people = cohort(["a"], list(channels)) | {"people": "150 people"}
    people["onset"] = {
        "kind": "pulses",
        "pulses": [{"at": f"{at} h", "weight": "1 x"} for at in (2, 30)],
        "spread": "9 h",
    }
    whole["population"] = {"cohorts": {"some": people}}
    about = desk("a", list(channels)) | {"shrinkage": "30 %", "absence": "10 %", "text_first": "40 %"}
    about["timezone"] = draw(one("UTC", "Europe/Paris"))
    about["headcount"] = draw(one("5 people", "3 people", "7 people"))
    about["premium"] = {"night": "25 %", "from": "22:00", "to": "06:00", "sunday": "50 %"}
    about["end_of_duty"] = draw(one("finish", "drop"))
    if draw(st.booleans()):
        about |= {"headcount_before": "2 people", "reinforced_from": f"{FIRST + timedelta(days=1)} 07:00 UTC"}
    about |= {key: draw(more) for key, more in (("replans", replans()), ("reserve", reserves())) if draw(st.booleans())}
    roster = draw(rows(st.integers(1, 250), 4))
    extra = draw(st.just([]) | rows(st.integers(1, 4), 2))
    writings = [(roster, extra)]
    writings.append(tuple(draw(written_otherwise(each, about["timezone"])) for each in writings[0]))
    followed = staffing({"a_desk": desk("a", list(channels)) | {"headcount": "4 people"}})
    money = draw(st.booleans())
    found = []
    for own, more in writings:
        model = staffing({"a_desk": about | {"shifts": shifts(own), "extra": on_top(more), "scale_with_hours": money}})
        if money:
            model["paid_hours"] = {"as": "followed"}
        found.append(whole | {"staffing": {"model": model, "followed": followed}})
    return found[0], found[1]
