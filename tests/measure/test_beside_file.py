"""What the file itself says beside its replay: equal where everything is given, named where it is contradicted."""

from __future__ import annotations

import math

import pytest

import caresim
from caresim.measure.beside_file import contradictions
from caresim.tasks.compare.input_summary import input_lines

LIST = "arrival,wait_s,outcome,service_s\n0,0,answered,600\n1,60,abandoned,\n2,480,answered,120\n"
REPORT = (
    "interval_start,offered,answered,abandoned,aht_s,asa_s,staff\n"
    "480,20,20,0,300,10,4\n510,20,0,20,0,,1\n540,0,0,0,0,,4\n570,20,20,0,300,12,4.5\n"
)
NOBODY_SAID = "The file does not say who worked: with other people than those waits and hang-ups differ."


@pytest.fixture
def replay(tmp_path):
    def made(kind, text, *words):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        return caresim.compare(caresim.load("experiment=replay", f"replay.{kind}={file}", *words), workers=1)

    return made


def beside(results):
    return results.beside_file().set_index("measure")[["file", "replay"]]


def test_a_list_that_gives_everything_is_replayed_as_it_was(replay):
    results = replay("contacts", LIST, "replay.servers=1", "replay.patience_mean=30")
    table = beside(results)
    assert table.loc["answered"].tolist() == [2, 2]
    assert table.loc["abandoned"].tolist() == [1, 1]
    assert table.loc["asa_s"].tolist() == pytest.approx([240, 240])
    assert table.loc["aht_s"].tolist() == pytest.approx([360, 360])
    assert table.loc["service_level"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert math.isnan(table.loc["staffed_hours", "file"])
    assert contradictions(results.beside_file()) == []


def test_what_a_report_says_is_summed_and_contradictions_are_named(replay):
    results = replay("intervals", REPORT)
    table = beside(results)
    assert table.loc[["offered", "answered", "abandoned"], "file"].tolist() == [60, 40, 20]
    assert table.loc[["asa_s", "aht_s", "staffed_hours"], "file"].tolist() == pytest.approx([11, 300, 6.75])
    assert table.loc["staffed_hours", "replay"] == pytest.approx(6.75)
    told = contradictions(results.beside_file())
    assert told[0].startswith("of the file's contacts 33.3 % hung up, in the replay 0.0 %")
    lines = " ".join(input_lines(results))
    assert "They contradict each other: of the file's contacts 33.3 % hung up" in lines
    assert NOBODY_SAID not in lines
    # 40 answered after 11 s on average, for each of the 20 who hung up; their own waiting is not in the report.
    suggested = 'replay.patience_mean="22 s" is what the file suggests (all waiting of the answered / who hung up)'
    assert suggested in lines


def test_a_file_that_does_not_say_who_worked_need_not_agree(replay):
    """Its waits and hang-ups are those of other people than `replay.servers`."""
    without = "\n".join(line.rpartition(",")[0] for line in REPORT.splitlines())
    lines = " ".join(input_lines(replay("intervals", without, "replay.servers=4")))
    assert "They contradict each other" in lines
    assert NOBODY_SAID in lines


def test_nothing_stands_beside_the_file_where_its_staff_are_not_played(replay):
    more = ("replay.servers=1", 'replay.extra=[{start: "08:00", end: "09:00", headcount: 1}]')
    assert "The file itself" in " ".join(input_lines(replay("contacts", LIST, *more)))
    more = (*more, "only=[as_given_plus]", "baseline=as_given_plus")
    assert "The file itself" not in " ".join(input_lines(replay("contacts", LIST, *more)))


def test_the_input_is_told_from_the_first_contact_to_the_last_on_the_clock_of_its_zone(replay):
    text = "arrival,service_s\n2026-03-02 21:00,60\n2026-03-02 08:00,60\n"
    results = replay("contacts", text, "replay.timezone=America/Chicago", "replay.patience_mean=4", "replications=2")
    line = " ".join(input_lines(results))
    assert "2026-03-02 08:00 to 2026-03-02 21:00 America/Chicago" in line
    assert "(exponential, mean 4 min)" in line
    assert "The file itself | its replay, first replication" in line


def test_several_channels_have_a_row_each_and_one_together(replay):
    text = "arrival,channel,wait_s,outcome,service_s\n0,phone,0,answered,60\n1,email,120,answered,60\n"
    table = replay("contacts", text, "replay.servers=1").beside_file()
    assert list(dict.fromkeys(table["channel"])) == ["phone", "email", "all"]
    assert table[table["measure"] == "offered"]["file"].tolist() == [1, 1, 2]


def test_a_run_that_replays_nothing_has_no_file():
    words = ("experiment=queue", "queue.customers=200", "replications=2")
    with pytest.raises(caresim.BadInput, match="replays no file"):
        caresim.compare(caresim.load(*words), workers=1).beside_file()
