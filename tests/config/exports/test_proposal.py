"""A refusal writes out the format that reads the file, and what is in doubt about it."""

from __future__ import annotations

import re

import pytest
import yaml

from caresim.config.errors import BadInput
from caresim.config.exports.file_format import Format
from caresim.config.exports.proposal import changes, pasted, propose
from caresim.config.exports.sample import matched
from caresim.tasks.combinations import combinations

FILES = [
    ("intervals", "interval_start;offered;aht_s\n2026-03-02 08:00;1204;284,5\n", ""),
    ("intervals", "Zeit;Anrufe;Ø Bearbeitungszeit\n02.03.2026 08:00;1.000;284,5\n", ""),
    ("intervals", 'interval_start,offered\n2026-03-02 08:00,"1,204"\n', ""),
    (
        "intervals",
        "Interval Start,Interval End,Media Type,Queue Name,Offer,Answer,ASA,Avg Handle\n"
        "3/2/26 8:00 AM,3/2/26 8:30 AM,voice,Refunds EN,24,22,14210.5,284512.3\n"
        "3/2/26 8:30 AM,3/2/26 9:00 AM,voice,Refunds EN,31,27,33120.0,301200.0\n",
        "3/2/26 may be either order: dates: day_first is the other.",
    ),
    (
        "contacts",
        "arrival,outcome,service_s\n0,OK,60\n1,Gone,0\n",
        "Whether OK, Gone means answered is for you to say.",
    ),
    ("contacts", "Date,Time,Talk time (min)\n31/01/2026,09:00,4.5\n", ""),
    ("contacts", "date,q_start,q_time,ser_time\n990104,10:00:05,0,600\n", ""),
    ("contacts", "arrival,service_s\n1772438400,120\n", ""),
    ("contacts", "arrival,service_s\n202603020800,120\n", ""),
    ("contacts", "arrival,medium\n0,Chat\n", "Whether Chat is a messenger is for you to say."),
    ("contacts", "arrival,channel\n0,Refunds EN\n", "That all of channel are phone calls is for you to say."),
    (
        "contacts",
        "arrival,service_s\n0,4:30\n",
        "4:30 in service_s may be hours and minutes: units: {service_s: h:mm}.",
    ),
    ("staff", "from\tuntil\tagents\n2026-03-02 08:00\t2026-03-02 16:00\t4\n", ""),
]


@pytest.mark.parametrize(("kind", "text", "doubt"), FILES)
def test_what_the_refusal_says_to_add_reads_the_file(read, kind, text, doubt):
    with pytest.raises(BadInput) as refusal:
        read(kind, text)
    told = str(refusal.value)
    assert "\n" not in told
    block = re.search(r"To read it as it looks, add 'replay\.format=(\{.*\})'", told)
    assert block is not None
    assert doubt in told
    assert read(kind, text, **yaml.safe_load(block[1])) is not None


@pytest.mark.parametrize(("kind", "text", "doubt"), FILES)
def test_the_word_to_paste_is_one_for_the_command_line_too(tmp_path, kind, text, doubt):
    file = tmp_path / "file.csv"
    file.write_text(text)
    proposed = propose(kind, str(file), Format())
    assert proposed is not None
    word = pasted(proposed.format, Format()).strip("'")
    words, swept = combinations([word])
    assert (list(words), swept) == ([[word]], [])
    assert Format.model_validate(yaml.safe_load(word.partition("=")[2])) == proposed.format


def test_a_file_that_is_plain_needs_no_format(tmp_path):
    file = tmp_path / "file.csv"
    file.write_text("arrival,service_s\n2026-03-02T08:00,60\n")
    proposed = propose("contacts", str(file), Format())
    assert proposed is not None
    assert (changes(proposed.format), proposed.doubts) == ({}, [])


def test_what_the_user_says_goes_before_what_the_file_looks_like(tmp_path):
    file = tmp_path / "file.csv"
    file.write_text("arrival,service_s\n3/2/26 8:00 AM,284512\n")
    given = Format.model_validate({"dates": "day_first", "units": {"service_s": "s"}})
    proposed = propose("contacts", str(file), given)
    assert proposed is not None
    assert proposed.format == given


def test_words_that_the_user_has_explained_stay_explained_beside_new_ones(tmp_path):
    file = tmp_path / "file.csv"
    file.write_text("arrival,medium,outcome\n0,wa,OK\n1,sms,Lost it\n")
    given = Format.model_validate({"media": {"messenger": "wa"}, "outcomes": {"answered": "OK"}})
    proposed = propose("contacts", str(file), given)
    assert proposed is not None
    assert proposed.format.media == {"messenger": ("wa", "sms")}
    assert proposed.format.outcomes == {"answered": ("OK",), "abandoned": ("Lost it",)}


def test_a_refusal_that_no_format_mends_stands_alone(read):
    with pytest.raises(BadInput) as refusal:
        read("contacts", "arrival,service_s\n5,-3\n")
    assert "To read it" not in str(refusal.value)


def test_german_words_for_the_moment_and_the_matter_of_a_call_are_known() -> None:
    header = ["Anrufnummer", "Anrufzeit", "Anliegen", "Wartezeit", "Ergebnis", "Mitarbeiter", "Bearbeitungszeit"]
    found = {column: name for column, (name,) in matched("contacts", header, Format()).items()}
    assert found == {
        **{"arrival": "Anrufzeit", "kind": "Anliegen", "wait_s": "Wartezeit", "outcome": "Ergebnis"},
        **{"agent": "Mitarbeiter", "service_s": "Bearbeitungszeit"},
    }
