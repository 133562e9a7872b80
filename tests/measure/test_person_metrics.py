"""Metrics of persons: counted by hand from the rows of real runs, and what must hold whatever the run."""

from __future__ import annotations

import math

import numpy as np
import pytest

import caresim
from caresim.measure.people import first_choices, people_of
from caresim.measure.sample import Sample
from caresim.model.draws import _A, Purpose, mixed, uniforms
from caresim.model.media import Medium

NO_PULL = [
    f"behaviour.choice.{name}.{key}"
    for name in ("public_pull", "haste_pull", "seen_penalty")
    for key in ("value='0 logit'", "range=null")
]
WORDS = ("population.scale=0.05", "record=all", "replications=1")


@pytest.fixture(scope="module", params=["tokyo", "compiegne"])
def run(request):
    """An experiment, a run of its baseline, and one row a passenger with the earliest moment of any operator."""
    scale = WORDS if request.param == "tokyo" else WORDS[1:]
    experiment = caresim.load(f"experiment={request.param}", *scale)
    outcome = caresim.simulate(experiment)
    rows = outcome.passengers
    first = rows.groupby("passenger").agg(
        affected=("affected_min", "first"),
        need=("need", "first"),
        help=("first_help_min", "min"),
        news=("first_news_min", "min"),
        reply=("first_response_min", "min"),
        resolved=("resolved_min", "min"),
        outcome=("outcome", "first"),
        ordinary=("ordinary", "first"),
    )
    window = experiment.window.value
    inside = (first["affected"] >= 0) & (first["affected"] < window)
    return outcome, first[inside & (first["outcome"] != "unaware")]


def since(people, what):
    return people[what] - people["affected"]


def test_help_reply_and_news_are_counted_by_person_from_being_affected(run):
    outcome, people = run
    crisis = people[~people["ordinary"]]
    needy = crisis[crisis["outcome"] != "no_need"]
    metrics = outcome.metrics
    assert metrics["useful_15"] == pytest.approx((since(needy, "help") <= 15).mean(), rel=1e-12)
    assert metrics["useful_60"] == pytest.approx((since(needy, "help") <= 60).mean(), rel=1e-12)
    only = ~(since(needy, "help") <= 60) & (since(needy, "reply") <= 60)
    assert metrics["acknowledged_60"] == pytest.approx(only.mean(), rel=1e-12)
    assert metrics["informed_30"] == pytest.approx((since(crisis, "news") <= 30).mean(), rel=1e-12)


def test_who_was_resolved_within_a_day_is_counted_where_everybody_was_seen_for_so_long(run):
    outcome, people = run
    needy = people[~people["ordinary"] & (people["outcome"] != "no_need")]
    soon = (needy["outcome"] == "resolved") & (since(needy, "resolved") <= 1440)
    drain = outcome.run.experiment.drain.value
    found = outcome.metrics["resolved_24h"]
    assert math.isnan(found) if drain < 1440 else found == pytest.approx(soon.mean(), rel=1e-12)


def test_needs_that_depend_on_seats_stand_apart_from_the_rest(run):
    outcome, people = run
    needy = people[~people["ordinary"] & (people["outcome"] != "no_need")]
    resolved, taken = needy["outcome"] == "resolved", since(needy, "resolved")
    found, on_seats = outcome.metrics, needy["need"] == "rebooking"
    for ending, those in (("", needy["affected"].notna()), ("_seats", on_seats), ("_other", ~on_seats)):
        assert found[f"resolved_in_time{ending}"] == pytest.approx(resolved[those].mean(), rel=1e-12)
        assert found[f"resolved_24h{ending}"] == pytest.approx((resolved & (taken <= 1440))[those].mean(), rel=1e-12)


def by_people(outcome):
    """Requests of the crisis that a person answered while the passenger still cared, with the person's quality."""
    contacts = outcome.contacts.merge(outcome.staff[["staff_member", "kind", "quality"]], on="staff_member", how="left")
    staffed = (contacts["medium"] != "web") & contacts["passenger"].notna() & ~contacts["ordinary"]
    heard = contacts["reply_min"].notna() & (contacts["outcome"] != "too_late")
    return contacts[staffed & heard & (contacts["kind"] != "assistant")]


