"""messenger: a conversation stays open for days, is private, and is counted with what is social."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from tests.support.tokyo_runs import digest

import caresim
from caresim.config.compose import compose
from caresim.config.errors import BadInput
from caresim.measure.metrics import measure
from caresim.model.codes import Outcome
from caresim.model.media import Medium
from caresim.run.uncertain import drawn
from caresim.scenario.run import Run, run
from caresim.tasks.compare.figures import FIGURES

DAY = 1440.0
SMALL = ("experiment=messenger", "population.scale=0.3")
OWN = "behaviour.media.messenger"
NOBODY_GIVES_UP = (
    f"{OWN}.patience=1000 d",
    "population.cohorts.stranded.deadline=1000 d",
    "population.cohorts.travelling_later.deadline=1000 d",
)
COLUMNS = {"messenger_messages", "backlog_messenger", "waiting_messenger"}


@lru_cache(maxsize=8)
def storm(*overrides: str):
    return compose([*SMALL, *overrides])


@lru_cache(maxsize=16)
def ran(staffing: str, *overrides: str) -> Run:
    return run(storm(*overrides), staffing, 0)


def messages(of: Run) -> np.ndarray:
    """Contacts of the storm's passengers on the messenger."""
    table = of.world.contacts[: of.world.clock[0].contacts]
    table = table[table["medium"] == Medium.MESSENGER]
    ordinary = of.world.passengers["ordinary"][table["passenger"]] != 0
    return table[~ordinary & (table["arrival"] >= 0)]


def day(of: Run, minutes: np.ndarray) -> np.ndarray:
    """Days since the midnight before the storm began at 14:00."""
    return np.floor((minutes + 14 * 60.0) / DAY)


def test_conversations_go_on_over_days_and_are_resumed_by_the_customer():
    """The customer writes back on another day than the reply came, and is answered again: all of it is one contact."""
    found = ran("messenger_day_and_night", "population.scale=1")
    table = messages(found)
    resumed = table[(table["exchanges"] >= 2) & (day(found, table["posted"]) > day(found, table["reply"]))]
    assert len(resumed) >= 10
    assert (resumed["outcome"] == Outcome.ANSWERED).all()
    over = resumed[np.isfinite(resumed["closed"])]  # the others go on when the run ends
    assert len(over) >= 0.9 * len(resumed)
    assert (over["closed"] > over["posted"]).all()
    assert (resumed["posted"] - resumed["reply"]).max() > DAY


def test_with_the_gap_of_posts_fewer_are_resumed_on_another_day():
    def later(*overrides: str) -> float:
        found = ran("messenger_day_and_night", *overrides)
        back = messages(found)
        back = back[back["exchanges"] >= 2]
        return float((day(found, back["posted"]) > day(found, back["reply"])).mean())

    assert later(f"{OWN}.turn_gap=1 min") < later() < later(f"{OWN}.turn_gap=5 h")


def evening(of: Run) -> np.ndarray:
    """Written from 18:00 to midnight of the storm, and answered on another day."""
    table = messages(of)
    table = table[(day(of, table["arrival"]) == 0) & (table["arrival"] >= 4 * 60.0)]
    return table[day(of, table["reply"]) >= 1]


def test_who_wrote_in_the_evening_and_is_answered_the_next_day_is_answered():
    next_day = evening(ran("as_it_was", *NOBODY_GIVES_UP))
    assert len(next_day) >= 10
    assert (next_day["outcome"] == Outcome.ANSWERED).all()


def test_a_reply_comes_too_late_after_patience_and_not_before():
    table = messages(ran("as_it_was", f"{OWN}.patience=6 h"))
    late = table[table["outcome"] == Outcome.TOO_LATE]
    answered = table[(table["outcome"] == Outcome.ANSWERED) & ~np.isnan(table["reply"])]
    assert len(late) >= 5
    assert (late["abandoned_silently_at"] < late["reply"]).all()
    assert not (answered["abandoned_silently_at"] < answered["reply"]).any()


def test_with_the_patience_of_posts_fewer_are_answered_the_next_day():
    def answered(patience: str) -> int:
        next_day = evening(ran("as_it_was", f"{OWN}.patience={patience}"))
        return int((next_day["outcome"] == Outcome.ANSWERED).sum())

    assert answered("8 h") < answered("5 d")


