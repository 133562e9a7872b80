"""What a window may ask, and what it gets."""

from __future__ import annotations

import json

import pytest

from caresim.config.compose import compose
from caresim.tasks.dashboard.show import Show


@pytest.fixture
def show(experiment) -> Show:
    return Show(experiment)


def frame(messages):
    return next(message for message in messages if message.kind == "frame")


def ask(show, kind, **values):
    return frame(show.answer({"ask": kind, **values})).values


def outcomes(values):
    return [side["numbers"] for side in values["sides"]]


def test_it_opens_where_the_experiment_says(show, experiment):
    setup, first = show.answer({"ask": "hello"})
    assert (setup.kind, first.kind) == ("setup", "frame")
    assert first.values["time"] == experiment.dashboard.opens_at.value == 600
    assert (first.values["clock"], first.values["date"]) == ("16:46", "Friday 11 March 2011")
    assert [side["staffing"] for side in first.values["sides"]] == ["social_team", "call_center_24_7"]
    assert len(first.buffers) == 4 * 2
    json.dumps([setup.values, first.values], allow_nan=False)


def test_the_page_has_a_name_and_two_colours_for_every_medium_on_which_people_wait(show):
    setup, first = show.answer({"ask": "hello"})
    series = [name for name in first.values["sides"][0]["series"] if name.startswith("waiting_")]
    assert series
    for name in series:
        label, *colours = setup.values["media"][name.removeprefix("waiting_")]
        assert label
        assert [colour[0] for colour in colours] == ["#", "#"]


def test_both_sides_meet_the_same_passengers(show):
    """Hit by the same, at the same time: who is affected is equal, and what becomes of them is not."""
    values = ask(show, "jump", time=4000)
    left, right = outcomes(values)
    assert left["affected"] == right["affected"] > 0
    assert left["waiting"] != right["waiting"]
    luck = [side.model.world.passengers["key"].tobytes() for side in show.sides]
    assert luck[0] == luck[1]


def test_time_goes_on_by_steps_and_back_by_running_again(show):
    assert ask(show, "step")["time"] == 610
    assert ask(show, "advance", minutes=50)["time"] == 660
    there = outcomes(ask(show, "jump", time=3000))
    assert ask(show, "reset")["time"] == 600
    again = outcomes(ask(show, "jump", time=3000))
    assert there == again


def test_small_steps_end_where_one_jump_does(experiment):
    slow, fast = Show(experiment), Show(experiment)
    for _ in range(30):
        ask(slow, "advance", minutes=17.3)
    ask(fast, "jump", time=slow.time)
    for one, other in zip(slow.sides, fast.sides, strict=True):
        assert one.model.time == other.model.time == pytest.approx(600 + 30 * 17.3)
        made = int(one.model.world.clock[0].contacts)  # rows beyond keep what an earlier run left there
        assert made == int(other.model.world.clock[0].contacts)
        states = [side.model.world.contacts["state"][:made] for side in (one, other)]
        assert (states[0] == states[1]).all()


def test_the_run_has_an_end(show, experiment):
    last = ask(show, "jump", time=10**7)
    assert (last["time"], last["ended"]) == (experiment.ends, True)
    assert ask(show, "step")["time"] == experiment.ends
    assert ask(show, "jump", time=experiment.begins)["time"] == experiment.begins


def test_a_switch_starts_one_side_again_at_the_same_moment(show):
    before = ask(show, "jump", time=3000)
    messages = show.answer({"ask": "levers", "side": 0, "values": {"team": 8, "hours": "always"}})
    after = frame(messages).values
    assert after["time"] == before["time"]
    assert outcomes(after)[0]["waiting"] < outcomes(before)[0]["waiting"]
    assert outcomes(after)[0]["paid_hours"] > outcomes(before)[0]["paid_hours"]
    assert outcomes(after)[1]["waiting"] == outcomes(before)[1]["waiting"]
    assert messages[0].values["sides"][0]["levers"]["team"] == 8
    assert messages[0].values["sides"][0]["changed"]


