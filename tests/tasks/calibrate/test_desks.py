"""Who helps out with whose calls late: by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.support.centre import loaded

import caresim
from caresim.run.folder import write_csv
from caresim.tasks.calibrate.desk_table import DESKS, desks_in, table_of
from caresim.tasks.calibrate.desks import (
    Desk,
    desk_of_agents,
    desks_of,
    guessed,
    main_kinds,
    overflows,
    stretches,
    waits_for,
)
from caresim.tasks.calibrate.duty import Spell
from caresim.tasks.calibrate.files import staff_of
from caresim.tasks.calibrate.fit import fit
from caresim.tasks.calibrate.layout import laid_out
from caresim.tasks.calibrate.rules import Rules, steps
from caresim.tasks.nowcast.rules import desks_of as desks_of_folder

TWO = (Desk(("a", "b")), Desk(("c",), 0, 2.0))
"""Ann and Bob serve a and b; Cid serves c, with which they help out after two minutes."""


EARLY = (("00", "a", "Ann", 0.0), ("20", "b", "Ann", 0.0), ("30", "a", "Bob", 4.0), ("00", "c", "Cid", 10.0))


def history(tmp_path, late: float = 150.0, times: int = 30, back: int = 0):
    """Early contacts of each kind, and `times` of c that Ann took after `late` seconds; `back`: of a by Cid."""
    rows = [(f"09:{n:02d}:{second}", *rest) for n in range(40) for second, *rest in EARLY]
    rows += [(f"10:{n:02d}:00", "c", "Ann", late) for n in range(times)]
    rows += [(f"11:{n:02d}:00", "a", "Cid", late) for n in range(back)]
    path = tmp_path / "history.csv"
    lines = [f"2026-03-02 {at},{kind},{agent},{wait},answered,9" for at, kind, agent, wait in rows]
    path.write_text("arrival,kind,agent,wait_s,outcome,service_s\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return loaded(path)


def test_kinds_that_an_agent_takes_early_are_at_one_desk(tmp_path) -> None:
    assert [desk.kinds for desk in desks_of(history(tmp_path))] == [("a", "b"), ("c",)]


def test_a_kind_that_no_agent_has_had_is_at_the_first_desk_by_guess(tmp_path) -> None:
    calls = history(tmp_path)
    calls = replace(calls, kinds=(*calls.kinds, "zebra"))
    desks = desks_of(calls)
    assert [desk.kinds for desk in desks] == [("a", "b", "zebra"), ("c",)]
    assert guessed(calls, desks) == ["zebra"]
    assert guessed(history(tmp_path), TWO) == []


@pytest.mark.parametrize(
    ("late", "times", "afters"),
    [
        (150.0, 30, [2.0]),
        (30.0, 30, [0.5]),
        (119.6, 30, [2.0]),  # rounded
        (400.0, 30, [5.0]),
        (150.0, 29, []),  # too few
        (10.0, 30, []),  # early: Ann serves c, too
    ],
)
def test_an_overflow_is_looked_at_where_another_desk_took_enough_contacts_late(tmp_path, late, times, afters) -> None:
    found = overflows(history(tmp_path, late, times), ())
    assert [desks[1].after_min for desks in found] == afters
    assert {desks[1].to for desks in found} <= {0}


def test_waits_that_differ_are_several_candidates(tmp_path) -> None:
    calls = history(tmp_path)
    late = np.flatnonzero(calls.wait_s == 150.0)
    calls.wait_s[late[: len(late) // 2]] = 60.0
    assert [desks[1].after_min for desks in overflows(calls, ())] == [1.0, 1.5]  # half waited for 105 s


def test_no_way_leads_round(tmp_path) -> None:
    calls = history(tmp_path, back=30)
    both = overflows(calls, ())
    assert [[desk.to for desk in desks] for desks in both] == [[1, -1], [-1, 0]]
    assert overflows(calls, both[0]) == []


def test_people_serve_the_kinds_of_their_desk_alone(tmp_path) -> None:
    calls = history(tmp_path)
    assert dict(zip(calls.agents, desk_of_agents(calls, TWO).tolist(), strict=True)) == {"Ann": 0, "Bob": 0, "Cid": 1}
    assert main_kinds(calls, TWO).tolist() == [[True, True, False], [True, False, False], [False, False, True]]


def test_whoever_has_moved_waits_for_the_other_desk(tmp_path) -> None:
    calls = history(tmp_path)
    late = int(np.flatnonzero(calls.wait_s == 150.0)[0])
    serves = main_kinds(calls, TWO)
    since, until = stretches(calls, TWO, 0, serves[0])
    assert (since[late] - calls.arrival[late], until[late] - calls.arrival[late]) == pytest.approx((2.0, 2.5))
    since, until = stretches(calls, TWO, 1, serves[2])
    assert (since[late] - calls.arrival[late], until[late] - calls.arrival[late]) == pytest.approx((0.0, 2.0))
    assert [waits_for(TWO, at, "c", minutes) for at in (0, 1) for minutes in (1.0, 3.0)] == [False, True, True, False]
    assert not waits_for(TWO, 1, "a", 3.0)


def test_the_rules_say_it_in_words_and_in_the_keys_of_desks() -> None:
    rules = Rules(desks=TWO)
    assert "serve their main kinds, and those who serve a and b take c after 2 min;" in rules.text
    assert rules.staffing == {
        "calls_a": {"routing": "first_come"},
        "calls_c": {"routing": "first_come", "overflow": {"to": "calls_a", "after": "2 min"}},
    }
    assert list(Rules().staffing) == ["calls"]


def test_an_overflow_is_a_step_of_its_own_after_that_of_who_serves_what() -> None:
    search = steps(Rules(), 3, True, lambda desks: [] if desks else [TWO])
    groups = [next(search)]
    groups.append(search.send(Rules(after_call=False)))
    groups.append(search.send(groups[-1][1]))  # everybody serves every kind
    assert groups[-1] == [Rules(after_call=False, shared=True), Rules(after_call=False, desks=TWO)]
    groups.append(search.send(groups[-1][1]))
    assert {rules.desks for rules in groups[-1]} == {TWO}  # who is on duty, once more
    assert len(search.send(groups[-1][0])) == 4  # whose turn is next


def test_without_one_that_could_matter_the_candidates_are_those_of_one_desk() -> None:
    search = steps(Rules(), 3, False, lambda desks: [])
    next(search)
    search.send(Rules())
    with pytest.raises(StopIteration):
        search.send(Rules())


@pytest.fixture
def fitted(tmp_path):
    return SimpleNamespace(history=history(tmp_path), rules=Rules(desks=TWO))


def tables(**staff: str):
    """A contact of each kind, and a spell of each agent with these skills."""
    came = ["2026-03-03T09:00+00:00", "2026-03-03T09:10+00:00", "2026-03-03T09:20+00:00"]
    contacts = pd.DataFrame({"arrival": came, "channel": ["a", "b", "c"], "medium": "phone", "desk": "calls"})
    spells = [("2026-03-03T08:00+00:00", "2026-03-03T17:00+00:00", "calls", *person) for person in staff.items()]
    return {"contacts": contacts, "staff": pd.DataFrame(spells, columns=["start", "end", "desk", "agent", "skills"])}


def test_contacts_and_people_are_at_their_desk(fitted) -> None:
    found = laid_out(tables(Ann="a b", Bob="a", Cid="c", New=""), fitted)
    assert found.tables["contacts"]["desk"].tolist() == ["calls_a", "calls_a", "calls_c"]
    staff = found.tables["staff"].set_index("agent")
    assert staff["desk"].to_dict() == {"Ann": "calls_a", "Bob": "calls_a", "Cid": "calls_c", "New": "calls_a"}
    assert staff["skills"].to_dict() == {"Ann": "", "Bob": "a", "Cid": "", "New": ""}
    assert found.rules == fitted.rules


def test_a_kind_that_nobody_there_serves_is_everybodys(fitted) -> None:
    staff = laid_out(tables(Bob="a", Cid="c"), fitted).tables["staff"].set_index("agent")
    assert staff["skills"].to_dict() == {"Bob": "", "Cid": ""}


@pytest.mark.parametrize("lacks", ["people", "people in time", "contacts"])
def test_days_that_lack_a_desk_have_one_for_all_where_those_who_help_out_do_so_from_the_start(fitted, lacks) -> None:
    given = tables(Ann="a b", Bob="a", Cid="c") if lacks != "people" else tables(Ann="a b", Bob="a")
    if lacks == "people in time":
        given["staff"].loc[given["staff"]["agent"] == "Cid", "end"] = "2026-03-03T08:30+00:00"
    if lacks == "contacts":
        given["contacts"] = given["contacts"].iloc[:2]
    found = laid_out(given, fitted)
    assert found.rules == replace(fitted.rules, desks=())
    assert set(found.tables["contacts"]["desk"]) == {"calls"}
    assert set(found.tables["staff"]["desk"]) == {"calls"}
    skills = found.tables["staff"].set_index("agent")["skills"].to_dict()
    help_out = {"Ann": "", "Bob": "a"} if lacks == "contacts" else {"Ann": "", "Bob": "a c"}
    assert skills == help_out | ({} if lacks == "people" else {"Cid": "c"})


@pytest.mark.parametrize("key", ["contacts", "intervals"])
def test_people_who_begin_before_the_last_may_have_come_are_there_in_time(fitted, tmp_path, key) -> None:
    given = tables(Ann="a b", Cid="c")
    given["staff"].loc[given["staff"]["agent"] == "Cid", "start"] = "2026-03-03T09:55+00:00"
    if key == "contacts":
        given["contacts"] = given["contacts"].assign(spread_s=3600.0)
    else:
        report = given.pop("contacts").rename(columns={"arrival": "interval_start"})
        ends = pd.to_datetime(report["interval_start"]) + pd.Timedelta(hours=1)
        given = {key: report.assign(interval_end=[end.isoformat() for end in ends], offered=1), **given}
    found = laid_out(given, fitted)
    assert found.rules == fitted.rules
    for name, table in found.tables.items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    files = [f"replay.{name}={tmp_path / name}.csv" for name in found.tables]
    overflow = "staffing.as_given.desks.calls_c.overflow={to: calls_a, after: 2 min}"
    contacts = caresim.simulate(caresim.load("experiment=replay", *files, overflow)).contacts
    assert set(contacts["outcome"]) == {"answered"}


def test_whoever_has_no_kind_of_their_own_to_come_is_there_for_those_that_they_help_out_with(tmp_path) -> None:
    calls = history(tmp_path)
    now = fit(calls, Rules(desks=TWO), 0)
    spells = [Spell(agent, 1440.0, 2400.0) for agent in range(3)]
    staff = staff_of(calls, spells, now, ["c"])
    assert dict(zip(staff["agent"], staff["skills"], strict=True)) == {"Ann": "", "Bob": "", "Cid": ""}
    contacts = pd.DataFrame({"arrival": ["2026-03-03T09:00+00:00"], "channel": "c", "desk": "calls"})
    assert laid_out({"contacts": contacts, "staff": staff}, now).rules.desks == ()
    come = tables()["contacts"].iloc[1:]
    both = laid_out({"contacts": come, "staff": staff_of(calls, spells, now, ["b", "c"])}, now).tables["staff"]
    assert sorted(both["agent"]) == ["Ann", "Cid"]  # Bob serves neither b nor, at that desk, c


@pytest.mark.parametrize("kind", ["null", "nan", "na", "none", "n_a", "1", "007", "true"])
def test_a_nowcast_reads_the_desks_of_any_kind_as_they_were_written(tmp_path, kind) -> None:
    for desks in ((Desk(("orders",)), Desk((kind,), 0, 2.0)), (Desk((kind, "orders")), Desk(("refunds",), 0, 0.5))):
        write_csv(table_of(desks), tmp_path / DESKS)
        assert desks_of_folder(str(tmp_path)) == desks


def test_the_table_of_desks_reads_as_it_was_written() -> None:
    table = table_of(TWO).astype(str)
    assert desks_in(table) == TWO
    for column, value in (("overflows_to", "calls_x"), ("after_min", "soon"), ("desk", "calls_a")):
        changed = table.copy()
        changed.loc[2, column] = value
        assert desks_in(changed) is None