def test_anger_grows_from_the_wait_that_is_expected_of_a_messenger():
    def anger(expected: str) -> float:
        found = ran("as_it_was", f"{OWN}.expected={expected}")
        return float(found.world.cases["anger_peak"].mean())

    assert anger("10 min") > anger("6 h")


def test_reminders_come_after_the_messengers_own_gap():
    posts = [int(messages(ran("as_it_was", f"{OWN}.remind_gap={gap}"))["posts"].sum()) for gap in ("5 min", "20 h")]
    assert posts[0] > posts[1]


def test_nobody_reads_along():
    """As many public posts of passengers as there are contacts and reminders on the public account."""
    found = ran("as_it_was")
    table = found.world.contacts[: found.world.clock[0].contacts]
    public = table[table["medium"] == Medium.PUBLIC]
    assert len(messages(found)) > len(public) / 2
    assert found.world.ticks["passenger_posts"].sum() <= public["posts"].sum()


def test_with_the_numbers_of_private_messages_it_is_one_in_every_metric():
    """The same luck, so that all that counts a private message counts a messenger alike: above all, as social."""
    absent = [f"{OWN}.{key}=null" for key in ("patience", "remind_gap", "turn_gap", "turn_dropout")]
    # The messages beside a feed are worked as the feed is, a messenger is not.
    alike = (*absent, f"{OWN}.expected=60 min", "behaviour.media.private.expected=60 min", "feeds=null")
    as_messenger = ran("as_it_was", *alike)
    as_private = ran("as_it_was", *alike, "operators.airline.channels.whatsapp.medium=private")
    assert len(messages(as_messenger)) > 0 == len(messages(as_private))
    mine, theirs = measure(as_messenger), measure(as_private)
    assert mine["social_requests"] > 0
    assert mine == pytest.approx(theirs, rel=1e-12, nan_ok=True)  # sums by medium are added up in another order


@pytest.mark.parametrize("experiment", ["tokyo", "insourcing", "activism"])
def test_no_other_experiment_has_its_columns(experiment):
    other = caresim.simulate(caresim.load(f"experiment={experiment}", "population.scale=0.02"))
    mine = caresim.simulate(storm())
    assert set(mine.timeline.columns) >= COLUMNS
    assert not COLUMNS & set(other.timeline.columns)


@pytest.fixture(scope="module")
def results():
    return caresim.compare(storm("replications=2"), workers=1)


def test_the_figure_of_the_backlog_draws_it_in_its_colour(results):
    figure = FIGURES["backlog"].draw(results)
    colours = {to_hex(line.get_color()).upper() for axes in figure.axes for line in axes.get_lines()}
    assert Medium.MESSENGER.row.colour in colours
    assert any(Medium.MESSENGER.row.label in text.get_text() for text in figure.texts)


def test_the_figure_of_waits_counts_it_as_social(results):
    requests = results.replications.set_index(["staffing", "replication"])["social_requests"]
    without = caresim.compare(storm("replications=2", "operators.airline.channels.whatsapp.medium=email"), workers=1)
    fewer = without.replications.set_index(["staffing", "replication"])["social_requests"]
    assert (fewer < requests).all()
    assert any("Social media" in axes.get_title(loc="left") for axes in FIGURES["latency"].draw(results).axes)


def test_the_story_of_one_of_its_passengers_says_where_they_wrote_and_when_they_wrote_back():
    experiment = storm()
    found = run(drawn(experiment, 0), "as_it_was", 0)
    table = messages(found)
    table = table[(table["exchanges"] >= 2) & (day(found, table["posted"]) > day(found, table["arrival"]))]
    told = caresim.story(experiment, int(table["passenger"][0])).table
    told = told[(told["staffing"] == "as_it_was") & (told["channel"] == "whatsapp")]
    sentences = " ".join(told["sentence"])
    assert "writes to Airline on WhatsApp" in sentences
    assert "writes back to Airline" in sentences
    back = told[told["sentence"].str.startswith("writes back")]["time"]
    assert (back.dt.date > told["time"].iloc[0].date()).any()


