"""What waits is what can still be answered: by hand, and recomputed from the tables of real runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.agents import CareModel
from caresim.measure import tables
from caresim.measure.sample import Sample
from caresim.measure.waiting import TOTALS, Waiting, waiting_now
from caresim.model.codes import Outcome
from caresim.model.media import STAFFED, Medium

FOREVER = np.inf


def levels(small, *times: float, expires: float = FOREVER) -> dict[str, list[int]]:
    """What waits in a small world at these times; posts at its desk of social media expire."""
    run = small.run()
    run.world.desks["expires"] = FOREVER, FOREVER, expires
    sample = Sample(run)
    waiting = Waiting(sample, np.array(times))
    waiting.add(sample)
    return {name: level.tolist() for name, level in waiting.levels().items()}


def test_a_passenger_waits_from_arrival_to_the_first_of_reply_end_and_silence(small) -> None:
    caller, author, silent, patient = (small.passenger() for _ in range(4))
    small.contact(caller, 10.0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=20.0)
    small.contact(author, 10.0, Medium.PRIVATE, reply=30.0, closed=90.0)
    small.contact(silent, 10.0, Medium.PUBLIC, abandoned_silently_at=40.0, reply=60.0, outcome=Outcome.TOO_LATE)
    small.contact(patient, 15.0, Medium.PUBLIC)
    small.contact(patient, 12.0, Medium.WEB)  # nobody waits for a machine
    found = levels(small, 9.0, 10.0, 15.0, 20.0, 30.0, 40.0, 1e4)
    assert found["waiting"] == [0, 3, 4, 3, 2, 1, 1]
    assert found["waiting_phone"] == [0, 1, 1, 0, 0, 0, 0]
    assert found["waiting_private"] == [0, 1, 1, 1, 0, 0, 0]
    assert found["waiting_public"] == [0, 1, 2, 2, 2, 1, 1]


def test_what_is_too_old_has_expired_and_does_not_wait(small) -> None:
    """Two hours after the author's last words; a caller never is, and a reply or silence ends that, too."""
    small.contact(small.passenger(), 0.0, Medium.PUBLIC, posted=0.0)
    small.contact(small.passenger(), 0.0, Medium.PUBLIC, posted=60.0)  # asked again
    small.contact(small.passenger(), 0.0, Medium.PUBLIC, posted=0.0, reply=150.0)
    small.contact(-1, 0.0, Medium.PUBLIC, posted=0.0)
    small.contact(small.passenger(), 0.0, Medium.PHONE, posted=0.0)
    found = levels(small, 100.0, 119.0, 120.0, 149.0, 150.0, 180.0, expires=120.0)
    assert found["waiting"] == [4, 4, 2, 2, 2, 1]
    assert found["waiting_bystanders"] == [1, 1, 0, 0, 0, 0]
    assert found["expired"] == [0, 0, 3, 3, 2, 3]


def test_at_an_account_that_nobody_answers_people_wait_and_nothing_expires(small) -> None:
    small.contact(small.passenger(), 0.0, Medium.PUBLIC, desk=-1, abandoned_silently_at=500.0)
    small.contact(-1, 0.0, Medium.PUBLIC, desk=-1)
    small.contact(-1, 0.0, Medium.PUBLIC, posts=0)  # to come
    found = levels(small, 499.0, 500.0, expires=1.0)
    assert [found[name] for name in TOTALS] == [[1, 0], [0, 0], [1, 1], [0, 0]]


def test_ordinary_customers_and_bystanders_stand_apart(small) -> None:
    small.contact(small.passenger(), 0.0, Medium.PRIVATE)
    small.contact(small.passenger(ordinary=True), 0.0, Medium.PRIVATE, abandoned_silently_at=6.0)
    small.contact(-1, 0.0, Medium.PUBLIC, closed=5.0)
    found = levels(small, 1.0, 5.0, 6.0)
    assert [found[name] for name in TOTALS] == [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]


def recomputed(outcome, at: float) -> dict[str, int]:
    """The same from the table of contacts and what it leaves out of the records, one contact after the other."""
    records, contacts = np.asarray(outcome.run.world.contacts), outcome.contacts
    expires = np.asarray(outcome.run.world.desks)["expires"]
    names = outcome.run.names.desks
    counts = dict.fromkeys((*TOTALS, *(f"waiting_{medium.word}" for medium in STAFFED)), 0)
    for row in contacts[contacts["medium"] != "web"].itertuples():
        record = records[row.contact]
        ends = [row.reply_min, row.closed_min, record["abandoned_silently_at"]]
        if row.arrival_min > at or any(end <= at for end in ends):
            continue
        written = row.medium in ("public", "private", "email")
        desk = -1 if pd.isna(row.desk) else names.index(row.desk)
        if written and desk >= 0 and record["posted"] + expires[desk] <= at:
            counts["expired"] += 1
        elif pd.isna(row.passenger):
            counts["waiting_bystanders"] += 1
        elif row.ordinary:
            counts["waiting_ordinary"] += 1
        else:
            counts["waiting"] += 1
            counts[f"waiting_{row.medium}"] += 1
    return counts


@pytest.mark.parametrize("words", [("experiment=tokyo", "population.scale=0.1"), ("experiment=compiegne",)])
def test_the_timeline_says_what_the_rows_say(words):
    outcome = caresim.simulate(caresim.load(*words))
    timeline = outcome.timeline
    seen = dict.fromkeys(TOTALS, 0)
    for _, row in timeline.iloc[20 :: max(1, len(timeline) // 12)].iterrows():
        counts = recomputed(outcome, row["time_min"])
        there = [name for name in counts if name in row]
        assert [int(row[name]) for name in there] == [counts[name] for name in there]
        seen = {name: seen[name] + counts[name] for name in TOTALS}
    assert seen["waiting"] > 0
    assert seen["waiting_ordinary"] > 0


def test_where_nobody_answers_people_wait_and_no_queue_says_so():
    outcome = caresim.simulate(caresim.load("experiment=activism"), "nobody")
    course = tables.timeline(outcome.run)
    assert course["backlog_public"].max() == 0
    assert course["waiting_public"].max() == course["waiting"].max() > 100


def test_a_running_model_says_what_the_finished_one_says_of_that_moment():
    """Of those who wait on the spot; an author may yet ask again, and what has expired then waits once more."""
    experiment = caresim.load("experiment=tokyo", "population.scale=0.1")
    whole = caresim.simulate(experiment).timeline.set_index("time_min")
    model = CareModel(experiment, experiment.baseline)
    for time in (900.0, 3000.0):
        model.run_until(time)
        now = waiting_now(Sample(model.last_run), model.time)
        for name in ("waiting_phone", "waiting_counter"):
            assert now[name] == whole.loc[time, name]
        whose = TOTALS[:3]
        assert sum(now[name] for name in whose) <= whole.loc[time, list(whose)].sum()
        assert sum(now[name] for name in TOTALS) == whole.loc[time, list(TOTALS)].sum()
        assert {name: getattr(model, name) for name in TOTALS} == {name: now[name] for name in TOTALS}
