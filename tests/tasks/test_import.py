"""`task=import`: from an export to a clean file that replays the same, with what the file is taken for."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from caresim.__main__ import command
from caresim.config import replay_files
from caresim.config.exports.file_format import Format
from caresim.tasks.backtest.history.settings import words as of_words
from caresim.tasks.calibrate.history import read as read_history

MESSY = """Interaction report;;;;;;
;;;;;;
Date;Time;Queue Name;Media Type;Result;Waiting time;Talk time
02.03.2026;08:00:05;Refunds EN;voice;AGENT;0;0:10:00
02.03.2026;08:00:35;Refunds EN;voice;HANG;60;0:00:00
13.03.2026;08:02:05;Group-Travel;voice;AGENT;480;0:02:00
Total;;;;;540;0:12:00
"""


@pytest.fixture
def messy(tmp_path):
    file = tmp_path / "calls of March.csv"
    file.write_bytes(MESSY.encode("cp1252"))
    return file


def run(capsys, *words):
    status = command(["task=import", *map(str, words)])
    out = capsys.readouterr()
    return status, out.out, out.err


def folder_of(out: str) -> Path:
    return Path(re.findall(r"Clean file: (.*)", out)[0]).parent


def test_it_says_what_each_column_is_taken_for_and_by_which_rules(messy, tmp_path, capsys):
    status, out, _ = run(capsys, f"import={messy}", f"output_dir={tmp_path}")
    assert status == 0
    assert "a list of contacts, 3 rows beneath line 3" in out
    for name, column in (("Date", "arrival"), ("Queue Name", "channel"), ("Talk time", "service_s")):
        assert re.search(rf"^  {name} +{column}\b", out, re.MULTILINE)
    assert "Rule: cells are parted by semicolons." in out
    assert "Rule: arrival is Date and Time together." in out
    assert "Read so: outcome AGENT as answered, HANG as abandoned." in out
    assert "Read so: 1 line of totals left out." in out


def test_the_clean_file_is_read_as_the_messy_one_is_with_its_format(messy, tmp_path, capsys):
    _, out, _ = run(capsys, f"import={messy}", f"output_dir={tmp_path}")
    folder = folder_of(out)
    form = Format.model_validate(
        yaml.safe_load((folder / "format.yaml").read_text(encoding="utf-8"))["replay"]["format"]
    )
    as_it_is = replay_files.read_alone("contacts", str(messy), "UTC", None, form)
    clean = replay_files.read_alone("contacts", str(folder / "contacts.csv"), "UTC", None, Format())
    assert repr(clean.rows) == repr(as_it_is.rows)
    assert list(clean.columns["outcome"]) == list(as_it_is.columns["outcome"])
    assert clean.notes == ()


def test_the_commands_that_it_prints_run(messy, tmp_path, capsys):
    _, out, _ = run(capsys, f"import={messy}", f"output_dir={tmp_path}")
    import shlex

    words = [
        shlex.split(line.partition("python -m caresim ")[2]) for line in out.splitlines() if "experiment=replay" in line
    ]
    assert len(words) == 2
    for line in words:
        assert command([*line, "figures=none", f"output_dir={tmp_path / 'runs'}"]) == 0


@pytest.mark.parametrize(
    ("kind", "text", "column"),
    [
        ("intervals", "Interval Start,Offered,Staff\n3/2/26 8:00 AM,20,3.4\n3/2/26 8:30 AM,10,2\n", "interval_end"),
        ("staff", "Shift start,Shift end,Agents\n2026-03-02 08:00,2026-03-02 15:59,4\n", "headcount"),
    ],
)
def test_reports_and_staff_plans_are_imported_as_well(tmp_path, capsys, kind, text, column):
    file = tmp_path / "export.csv"
    file.write_text(text)
    status, out, _ = run(capsys, f"import={file}", f"output_dir={tmp_path}")
    clean = folder_of(out) / f"{kind}.csv"
    assert status == 0
    assert column in clean.read_text().splitlines()[0]
    replay_files.read_alone(kind, str(clean), "UTC", None, Format())


def test_words_of_a_refusal_can_be_pasted_behind_the_import(messy, tmp_path, capsys):
    words = ("replay.format={dates: day_first}", "replay.format.separator=semicolon", f"output_dir={tmp_path}")
    assert run(capsys, f"import={messy}", *words)[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "import: is required: import=FILE.csv"),
        (("import=nowhere.csv",), "import = 'nowhere.csv': no such file"),
        (("import={file}", "kind=calls"), "kind = 'calls': allowed: contacts, intervals, staff"),
        (("import={file}", "sort=up"), "sort = 'up': unknown key, did you mean"),
        (("import={file}", "format.dates=us"), "format.dates = 'us': allowed: iso, day_first"),
        (("import={file}", "format=x", "format.dates=iso"), "format"),
        (("import={empty}",), "has the columns a, b, and not those that are needed"),
        (("import={bad}",), "line 2, service_s"),
        (("-m", "import={file}"), "an import is of one file: leave out -m"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(messy, tmp_path, capsys, words, told):
    empty, bad = tmp_path / "empty.csv", tmp_path / "bad.csv"
    empty.write_text("a,b\n1,2\n")
    bad.write_text("arrival,service_s\n5,-3\n")
    given = [word.format(file=messy, empty=empty, bad=bad) for word in words]
    status, _, err = run(capsys, *given)
    assert (status, err.count("\n")) == (2, 1)
    assert told in err
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_an_outcome_that_nobody_else_can_know_is_asked_for_and_nothing_is_written(tmp_path, capsys):
    file = tmp_path / "calls.csv"
    file.write_text(
        "arrival,status,talk time\n2026-03-02 08:00,Handled,240\n2026-03-02 08:01,Caller Dropped,0\n"
        "2026-03-02 08:02,Moved Out,120\n"
    )
    status, out, err = run(capsys, f"import={file}", f"output_dir={tmp_path / 'out'}")
    assert status == 2
    assert "In doubt: Whether Caller Dropped, Moved Out means answered is for you to say." in out
    answer = '\'format.outcomes={abandoned: "Caller Dropped", answered: "Moved Out"}\''
    assert f"format.outcomes = None: says what nobody else can know; type {answer}" in err
    assert run(capsys, f"import={file}", answer.strip("'"), f"output_dir={tmp_path / 'out'}")[0] == 0


def test_a_header_that_is_not_known_is_shown_with_what_to_type(tmp_path, capsys):
    file = tmp_path / "calls.csv"
    file.write_text("Came in,Queue ms\n2026-03-02 08:00,240\n")
    _, _, err = run(capsys, f"import={file}", f"output_dir={tmp_path}")
    assert "has the columns Came in, Queue ms, and not those that are needed (contacts need arrival" in err
    assert "'format.columns={arrival: \"Came in\"}'" in err
    words = 'format.columns={arival: "Came in"}', 'format.columns={arrival: "Came on"}'
    for word, told in zip(words, ("did you mean arrival", "did you mean Came in"), strict=True):
        assert told in run(capsys, f"import={file}", word, f"output_dir={tmp_path}")[2]


def test_clock_times_are_kept_as_they_are_unless_a_zone_is_named(tmp_path, capsys):
    file = tmp_path / "calls.csv"
    file.write_text("arrival\n2026-03-02 08:00\n")
    for words, cell in (((), "2026-03-02T08:00:00"), (("timezone=Asia/Tokyo",), "2026-03-02T08:00:00+09:00")):
        _, out, _ = run(capsys, f"import={file}", *words, f"output_dir={tmp_path}")
        assert cell in (folder_of(out) / "contacts.csv").read_text().splitlines()[1].split(",")


def test_a_plan_without_desks_stays_one_without_desks(tmp_path, capsys):
    file = tmp_path / "plan.csv"
    file.write_text("From,To,Headcount\n2026-03-02 08:00,2026-03-02 16:00,4\n")
    _, out, _ = run(capsys, f"import={file}", f"output_dir={tmp_path}")
    assert (folder_of(out) / "staff.csv").read_text().splitlines()[0] == "start,end,headcount"


GERMAN = "Datum;Uhrzeit;Anliegen;Wartezeit;Ergebnis;Gesprächszeit;Mitarbeiter\n" + "".join(
    f"{day:02d}.03.2026;08:{minute:02d}:00;Privat;{'00:20' if minute else '01:05'};"
    f"{'angenommen;04:00;A1' if minute else 'aufgelegt;;'}\n"
    for day in (16, 17, 18)
    for minute in (0, 10, 20)
)
COLUMNS = "format.columns={kind: Anliegen}"
OUTCOMES = "format.outcomes={abandoned: aufgelegt, answered: angenommen}"


@pytest.fixture
def german(tmp_path):
    file = tmp_path / "anrufe.csv"
    file.write_bytes(GERMAN.encode("cp1252"))
    return file


def test_date_and_time_side_by_side_are_the_arrival_and_each_word_is_asked_for(german, tmp_path, capsys):
    status, out, err = run(capsys, f"import={german}", f"output_dir={tmp_path}")
    assert status == 2
    assert "Rule: arrival is Datum and Uhrzeit together." in out
    assert "aufgelegt as abandoned? (it speaks of giving up)" in out
    assert "angenommen as answered? (6 of 6 rows have a handling time)" in out
    assert f"'{OUTCOMES}'" in err


def test_what_nothing_speaks_for_is_no_abandoned_call(tmp_path, capsys):
    file = tmp_path / "calls.csv"
    file.write_text("arrival,outcome\n0,fertig\n1,fertig\n2,fertig\n3,weg\n", encoding="utf-8")
    _, out, err = run(capsys, f"import={file}", f"output_dir={tmp_path}")
    assert "fertig as answered? (a guess: 3 of 4 rows, and no column of handling times)" in out
    assert "{answered: fertig, abandoned: weg}" in err


def test_the_clean_file_keeps_kinds_and_agents_and_the_backtest_is_named(german, tmp_path, capsys):
    zone = "timezone=Europe/Berlin"
    status, out, _ = run(capsys, f"import={german}", COLUMNS, OUTCOMES, zone, f"output_dir={tmp_path}")
    assert status == 0
    assert re.search(r"^  Mitarbeiter +agent", out, re.MULTILINE)
    clean = folder_of(out) / "contacts.csv"
    table = pd.read_csv(clean)
    assert table["kind"].tolist() == ["Privat"] * 9
    assert table["agent"].fillna("").tolist() == ["", "A1", "A1"] * 3
    asked = next(line for line in out.splitlines() if "backtest=history" in line).partition("backtest=history ")[2]
    words = asked.split()
    assert words == [f"contacts={clean}", zone, "train=2026-03-17", "test=2026-03-18"]
    history = read_history("contacts", str(clean), "Europe/Berlin", Format())
    assert history.agents == ("A1",)
    assert of_words(["backtest=history", *words]).contacts == str(clean)


def test_without_agents_the_backtest_is_named_with_what_keeps_them(german, tmp_path, capsys):
    german.write_bytes(german.read_bytes().replace(b"Mitarbeiter", b"Platz"))
    _, out, _ = run(capsys, f"import={german}", OUTCOMES, f"output_dir={tmp_path}")
    assert "(it names no agent: format.columns={agent: NAME} keeps that column)" in out


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolon"), ("\t", "tab")])
def test_a_header_of_one_cell_is_parted_by_what_stands_in_it(tmp_path, capsys, sign, name):
    file = tmp_path / "calls.csv"
    file.write_text(f"Moment{sign}Kunde\n06.03.2026 08:00{sign}a\n", encoding="utf-8")
    status, _, err = run(capsys, f"import={file}", f"output_dir={tmp_path}")
    assert status == 2
    assert f"is parted by {name}s, and cells are looked for between commas; type format.separator={name}" in err
    _, _, err = run(capsys, f"import={file}", f"output_dir={tmp_path}", f"format.separator={name}")
    assert "has the columns Moment, Kunde" in err
