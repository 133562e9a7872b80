"""What is known, told, corrected and promised: small worlds of one company, with kinds of questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from tests.support.properties.small_worlds import desk, minimal, operator
from tests.support.refusing import refusal_of

from caresim.config.compose import validate
from caresim.config.errors import BadInput
from caresim.config.warnings.questions import lines_about, unanswerable
from caresim.model.case import WRONG_FOUND
from caresim.model.codes import Result, Status
from caresim.model.engine import advance, happen
from caresim.model.events import Event
from caresim.scenario.build import build
from caresim.scenario.run import run

RUN, CHANGE = 0, 1
DAY = "2011-03-11"


def world(*, channel: str = "phone", people: int = 200, answered: bool = True) -> dict[str, Any]:
    """One channel, five people at its desk, and customers who ask whether it runs or what they may change."""
    whole = minimal()
    about = {"medium": channel, "languages": ["en"]} | ({"lines": "1000 lines"} if channel == "phone" else {})
    whole["operators"] = {"a": operator({"a_line": about}, {})}
    powers = dict.fromkeys(("rebooks", "refunds", "assists", "waitlists"), False)
    staffed = {"a_desk": desk("a", ["a_line"]) | powers | {"headcount": "5 people"}}
    whole["staffing"]["model"] |= {"desks": staffed if answered else {}, "unanswered": [] if answered else ["a_line"]}
    cohort = whole["population"]["cohorts"]["some"]
    cohort |= {"people": f"{people} people", "asks": {"run": "50 %", "change": "50 %"}}
    cohort["preference"] = {"a_line": "0 logit"}
    whole["disruption"]["questions"] = ["run", "change"]
    return whole


def fact(whole: dict[str, Any], name: str, **more: Any) -> None:
    whole["disruption"]["facts"][name] = {"operator": "a", "what": name} | more


def notice(whole: dict[str, Any], name: str, **more: Any) -> None:
    usual = {
        "operator": "a", "media": ["sms"], "languages": ["en"], "reach": {"some": "100 %"}, "delay": "1 s",
        "clarity": "100 %", "prompts": "0 %",
    }  # fmt: skip
    whole["disruption"]["notices"][name] = usual | more


def watched(whole: dict[str, Any], *kinds: Event) -> Iterator[tuple[Any, int, int]]:
    """The world before and after each event of these kinds, with its kind and subject: every other yield is after."""
    experiment = validate(whole)
    found, _ = build(experiment, "model", 0)
    while True:
        kind, subject = advance(found, experiment.ends, sum(1 << kind for kind in kinds))
        if kind == Event.NOTHING:
            return
        yield found, kind, subject
        happen(found, kind, subject)
        yield found, kind, subject


def test_before_a_fact_of_a_kind_is_known_nobody_is_informed_of_that_kind():
    whole = world()
    fact(whole, "it_runs", at=whole["start"], answers={"run": "80 %"})
    fact(whole, "waiver", at=f"{DAY} 20:00 UTC", answers={"change": "80 %"})
    of = run(validate(whole), "model", 0)
    people, cases = of.world.passengers, of.world.cases
    known = of.experiment.minutes(of.experiment.disruption.facts["waiver"].at)
    change, at_once = people["question"] == CHANGE, people["question"] == RUN
    assert change.any()
    assert at_once.any()
    assert not (cases["first_news"][change] < known).any()
    assert not (cases["first_help"][change] < known).any()
    assert (cases["first_news"][at_once] < known).sum() > 50
    results = of.world.contacts["result"][: int(of.world.clock["contacts"][0])]
    assert (results == Result.UNKNOWN).sum() > 20
    assert (cases["first_news"][change] >= known).any()


def test_what_is_not_known_is_acknowledged_once_and_then_empty():
    whole = world()
    fact(whole, "it_runs", at=whole["start"], answers={"run": "80 %"})
    of = run(validate(whole), "model", 0).world
    change = of.passengers["question"] == CHANGE
    contacts = of.contacts[: int(of.clock["contacts"][0])]
    mine = contacts[np.isin(contacts["passenger"], np.flatnonzero(change)) & ~np.isnan(contacts["reply"])]
    first = {}
    for row in mine[np.argsort(mine["reply"], kind="stable")]:
        expected = Result.EMPTY if row["passenger"] in first else Result.UNKNOWN
        assert row["result"] == expected
        first[row["passenger"]] = True
    assert len(first) > 50


def test_some_news_that_is_not_the_answer_is_useful_and_leaves_the_question_open():
    whole = world()
    fact(whole, "some", at=whole["start"], answers={"run": "1 %", "change": "1 %"})
    of = run(validate(whole), "model", 0).world
    told = of.cases["knows"] > 0
    assert (of.cases["first_help"][told] >= 0).all()
    assert (of.passengers["status"][told] != Status.RESOLVED).mean() > 0.9


def test_a_reply_without_anything_new_is_useful_only_when_it_settles():
    """The notice has told everybody all there is: who asks again hears it from a person, who makes it clear or not."""
    whole = world()
    fact(whole, "half", at=whole["start"], answers={"run": "50 %", "change": "50 %"})
    notice(whole, "told", at=whole["start"], says=["half"], clarity="0 %")
    replies = settled = 0
    before = None
    for of, _, c in watched(whole, Event.REPLY):
        contact = of.contacts[c]
        if before is None:
            before = int(of.cases[contact["passenger"]]["knows"])
            continue
        if before == 1 and contact["author_waiting"]:
            replies += 1
            settled += contact["result"] == Result.INFORMED
            assert contact["result"] in (Result.INFORMED, Result.ACKNOWLEDGED, Result.EMPTY)
        before = None
    assert replies > settled > 20


def told_wrong(*, corrected: str | None, true: bool = False) -> dict[str, Any]:
    """A notice says at 8:00 that it goes on; it is wrong unless `true`, and the company knows at `corrected`."""
    whole = world(answered=False, channel="public")
    fact(whole, "on_at_22", at=f"{DAY} 08:00 UTC", answers={"run": "90 %"}, wrong=not true)
    notice(whole, "announced", at=f"{DAY} 08:00 UTC", says=["on_at_22"])
    if corrected:
        fact(whole, "on_at_23", at=corrected, answers={"run": "90 %"}, corrects=["on_at_22"])
        notice(whole, "mended", at=corrected, says=["on_at_23"])
    return whole


def test_a_wrong_fact_is_never_news_and_settles_nobody():
    of = run(validate(told_wrong(corrected=f"{DAY} 12:00 UTC")), "model", 0)
    mended = of.experiment.minutes(of.experiment.disruption.notices["mended"].at)
    cases = of.world.cases
    assert (cases["wrong"] > 0).sum() > 20
    assert not (cases["first_news"] < mended).any()
    assert not (cases["resolved"] < mended).any()


def test_who_hears_the_correction_no_longer_holds_what_it_corrects_and_asks_again():
    of = run(validate(told_wrong(corrected=f"{DAY} 12:00 UTC")), "model", 0).world
    knows = of.cases["knows"]
    assert ((knows & 2) > 0).sum() > 50
    assert not ((knows & 2 > 0) & (knows & 1 > 0)).any()
    assert (of.cases["wrong"] == WRONG_FOUND).sum() > 20
    assert (of.passengers["believes"] == -1)[knows & 2 > 0].all()


def test_what_was_true_until_then_was_news_and_finding_out_is_no_lapse():
    of = run(validate(told_wrong(corrected=f"{DAY} 12:00 UTC", true=True)), "model", 0)
    mended = of.experiment.minutes(of.experiment.disruption.notices["mended"].at)
    assert (of.world.cases["first_news"] < mended).sum() > 20
    assert not of.world.cases["wrong"].any()
    assert not (of.world.cases["resolved"] < mended).any()


def test_a_correction_after_the_deadline_leaves_the_matter_missed():
    whole = told_wrong(corrected=f"{DAY} 20:00 UTC")
    whole["population"]["cohorts"]["some"] |= {"deadline": "3 h", "deadline_law": "fixed"}
    of = run(validate(whole), "model", 0).world
    believed = of.cases["wrong"] > 0
    assert believed.any()
    assert (of.passengers["status"][believed] == Status.MISSED).all()


@pytest.mark.parametrize("law", ["additive", "justice"])
def test_wrong_and_corrected_after_an_hour_lies_between_never_said_and_right_at_once(law):
    """Of those whose question the notice is about; their mean, on the same people and luck."""

    def mean(whole):
        whole["population"]["cohorts"]["some"] |= {"asks": {"run": "100 %"}, "onset": at_eight()}
        whole["behaviour"]["follow_up"]["wrong_delay"] = "10 min"
        return run(validate(whole), "model", 0).world.cases[law].mean()

    silent = world(answered=False, channel="public")
    right = told_wrong(corrected=None, true=True)
    assert mean(silent) < mean(told_wrong(corrected=f"{DAY} 09:00 UTC")) < mean(right)


def at_eight() -> dict[str, Any]:
    return {"kind": "pulses", "pulses": [{"at": "2 h", "weight": "1 x"}], "spread": "1 min"}


def promising(share: str = "100 %", within: str = "3 h", **news: Any) -> dict[str, Any]:
    whole = world(channel="public")
    whole["population"]["cohorts"]["some"] |= {"asks": {"run": "100 %"}, "onset": at_eight()}
    whole["staffing"]["model"]["desks"]["a_desk"]["news_promise"] = {"share": share, "within": within}
    if news:
        fact(whole, "some", answers={"run": "1 %"})
        notice(whole, "heard", says=["some"], **news)
    return whole


@pytest.mark.parametrize("reach", ["0 %", "50 %", "100 %"])
def test_a_promise_of_news_is_kept_or_broken_to_whoever_still_seeks(reach):
    """News come two hours after the promise to `reach` of them, before the time named."""
    due, seeking = 0, None
    for of, kind, i in watched(promising(at=f"{DAY} 10:00 UTC", reach={"some": reach}), Event.NEWS_DUE):
        assert kind == Event.NEWS_DUE
        case = of.cases[i]
        if seeking is None:
            seeking = of.passengers[i]["status"] == Status.SEEKING
            continue
        due += seeking
        if seeking:
            assert case["kept"] + case["broken"] == 1
            assert case["kept"] == (case["first_news"] < of.clock["now"][0])
        else:
            assert not case["broken"]
        seeking = None
    assert due > 20


def test_who_has_asked_again_by_the_time_named_plans_no_second_return_then():
    """The news prompt all who wait to ask at once: what follows from that is planned when the time named is up."""
    whole = promising(within="20 h", at=f"{DAY} 10:00 UTC", prompts="100 %")
    whole["behaviour"]["follow_up"] |= {"persist": "50 %", "gap": "40 h", "sigma": "0 sd"}
    turned = before = None
    met = 0
    for of, _, i in watched(whole, Event.NEWS_DUE):
        passenger = of.passengers[i]
        if before is None:
            turned = passenger["return_stamp"] != of.cases[i]["news_stamp"]
            before = passenger["status"]
            continue
        if turned and before == Status.SEEKING and passenger["open"] < 0:
            met += 1
            assert passenger["status"] == Status.SEEKING
        before = None
    assert met > 20


@pytest.mark.parametrize("law", ["additive", "justice"])
def test_unknown_with_news_at_a_time_is_worth_more_than_silence_and_less_than_the_answer(law):
    silence = world(channel="public", answered=False)
    answer = world(channel="public")
    for whole in (silence, answer):
        whole["population"]["cohorts"]["some"] |= {"asks": {"run": "100 %"}, "onset": at_eight()}
    fact(answer, "it_runs", at=answer["start"], answers={"run": "100 %"})
    kept = promising(at=f"{DAY} 10:00 UTC")
    means = [run(validate(whole), "model", 0).world.cases[law].mean() for whole in (silence, kept, answer)]
    assert means == sorted(means)
    assert means[0] + 0.1 < means[1] < means[2] - 0.1


def test_an_edition_keeps_news_fresh_and_is_neither_first_news_nor_useful():
    once, again = world(answered=False, channel="public"), world(answered=False, channel="public")
    for whole, more in ((once, {}), (again, {"every": "30 min", "until": f"{DAY} 23:00 UTC"})):
        whole["behaviour"]["news"]["life"] = "20 min"
        fact(whole, "some", at=whole["start"], answers={"run": "1 %", "change": "1 %"})
        notice(whole, "told", at=f"{DAY} 06:30 UTC", says=["some"], **more)
    one, many = (run(validate(whole), "model", 0).world.cases for whole in (once, again))
    heard = one["first_news"] >= 0
    assert heard.sum() > 100
    assert np.array_equal(one["first_news"], many["first_news"], equal_nan=True)
    assert np.array_equal(one["first_help"], many["first_help"], equal_nan=True)
    assert many["news_fresh"][heard].mean() > 10 * max(1.0, one["news_fresh"][heard].mean())


def test_a_notice_that_lets_people_rebook_takes_seats_and_makes_none():
    whole = world()
    whole["operators"]["a"]["flights"] = {
        "away": {
            "from": "here", "to": "away", "departs": "23:00", "timezone": "UTC", "first": DAY, "last": DAY,
            "capacity": "20 seats", "free": "50 %", "no_show": "0 %", "check_in_close": "60 min",
        }
    }  # fmt: skip
    whole["population"]["cohorts"]["some"] |= {"need": {"rebooking": "100 %"}, "asks": {}}
    notice(whole, "rebook", at=f"{DAY} 08:00 UTC", says=[], meets={"rebooking": "100 %"})
    of = run(validate(whole), "model", 0).world
    assert (of.passengers["status"] == Status.RESOLVED).sum() == (of.passengers["seat"] >= 0).sum() == 10
    assert of.flights["taken"].sum() == 10


def test_what_is_told_in_public_comes_before_the_eyes_of_those_who_follow():
    """Nobody else is told: the phone does not answer, and one public reply informs a share of all."""
    quiet, public = world(channel="public"), world(channel="public")
    for whole, feed in ((quiet, "0 %"), (public, "50 %")):
        whole["population"]["cohorts"]["some"] |= {"feed": feed, "feed_delay": "10 min", "contacting": "10 %"}
        fact(whole, "it_runs", at=whole["start"], answers={"run": "90 %", "change": "90 %"})
    heard = [run(validate(whole), "model", 0).world.cases["first_news"] >= 0 for whole in (quiet, public)]
    assert heard[0].mean() < 0.2
    assert 0.4 < heard[1].mean() < 0.7
    assert not (heard[0] & ~heard[1]).any()


def test_what_is_told_beside_something_wrong_comes_before_their_eyes_too():
    whole = world(channel="public")
    whole["population"]["cohorts"]["some"] |= {"feed": "50 %", "feed_delay": "10 min", "asks": {"run": "100 %"}}
    fact(whole, "wrong", at=whole["start"], answers={"run": "100 %"}, wrong=True)
    fact(whole, "true", at=whole["start"], answers={"run": "0.001 %"})
    of = run(validate(whole), "model", 0).world
    replies = of.contacts["result"][: int(of.clock["contacts"][0])]
    assert (replies == Result.WRONG).any()
    assert not np.isin(replies, (Result.INFORMED, Result.PARTLY)).any()
    assert np.isfinite(of.notices["time"]).all()


def test_what_no_fact_answers_is_said_and_warned_of():
    whole = world()
    fact(whole, "it_runs", at=whole["start"], answers={"run": "80 %", "change": "50 %"})
    lines = lines_about(validate(whole))
    assert lines[0] == (
        "Nobody can ever answer some of the questions, because no fact of the case does: “run” 20 %, “change” 50 %."
    )
    (warning,) = unanswerable(validate(whole))
    assert "who ask change, so" in warning


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("population.cohorts.some.asks", lambda w: w["population"]["cohorts"]["some"].update(asks={"ran": "100 %"})),
        ("population.cohorts.some.asks", lambda w: w["population"]["cohorts"]["some"].pop("asks")),
        ("disruption.facts.new.answers", lambda w: fact(w, "new", at=w["start"])),
        ("disruption.facts.new.corrects", lambda w: fact(w, "new", corrects=["new"], answers={"run": "1 %"})),
        ("disruption.notices.new.says[0]", lambda w: notice(w, "new", at=w["start"], says=["nothing"])),
        ("disruption.notices.new.until", lambda w: notice(w, "new", at=f"{DAY} 08:00 UTC", until=w["start"])),
        ("disruption.notices.new.every", lambda w: notice(w, "new", at=w["start"], every="1 s")),
        ("disruption.notices.new.meets.information", lambda w: notice(
            w, "new", at=w["start"], meets={"information": "60 %"})),
        ("behaviour.questions.refund", lambda w: w["behaviour"].update(questions={"refund": "stay"})),
        ("disruption.questions", lambda w: w["disruption"].update(questions=[f"q{k}" for k in range(9)])),
        ("population.cohorts.some.feed_delay", lambda w: w["population"]["cohorts"]["some"].update(feed="5 %")),
        ("behaviour.public.relay", lambda w: w["behaviour"]["public"].update(relay="90 %")),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_its_key(key, wrong):
    whole = world()
    wrong(whole)
    assert refusal_of(whole).key.startswith(key)


def test_who_settled_needs_by_information_is_told_what_to_type():
    whole = world()
    notice(whole, "new", at=whole["start"], meets={"information": "60 %"})
    with pytest.raises(BadInput, match="clarity: 60 %"):
        validate(whole)
