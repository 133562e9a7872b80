"""`label:` of cohorts, channels, desks and staffing models: what people read instead of the key."""

from __future__ import annotations

import io

import pytest
from pydantic import TypeAdapter, ValidationError
from rich.console import Console

import caresim
from caresim.config.display_names import channel_name, cohort_name, desk_name, readable
from caresim.config.errors import BadInput
from caresim.config.labels import LONGEST, Label, labels_of, spoken_of
from caresim.run.block import content_hash
from caresim.tasks.compare import terminal
from caresim.tasks.compare.page.page import document
from caresim.tasks.explain.design import differing_factors

TOKYO = ("experiment=tokyo", "population.scale=0.02", "record=none", "only=[social_team,hybrid]")
LABELS = (
    "staffing.hybrid.label='Teams of two kinds'",
    "staffing.social_team.desks.social.label='Community managers'",
    "operators.air_france.channels.phone_paris.label='The Paris hotline'",
    "population.cohorts.booked_abroad.label='people booked for these days'",
)


@pytest.fixture(scope="module")
def labelled():
    return caresim.load(*TOKYO, *LABELS)


def test_a_label_changes_no_run_and_keeps_what_is_finished(labelled) -> None:
    assert content_hash(labelled) == content_hash(caresim.load(*TOKYO))
    assert "Teams of two kinds" in str(labelled.as_text())


def test_names_are_those_of_the_experiment_that_is_spoken_of_and_else_as_they_read(labelled) -> None:
    names = [
        (readable, "hybrid", "Hybrid", "Teams of two kinds"),
        (desk_name, "social", "Social", "Community managers"),
        (channel_name, "phone_paris", "Phone Paris", "The Paris hotline"),
        (cohort_name, "booked_abroad", "booked abroad", "people booked for these days"),
    ]
    for called, key, plain, label in names:
        assert called(key) == plain
        with spoken_of(labelled):
            assert called(key) == label
        assert called(key) == plain
    with spoken_of(labelled):
        assert readable("social_team") == "Social team"


def test_a_desk_and_a_staffing_model_of_one_name_are_two_things(labelled) -> None:
    """The desk `social` has a label, a staffing model called so would have none."""
    with spoken_of(labelled):
        assert readable("social") == "Social"


def test_labels_stand_where_people_read_and_keys_in_the_tables(labelled, tmp_path) -> None:
    made = caresim.compare(labelled.model_copy(update={"replications": 2, "output_dir": str(tmp_path)}))
    stream = io.StringIO()
    terminal.show(made, Console(file=stream, width=120))
    assert "Teams of two kinds" in stream.getvalue()
    assert "Hybrid" not in stream.getvalue()
    with spoken_of(made.experiment):
        page = str(document(made, tmp_path, "caresim"))
    assert "Teams of two kinds" in page
    assert set(made.summary()["staffing"]) == {"social_team", "hybrid"}
    figure = made.plot.waits()
    assert any("Teams of two" in text.get_text() for axes in figure.axes for text in axes.texts)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("''", "must be one line of text, at most 40 characters"),
        ("'  '", "must be one line of text"),
        (f"'{'a' * (LONGEST + 1)}'", "at most 40 characters"),
        ("7", "must be one line of text"),
        ("true", "write the word in quotes"),
    ],
)
def test_what_is_no_label_is_refused(label: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        caresim.load(*TOKYO, f"staffing.hybrid.label={label}")
    assert "staffing.hybrid.label" in str(refused.value)


@pytest.mark.parametrize("text", ["two\nlines", "a\ttab", "\x1b[31mred"])
def test_a_label_is_one_line_of_printable_text(text: str) -> None:
    with pytest.raises(ValidationError, match="must be one line of text"):
        TypeAdapter(Label).validate_python(text)
    assert TypeAdapter(Label).validate_python(" The  hotline ") == "The hotline"


@pytest.mark.parametrize(
    ("words", "key", "said"),
    [
        (("staffing.hybrid.label=Them", "staffing.social_team.label=them"), "staffing.hybrid.label", "social_team"),
        (("staffing.hybrid.label='Social team'",), "staffing.hybrid.label", "social_team is shown as"),
        (
            ("operators.air_france.channels.phone_paris.label='Phone Tokyo'",),
            "operators.air_france.channels.phone_paris.label",
            "phone_tokyo",
        ),
        (
            ("staffing.social_team.desks.social.label=One", "staffing.people_on_call.desks.social.label=Two"),
            "desks.social.label",
            "one label",
        ),
    ],
)
def test_two_of_a_kind_are_not_shown_alike_nor_one_desk_in_two_ways(words, key: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        caresim.load(*TOKYO, *words)
    assert key in str(refused.value)
    assert said in str(refused.value)


def test_a_label_alone_is_no_difference_between_two_staffing_models() -> None:
    """An explanation has no factor for it."""
    words = ("staffing.social_team.desks.narita_counter.label='Counter at Narita'",)
    factors = [
        differing_factors(caresim.load(*TOKYO, *extra), "social_team", "people_on_call") for extra in ((), words)
    ]
    assert factors[0] == factors[1]


def test_one_desk_with_a_label_in_one_staffing_model_has_it_in_all() -> None:
    labelled = caresim.load(*TOKYO, "staffing.social_team.desks.social.label='Community managers'")
    assert labels_of(labelled).desks == {"social": "Community managers"}


def test_without_labels_there_are_none() -> None:
    assert not any(labels_of(caresim.load(*TOKYO)))


def test_a_story_calls_staffing_models_channels_and_desks_by_their_labels(labelled) -> None:
    told = caresim.story(labelled, passenger="worst")
    tale = told.tales[-1]
    words = told.tales[0].words
    channel, desk = words.names.channels.index("phone_paris"), words.names.desks.index("social")
    assert "\nTeams of two kinds\n" in told.text
    assert tale.called == "Teams of two kinds"
    assert words.place(channel) == "“The Paris hotline” of Air France"
    assert words.lane(channel) == "The Paris hotline"
    assert words.desk(desk) == "the desk “Community managers”"
    assert words.place(words.names.channels.index("phone_tokyo")) == "the Tokyo line of Air France"


def test_so_does_the_live_view(labelled) -> None:
    from caresim.tasks.dashboard.show import Show

    values = [message.values for message in Show(labelled).answer({"ask": "hello"})]
    setup = next(each for each in values if "models" in each)
    assert setup["models"] == [("social_team", "Social team"), ("hybrid", "Teams of two kinds")]
    frame = next(each for each in values if "models" not in each and "sides" in each)
    assert frame["sides"][0]["desks"][0]["name"] == "Community managers"


def test_a_roster_that_was_planned_does_not_take_the_label_of_its_template(labelled) -> None:
    """It stands beside it, and two models of one label are refused."""
    from caresim.tasks.plan.template import template_of

    template = template_of(labelled, "hybrid", "contact_center", (), 480.0, labelled.begins)
    text = template.text(template.before, "as planned")
    assert "label: Teams of two kinds" not in text
