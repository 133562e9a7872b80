"""A staffing model that is like another one but for what is said of it."""

from __future__ import annotations

import pytest

import caresim
from caresim.config.errors import BadInput

MORE = ("experiment=tokyo", "staffing.more.like=social_team", 'staffing.more.desks.social.headcount="5 people"')


def without_differs(experiment, name):
    text = experiment.as_text()["staffing"][name]
    return {key: value for key, value in text.items() if key not in ("differs", "label")}


def test_it_is_the_other_one_but_for_what_is_said():
    experiment = caresim.load(*MORE)
    more, social = (without_differs(experiment, name) for name in ("more", "social_team"))
    assert more["desks"]["social"].pop("headcount")["value"] == "5 people"
    social["desks"]["social"].pop("headcount")
    assert more == social


def test_what_differs_is_told():
    assert caresim.load(*MORE).staffing["more"].differs == "As social_team, but for desks.social.headcount=5 people"
    said = caresim.load(*MORE, "staffing.more.differs=Five people")
    assert said.staffing["more"].differs == "Five people"
    many = [f'staffing.more.desks.social.{key}="30 %"' for key in ("shrinkage", "absence")]
    many += ["staffing.more.desks.social.routing=first_come", 'staffing.more.desks.social.expires="6 h"']
    assert caresim.load(*MORE, *many).staffing["more"].differs.endswith(" and 2 keys more")


def test_it_follows_the_other_one():
    experiment = caresim.load(*MORE, 'staffing.social_team.desks.social.expires="7 h"')
    assert experiment.staffing["more"].desks["social"].expires.value == 420.0


def test_a_name_that_is_shown_is_not_taken_over():
    experiment = caresim.load(*MORE, "staffing.social_team.label=The two")
    assert experiment.staffing["social_team"].label == "The two"
    assert experiment.staffing["more"].label is None
    assert caresim.load(*MORE, "staffing.more.label=The five").staffing["more"].label == "The five"


def test_in_a_replay_it_is_as_the_files_say(tmp_path):
    rows = "".join(f"2026-03-02T{8 + n // 60:02d}:{n % 60:02d},phone,120\n" for n in range(180))
    (tmp_path / "calls.csv").write_text("arrival,medium,service_s\n" + rows)
    words = ("experiment=replay", f"replay.contacts={tmp_path / 'calls.csv'}", "replay.timezone=UTC", "replications=1")
    changed = ("staffing.in_turn.like=as_given", "staffing.in_turn.desks.phone.routing=first_come")
    experiment = caresim.load(*words, *changed)
    assert list(experiment.staffing) == ["as_given", "in_turn"]
    assert [model.desks["phone"].routing for model in experiment.staffing.values()] == ["priority", "first_come"]
    given, in_turn = (without_differs(experiment, name) for name in experiment.staffing)
    assert given["desks"]["phone"]["headcount"] == in_turn["desks"]["phone"]["headcount"]


def test_the_same_people_have_the_same_luck():
    experiment = caresim.load("experiment=queue", "queue.customers=300 people", "staffing.twin.like=servers")
    names = list(experiment.staffing)
    rows = [caresim.simulate(experiment, name).metrics for name in names]
    assert names[1] == "twin"
    assert repr(rows[0]) == repr(rows[1])


@pytest.mark.parametrize("other", ["social_tem", "more", "even_more", "3"])
def test_one_that_is_not_there_or_like_a_third_is_refused(other):
    with pytest.raises(BadInput) as refused:
        caresim.load(*MORE, "staffing.even_more.like=social_team", f"staffing.more.like={other}")
    assert refused.value.key == "staffing.more.like"
    assert "social_team" in refused.value.allowed


def test_a_change_in_a_notebook_takes_it_too():
    experiment = caresim.load("experiment=tokyo").with_({"staffing.more.like": "hybrid"})
    assert without_differs(experiment, "more") == without_differs(experiment, "hybrid")
