"""Whatever is wrong with an experiment gives one message that names the key, the value and what is allowed."""

from __future__ import annotations

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from caresim.config.compose import compose, validate
from caresim.config.errors import BadInput

SOCIAL = "staffing.social_team.desks.social"
CENTRE = "staffing.call_center_24_7"
# what is set, as on the command line; the key that must be named; words that say the value and what is allowed
CASES = {
    "unknown key": ("population.scal=2", "population.scal", ["2", "did you mean scale?"]),
    "unknown key at the top": ("popluation.scale=2", "popluation", ["did you mean population"]),
    "unknown key in a quantity": ("behaviour.anger.kappa.rang=[0,1]", "behaviour.anger.kappa.rang", ["mean range"]),
    "wrong type": (f"{SOCIAL}.informs=perhaps", f"{SOCIAL}.informs", ["'perhaps'", "true or false"]),
    "word for a number": ("replications=many", "replications", ["'many'", "whole number"]),
    "wrong unit": ("behaviour.anger.half_life=11 kg", "behaviour.anger.half_life", ["'11 kg'", "s, min, h, d"]),
    "no unit": ("behaviour.anger.half_life=12", "behaviour.anger.half_life", ["12", "needs a unit", "'11 min'"]),
    "value out of range": (
        "operators.air_france.free_seats=110 %",
        "operators.air_france.free_seats",
        ["110 %", "100 %"],
    ),
    "negative seed": ("seed=-1", "seed", ["-1", "at least 0"]),
    "fractional seed": ("seed=1.5", "seed", ["1.5", "whole number"]),
    "range without the value": ("behaviour.anger.kappa.value=3", "behaviour.anger.kappa.range", ["contain the value"]),
    "shift that ends before it starts": (
        f"{SOCIAL}.shifts=[{{start:'18:00',end:'09:00'}}]",
        f"{SOCIAL}.shifts[0].end",
        ["'09:00'", "after the start (18:00)", "HH:MM+1"],
    ),
    "shift of more than a day": (
        f"{SOCIAL}.shifts=[{{start:'08:00',end:'09:00+1'}}]",
        f"{SOCIAL}.shifts[0].end",
        ["within 24 hours"],
    ),
    "desk without people": (f"{SOCIAL}.headcount=0", f"{SOCIAL}.headcount", ["nobody staffs", "at least 1"]),
    "desk without shifts": (f"{SOCIAL}.shifts=[]", f"{SOCIAL}.shifts", ["nobody staffs", "at least one shift"]),
    "channel without desk": (f"{SOCIAL}.serves=[twitter]", "staffing.social_team.desks", ["messages", "unanswered"]),
    "unknown channel": (f"{SOCIAL}.serves=[twiter,messages]", f"{SOCIAL}.serves[0]", ["'twiter'", "mean twitter?"]),
    "channel served twice": (
        f"{SOCIAL}.serves=[twitter,messages,phone_paris]",
        f"{SOCIAL}.serves[2]",
        ["'phone_paris'", "once"],
    ),
    "unknown time zone": (f"{SOCIAL}.timezone=Europe/Pari", f"{SOCIAL}.timezone", ["'Europe/Pari'", "Europe/Paris"]),
    "clock time as number": (
        f"{SOCIAL}.shifts=[{{start:750,end:'18:00'}}]",
        f"{SOCIAL}.shifts[0].start",
        ["750", "'12:30' in quotes"],
    ),
    "truth for a word": ("record=true", "record", ["True", "none, first, all", "quotes"]),
    "need without a value": (
        "behaviour.phone.patience.refund=null",
        "behaviour.phone.patience.refund",
        ["required", "every need"],
    ),
    "party too large": (
        "population.cohorts.families.party={9: 1}",
        "population.cohorts.families.party",
        ["9", "1 to 8"],
    ),
    "contagion that explodes": (
        "behaviour.public.contagion=0.95",
        "behaviour.public.contagion",
        ["0.95", "at most 0.8"],
    ),
    "shares that do not sum to 1": (
        "population.cohorts.seekers.need.information=40 %",
        "population.cohorts.seekers.need",
        ["sum to 1, not 1.25"],
    ),
    "unknown need": (
        "population.cohorts.seekers.need.reboking=0",
        "population.cohorts.seekers.need.reboking",
        ["did you mean rebooking?"],
    ),
    "unknown baseline": ("baseline=socialteam", "baseline", ["'socialteam'", "did you mean social_team?"]),
    "unknown metric": ("study.headline=[csat,answered60]", "study.headline[1]", ["'answered60'", "mean answered_60"]),
    "hand-over to nobody": (f"{SOCIAL}.hand_over=helpers", f"{SOCIAL}.hand_over", ["'helpers'", "tokyo_phone"]),
    "hours of an unknown model": (f"{CENTRE}.paid_hours.as=mine", f"{CENTRE}.paid_hours.as", ["'mine'", "social_team"]),
    "hours in a circle": (f"{CENTRE}.paid_hours.as=call_center_24_7", f"{CENTRE}.paid_hours.as", ["circle"]),
    "notice outside the run": (
        "disruption.notices.web_notice.at=2011-05-14 11:15 UTC",
        "disruption.notices.web_notice.at",
        ["2011-05-14", "within the run, 2011-03-10 05:46 to 2011-03-21 23:00 UTC"],
    ),
    "shift outside the run": (
        f"{SOCIAL}.shifts=[{{start:'08:00',end:'16:00',first:'2012-01-01'}}]",
        f"{SOCIAL}.shifts[0].first",
        ["2012-01-01", "outside the run"],
    ),
    "flights that never leave": (
        "operators.air_france.flights.kix_cdg.last=2011-03-11",
        "operators.air_france.flights.kix_cdg.last",
        ["2011-03-11", "not be before first"],
    ),
    "more passengers than seats sold": (
        "population.cohorts.visitors.people=9000",
        "population.cohorts.visitors.people",
        ["9000", "seats sold"],
    ),
    "more passengers than seats sold by scale": (
        "population.scale=50",
        "population.scale",
        ["50", "people booked", "seats sold", "at most", "population.cohorts.visitors.people"],
    ),
    "a scale that leaves nobody": ("population.scale=1e-5", "population.scale", ["1e-05", "leaves no", "more than"]),
    "flight that is not there": (
        "population.cohorts.visitors.booked_on=[kix_cgd]",
        "population.cohorts.visitors.booked_on[0]",
        ["mean kix_cdg"],
    ),
    "share with nothing": (
        "behaviour.handling.phone.refund.same_as=nothing",
        "behaviour.handling.phone.refund.same_as",
        ["neighbour"],
    ),
    "lines of a public channel": (
        "operators.air_france.channels.twitter.lines=3",
        "operators.air_france.channels.twitter.lines",
        ["public"],
    ),
}


