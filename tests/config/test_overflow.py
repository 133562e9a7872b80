"""An overflow leads to another desk whose people can serve who comes, and never back; else it is refused."""

from __future__ import annotations

import pytest

from caresim.config.compose import compose
from caresim.config.errors import BadInput

DESKS = "staffing.social_team.desks"
PARIS, TOKYO = f"{DESKS}.paris_phone", f"{DESKS}.tokyo_phone"


def to(desk: str, after: str = "5 min") -> str:
    return f"{{to: {desk}, after: {after}}}"


# what is set, as on the command line; the key that must be named; words that say the value and what is allowed
REFUSED = {
    "to nobody": (
        [f"{PARIS}.overflow={to('tokio_phone')}"],
        f"{PARIS}.overflow.to",
        ["unknown desk, did you mean tokyo_phone"],
    ),
    "to itself": ([f"{PARIS}.overflow={to('paris_phone')}"], f"{PARIS}.overflow.to", ["itself", "tokyo_phone"]),
    "at once": ([f"{PARIS}.overflow={to('tokyo_phone', '0 min')}"], f"{PARIS}.overflow.after", ["more than 0"]),
    "before": ([f"{PARIS}.overflow={to('tokyo_phone', '-5 min')}"], f"{PARIS}.overflow.after", ["more than 0"]),
    "all the time": ([f"{PARIS}.overflow={to('tokyo_phone', '0.1 s')}"], f"{PARIS}.overflow.after", ["least 1 s"]),
    "without a unit": ([f"{PARIS}.overflow={to('tokyo_phone', '5')}"], f"{PARIS}.overflow.after", ["needs a unit"]),
    "without a time": ([f"{PARIS}.overflow={{to: tokyo_phone}}"], f"{PARIS}.overflow.after", ["is required"]),
    "a name alone": ([f"{PARIS}.overflow=tokyo_phone"], f"{PARIS}.overflow", ["mapping with keys such as to, after"]),
    "back and forth": (
        [f"{PARIS}.overflow={to('narita_counter')}", f"{DESKS}.narita_counter.overflow={to('paris_phone')}"],
        f"{PARIS}.overflow.to",
        ["circle, paris_phone -> narita_counter -> paris_phone"],
    ),
    "round by three": (
        [
            f"{DESKS}.paris_counter.overflow={to('paris_phone')}",
            f"{PARIS}.overflow={to('tokyo_phone')}",
            f"{TOKYO}.overflow={to('narita_counter')}",
            f"{DESKS}.narita_counter.overflow={to('paris_phone')}",
        ],
        f"{PARIS}.overflow.to",
        ["circle, paris_phone -> tokyo_phone -> narita_counter -> paris_phone"],
    ),
    "passed back": (
        [
            f"{PARIS}.overflow={to('tokyo_phone')}",
            f"{TOKYO}.hand_over=narita_counter",
            f"{DESKS}.narita_counter.hand_over=paris_phone",
        ],
        f"{PARIS}.overflow.to",
        ["circle, paris_phone -> tokyo_phone -> narita_counter -> paris_phone", "overflow or hand_over"],
    ),
    "a language that nobody speaks": (
        [f"{TOKYO}.overflow={to('paris_phone')}"],
        f"{TOKYO}.overflow.to",
        ["nobody at paris_phone speaks ja", "phone_tokyo"],
    ),
    "a language that nobody speaks further on": (
        [f"{TOKYO}.overflow={to('narita_counter')}", f"{DESKS}.narita_counter.overflow={to('paris_phone')}"],
        f"{TOKYO}.overflow.to",
        ["nobody at paris_phone speaks ja"],
    ),
    "of what is written": (
        [f"{DESKS}.social.overflow={to('paris_phone')}"],
        f"{DESKS}.social.overflow",
        ["callers and visitors", "serves none"],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_work_is_refused(case):
    words, key, said = REFUSED[case]
    with pytest.raises(BadInput) as refusal:
        compose(["experiment=tokyo", *words])
    assert refusal.value.key == key
    assert "\n" not in str(refusal.value)
    assert [word for word in said if word not in str(refusal.value)] == []


def test_another_company_serves_nobody():
    desks = "staffing.everybody_like_air_france.desks"
    with pytest.raises(BadInput, match=r"sncf.overflow.to = 'club_med': is a desk of club_med, not of sncf"):
        compose(["experiment=compiegne", f"{desks}.sncf.overflow={to('club_med')}"])


def test_a_chain_is_good_and_so_is_a_desk_that_hands_over_to_the_same():
    chain = [f"{PARIS}.overflow={to('tokyo_phone')}", f"{TOKYO}.overflow={to('narita_counter', '90 s')}"]
    made = compose(["experiment=tokyo", *chain, f"{PARIS}.hand_over=tokyo_phone", f"{TOKYO}.hand_over=tokyo_phone"])
    desks = made.staffing["social_team"].desks
    assert desks["paris_phone"].overflow.after.value == 5
    assert (desks["tokyo_phone"].overflow.to, desks["tokyo_phone"].overflow.after.value) == ("narita_counter", 1.5)
    assert desks["narita_counter"].overflow is None


def test_a_desk_that_others_pass_calls_to_may_pass_them_on():
    words = [f"{PARIS}.hand_over=social", f"{DESKS}.social.overflow={to('tokyo_phone')}"]
    assert compose(["experiment=tokyo", *words]).staffing["social_team"].desks["social"].overflow
