"""Whether staffing models can be ranked: every pair compared, those set apart named, the rest summed up."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.tables_of import pairs, replications, row

from caresim.inference.ranking import ranking

COUNT = 32
LUCK = np.random.default_rng(4)
WORLD = LUCK.normal(5.0, 1.0, COUNT)


def mood(factor: float, noise: float = 0.01) -> dict[str, np.ndarray]:
    """The same worlds under a model that multiplies the mood."""
    return {"mood_area": np.exp(WORLD + np.log(factor) + noise * LUCK.normal(size=COUNT))}


@pytest.fixture
def study(judging):
    return judging()


def ranked(study, **models):
    return row(ranking(pairs(replications(COUNT, **models), study)), "mood_area")


def test_where_no_difference_matters_the_ranking_collapses(study) -> None:
    found = ranked(study, office=mood(1.0), night=mood(1.02), nobody=mood(0.98))
    assert found[["pairs", "told_apart", "no_difference", "undecided", "conclusion"]].tolist() == [
        3, 0, 3, 0, "collapses",
    ]  # fmt: skip
    assert (found["set_apart"], found["rest"]) == ("", "office night nobody")
    assert {found["one"], found["other"]} == {"night", "nobody"}


def test_a_model_that_differs_from_all_is_set_apart_and_the_others_are_judged_without_it(study) -> None:
    found = ranked(study, office=mood(1.0), decision=mood(0.3), night=mood(1.02), nobody=mood(0.98))
    assert (found["set_apart"], found["pairs"], found["conclusion"]) == ("decision", 3, "collapses")


def test_where_every_pair_differs_it_is_a_full_ranking(study) -> None:
    found = ranked(study, one=mood(1.0), two=mood(2.0), three=mood(4.0))
    assert (found["pairs"], found["told_apart"], found["conclusion"]) == (3, 3, "full")
    assert found["largest"] == pytest.approx(0.25, rel=0.02)


def test_some_pairs_make_a_ranking_in_part(study) -> None:
    found = ranked(study, one=mood(1.0), two=mood(1.1), three=mood(1.21))
    assert (found["told_apart"], found["no_difference"], found["conclusion"]) == (1, 2, "partial")


def test_what_luck_hides_is_open_and_does_not_collapse(study) -> None:
    found = ranked(study, one=mood(1.0, 2.0), two=mood(1.0, 2.0), three=mood(1.0, 2.0))
    assert (found["undecided"], found["conclusion"]) == (3, "open")


def test_two_models_are_no_ranking(study) -> None:
    assert ranking(pairs(replications(COUNT, one=mood(1.0), two=mood(2.0)), study)).empty


def test_intervals_of_pairs_hold_together_and_are_wider_than_one_by_one(study) -> None:
    noise = 0.1 * np.repeat(LUCK.normal(size=(3, COUNT // 2)), 2, axis=1)  # of the assumptions alone
    moods = [{"mood_area": np.exp(WORLD + each)} for each in noise]
    table = replications(COUNT, one=moods[0], two=moods[1], three=moods[2])
    all_three = pairs(table, study)
    alone = pairs(table[table["staffing"] != "three"], study)
    width = {len(found): float(np.log(found["ci_high"] / found["ci_low"]).iloc[0]) for found in (all_three, alone)}
    assert width[3] > width[1]
