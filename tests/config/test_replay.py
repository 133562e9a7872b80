"""`experiment=replay`: what the files say in the sections that every experiment has, and what is refused."""

from __future__ import annotations

import copy

import pytest

from caresim.config.compose import validate
from caresim.config.composition import resolved
from caresim.config.errors import BadInput
from caresim.run.block import content_hash

CONTACTS = "arrival,channel,need,cohort\n3,phone,refund,vip\n1,phone,,\n9,email,refund,\n"


@pytest.fixture(scope="module")
def plain():
    return resolved(["experiment=replay"])


@pytest.fixture
def replay(plain, tmp_path):
    """The validated experiment with these members of `replay`; files are given as their text."""

    def made(contacts=None, intervals=None, staff=None, **members):
        raw = copy.deepcopy(plain)
        for name, text in (("contacts", contacts), ("intervals", intervals), ("staff", staff)):
            if text is not None:
                (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
                raw["replay"][name] = str(tmp_path / f"{name}.csv")
        raw["replay"] |= members
        return validate(raw)

    return made


def test_each_kind_of_contact_is_a_cohort_with_its_need_and_channel(replay):
    made = replay(CONTACTS)
    cohorts = made.population.cohorts
    kinds = {name: (list(cohorts[name].need), list(cohorts[name].preference)) for name in made.replay.members}
    assert kinds == {
        "vip": (["refund"], ["phone"]),
        "customers_phone_acknowledgement": (["acknowledgement"], ["phone"]),
        "customers_email_refund": (["refund"], ["email"]),
    }
    assert {cohorts[name].onset.kind for name in kinds} == {"given"}


def test_a_medium_that_the_experiment_has_no_channel_of_is_refused(replay):
    with pytest.raises(BadInput, match=r"no channel messenger, like which chat could be; allowed: phone") as refusal:
        replay("arrival,channel,medium\n1,phone,phone\n3,chat,messenger\n")
    assert (refusal.value.key, refusal.value.value) == ("replay.contacts", "messenger")


def test_channels_that_are_there_and_not_in_the_file_are_closed(replay):
    assert replay(CONTACTS).staffing["as_given"].closed == ("counter", "public", "private")


def test_a_key_of_a_desk_of_the_file_changes_that_desk_alone(plain, tmp_path):
    (tmp_path / "contacts.csv").write_text(
        "arrival,channel,medium,desk\n1,a,phone,one\n2,b,phone,two\n", encoding="utf-8"
    )
    whole = copy.deepcopy(plain)
    whole["replay"]["contacts"] = str(tmp_path / "contacts.csv")
    whole["staffing"]["as_given"]["desks"]["one"] = {"routing": "newest"}
    desks = validate(whole).staffing["as_given"].desks
    assert {name: desk.routing for name, desk in desks.items()} == {"one": "newest", "two": "priority"}
    assert desks["one"].model_copy(update={"routing": "priority", "serves": ("b",)}) == desks["two"]
    whole["staffing"]["as_given"]["desks"]["on"] = {"routing": "newest"}
    with pytest.raises(
        BadInput, match=r"desks.on = .*: no contact of the files goes there; did you mean one\? Allowed"
    ):
        validate(whole)


def test_the_window_ends_a_minute_after_the_last_contact_can_come(replay):
    assert replay(CONTACTS).window.value == 10
    assert replay(intervals="interval_start,offered\n0,1\n30,1\n").window.value == 61


def test_the_run_starts_at_midnight_of_the_first_day(replay):
    made = replay("arrival\n2026-03-02T08:00\n", timezone="Europe/Paris")
    assert made.start.isoformat() == "2026-03-01T23:00:00+00:00"


def test_desks_are_those_that_the_channels_lead_to_with_the_servers_or_the_staff_given(replay):
    desks = replay(CONTACTS, servers=4).staffing["as_given"].desks
    assert {name: (desk.headcount.value, desk.roster) for name, desk in desks.items()} == {
        "phone": (4, "shifts"),
        "email": (4, "shifts"),
    }
    plan = "start,end,desk,headcount\n0,60,phone,2\n30,60,phone,1\n0,60,email,1\n"
    desks = replay(CONTACTS, staff=plan).staffing["as_given"].desks
    assert {name: (desk.headcount.value, desk.roster) for name, desk in desks.items()} == {
        "phone": (3, "given"),
        "email": (1, "given"),
    }


def test_what_the_file_does_not_say_follows_from_the_means(replay):
    told = {"service_mean": 7, "service": "lognormal", "service_cv": 0.5, "patience_mean": "90 s"}
    made = replay(CONTACTS, **told, patience="deterministic")
    handling, phone = made.behaviour.handling, made.behaviour.phone
    assert (handling.law, handling.cv.value, handling.email["refund"].value) == ("lognormal", 0.5, 7)
    assert (phone.patience_law, phone.counter_patience["refund"].value) == ("deterministic", 1.5)


@pytest.mark.parametrize(
    ("members", "key", "words"),
    [
        ({}, "replay.contacts", "exactly one of contacts and intervals"),
        ({"contacts": "arrival\n1\n", "intervals": "interval_start,offered\n0,1\n"}, "replay.intervals", "exactly one"),
        ({"contacts": "arrival\n1\n", "staffing": "a"}, "replay.staffing", "left out where no interval report"),
        ({"contacts": "arrival\n1\n", "timezone": "Paris"}, "replay.timezone", "unknown time zone"),
        ({"contacts": "arrival\n1\n", "servers": 0}, "replay.servers", "more than 0"),
        ({"contacts": "arrival\n1\n", "service": "lognormal"}, "replay.service_cv", "is required"),
        ({"contacts": CONTACTS, "staff": "start,end,desk\n0,9,phone\n"}, "replay.staff", "nobody at desk email"),
        (
            {"contacts": CONTACTS, "staff": "start,end,desk,headcount\n0,9,phone,0\n"},
            "replay.staff",
            "nobody at desk phone",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(replay, members, key, words):
    with pytest.raises(BadInput) as refusal:
        replay(**members)
    assert refusal.value.key == key
    assert words in str(refusal.value)


@pytest.mark.parametrize("path", [5, "/nowhere/contacts.csv", "/"])
def test_what_is_no_file_is_refused(plain, path):
    raw = copy.deepcopy(plain)
    raw["replay"]["contacts"] = path
    with pytest.raises(BadInput, match=r"replay\.contacts = .*path of a CSV file"):
        validate(raw)


def test_a_scale_beside_the_file_is_refused_and_a_window_is_taken(plain, tmp_path):
    (tmp_path / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    raw = copy.deepcopy(plain)
    raw["replay"]["contacts"] = str(tmp_path / "contacts.csv")
    assert validate({**raw, "window": "8 d"}).window.value == 8 * 1440
    with pytest.raises(BadInput, match=r"population\.scale .*must be 1"):
        validate({**raw, "population": raw["population"] | {"scale": 0.5}})


def test_the_window_lasts_until_the_last_of_the_staff_have_gone(replay):
    plan = "start,end,desk\n0,600,phone\n0,480,email\n"
    assert replay(CONTACTS, staff=plan).window.value == 600


def test_servers_beside_a_file_that_says_who_worked_are_refused(replay):
    with pytest.raises(BadInput, match=r"replay.servers = '4': contradicts replay.staff; allowed: one of the two"):
        replay(CONTACTS, staff="start,end,desk\n0,600,phone\n0,480,email\n", servers=4)
    with pytest.raises(BadInput, match=r"contradicts the column staff of the report"):
        replay(intervals="interval_start,offered,staff\n0,1,2\n", servers=4)


def test_headline_metrics_fit_the_channels(replay):
    assert replay(CONTACTS).study.headline[0] == "phone_asa"
    assert replay("arrival,channel\n5,email\n").study.headline[0] == "median_first_response"


def test_who_has_written_waits_for_staff_who_come_later(replay):
    mail, plan = "arrival,channel\n5,email\n", "start,end,desk\n2880,3360,email\n"
    assert replay(mail, staff=plan).window.value == 3360
    with pytest.raises(BadInput, match="nobody is at desk phone between"):
        replay("arrival\n5\n", staff="start,end\n2880,3360\n")


def test_staff_may_come_as_late_as_the_last_contact_may(replay):
    plan = "start,end\n60,120\n"
    assert replay("arrival,spread_s\n5,3600\n", staff=plan).window.value == 120
    assert replay(intervals="interval_start,interval_end,offered\n0,60,1\n", staff=plan).window.value == 120
    with pytest.raises(BadInput, match="nobody is at desk phone between"):
        replay("arrival,spread_s\n5,3240\n", staff=plan)


@pytest.mark.parametrize("staff", [None, "start,end,desk,headcount\n0,60,phone,2\n0,60,email,1\n"])
def test_what_is_written_reads_back_equal(replay, staff):
    made = replay(CONTACTS, staff=staff)
    assert validate(made.as_text()) == made
    dated = replay("arrival\n2026-03-29T01:30\n2026-03-29T03:30\n", timezone="Europe/Paris")
    assert validate(dated.as_text()) == dated


def test_another_content_under_the_same_name_is_another_run(replay):
    one, same, other = (replay("arrival\n1\n2\n"), replay("arrival\n1\n2\n"), replay("arrival\n1\n3\n"))
    assert content_hash(one) == content_hash(same) != content_hash(other)
    with_staff = replay("arrival\n1\n2\n", staff="start,end\n0,60\n")
    assert content_hash(with_staff) != content_hash(replay("arrival\n1\n2\n", staff="start,end\n0,61\n"))


def test_a_configuration_is_not_read_back_over_a_file_that_has_changed_or_moved(replay, tmp_path):
    written = replay("arrival\n1\n2\n").as_text()
    (tmp_path / "contacts.csv").write_text("arrival\n1\n3\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"replay\.contacts = .*has changed since this was written"):
        validate(written)
    (tmp_path / "contacts.csv").unlink()
    with pytest.raises(BadInput, match=r"replay\.contacts = .*is no file"):
        validate(written)