def test_another_model_and_one_alone(show):
    messages = show.answer({"ask": "choose", "side": 1, "staffing": "hybrid"})
    assert [side["staffing"] for side in frame(messages).values["sides"]] == ["social_team", "hybrid"]
    assert len(ask(show, "sides", count=1)["sides"]) == 1
    assert [side["staffing"] for side in ask(show, "sides", count=2)["sides"]] == ["social_team", "hybrid"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"ask": "levers", "side": 0, "values": {"team": -3}}, "team size = -3"),
        ({"ask": "levers", "side": 0, "values": 3}, "mapping"),
        ({"ask": "levers", "side": 7, "values": {}}, "side = 7"),
        ({"ask": "choose", "side": 0, "staffing": "nobody"}, "staffing = 'nobody'"),
        ({"ask": "advance", "minutes": "soon"}, "minutes = 'soon'"),
        ({"ask": "advance", "minutes": float("nan")}, "minutes = nan"),
        ({"ask": "advance", "minutes": -5}, "at least 0"),
        ({"ask": "jump"}, "time = None"),
        ({"ask": "story", "side": 0, "passenger": 10**9}, "not been reached"),
        ({"ask": "story", "side": 0, "passenger": "me"}, "not been reached"),
        ({"ask": "fly"}, "ask = 'fly'"),
        ({}, "ask = None"),
        ("step", "ask = None"),
        ({"ask": ["step"]}, "ask = ['step']"),
        ({"ask": "levers", "side": [0], "values": {}}, "side = [0]"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(show, question, said):
    before = ask(show, "hello")
    trouble, drawn = show.answer(question)
    assert trouble.kind == "trouble"
    assert said in trouble.values["text"]
    assert outcomes(drawn.values) == outcomes(before)


def test_two_windows_do_not_know_of_each_other(experiment):
    one, other = Show(experiment), Show(experiment)
    before = outcomes(ask(other, "hello"))
    one.answer({"ask": "levers", "side": 0, "values": {"team": 20}})
    ask(one, "jump", time=9000)
    assert outcomes(ask(other, "hello")) == before


def test_nights_are_those_of_the_clock_on_the_wall(show):
    setup = show.setup()
    start = show.experiment.start
    assert start.strftime("%H:%M") == "05:46"  # 06:46 in Paris
    assert setup["nights"][0] == (-526.0, -46.0)  # 22:00 of the day before to 06:00
    assert all(dusk < dawn for dusk, dawn in setup["nights"])


@pytest.mark.parametrize(
    "words",
    [
        ["activism"],
        ["compiegne"],
        ["insourcing"],
        ["ash_cloud", "population.scale=0.002"],
        ["queue", "queue.customers=2000"],
    ],
)
def test_every_staffing_model_of_other_experiments_opens(words):
    name, *rest = words
    scaled = rest or ["population.scale=0.05"]
    experiment = compose([f"experiment={name}", *scaled])
    show = Show(experiment)
    for staffing in experiment.staffing:
        setup, drawn = show.answer({"ask": "choose", "side": 0, "staffing": staffing})
        json.dumps([setup.values, drawn.values], allow_nan=False)
        (later,) = show.answer({"ask": "advance", "minutes": 200})
        assert later.kind == "frame"
        assert later.values["sides"][0]["narration"]


def test_where_nobody_answers_there_is_nothing_to_set():
    show = Show(compose(["experiment=activism", "population.scale=0.05"]))
    setup, drawn = show.answer({"ask": "choose", "side": 0, "staffing": "nobody"})
    assert not setup.values["sides"][0]["adjustable"]
    assert drawn.values["sides"][0]["narration"].startswith("Nobody answers")
    trouble, _ = show.answer({"ask": "levers", "side": 0, "values": {"team": 3}})
    assert "no desk whose people can be set" in trouble.values["text"]
