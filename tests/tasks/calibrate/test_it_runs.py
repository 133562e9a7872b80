"""A calibration leaves a folder that runs: its worlds live in the draws of the posterior, whoever computes them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.support.centre import history_of, some_truth, written

import caresim
from caresim.config.errors import BadInput
from caresim.run.progress import Nobody
from caresim.run.uncertain import drawn
from caresim.scenario.build import build
from caresim.tasks.calibrate.calibrate import calibrate
from caresim.tasks.calibrate.command import lines, write
from caresim.tasks.calibrate.settings import Calibrate
from caresim.tasks.calibrate.simulated import replicated


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibrate")
    luck = np.random.default_rng(5)
    path = written(history_of(some_truth(luck, days=6), luck), folder / "history.csv")
    settings = Calibrate(contacts=str(path), draws=20, choosing=2, output_dir=str(folder / "outputs"))
    return calibrate(settings)[0]


@pytest.fixture(scope="module")
def place(found):
    return write(found)


@pytest.fixture(scope="module")
def experiment(place):
    return caresim.load("experiment=calibrated", config_dir=place)


def test_one_of_the_rules_is_chosen_by_its_score(found) -> None:
    table = found.candidates
    assert table["chosen"].sum() == 1
    assert len(table) == 9  # eight ways to tell who is on duty; shared or not; the file has no priorities
    assert found.fit.rules.text == table[table["chosen"]]["rules"].item()
    assert any("the best of 9 on the last third" in line for line in lines(found))


def test_the_experiment_runs_and_has_nobody_wait_for_what_was_observed(experiment, place) -> None:
    contacts = pd.read_csv(place / "contacts.csv")
    assert set(contacts) == {"arrival", "channel", "medium", "desk"}  # what became of them is to be predicted
    outcome = caresim.simulate(experiment, replication=3)
    assert len(outcome.contacts) == len(contacts)


def test_a_pair_of_replications_lives_in_a_world_of_its_own(experiment) -> None:
    speeds = [build(drawn(experiment, n), "as_given", n)[0].staff["speed"] for n in (0, 1, 2)]
    assert speeds[0].tolist() == speeds[1].tolist()
    assert not np.isclose(speeds[0], speeds[2]).any()


def test_a_world_has_the_handling_times_of_its_draw(experiment, place) -> None:
    draws = pd.read_csv(place / "posterior.csv", dtype={"hour": str})
    slow = draws.assign(value=np.where(draws["what"] == "handling", 2 * draws["value"], draws["value"]))
    slow.to_csv(place / "slow.csv", index=False)
    other = caresim.load("experiment=calibrated", f"replay.posterior={place / 'slow.csv'}", config_dir=place)
    usual, twice = (build(drawn(one, 0), "as_given", 0)[0].replay_inputs["service"] for one in (experiment, other))
    assert twice == pytest.approx(2 * usual)


def test_any_number_of_workers_makes_the_same_bytes(place) -> None:
    one, two = (replicated(place, "calibrated", 0, 3, workers, Nobody()) for workers in (1, 2))
    assert one.wait_s.tobytes() == two.wait_s.tobytes()
    assert one.row.tolist() == two.row.tolist()


def test_the_week_after_has_arrivals_of_its_own_in_each_world(place) -> None:
    coming = caresim.load("experiment=calibrated_next_week", config_dir=place)
    counts = [len(caresim.simulate(drawn(coming, n), replication=n).contacts) for n in (0, 1, 2)]
    draws = pd.read_csv(place / "next_week_posterior.csv", dtype={"of": str})
    totals = draws[draws["what"] == "calls"].groupby("draw")["value"].sum()
    assert counts[0] == counts[1] != counts[2]
    assert set(counts) <= set(totals)


def test_from_python_it_is_the_same(found, place, tmp_path) -> None:
    settings = found.settings
    folder = caresim.calibrate(settings.contacts, draws=20, choosing=2, output_dir=str(tmp_path))
    for name in ("posterior.csv", "candidates.csv", "found.txt"):
        assert (folder / name).read_bytes() == (place / name).read_bytes()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("draw,what\n", "must have the columns"),
        ("draw,what,of,hour,value\n", "has no row"),
        ("draw,what,of,hour,value\n0,shoes,orders,,1\n", "allowed: handling, patience, speed, calls"),
        ("draw,what,of,hour,value\n0,handling,orders,25,1\n", "must be a whole number from 0 to 23"),
        ("draw,what,of,hour,value\n0,handling,orders,,0\n", "must be a number from 0.001 to 1000"),
        ("draw,what,of,hour,value\n1,handling,orders,,1\n", "has no handling of orders in draw 0"),
        ("draw,what,of,hour,value\n0,handling,orders\n", "must have 5 cells"),
    ],
)
def test_a_posterior_that_cannot_be_read(place, tmp_path, text, said) -> None:
    path = tmp_path / "posterior.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said) as refused:
        caresim.load("experiment=calibrated", f"replay.posterior={path}", config_dir=place)
    assert refused.value.key.startswith("replay.posterior")


def test_a_posterior_that_is_no_text(place, tmp_path) -> None:
    path = tmp_path / "posterior.csv"
    path.write_bytes(b"\xff\xfe\x00draw")
    with pytest.raises(BadInput, match="is no CSV file in UTF-8"):
        caresim.load("experiment=calibrated", f"replay.posterior={path}", config_dir=place)


def test_a_posterior_is_of_empirical_laws(place) -> None:
    with pytest.raises(BadInput, match=r"is read only with replay\.service=empirical"):
        caresim.load(
            "experiment=calibrated", "replay.service=exponential", "replay.service_times=null", config_dir=place
        )