def first_channels(outcome):
    """Of each passenger the medium of greatest preference + Gumbel noise, with NumPy alone."""
    world = outcome.run.world
    people, channels = np.asarray(world.passengers), np.asarray(world.channels)
    preference = np.asarray(world.cohorts)["taste"][people["cohort"]][:, : len(channels)].copy()
    spoken = (channels["offered"][None, :] >> people["language"][:, None].astype(np.int64)) & 1
    day = np.floor(people["affected"] / 1440).astype(np.int64) + 1024
    for c, channel in enumerate(channels):
        with np.errstate(over="ignore"):
            key = mixed(mixed(people["key"]) + _A * (channel["key"] + np.uint64(1)))
        noise = -np.log(-np.log(uniforms(world.clock[0].luck, key, Purpose.CHOICE, (day * 4096).astype(np.uint64))))
        preference[:, c] = np.where(spoken[:, c] == 1, preference[:, c] + noise, -np.inf)
    return channels["medium"][preference.argmax(axis=1)]


def test_first_choices_are_recomputed_from_preference_and_luck(run):
    outcome, people = run
    needy = people[~people["ordinary"] & (people["outcome"] != "no_need")].copy()
    needy["first"] = first_channels(outcome)[needy.index.to_numpy()]
    answered = by_people(outcome).groupby("passenger")["reply_min"].min().reindex(needy.index)
    taken = answered - needy["affected"]
    groups = {"phone": [Medium.PHONE], "counter": [Medium.COUNTER], "social": [Medium.PUBLIC, Medium.PRIVATE]}
    for group, media in groups.items():
        theirs = needy["first"].isin(media)
        found = [outcome.metrics[f"{group}_first_{t}"] for t in (15, 60) if f"{group}_first_{t}" in outcome.metrics]
        if not theirs.any():
            assert all(map(math.isnan, found))
            continue
        expected = [(taken[theirs] <= t).mean() for t in (15, 60)][-len(found) :]
        assert found == pytest.approx(expected, rel=1e-12)
        assert group == "counter" or 0 < found[-1] < 1


def test_where_nothing_but_taste_counts_people_turn_to_their_first_choice_first():
    """Without the pull of anger and haste, who asked in the minute in which it began asked there."""
    nobody_knows = "behaviour.choice.knows_hours=0 %"  # a closed door is a matter of taste, too
    outcome = caresim.simulate(caresim.load("experiment=tokyo", "population.scale=0.02", *NO_PULL, nobody_knows))
    world = outcome.run.world
    cases = np.asarray(world.cases)["first_contact"]
    contacts = np.asarray(world.contacts)
    there = np.flatnonzero(cases >= 0)
    passengers = np.asarray(world.passengers)
    there = there[contacts["arrival"][cases[there]] == passengers["affected"][there]]
    there = there[passengers["ordinary"][there] == 0]  # of others nobody asks
    there = there[np.asarray(world.cases)["doors"][there] == 0]  # who finds a door closed asks elsewhere at once
    assert len(there) > 80
    sample = Sample(outcome.run)
    assert (contacts["medium"][cases[there]] == first_choices(sample)[there]).all()
    assert len(set(first_choices(sample)[there])) > 2


def test_the_same_people_have_the_same_first_choice_whatever_the_staffing():
    experiment = caresim.load("experiment=tokyo", "population.scale=0.02")
    found = [first_choices(Sample(caresim.simulate(experiment, staffing).run)) for staffing in experiment.staffing]
    crisis = ~Sample(caresim.simulate(experiment).run).ordinary
    for other in found[1:]:
        assert (found[0][crisis] == other[crisis]).all()


def test_those_who_first_turn_to_somebody_are_as_many_where_an_account_is_closed():
    """Club Med absent: its customers still belong to those whose first choice is an account."""
    experiment = caresim.load("experiment=compiegne")
    found = {name: people_of(Sample(caresim.simulate(experiment, name).run)) for name in experiment.staffing}
    social = {name: people.first_choice["social"].people for name, people in found.items()}
    assert experiment.staffing["club_med_absent"].closed == ("club_med_twitter",)
    assert len(set(social.values())) == 1, social
    assert social["as_it_was"] > 30


