"""What the silent majority has heard, found when all is over, against a replay of every reading in its order."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.properties.small_worlds import minimal

from caresim.config.compose import validate
from caresim.model.codes import NEVER
from caresim.model.notice import delay, reaches
from caresim.model.question import ANY
from caresim.model.records import KINDS
from caresim.model.silent import be_told
from caresim.scenario.build import build

NOTICES, FACTS, PEOPLE, SETS = 4, 4, 5, 200
LIFE, OVER = 120.0, 1200.0


@pytest.fixture(scope="module")
def world():
    """Five people who need nobody; notices and facts that each set of this file fills anew."""
    whole = minimal()
    whole["population"]["cohorts"]["some"] |= {"people": f"{PEOPLE} people", "contacting": "0 %"}
    for k in range(FACTS):
        whole["disruption"]["facts"][f"fact_{k}"] = {"operator": "a", "what": "something"}
    for k in range(NOTICES):
        whole["disruption"]["notices"][f"notice_{k}"] = {
            "operator": "a", "at": whole["start"], "media": ["sms"], "languages": ["en"], "reach": {"some": "50 %"},
            "delay": "1 h", "says": [], "clarity": "50 %", "prompts": "0 %",
        }  # fmt: skip
    found, _ = build(validate(whole), "model", 0)
    found.notices["published"] = 1
    found.passengers["question"] = ANY
    found.behaviour["news_life"], found.behaviour["over"] = LIFE, OVER
    return found


def fill(world, luck) -> None:
    """Notices at any time, some of them repeated; facts of which some are wrong, and some correct others."""
    notices = world.notices
    notices["time"] = luck.uniform(0, 600, NOTICES).round()
    notices["says"] = luck.integers(0, 1 << FACTS, NOTICES)
    notices["every"] = luck.choice([0.0, 30.0, 90.0], NOTICES)
    notices["until"] = luck.choice([NEVER, 400.0, 900.0], NOTICES)
    world.reaches["share"], world.reaches["delay"] = luck.uniform(0, 1, NOTICES), luck.uniform(1, 200, NOTICES)
    world.facts["wrong"] = luck.random(FACTS) < 0.3
    world.facts["corrects"] = [int(luck.integers(0, 1 << k)) if luck.random() < 0.5 else 0 for k in range(FACTS)]
    about = luck.random(FACTS) < 0.8
    world.questions["about"][ANY] = sum(1 << k for k in range(FACTS) if about[k])
    world.answers["share"].reshape(-1, KINDS)[:, 0] = about
    world.passengers["affected"] = luck.uniform(0, 500, PEOPLE).round()
    world.cases["knows"] = 0


def corrected(world, facts: int) -> int:
    return int(np.bitwise_or.reduce([0, *(int(world.facts["corrects"][k]) for k in range(FACTS) if facts >> k & 1)]))


def readings(world, i: int) -> list[tuple[float, int]]:
    """Every time at which the passenger reads any notice, to the end of the run."""
    found = []
    for k in range(NOTICES):
        if not reaches(world, i, k):
            continue
        at = max(float(world.passengers["affected"][i]), float(world.notices["time"][k]) + delay(world, i, k))
        every, until = float(world.notices["every"][k]), float(world.notices["until"][k])
        while at <= until and at < world.clock["end"][0]:
            found.append((at, k))
            if every == 0:
                break
            at += every
    return sorted(found)


def replayed(world, i: int) -> tuple[float, float, float]:
    """First news, the time of the last, and the minutes before that in which the last was fresh."""
    about = int(world.questions["about"][ANY])
    wrong = sum(1 << k for k in range(FACTS) if world.facts["wrong"][k])
    knows, first, last, fresh = 0, np.nan, np.nan, 0.0
    for at, k in readings(world, i):
        says = int(world.notices["says"][k])
        facts = says & ~corrected(world, knows | says)
        true = facts & about & ~wrong
        if true & ~knows or (true and world.notices["every"][k] > 0 and first >= 0):
            if np.isnan(first):
                first = at
            else:
                fresh += max(0.0, min(min(at, OVER) - last, LIFE))
            last = at
        knows = (knows | facts) & ~corrected(world, facts)
    return first, last, fresh


def test_it_is_what_a_replay_of_all_readings_finds(world):
    """Editions are counted from the first reading or from the one before, which may differ in the last digits."""
    heard = 0
    for number in range(SETS):
        fill(world, np.random.default_rng(number))
        for i in range(PEOPLE):
            be_told(world, i)
            case = world.cases[i]
            assert (case.first_news, case.news_at, case.news_fresh) == pytest.approx(
                replayed(world, i), rel=1e-12, nan_ok=True
            ), f"set {number}, passenger {i}"
            heard += case.first_news >= 0
    assert SETS < heard < PEOPLE * SETS


def test_a_wrong_fact_is_no_news(world):
    fill(world, np.random.default_rng(0))
    world.facts["wrong"] = True
    for i in range(PEOPLE):
        be_told(world, i)
        assert np.isnan(world.cases[i].first_news)
