"""Files of handling times and of patience: what is read from them, and what is refused and how."""

from __future__ import annotations

import math

import pytest

import caresim
from caresim.config import replay_files
from caresim.config.empirical import LEAST
from caresim.config.errors import BadInput
from caresim.config.exports.file_format import Format
from caresim.config.exports.times_file import Observed, times_of


@pytest.fixture
def read(tmp_path):
    """The history in the text of a file."""

    def made(kind, text, media=None, **form):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        table = replay_files.opened(kind, str(file), Format.model_validate(form))
        return times_of(table, media or {"phone": "phone"})

    return made


@pytest.fixture
def load(tmp_path):
    """A replay of contacts and other files, given as their text; `service` or `patience` is empirical."""

    def made(key, *words, contacts="arrival\n0\n", **files):
        for name, text in {"contacts": contacts, **files}.items():
            (tmp_path / f"{name}.csv").write_text(text)
        paths = [f"replay.{name}={tmp_path / name}.csv" for name in ("contacts", *files)]
        return caresim.load("experiment=replay", f"replay.{key}=empirical", *paths, *words)

    return made


def lines(header, *rows):
    return "\n".join((header, *rows)) + "\n"


def test_what_is_said_of_each_time_is_read_and_empty_cells_say_nothing(read):
    text = "service_s,channel,need,hour\n90,phone,refund,8\n0:02:00,,,\n,phone,refund,9\n"
    history = read("service_times", text)
    assert history.values == (
        Observed(1.5, False, "phone", "refund", 8),
        Observed(2.0, False, None, "acknowledgement", None),
    )
    assert history.kinds == ("channel", "need", "hour")


def test_whoever_was_answered_is_censored_and_so_is_whoever_never_gives_up(read):
    history = read("patience_times", "patience_s,censored\n60,yes\n30,No\n12,\ninf,no\n")
    assert [(one.minutes, one.censored) for one in history.values] == [
        (1.0, True),
        (0.5, False),
        (0.2, False),
        (math.inf, True),
    ]
    assert history.kinds == ()


def test_it_is_read_as_the_other_files_are(read):
    form = {
        "separator": "semicolon",
        "decimal": "comma",
        "units": {"service_s": "min"},
        "columns": {"service_s": "Talk"},
    }
    history = read("service_times", "Report of May\nTalk;channel\n1,5;Voice\n", **form)
    assert history.values[0].minutes == 1.5
    history = read("service_times", "service_s,channel\n90,Voice\n60,Refunds EN\n", {"refunds_en": "phone"})
    assert [one.channel for one in history.values] == ["phone", "refunds_en"]


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("service_times", "service_s\n", ["replay.service_times", "no row beneath the header"]),
        ("service_times", "arrival,channel\n1,phone\n", ["must have a column service_s"]),
        ("service_times", "service_s\n-5\n", ["line 2, service_s", "at least 0"]),
        ("service_times", "service_s\nlong\n", ["line 2, service_s", "must be a number"]),
        ("service_times", "service_s\n0\n", ["replay.format.zeros=no_data or =no_time"]),
        ("service_times", "service_s\n300000\n", ["too long to be meant", "replay.format.units.service_s"]),
        ("service_times", "service_s,hour\n60,24\n", ["line 2, hour", "from 0 to 23"]),
        ("service_times", "service_s,need\n60,love\n", ["line 2, need", "rebooking"]),
        ("patience_times", "patience_s,censored\n60,perhaps\n", ["line 2, censored", "allowed: yes, no"]),
    ],
)
def test_what_cannot_be_used_is_refused(kind, text, wanted, read):
    with pytest.raises(BadInput) as refusal:
        read(kind, text)
    assert [words for words in wanted if words not in str(refusal.value)] == []


FEW = lines("service_s", *["60"] * (LEAST - 1))
ENOUGH = lines("service_s,channel", *["60,phone"] * LEAST)
ANSWERED = lines("patience_s,censored", *["60,yes"] * 100, *["60,no"] * (LEAST - 1))


@pytest.mark.parametrize(
    ("key", "words", "files", "wanted"),
    [
        (
            "service",
            (),
            {},
            ["replay.contacts", "has 0 handling times on channel phone", "replay.service_times=FILE"],
        ),
        ("service", (), {"service_times": FEW}, ["has 29 handling times", "at least 30", "replay.service=exponential"]),
        (
            "patience",
            (),
            {"patience_times": ANSWERED},
            ["tells of 29 customers who gave up", "replay.patience=exponential"],
        ),
        (
            "service",
            (),
            {"service_times": ENOUGH, "contacts": "arrival,channel\n0,email\n"},
            ["replay.service_times", "has no time of channel email", "it has: phone"],
        ),
        ("service", (), {"patience_times": ANSWERED}, ["replay.patience_times", "replay.patience=empirical"]),
        ("patience", ("replay.patience_mean=4",), {"patience_times": ANSWERED}, ["patience_mean", "is left out"]),
        ("service", ("replay.service_times=nowhere.csv",), {}, ["replay.service_times", "nowhere.csv"]),
        (
            "service",
            ("replay.format.zeros=no_time",),
            {"service_times": FEW.replace("60", "0") + "0\n"},
            ["times of 0"],
        ),
    ],
)
def test_a_replay_without_enough_times_is_refused(key, words, files, wanted, load):
    with pytest.raises(BadInput) as refusal:
        load(key, *words, **files)
    assert [words for words in wanted if words not in str(refusal.value)] == []


def test_another_history_is_another_experiment(load):
    digests = [load("service", service_times=ENOUGH + more).replay.content for more in ("", "90,phone\n")]
    assert digests[0] != digests[1]


def test_a_separator_that_is_not_a_comma_is_proposed(load):
    with pytest.raises(BadInput, match=r"replay\.format=\{separator: semicolon\}"):
        load("service", service_times=ENOUGH.replace(",", ";"))


def test_a_file_that_gives_everything_needs_no_law(load):
    replay = load("service", contacts="arrival,service_s\n0,60\n").replay
    assert replay.laws("service").laws == ()


def test_written_channels_keep_the_patience_of_the_behaviour(load):
    waits = lines("patience_s", *["60"] * LEAST)
    replay = load("patience", contacts="arrival,channel\n0,email\n1,phone\n", patience_times=waits).replay
    assert replay.laws("patience").of_row == (-1, 0)


def test_a_history_of_those_who_gave_up_alone_is_told(load):
    waits = lines("patience_s,censored", *["60,no"] * LEAST)
    (note,) = load("patience", patience_times=waits).replay.laws("patience").notes
    assert "too short where others were answered" in note
    assert load("patience", patience_times=waits + "30,yes\n").replay.laws("patience").notes == ()


def test_what_is_passed_over_in_the_file_is_told(load):
    text = ENOUGH.replace("channel", "Queue") + "Total,99\n"
    assert load("service", service_times=text).replay.laws("service").notes == (
        "service_times.csv: 1 line of totals left out",
        "service_times.csv: columns that say nothing here: Queue",
    )


def test_the_tail_is_told(load):
    waits = lines("patience_s,censored", *["60,no"] * LEAST, *["120,yes"] * LEAST)
    (note,) = load("patience", patience_times=waits).replay.laws("patience").notes
    # 90 minutes were waited together, and thirty gave up.
    assert "50 % outlast the longest wait after which somebody gave up (60 s)" in note
    assert "exponential, mean 3 min" in note
