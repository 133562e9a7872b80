"""A staff plan with people who are named, their speed, and the channels that they serve."""

from __future__ import annotations

import json

import pytest

from caresim.config import replay_files
from caresim.config.errors import BadInput
from caresim.config.exports.clean import cleaned
from caresim.config.exports.file_format import Format
from caresim.config.exports.proposal import propose
from caresim.config.traffic import Seat, seats

CONTACTS = "arrival,channel,medium,desk\n1,Refunds EN,phone,d\n2,sales,phone,d\n3,post,email,office\n"
PLAN = "start,end,desk,agent,speed,skills\n"


@pytest.fixture
def plan(tmp_path):
    """The spells of duty of a plan for these contacts, given as texts."""

    def made(staff, contacts=CONTACTS, **form):
        for name, text in (("contacts", contacts), ("staff", staff)):
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        paths = [str(tmp_path / name) for name in ("contacts.csv", "staff.csv")]
        written = Format.model_validate(form).model_dump_json()
        return replay_files.read(paths[0], None, paths[1], "UTC", None, replay_files.digest(*paths), written).crews

    return made


@pytest.mark.parametrize(
    ("cell", "served"),
    [
        ("sales", ("sales",)),
        ("sales refunds_en", ("refunds_en", "sales")),
        ("sales+Refunds EN", ("refunds_en", "sales")),
        ("Refunds EN; Sales; sales", ("refunds_en", "sales")),
        ("refunds en", ("refunds_en",)),
        ("", ()),
        ("n/a", ()),
    ],
)
def test_skills_are_names_of_channels_of_the_desk(plan, cell, served):
    (crew,) = plan(f"{PLAN}0,60,d,,,{cell}\n")
    assert crew.skills == served


def test_what_stands_for_no_data_states_nothing(plan):
    """As in every column of every file: NaN is no speed."""
    (crew,) = plan(f"{PLAN}0,60,d,n/a,NaN,null\n")
    assert (crew.agent, crew.speed, crew.skills) == ("", None, ())


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (
            "0,60,d,,,refund",
            "skills",
            r"channels of desk d, or be empty for all; did you mean refunds_en\? Allowed: ref",
        ),
        ("0,60,d,,,post", "skills", "must name channels of desk d, .* allowed: refunds_en, sales"),
        ("0,60,d,,,sales+chat", "skills", "must name channels of desk d"),
        ("0,60,d,,,+", "skills", "separated by blanks, "),
        ("0,60,d,,0,", "speed", "must be a factor on handling times from 0.01 to 100"),
        ("0,60,d,,-1,", "speed", "must be a factor on handling times"),
        ("0,60,d,,inf,", "speed", "must be a number, or empty"),
        ("0,60,d,,1e999,", "speed", "is beyond all bounds; must be a number, or empty"),
        ("0,60,d,,360,", "speed", "must be a factor on handling times"),
        ("0,60,d,,120 %,", "speed", "must be a number, or empty"),
    ],
)
def test_what_cannot_be_is_refused_by_line_and_column(plan, row, column, words):
    with pytest.raises(BadInput, match=words) as refusal:
        plan(f"{PLAN}0,60,office,,,\n{row}\n")
    assert refusal.value.key == f"replay.staff (staff.csv, line 3, {column})"


@pytest.mark.parametrize(
    ("rows", "column", "words"),
    [
        ("0,60,d,Ann,,\n59,90,d,Ann,,\n", "agent", "'Ann': is at work in line 2 already; allowed: spells that do not"),
        ("0,60,d,Ann,,\n10,20,office,Ann,,\n", "agent", "at work in line 2 already"),
        ("0,60,d,Ann,1.2,\n60,90,d,Ann,1.3,\n", "speed", "'1.3': must be 1.2, as in line 2 for Ann"),
        ("0,60,d,Ann,,sales\n60,90,d,Ann,,\n", "skills", "'': must be sales, as in line 2 for Ann at d"),
    ],
)
def test_rows_of_one_agent_that_contradict_each_other_are_refused(plan, rows, column, words):
    with pytest.raises(BadInput, match=words) as refusal:
        plan(PLAN + rows)
    assert refusal.value.key == f"replay.staff (staff.csv, line 3, {column})"


def test_a_long_spell_is_not_forgotten_behind_a_short_one(plan):
    with pytest.raises(BadInput, match=r"line 4, agent\) = 'Ann': is at work in line 2"):
        plan(PLAN + "0,100,d,Ann,,\n100,110,d,Ann,,\n90,95,d,Ann,,\n")


def test_an_agent_is_one_person(plan):
    with pytest.raises(BadInput, match=r"headcount\) = 2: must be 1, or empty, beside the name of an agent"):
        plan("start,end,desk,agent,headcount\n0,60,d,Ann,2\n")


def test_spells_of_an_agent_are_one_seat_and_others_alike_share_seats(plan):
    crews = plan(
        "start,end,desk,headcount,agent,speed,skills\n"
        "0,60,d,2,,,\n30,90,d,,Ann,1.2,sales\n90,120,d,1,Ann,,sales\n200,220,d,,Ann,1.2,sales\n60,90,d,1,,,\n0,9,d,1,,2,\n"
    )
    assert seats(crews, "d") == [
        Seat([(0, 90)]),
        Seat([(0, 60)]),
        Seat([(30, 120), (200, 220)], "Ann", 1.2, ("sales",)),
        Seat([(0, 9)], "", 2.0, ()),
    ]


def test_an_agent_may_work_at_two_desks_one_after_the_other(plan):
    crews = plan(PLAN + "0,60,d,Ann,2,sales\n60,90,office,Ann,,\n")
    assert [(crew.desk, crew.speed, crew.skills) for crew in crews] == [("d", 2.0, ("sales",)), ("office", 2.0, ())]


def test_a_clean_file_reads_back_equal(read, plan):
    text = PLAN + "0,60,d,Ann,1.25,Refunds EN+sales\n10,50,d,,,sales\n0,20,office,Bo,,\n"
    columns = cleaned("staff", read("staff", text), "UTC")
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in zip(*columns.values(), strict=True)]
    assert list(columns) == ["start", "end", "desk", "headcount", "agent", "speed", "skills"]
    assert plan("\n".join([",".join(columns), *lines])) == plan(text)
    assert list(cleaned("staff", read("staff", "start,end\n0,60\n"), "UTC")) == ["start", "end", "desk", "headcount"]


def test_usual_names_of_the_columns_are_recognised(tmp_path):
    file = tmp_path / "staff.csv"
    file.write_text(
        "Shift start;Shift end;Agent name;Skill set;Speed factor\n2026-03-02 08:00;2026-03-02 16:00;Ann;a;1,2\n"
    )
    found = propose("staff", str(file), Format.model_validate(json.loads("{}")))
    assert {column: name for name, column in found.takes.items()} == {
        "start": "Shift start",
        "end": "Shift end",
        "agent": "Agent name",
        "skills": "Skill set",
        "speed": "Speed factor",
    }
    assert found.format.decimal == "comma"
