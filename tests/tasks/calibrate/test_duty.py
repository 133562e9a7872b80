"""Who was on duty, who serves what, and how long people are away after a contact: by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from tests.support.centre import loaded

from caresim.config.exports.file_format import Format
from caresim.tasks.backtest.history.evaluate import minutes_at
from caresim.tasks.calibrate.after_call import after_call_law, drawn_after_call
from caresim.tasks.calibrate.arrivals import to_come
from caresim.tasks.calibrate.coming import last_week
from caresim.tasks.calibrate.duty import serves, spells_of
from caresim.tasks.calibrate.history import read


def history(tmp_path, *rows: str):
    """`rows`: time of day, kind, agent, wait, outcome, service."""
    path = tmp_path / "history.csv"
    lines = [f"2026-03-02 {row}" for row in rows]
    path.write_text("arrival,kind,agent,wait_s,outcome,service_s\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return loaded(path)


def test_a_rest_ends_a_spell_and_a_shorter_gap_does_not(tmp_path) -> None:
    calls = history(
        tmp_path,
        "09:00:00,a,Ann,0,answered,60",
        "09:10:00,a,Ann,60,answered,60",  # begins 10 minutes after the first has ended
        "09:22:30,a,Ann,0,answered,60",  # and this one 10.5 minutes after the second
    )
    assert [(spell.start, spell.end) for spell in spells_of(calls, 10.0)] == [(540, 552), (562.5, 563.5)]
    assert [(spell.start, spell.end) for spell in spells_of(calls, 10.5)] == [(540, 563.5)]


def test_contacts_that_nobody_named_handled_are_of_no_spell(tmp_path) -> None:
    calls = history(
        tmp_path, "09:00:00,a,,0,answered,60", "09:01:00,a,Ann,30,abandoned,", "09:02:00,a,Bob,0,answered,9"
    )
    assert [calls.agents[spell.agent] for spell in spells_of(calls, 10.0)] == ["Bob"]


def test_who_has_had_hardly_any_of_a_kind_does_not_serve_it(tmp_path) -> None:
    rows = [
        f"09:{n:02d}:00,{kind},{agent},0,answered,5" for n in range(40) for kind, agent in (("a", "Ann"), ("b", "Bob"))
    ]
    rows += [f"10:{n:02d}:00,a,Bob,0,answered,5" for n in range(20)] + ["10:30:00,b,Ann,0,answered,5"]
    rows += ["10:40:00,a,New,0,answered,5"]
    calls = history(tmp_path, *rows)
    found = serves(calls)
    assert {name: found[calls.agents.index(name)].tolist() for name in ("Ann", "Bob", "New")} == {
        "Ann": [True, False],
        "Bob": [True, True],
        "New": [True, True],  # one contact says nothing
    }


def test_time_away_counts_only_while_somebody_waits(tmp_path) -> None:
    """Every five minutes a caller waits while Ann ends a call, and she takes the next 20 seconds later."""
    rows = []
    for n in range(0, 56, 5):
        rows += [f"{hour:02d}:{n:02d}:00,a,Ann,0,answered,60" for hour in range(9, 13)]
        rows += [f"{hour:02d}:{n:02d}:30,a,Ann,50,answered,30" for hour in range(9, 13)]
    calls = history(tmp_path, *rows)
    law = after_call_law(calls, np.ones((1, 1), bool), 10.0)
    assert law is not None
    assert [60 * minutes for minutes in law.times] == pytest.approx([20.0])
    assert law.survival == (0.0,)
    assert drawn_after_call(law, 3, np.random.default_rng(0)).tolist() == pytest.approx([1 / 3] * 3)


def test_too_few_times_away_are_none(tmp_path) -> None:
    calls = history(tmp_path, "09:00:00,a,Ann,0,answered,60", "09:00:30,a,Ann,50,answered,30")
    law = after_call_law(calls, np.ones((1, 1), bool), 10.0)
    assert law is None
    assert drawn_after_call(law, 2, np.random.default_rng(0)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("day", "times", "days_on", "expected"),
    [
        ("2026-03-27", ("07:03", "15:00"), 7, ("2026-04-03T07:03+02:00", "2026-04-03T15:00+02:00")),
        ("2026-10-23", ("07:03", "15:00"), 7, ("2026-10-30T07:03+01:00", "2026-10-30T15:00+01:00")),
        ("2026-03-20", ("07:03", "15:00"), 7, ("2026-03-27T07:03+01:00", "2026-03-27T15:00+01:00")),
        ("2026-03-22", ("02:50", "03:10"), 7, ("2026-03-29T03:00+02:00", "2026-03-29T03:10+02:00")),
        ("2026-03-22", ("02:10", "02:50"), 7, None),  # that hour does not exist
    ],
)
def test_a_roster_of_the_week_before_begins_by_the_local_clock(tmp_path, day, times, days_on, expected) -> None:
    begins, ends = (datetime.fromisoformat(f"{day} {clock}") for clock in times)
    path = tmp_path / "history.csv"
    row = f"{day} {times[0]}:00,a,Ann,0,answered,{(ends - begins).total_seconds():.0f}"
    path.write_text(f"arrival,kind,agent,wait_s,outcome,service_s\n{row}\n", encoding="utf-8")
    calls = read("calibrate", str(path), "Europe/Berlin", Format())
    spells = last_week(calls, [begins.date() + timedelta(days=days_on)], 10.0)
    found = [(calls.moment(spell.start), calls.moment(spell.end)) for spell in spells]
    assert found == ([] if expected is None else [tuple(f"{text[:16]}:00.000{text[16:]}" for text in expected)])


def test_the_hour_that_a_clock_change_leaves_out_has_no_arrivals_and_no_length(tmp_path) -> None:
    """In the night of 29 March the clock of Berlin goes from 02:00 to 03:00; the day has 23 hours."""
    path = tmp_path / "history.csv"
    rows = [f"2026-03-{day} {hour:02d}:{minute:02d}:00" for day in (22, 23) for hour in range(24) for minute in (5, 35)]
    path.write_text("\n".join(["arrival", *rows]) + "\n", encoding="utf-8")
    calls = read("calibrate", str(path), "Europe/Berlin", Format())
    report, _ = to_come(calls, [date(2026, 3, 29)], 50, np.random.default_rng(1))
    begins = report["interval_start"].tolist()
    assert [text[11:13] for text in begins] == [f"{hour:02d}" for hour in range(24) if hour != 2]
    assert begins[1:] == report["interval_end"].tolist()[:-1]
    sunday = date(2026, 3, 29).toordinal()
    ends = minutes_at([(sunday, 120), (sunday, 180), (sunday, 1440)], "Europe/Berlin", date(2026, 3, 29))
    assert ends.tolist() == [120, 120, 1380]