def test_bad_answers_and_the_spread_between_people_are_recomputed_from_contacts(run):
    outcome, _ = run
    window = outcome.run.experiment.window.value
    replies = by_people(outcome).sort_values("contact")
    again = replies.duplicated(["case"]) | (replies["turns"] > 1)
    inside = (replies["arrival_min"] >= 0) & (replies["arrival_min"] < window)
    silent = np.asarray(outcome.run.world.contacts)["abandoned_silently_at"][replies["contact"].to_numpy()]
    empty = (replies["result"] == "empty") & again & np.isnan(silent)
    bad = replies["result"].isin(["wrong", "refused"]) | empty | (replies["quality"] < 0.3)
    assert outcome.metrics["bad_answers"] == pytest.approx(bad[inside].mean(), rel=1e-12)
    first = replies.sort_values("reply_min").groupby(["passenger", "operator"], observed=True)["staff_member"].first()
    rated = outcome.passengers[outcome.passengers["counted"] & outcome.passengers["satisfaction"].notna()]
    marks = rated.join(first, on=["passenger", "operator"], how="inner")
    groups = marks.groupby(marks["staff_member"].astype(str))["satisfaction"]
    n, k, total = groups.size(), groups.ngroups, len(marks)
    within = ((groups.size() - 1) * groups.var().fillna(0)).sum() / (total - k)
    between = (n * (groups.mean() - marks["satisfaction"].mean()) ** 2).sum() / (k - 1)
    variance = (between - within) / ((total - (n**2).sum() / total) / (k - 1))
    assert outcome.metrics["agent_sd"] == pytest.approx(math.sqrt(max(0.0, variance)), rel=1e-9, abs=1e-7)


def test_ordinary_customers_are_counted_and_the_closed_door_is_no_answer(run):
    outcome, people = run
    ordinary = people[people["ordinary"]]
    found = outcome.metrics["ordinary_answered"], outcome.metrics["ordinary_wait"]
    if not len(ordinary):
        assert all(map(math.isnan, found))
        return
    waits = since(ordinary, "reply")
    assert found[0] == pytest.approx(waits.notna().mean(), rel=1e-12)
    assert found[1] == pytest.approx(60 * waits.mean(), rel=1e-9)
    contacts = outcome.contacts
    window = outcome.run.experiment.window.value
    inside = (contacts["arrival_min"] >= 0) & (contacts["arrival_min"] < window)
    calls = contacts[contacts["ordinary"] & (contacts["medium"] == "phone") & inside]
    lines = calls[calls["outcome"] != "blocked"]
    hung_up = outcome.metrics["ordinary_abandonment"]
    assert hung_up == pytest.approx((lines["outcome"] == "abandoned").mean(), rel=1e-12, nan_ok=True)


def test_help_comes_no_later_than_anything_that_helps(run):
    outcome, _ = run
    rows = outcome.passengers
    for what in ("first_useful_min", "resolved_min"):
        there = rows[rows[what].notna() & (rows["outcome"] != "gave_up") & (rows["outcome"] != "missed")]
        assert (there["first_help_min"] <= there[what]).all()
    assert (rows["first_help_min"].dropna() >= rows.loc[rows["first_help_min"].notna(), "affected_min"]).all()


def test_before_anything_is_known_nobody_is_informed_and_empty_words_help_nobody():
    """No facts, no notices, desks that cannot act: replies there are, and nothing in them."""
    words = (
        "experiment=tokyo",
        "population.scale=0.02",
        "replications=1",
        *(f"~staffing.{name}" for name in caresim.load("experiment=tokyo").staffing if name != "social_team"),
    )
    nothing = caresim.load(*words)
    facts = [f"~disruption.facts.{name}" for name in nothing.disruption.facts]
    notices = [f"~disruption.notices.{name}" for name in nothing.disruption.notices]
    desks = [
        f"staffing.social_team.desks.{name}.{power}=false"
        for name in nothing.staffing["social_team"].desks
        for power in ("rebooks", "refunds", "assists", "waitlists")
    ]
    outcome = caresim.simulate(caresim.load(*words, *facts, *notices, *desks, "~disruption.instructions.waiver"))
    assert outcome.metrics["informed_30"] == 0.0
    replied = outcome.passengers[(outcome.passengers["replies"] > 0) & ~outcome.passengers["ordinary"]]
    assert len(replied) > 50
    by_reply = replied[replied["resolved_min"].isna()]
    assert np.isnan(by_reply["first_help_min"]).all()


def test_an_earlier_notice_never_helps_fewer_within_the_hour():
    words = ("experiment=tokyo", "population.scale=0.1", "replications=1")
    found = caresim.load(*words, "only=[social_team,notice_and_waiver_friday]")
    late, early = (caresim.simulate(found, name).metrics for name in ("social_team", "notice_and_waiver_friday"))
    assert early["informed_30"] > late["informed_30"]
    assert early["useful_60"] >= late["useful_60"]
