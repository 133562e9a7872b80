"""What is told, in random worlds: corrections, replies without news, and notices that help a superset."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from tests.support.properties.options import one
from tests.support.properties.small_worlds import minimal, operator, small_worlds, told

from caresim.config.compose import validate
from caresim.model.codes import Result, Status
from caresim.model.engine import advance, happen
from caresim.model.events import Event
from caresim.model.needs import Need
from caresim.scenario.build import build
from caresim.scenario.run import run

WORLDS = settings(
    max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TELLING = (Result.INFORMED, Result.PARTLY)


@WORLDS
@given(small_worlds())
def test_replies_tell_something_new_or_settle_and_corrections_are_kept(configuration):
    note(told(configuration))
    experiment = validate(configuration)
    world, _ = build(experiment, "model", 0)
    operators = len(world.operators)
    while True:
        kind, c = advance(world, experiment.ends, 1 << Event.REPLY)
        if kind == Event.NOTHING:
            break
        contact = world.contacts[c]
        row = int(contact["passenger"]) * operators + int(contact["operator"])
        before = int(world.cases[row]["knows"]) if contact["passenger"] >= 0 else 0
        happen(world, kind, c)
        if contact["passenger"] >= 0 and contact["result"] in TELLING:
            settles = contact["result"] == Result.INFORMED and contact["need"] == Need.INFORMATION
            assert settles or int(world.cases[row]["knows"]) & ~before
    knows = world.cases["knows"]
    for k in range(len(world.facts)):
        holds = (knows >> k & 1) == 1
        assert not (knows[holds] & int(world.facts["corrects"][k])).any()
    if world.facts["wrong"].all():
        assert np.isnan(world.cases["first_news"]).all()


def quiet(draw: Any) -> dict[str, Any]:
    """Facts and notices of any kind, and an account that nobody answers: whoever is helped, a notice helps."""
    whole = minimal()
    whole["seed"] = draw(st.integers(0, 999))
    whole["operators"] = {"a": operator({"a_public": {"medium": "public", "languages": ["en"]}}, {})}
    whole["staffing"]["model"] |= {"desks": {}, "unanswered": ["a_public"]}
    whole["behaviour"]["follow_up"]["persist"] = "100 %"
    whole["population"]["cohorts"]["some"] |= {
        "people": "60 people", "preference": {"a_public": "0 logit"}, "asks": {"run": "60 %", "change": "40 %"},
        "deadline": draw(one(None, "5 h")), "deadline_law": "fixed",
    }  # fmt: skip
    disruption = whole["disruption"]
    disruption["questions"] = ["run", "change"]
    for k in range(2):
        answers = {kind: f"{draw(st.integers(1, 100))} %" for kind in ("run", "change")}
        disruption["facts"][f"fact_{k}"] = {"operator": "a", "what": "something", "answers": answers}
    for k in range(draw(one(1, 2, 3))):
        disruption["notices"][f"notice_{k}"] = {
            "operator": "a", "at": f"2011-03-11 {draw(st.integers(8, 22)):02d}:00 UTC", "media": ["sms"],
            "languages": ["en"], "reach": {"some": f"{draw(st.integers(0, 90))} %"}, "delay": "1 h",
            "says": [f"fact_{draw(one(0, 1))}"], "clarity": f"{draw(st.integers(0, 90))} %", "prompts": "0 %",
        }  # fmt: skip
    return whole


def better(draw: Any, whole: dict[str, Any]) -> dict[str, Any]:
    """One of the notices clearer, or read by more, or an hour or two earlier."""
    changed = deepcopy(whole)
    notice = changed["disruption"]["notices"][draw(st.sampled_from(sorted(changed["disruption"]["notices"])))]
    what = draw(one("clarity", "reach", "at"))
    if what == "clarity":
        notice["clarity"] = f"{int(notice['clarity'].split()[0]) + 10} %"
    elif what == "reach":
        notice["reach"]["some"] = f"{int(notice['reach']['some'].split()[0]) + 10} %"
    else:
        hour = int(notice["at"][11:13]) - draw(one(1, 2))
        notice["at"] = f"2011-03-11 {hour:02d}:00 UTC"
    return changed


@WORLDS
@given(st.data())
def test_clearer_farther_or_earlier_helps_the_same_people_and_some_more(data):
    """No desk, so no queue: what a notice does to one passenger touches no other."""
    whole = quiet(data.draw)
    changed = better(data.draw, whole)
    note(told(whole))
    note(told(changed))
    one_world, other = (run(validate(each), "model", 0).world for each in (whole, changed))
    settled, more = (each.passengers["status"] == Status.RESOLVED for each in (one_world, other))
    assert not (settled & ~more).any()
    when, sooner = (np.nan_to_num(each.cases["resolved"], nan=np.inf) for each in (one_world, other))
    assert (sooner <= when).all()
    heard, earlier = (np.nan_to_num(each.cases["first_news"], nan=np.inf) for each in (one_world, other))
    assert (earlier <= heard).all()
