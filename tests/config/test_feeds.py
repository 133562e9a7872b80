"""How a desk works a public feed where it says nothing else, and what is said of one that answers old posts."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.properties.small_worlds import desk, minimal

from caresim.config.compose import compose, validate
from caresim.config.desk import Desk
from caresim.config.errors import BadInput
from caresim.config.warnings.posts import old
from caresim.model.routing import RULES
from caresim.scenario.build import build

LANGUAGES = ["en", "fr", "ja"]
FEEDS = {"routing": "newest", "expires": {"value": "12 h", "range": ["6 h", "24 h"], "source": "assumption"}}


def world(*media: str, feeds: dict[str, Any] | None = FEEDS, **keys: Any) -> dict[str, Any]:
    """The minimal world with a desk that serves these media, and says no more of routing and expiry than `keys`."""
    whole = minimal() | {"feeds": feeds}
    channels = whole["operators"]["a"]["channels"]
    for medium in media:
        channels.setdefault(f"a_{medium}", {"medium": medium, "languages": LANGUAGES})
    told = desk("a", [f"a_{medium}" for medium in media])
    for key in ("routing", "expires"):
        del told[key]
    whole["staffing"]["model"]["desks"] = {"a_desk": told | keys}
    if "phone" not in media:
        whole["staffing"]["model"]["closed"] = ["a_phone"]
        whole["population"]["cohorts"]["some"]["preference"] = {f"a_{media[0]}": "0 logit"}
    return whole


def of(whole: dict[str, Any]) -> Desk:
    return validate(whole).staffing["model"].desks["a_desk"]


@pytest.mark.parametrize("media", [("public",), ("public", "private"), ("phone", "public")])
def test_a_feed_is_worked_newest_first_and_what_is_old_is_put_aside(media):
    found = of(world(*media))
    assert (found.routing, found.routing_in_writing) == ("first_come", "newest")
    assert found.expires is not None
    assert (found.expires.value, found.expires.same_as) == (12 * 60.0, "feeds.expires")


def test_the_desk_of_the_run_has_both_rules():
    built, _ = build(validate(world("phone", "public")), "model", 0)
    assert built.desks[0].routing == RULES["first_come"].number
    assert built.desks[0].routing_deferred == RULES["newest"].number
    assert built.desks[0].expires == 12 * 60.0


@pytest.mark.parametrize("media", [("phone",), ("private",), ("email",), ("public", "email"), ("phone", "private")])
def test_where_more_than_a_feed_is_answered_in_writing_nothing_is_put_aside_unasked(media):
    found = of(world(*media))
    assert (found.routing, found.routing_in_writing, found.expires) == ("first_come", None, None)


def test_what_a_desk_says_holds():
    assert of(world("public", routing="angriest")).routing_in_writing is None
    assert of(world("public", routing_in_writing="angriest")).routing_in_writing == "angriest"
    assert of(world("public", expires=None)).expires is None
    own = of(world("public", expires="1 h")).expires
    assert own is not None
    assert own.value == 60.0


def test_a_configuration_read_back_is_the_same():
    whole = validate(world("phone", "public"))
    assert validate(whole.as_text()) == whole


def test_all_desks_draw_one_expiry():
    experiment = validate(world("public"))
    assert "feeds.expires" in dict(experiment.uncertain())
    moved = experiment.with_values({"feeds.expires": 60.0})
    expires = moved.staffing["model"].desks["a_desk"].expires
    assert expires is not None
    assert expires.value == 60.0


def test_without_feeds_everything_is_first_come():
    found = of(world("public", feeds=None))
    assert (found.routing_in_writing, found.expires) == (None, None)


def test_an_unknown_rule_in_writing_is_refused_by_its_key():
    with pytest.raises(BadInput, match=r"staffing\.model\.desks\.a_desk\.routing_in_writing.*newest"):
        validate(world("public", routing_in_writing="newesd"))


def test_first_come_without_expiry_is_allowed_and_warned_of_in_one_line():
    asked = validate(world("public", routing="first_come", expires=None))
    (line,) = old(asked)
    assert "staffing.model.desks.a_desk answers public posts first come" in line
    assert list(old(validate(world("public", feeds=None)))) == [line]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"expires": None},
        {"routing": "first_come"},
        {"routing": "first_come", "routing_in_writing": "newest", "expires": None},
    ],
)
def test_newest_first_or_with_an_expiry_there_is_nothing_to_warn_of(keys):
    assert not list(old(validate(world("public", **keys))))


@pytest.mark.parametrize("name", ["tokyo", "insourcing", "activism", "compiegne", "ash_cloud", "desks", "messenger"])
def test_no_experiment_of_caresim_is_warned_of(name):
    assert not list(old(compose([f"experiment={name}"])))