def holds(error: BadInput, key: str, words: list[str]) -> None:
    message = str(error)
    assert error.key == key
    assert message.startswith(key)
    assert "\n" not in message
    for word in words:
        assert word in message


@pytest.mark.parametrize("case", CASES)
def test_plain_mapping(case, with_value):
    word, key, words = CASES[case]
    path, _, text = word.partition("=")
    value = OverridesParser.create().parse_override(f"v={text}").value()
    with pytest.raises(BadInput) as caught:
        validate(with_value(path, value))
    holds(caught.value, key, words)


@pytest.mark.parametrize("case", CASES)
def test_command_line(case):
    word, key, words = CASES[case]
    with pytest.raises(BadInput) as caught:
        compose(["experiment=tokyo", word])
    holds(caught.value, key, words)


@pytest.mark.parametrize(
    ("words", "key", "said"),
    [
        (["experiment=tokio"], "experiment", "did you mean tokyo?"),
        (["population=tokio"], "population", "did you mean tokyo?"),
        (["+staffing/tokyo@staffing.mine=hybird"], "staffing/tokyo", "did you mean hybrid?"),
        (["seed"], "command line", "key=value"),
        (["=3"], "command line", "key=value"),
        (["seed=["], "command line", "'seed=['"),
        (["behaviour.anger.kappa=${nowhere}"], "behaviour.anger.kappa", "nowhere"),
        (["~staffing.hibrid"], "staffing.hibrid", "is not there"),
        (["backtest=stylised_facts"], "backtest", "write task=backtest backtest=stylised_facts"),
        (["+backtest=stylised_facts"], "backtest", "write task=backtest backtest=stylised_facts"),
        (
            ["staffing/tokyo@staffing.surge=surge"],
            "staffing/tokyo@staffing.surge",
            "write +staffing/tokyo@staffing.sur",
        ),
        (["+staffing/tokyo@staffing.hybrid=surge"], "staffing/tokyo@staffing.hybrid", "leave out the +"),
        (["staffing=tokyo"], "staffing", "write +staffing/FOLDER@staffing.NAME=FILE"),
        (["staff/unevenness=triple"], "staff/unevenness", "write staff/unevenness@PLACE=triple"),
    ],
)
def test_what_hydra_refuses_is_said_in_one_line(words, key, said):
    with pytest.raises(BadInput) as caught:
        compose(words)
    holds(caught.value, key, [said])


