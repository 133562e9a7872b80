"""experiments/replay/README.md: its commands run, and its numbers are those that come out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import caresim
from caresim.__main__ import command

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "experiments" / "replay" / "README.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(words) for words in re.findall(r"^    python -m caresim (.*)$", PAGE, re.MULTILINE)]
REPLAYS = [words for words in COMMANDS if "experiment=replay" in words and "replay.intervals=FILE.csv" not in words]


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)


def compared(*words):
    return caresim.compare(caresim.load(*words), workers=1)


def mean(results, staffing, metric):
    table = results.summary().set_index(["staffing", "metric"])
    return table.loc[(staffing, metric)]


def test_the_commands_are_the_day_one_more_the_messy_file_and_what_was_seen():
    assert len(REPLAYS) == 4
    assert sum("task=import" in words for words in COMMANDS) == 2


@pytest.mark.parametrize("words", [words for words in COMMANDS if "task=import" in words])
def test_what_is_imported_is_taken_as_the_page_says(words, tmp_path, capsys):
    assert command([*words, f"output_dir={tmp_path}"]) == 0
    assert "Clean file:" in capsys.readouterr().out


def test_one_more_in_the_afternoon_does_what_the_page_says():
    results = compared(*REPLAYS[1])
    told = re.search(
        r"ASA (\d+) s instead of (\d+) s, service level (\d+) % instead of (\d+) %, for ([\d.]+) paid", PAGE
    )
    asa, was, level, level_was, hours = map(float, told.groups())
    plus, given = "as_given_plus", "as_given"
    assert mean(results, plus, "phone_asa")["mean"] == pytest.approx(asa, abs=0.5)
    assert mean(results, given, "phone_asa")["mean"] == pytest.approx(was, abs=0.5)
    assert 100 * mean(results, plus, "phone_service_level")["mean"] == pytest.approx(level, abs=0.5)
    assert 100 * mean(results, given, "phone_service_level")["mean"] == pytest.approx(level_was, abs=0.5)
    paid = [mean(results, name, "paid_hours")["mean"] for name in (plus, given)]
    assert paid[0] - paid[1] == pytest.approx(hours)
    lost = re.search(r"falls from ([\d.]+) % to ([\d.]+) %, which is within the margin", PAGE)
    for name, share in zip((given, plus), map(float, lost.groups()), strict=True):
        assert 100 * mean(results, name, "phone_abandonment")["mean"] == pytest.approx(share, abs=0.051)
    low, high = map(float, re.search(r"little: ASA (\d+) to (\d+) s", PAGE).groups())
    row = mean(results, given, "phone_asa")
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((low, high), abs=0.5)


def test_the_messy_file_replays_as_it_was_and_one_more_helps_as_the_page_says():
    more = re.search(r"'(replay\.extra=\[.*?\])' replications=32`", PAGE)[1]
    results = compared(*REPLAYS[2], more, "replications=32")
    beside = results.beside_file().set_index(["channel", "measure"]).loc["all"]
    answered, lost, asa = re.search(
        r"(\d+) answered and (\d+) abandoned in both, a speed of answer of\s+([\d.]+) s", PAGE
    ).groups()
    for column in ("file", "replay"):
        assert beside.loc["answered", column] == float(answered)
        assert beside.loc["abandoned", column] == float(lost)
        assert beside.loc["asa_s", column] == pytest.approx(float(asa), abs=0.05)
    told = re.search(r"speed of answer from (\d+) s to (\d+) s and abandonment from (\d+) % to\s+(\d+) %", PAGE)
    was, becomes, lost_was, lost_becomes = map(float, told.groups())
    for name, seconds, share in (("as_given", was, lost_was), ("as_given_plus", becomes, lost_becomes)):
        assert mean(results, name, "phone_asa")["mean"] == pytest.approx(seconds, abs=0.51)
        assert 100 * mean(results, name, "phone_abandonment")["mean"] == pytest.approx(share, abs=0.51)
