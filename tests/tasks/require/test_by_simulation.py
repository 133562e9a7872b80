"""A requirement by simulation: people are on duty as they were asked for, and enough runs meet the target with them."""

from __future__ import annotations

import numpy as np
import pytest

import caresim
from caresim.config.errors import BadInput
from caresim.measure.interval_report import report
from caresim.run.progress import Nobody
from caresim.run.store import Store
from caresim.run.uncertain import drawn
from caresim.scenario.run import run
from caresim.tasks.require import search
from caresim.tasks.require.grid import grid_of, present
from caresim.tasks.require.requirement import staff_needed
from caresim.tasks.require.search import TOP, Blocks, chosen
from caresim.tasks.require.staffed import with_people

MAILS = (
    "experiment=replay", "replay.format.medium=email", "replay.format.desk=desk", "replay.service=exponential",
    "require.within=60 min", "require.probability=75 %", "replications=8",
)  # fmt: skip


@pytest.fixture(scope="module")
def mails(tmp_path_factory):
    """Half a day of e-mails: 20 and later 40 a half hour, six minutes each; nobody says who is there."""
    path = tmp_path_factory.mktemp("mails") / "mails.csv"
    rows = [f"2026-03-02T{8 + k // 2:02d}:{30 * (k % 2):02d},mail,{20 if k < 8 else 40},360" for k in range(16)]
    path.write_text("interval_start,channel,offered,aht_s\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return f"replay.intervals={path}"


@pytest.fixture(scope="module")
def needed(mails):
    return staff_needed(caresim.load(*MAILS, mails))


@pytest.fixture(scope="module")
def tokyo():
    return caresim.load("experiment=tokyo", "population.scale=0.02")


def test_as_many_people_are_on_duty_as_were_asked_for(tokyo):
    """Half hours up and down, across midnight, for more than a day: the interval report of a run counts them."""
    experiment = tokyo
    grid = grid_of(experiment, experiment.setting("require"))
    people = 3 + (np.arange(len(grid)) * 7) % 5
    people[50:58] = 0
    changed = with_people(experiment, "call_center_24_7", {"contact_center": people}, grid)
    rows = report(run(drawn(changed, 0), "call_center_24_7", 0))
    rows = rows[rows["desk"] == "contact_center"].drop_duplicates("interval_start")
    assert rows["staff"].to_numpy()[1:] == pytest.approx(people[1 : len(rows)])  # the run begins within the first
    assert len(rows) == len(grid) > 400


def test_the_other_desks_and_the_passengers_stay_as_they_are(tokyo):
    experiment = tokyo
    grid = grid_of(experiment, experiment.setting("require"))
    changed = with_people(experiment, "social_team", {"social": np.full(len(grid), 9)}, grid)
    before, after = (experiment.staffing["social_team"], changed.staffing["social_team"])
    assert {name for name in before.desks if before.desks[name] != after.desks[name]} == {"social"}
    one, other = (run(drawn(which, 0), "social_team", 0).world.passengers for which in (experiment, changed))
    assert (one["affected"] == other["affected"]).all()


def test_what_was_found_is_enough_in_runs_that_the_search_has_not_seen(needed):
    """At 8 runs a block that is just enough in 6 of them may fail in some of 8 others: on average it holds."""
    table = needed.table()
    assert (table["method"] == "simulation").all()
    assert table["reached"].all()
    assert table["probability"].mean() >= 0.75
    assert table["level"].min() > 0.7


def test_people_follow_the_work(needed):
    """4 and 8 erlangs; what is written may wait for an hour, so that few are needed on top of them."""
    table = needed.table()
    early, late = table["people"].iloc[2:8], table["people"].iloc[10:]
    assert table["load"].iloc[2:8].mean() == pytest.approx(4, rel=0.15)
    assert 3 <= early.mean() <= 6
    assert 7 <= late.mean() <= 11


def test_any_number_of_workers_and_a_second_time_give_the_same(mails, needed):
    again = staff_needed(caresim.load(*MAILS, mails, "workers=1"))
    assert again.table().equals(needed.table())
    assert again.text == needed.text


def test_a_harder_target_takes_more_people(mails, needed):
    hard = staff_needed(caresim.load(*MAILS, mails, "require.within=10 min", "require.level=95 %"))
    assert hard.table()["people"].sum() > needed.table()["people"].sum()


def test_a_simulated_line_takes_what_the_formulas_say():
    """M/M/c+M at 9.5 erlangs: of blocks of half a day half have to be good, as an average is asked to be."""
    words = (
        "experiment=queue", "queue.customers=13680", "queue.warm_up=0.02", "require.probability=50 %",
        "require.day_cv=0 %", "require.block=12 h", "replications=6",
    )  # fmt: skip
    theory = staff_needed(caresim.load(*words)).table()["people"]
    simulated = staff_needed(caresim.load(*words, "require.method=simulation")).table()["people"]
    assert simulated.iloc[1:-1].mean() == pytest.approx(theory.iloc[1:-1].mean(), abs=1)


@pytest.mark.parametrize(("probability", "least"), [("75 %", 4), ("90 %", 10), ("98 %", 50)])
def test_so_few_runs_tell_no_such_probability(mails, probability, least):
    words = (*MAILS[:-1], mails, f"replications={least - 1}", f"require.probability={probability}")
    with pytest.raises(BadInput, match=rf"replications = {least - 1}: tell no probability.*type replications="):
        staff_needed(caresim.load(*words))


def test_useful_answers_are_a_target_of_an_experiment(monkeypatch):
    """The search is cut short: what is looked at is who is open, and what is counted."""
    monkeypatch.setattr(search, "ROUNDS", 1)
    monkeypatch.setattr(search, "TRIMS", ())
    experiment = caresim.load(
        "experiment=tokyo", "population.scale=0.02", "replications=2", "require.probability=50 %",
        "require.desk=social", "require.target=useful_60", "require.level=30 %",
    )  # fmt: skip
    needed = staff_needed(experiment)
    (desk,) = needed.desks
    there = present(experiment, "social_team", needed.grid)["social"]
    assert (desk.open == (there.staffed & needed.grid.planned)).all()
    assert desk.people[~desk.open & needed.grid.planned].sum() == 0
    assert set(desk.load) == {"twitter", "messages"}
    assert len(needed.notes) == 1
    assert needed.notes[0].startswith("simulated: social, because it is of an experiment")


def test_a_block_goes_down_step_by_step_and_ends_on_the_lowest_rung_that_was_enough():
    blocks, truth = Blocks.of(3), np.array([10, 14, 25])
    for _ in range(12):
        shares = np.where(blocks.now >= truth, 1.0, 0.0)
        blocks.note(shares, shares, np.ones(3, dtype=bool))
        blocks.learn(shares, 0.9)
        if blocks.settled:
            break
    assert blocks.high.tolist() == truth.tolist()
    rungs, reached = chosen(blocks, 0.9)
    assert rungs.tolist() == truth.tolist()
    assert reached.all()


def test_where_nothing_is_enough_the_fewest_who_do_hardly_worse_are_told():
    blocks = Blocks.of(1)
    blocks.seen[0] = {4: (0.0, 0.31), 9: (0.2, 0.495), 14: (0.3, 0.5), TOP: (0.3, 0.5)}
    rungs, reached = chosen(blocks, 0.9)
    assert rungs.tolist() == [9]
    assert not reached.any()


def test_whoever_watches_hears_of_every_run(mails):
    class Counting(Nobody):
        runs = 0

        def done(self, replications, resumed, staffing=""):
            self.runs += replications

    counting = Counting()
    staff_needed(caresim.load(*MAILS, mails), counting)
    assert 8 * 8 <= counting.runs <= 8 * 19


def test_a_search_that_was_interrupted_goes_on_where_it_was(mails, needed, tmp_path, monkeypatch):
    """Five runs are kept; the rest is computed once, and the answer is that of a search in one go."""
    experiment = caresim.load(*MAILS, mails, f"output_dir={tmp_path}", "workers=1")
    kept, computed, left = Store.keep, [], [5]

    def killed(self, name, finished):
        kept(self, name, finished)
        computed.append(name)
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt

    monkeypatch.setattr(Store, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        staff_needed(experiment, store=Store(tmp_path))
    again = staff_needed(experiment, store=Store(tmp_path))
    assert len(computed) == len(set(computed))
    assert again.table().equals(needed.table())


def test_a_search_leaves_no_blocks_behind(mails, tmp_path, monkeypatch):
    monkeypatch.setattr(search, "ROUNDS", 1)
    monkeypatch.setattr(search, "TRIMS", ())
    staff_needed(caresim.load(*MAILS, mails, f"output_dir={tmp_path / 'new'}"))
    assert not list(tmp_path.glob("new*"))