@pytest.mark.parametrize(
    ("words", "key", "said"),
    [
        (["population.cohorts.visitor.people=5"], "population.cohorts.visitor", "did you mean visitors"),
        (["staffing.social_tem.desks.social.headcount=4"], "staffing.social_tem", "did you mean social_team?"),
        ([f"{SOCIAL[:-6]}socal.headcount=4"], f"{SOCIAL[:-6]}socal", "did you mean social?"),
    ],
)
def test_a_misspelt_name_is_met_with_those_there_are(words, key, said):
    with pytest.raises(BadInput) as caught:
        compose(words)
    holds(caught.value, key, [f"unknown, {said}", "Allowed: ", "a new one needs "])


def test_an_own_entry_that_lacks_a_little_is_told_what(with_value):
    with pytest.raises(BadInput) as caught:
        validate(with_value(f"{CENTRE}.differs", None))
    assert caught.value.key == f"{CENTRE}.differs"


def test_a_staffing_model_of_another_case_says_so():
    with pytest.raises(BadInput, match=r"surge is one of the staffing models of tokyo"):
        compose(["experiment=compiegne", "+staffing/tokyo@staffing.surge=surge"])


@pytest.mark.parametrize("key", ["explain.one", "explain.other"])
def test_models_to_explain_are_checked_whatever_the_task(key):
    with pytest.raises(BadInput) as caught:
        compose([f"{key}=hibrid"])
    holds(caught.value, key, ["did you mean hybrid?"])


def test_tasks_that_are_allowed_are_there():
    from caresim.tasks.registry import TASKS

    with pytest.raises(BadInput) as caught:
        compose(["task=optimise"])
    assert caught.value.allowed.removeprefix("allowed: ").split(", ") == list(TASKS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["experiment=insourcing", "population.cohorts.authors.onset.per_hour=-5 posts/h"], "at least 0$"),
        (["explain.seats=foo"], "a number such as 1.5 or '1.5 x'$"),
        (["passenger=wrost"], "did you mean worst\\? Allowed: a row's number, median, worst, most_changed$"),
    ],
)
def test_small_words_are_those_of_the_key(words, said):
    with pytest.raises(BadInput, match=said):
        compose(words)


def test_the_first_error_says_how_many_more_there_are(with_value):
    whole = with_value("population.scal", 2)
    whole["seed"] = -1
    with pytest.raises(BadInput, match=r"and 1 more"):
        validate(whole)


def test_no_staffing_model_is_left(with_value):
    with pytest.raises(BadInput, match=r"staffing.*at least one staffing model"):
        validate(with_value("staffing", {"social_team": None}))


def test_no_mapping_at_all():
    with pytest.raises(BadInput, match="must be a mapping"):
        validate([1, 2])  # type: ignore[arg-type]