@pytest.mark.parametrize("key", ["patience", "remind_gap", "turn_gap", "turn_dropout"])
def test_a_medium_on_the_spot_has_no_habits_of_writing(key):
    with pytest.raises(BadInput, match="in which customers write") as refusal:
        compose([*SMALL, f"+behaviour.media.phone.{key}={'10 %' if key == 'turn_dropout' else '10 min'}"])
    assert refusal.value.key == f"behaviour.media.phone.{key}"


def test_an_experiment_with_such_a_channel_needs_its_numbers():
    with pytest.raises(BadInput, match="has the medium messenger") as refusal:
        compose(["experiment=insourcing", "operators.airline.channels.twitter.medium=messenger"])
    assert refusal.value.key == "behaviour.media.messenger"


UNCERTAIN = [path for path, _ in storm().uncertain() if path.startswith(OWN)]


def test_its_numbers_are_uncertain():
    assert {path.removeprefix(f"{OWN}.") for path in UNCERTAIN} == {
        "expected", "patience", "remind_gap", "turn_gap", "turn_dropout",
    }  # fmt: skip


@pytest.mark.parametrize("path", UNCERTAIN)
def test_low_and_high_give_different_runs(path):
    quantity = dict(storm().uncertain())[path]
    ends = [storm().with_values({path: value}) for value in (quantity.low, quantity.high)]
    assert digest(run(ends[0], "as_it_was", 0)) != digest(run(ends[1], "as_it_was", 0))


PHONE = "desks.phone.headcount=12 people"
VARIED = {
    "nothing": (),
    "patience as with posts": (f"{OWN}.patience=8 h",),
    "more of the stranded": ("population.cohorts.stranded.contacting=45 %",),
    "12 people on the phone": (f"staffing.as_it_was.{PHONE}", f"staffing.messenger_day_and_night.{PHONE}"),
}


def section() -> str:
    text = (Path(__file__).parents[2] / "experiments" / "README.md").read_text(encoding="utf-8")
    return " ".join(text.split("\n## messenger\n")[1].split("\n## ")[0].split())


def differences(tmp_path, *overrides: str) -> pd.DataFrame:
    """Messenger day and night against the team as it was, a row a metric, in points and percentage points."""
    words = ["experiment=messenger", f"output_dir={tmp_path}", "record=none", *overrides]
    rows = caresim.compare(compose(words)).comparison()
    rows = rows[rows["staffing"] == "messenger_day_and_night"].set_index("metric")[["difference", "ci_low", "ci_high"]]
    rows.loc[["useful_60", "resolved_in_time", "phone_first_60"]] *= 100
    return rows


@pytest.mark.parametrize("what", VARIED)
def test_the_table_of_the_readme_is_what_comes_out(what, tmp_path):
    rows = differences(tmp_path, *VARIED[what])
    csat, useful, phone = rows.loc["csat"], rows.loc["useful_60"], rows.loc["phone_first_60"]
    cells = [f"{csat['difference']:+.2f} ({csat['ci_low']:.2f} to {csat['ci_high']:.2f})"]
    cells += [f"{row['difference']:+.0f} pp ({row['ci_low']:.0f} to {row['ci_high']:.0f})" for row in (useful, phone)]
    pattern = r"\| " + what + r"[^|]*\| " + r"[^|]*\| ".join(map(re.escape, cells))
    assert re.search(pattern, section()), cells


def test_the_answer_of_the_readme_is_what_comes_out(tmp_path):
    """The sentences, from the command that the section gives."""
    rows = differences(tmp_path)
    csat, useful, resolved = rows.loc["csat"], rows.loc["useful_60"], rows.loc["resolved_in_time"]
    for sentence in (
        f"more satisfied by {csat['difference']:.2f} points ({csat['ci_low']:.2f} to {csat['ci_high']:.2f};"
        f" under the law of justice {rows.loc['csat_justice', 'difference']:.2f})",
        f"{useful['difference']:.0f} points more of them are helped within the hour"
        f" ({useful['ci_low']:.0f} to {useful['ci_high']:.0f})",
        f"{resolved['difference']:.0f} points more have their matter resolved in time"
        f" ({resolved['ci_low']:.0f} to {resolved['ci_high']:.0f})",
    ):
        assert sentence in section(), sentence
