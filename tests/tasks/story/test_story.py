"""A story as it is asked for: on the command line and in Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import caresim
from caresim.config.errors import BadInput
from caresim.measure.sample import persons

SMALL = ("experiment=tokyo", "population.scale=0.2", "staffing.hybrid=null", "staffing.notice_and_waiver_friday=null")
COLUMNS = ["staffing", "time_min", "time", "operator", "channel", "desk", "event", "sentence", "anger"]


@pytest.fixture(scope="module")
def small():
    return caresim.load(*SMALL)


@pytest.fixture(scope="module")
def median(small):
    return caresim.story(small)


def test_it_tells_every_staffing_model_of_the_same_person(small, median):
    assert [tale.staffing for tale in median.tales] == list(small.staffing)
    assert set(median.table["staffing"]) == set(small.staffing)
    for tale in median.tales:
        (ending,) = tale.course.endings
        assert int(persons(tale.words.world)[ending.matter]) == median.person


def test_the_table_has_a_row_an_event_with_local_times(median):
    table = median.table
    assert list(table.columns) == COLUMNS
    assert str(table["time"].dt.tz) == "Europe/Paris"
    assert table["anger"].between(0, 1).all()
    assert table["sentence"].str.len().gt(3).all()


def test_the_text_is_the_same_every_time(small, median):
    assert caresim.story(small).text == median.text


def test_every_line_of_the_text_has_a_clock_time_or_comes_in_the_end(median):
    for tale in median.tales:
        assert all(line.clock == "then" or pd.Timestamp(f"2011-03-11 {line.clock}") for line in tale.lines)
        assert tale.lines[0].day


def test_the_median_passenger_is_in_the_middle_of_the_baseline(small, median):
    outcome = caresim.simulate(small)
    rated = outcome.passengers.query("counted and first_contact_min.notna()")
    mine = rated[rated["key"] == median.person]["satisfaction"].iloc[0]
    share = (rated["satisfaction"] < mine).mean()
    assert 0.3 < share < 0.7  # nearest to both medians at once, of satisfaction and of wait; neither is met exactly


def test_the_worst_has_the_least_satisfaction(small):
    told = caresim.story(small, "worst")
    outcome = caresim.simulate(small)
    rated = outcome.passengers.query("counted and first_contact_min.notna()")
    mine = rated[rated["key"] == told.person]["satisfaction"].iloc[0]
    assert mine == rated["satisfaction"].min()


def test_a_row_is_that_of_the_baseline(small):
    outcome = caresim.simulate(small)
    row = outcome.passengers.query("contacts > 0").iloc[7]
    told = caresim.story(small, int(row["passenger"]))
    assert told.person == row["key"]
    assert told.row == row["passenger"]


@pytest.mark.parametrize("passenger", ["bob", 10**9, -1, True])
def test_who_is_not_there_is_refused_with_what_is_allowed(small, passenger):
    with pytest.raises(BadInput, match=r"^passenger = .*(?:allowed|must)"):
        caresim.story(small, passenger)


def test_a_replication_that_the_experiment_does_not_have_is_refused(small):
    with pytest.raises(caresim.BadInput, match=f"must be at most {small.replications - 1}"):
        caresim.story(small, "worst", replication=small.replications)


def test_nobody_can_change_where_there_is_one_staffing_model():
    with pytest.raises(BadInput, match="second staffing model"):
        caresim.story(caresim.load("experiment=queue", "queue.customers=500"), "most_changed")


def test_a_queue_tells_of_the_wait_and_of_nothing_else():
    told = caresim.story(caresim.load("experiment=queue", "queue.customers=500"), "worst")
    assert "satisfaction" not in told.tales[0].lead
    assert "calls the line" in told.text
    assert "angry" not in told.text


def test_a_name_finds_its_passenger_and_all_their_matters():
    from caresim.config.compose import validate
    from caresim.config.composition import resolved

    composed = resolved(SMALL)
    cohorts = composed["population"]["cohorts"]
    cohorts["camille"] = {**cohorts["seekers"], "named": True, "people": "1 people", "contacting": "100 %"}
    cohorts["camille"]["deadline"] = "2 h"
    afterwards = {"kind": "after", "cohort": "camille", "spread": "1 h"}
    cohorts["refund_later"] = {**cohorts["seekers"], "onset": afterwards, "contacting": "100 %"}
    cohorts["refund_later"] |= {"people": None, "deadline": None, "need": {"refund": "100 %"}}
    experiment = validate({**composed, "passenger": "camille"})
    told = caresim.story(experiment)
    assert told.who.startswith("Camille")
    events = told.table[told.table["staffing"] == experiment.baseline]["event"].tolist()
    assert events.index("affected") < events.index("missed") < events.index("arose")


def test_the_command_leaves_a_folder_and_says_where(tmp_path: Path):
    words = [*SMALL, "task=story", "passenger=worst", f"output_dir={tmp_path / 'out'}"]
    done = subprocess.run([sys.executable, "-m", "caresim", *words], capture_output=True, text=True, check=True)
    folder = Path(done.stdout.splitlines()[-1])
    assert {path.name for path in folder.iterdir()} == {"story.txt", "story.csv", "manifest.json", "figures"}
    assert {path.name for path in (folder / "figures").iterdir()} == {"story.png", "story.svg"}
    assert list(pd.read_csv(folder / "story.csv").columns) == COLUMNS
    words = " ".join((folder / "story.txt").read_text(encoding="utf-8").split())
    assert "The least satisfied under the baseline" in words
