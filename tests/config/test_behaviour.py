"""Numbers of behaviour: one table says which there are, and configuration and the record follow from it."""

from __future__ import annotations

import pytest
from omegaconf import OmegaConf

from caresim.config.base import NEEDS
from caresim.config.behaviour import RATING, Behaviour
from caresim.config.compose import compose, validate
from caresim.config.composition import resolved
from caresim.config.errors import BadInput
from caresim.config.paths import conf
from caresim.model.behaviour import COMPUTED, FIELDS, MINUTES, NUMBERS, OF_STUDIES, SHARE, SOLVED, Number, Takes
from caresim.model.media import STAFFED
from caresim.model.records import DTYPES
from caresim.scenario.behaviour import behaviour_of

ROWS = [(group, number) for group, numbers in NUMBERS.items() for number in numbers]
DIMENSIONS = {
    Takes.SHARE: "share",
    Takes.FACTOR: "number",
    Takes.POSITIVE_FACTOR: "number",
    Takes.NUMBER: "number",
    Takes.DURATION: "duration",
    Takes.POSITIVE_DURATION: "duration",
}


def raw_tokyo() -> dict:
    return resolved(["experiment=tokyo"])


def ids(row: object) -> str | None:
    return row.key if isinstance(row, Number) else None


@pytest.mark.parametrize(("group", "number"), ROWS, ids=ids)
def test_each_number_is_kept_as_configured(tokyo, group, number):
    """In the unit of its row, which is also the unit that the packaged file writes where there is a choice."""
    quantity = getattr(getattr(tokyo.behaviour, group), number.key)
    assert quantity.dimension == DIMENSIONS[number.takes]
    if number.unit not in (MINUTES, SHARE):
        assert quantity.text.endswith(f" {number.unit}")
    if number.kept_as:
        assert behaviour_of(tokyo)[0][number.kept_as] == quantity.value


@pytest.mark.parametrize(("group", "number"), ROWS, ids=ids)
def test_each_number_says_what_it_means_in_a_sentence(group, number):
    assert number.meaning[0].isupper()
    assert number.meaning.endswith(".")
    assert len(number.meaning.split()) >= 4


def test_the_record_has_a_field_for_each_number_that_a_law_reads_and_no_other():
    kept = [number.kept_as for _, number in ROWS if number.kept_as]
    assert list(DTYPES["behaviour"].names) == [*kept, *COMPUTED, *OF_STUDIES, *SOLVED] == list(FIELDS)


@pytest.mark.parametrize("file", ["default", "switched_off"])
def test_both_files_give_every_number_of_the_table(file):
    """But for satisfaction where behaviour is switched off: nobody rates there."""
    told = OmegaConf.load(conf() / "behaviour" / f"{file}.yaml")
    left_out = {group for group in RATING if file == "switched_off"}
    assert not left_out & set(told)
    rows = [(group, number) for group, number in ROWS if group not in left_out]
    assert [f"{group}.{number.key}" for group, number in rows if number.key not in told[group]] == []


@pytest.mark.parametrize("group", RATING)
def test_the_groups_of_satisfaction_are_there_together_or_not_at_all(group):
    raw = raw_tokyo()
    del raw["behaviour"][group]
    with pytest.raises(BadInput, match="there together or not at all") as refusal:
        validate(raw)
    assert refusal.value.key == f"behaviour.{group}"
    for other in RATING:
        raw["behaviour"].pop(other, None)
    assert not validate(raw).behaviour.rates


def test_help_that_is_late_before_it_is_prompt_is_refused():
    raw = raw_tokyo()
    raw["behaviour"]["media"]["phone"]["late_from"] = {"value": "1 min", "source": "assumption"}
    with pytest.raises(BadInput, match="must be above") as refusal:
        validate(raw)
    assert refusal.value.key == "behaviour.media.phone.late_from"


def test_the_settlement_of_the_first_edition_is_refused_with_its_successors():
    with pytest.raises(BadInput, match=r"behaviour\.additive, behaviour\.justice") as refusal:
        compose(["experiment=tokyo", "+behaviour.settlement.anger=0.3 points"])
    assert refusal.value.key == "behaviour.settlement"


@pytest.mark.parametrize(("group", "number"), ROWS[::9], ids=ids)
def test_a_number_that_conf_lacks_is_refused(group, number):
    raw = raw_tokyo()
    del raw["behaviour"][group][number.key]
    with pytest.raises(BadInput, match="is required") as refusal:
        validate(raw)
    assert refusal.value.key == f"behaviour.{group}.{number.key}"


@pytest.mark.parametrize("group", NUMBERS)
def test_a_number_that_the_table_lacks_is_refused(group):
    with pytest.raises(BadInput, match=f"(?i)allowed: .*{NUMBERS[group][0].key}") as refusal:
        compose(["experiment=tokyo", f"behaviour.{group}.mystery=1"])
    assert (refusal.value.key, refusal.value.value) == (f"behaviour.{group}.mystery", 1)


def without(medium: str) -> dict:
    """The queue's configuration with no number of a medium."""
    raw = resolved(["experiment=queue"])
    del raw["behaviour"]["media"][medium], raw["behaviour"]["handling"][medium]
    return raw


def test_a_medium_that_no_channel_has_needs_no_numbers():
    raw = without("counter")
    del raw["behaviour"]["phone"]["counter_patience"]
    made = validate(raw)
    assert made.behaviour.handling.counter is None
    assert validate(made.as_text()) == made
    behaviour_of(made)


@pytest.mark.parametrize("key", ["media.counter", "handling.counter", "phone.counter_patience"])
def test_a_medium_that_a_channel_has_needs_its_numbers(key):
    raw = raw_tokyo()
    group, name = key.split(".")
    raw["behaviour"][group][name] = None
    if group == "media":
        del raw["behaviour"][group][name]
    with pytest.raises(BadInput, match=r"is required: .* has the medium counter") as refusal:
        validate(raw)
    assert refusal.value.key == f"behaviour.{key}"


@pytest.mark.parametrize("medium", STAFFED)
def test_every_staffed_medium_has_patience_and_handling_by_need(medium):
    """In a file of conf/behaviour; that of messenger adds to the default what a messenger is like."""
    behaviour = compose(["experiment=messenger"]).behaviour
    assert sorted(behaviour.patience_of(medium)) == sorted(NEEDS)
    assert sorted(behaviour.handling_of(medium)) == sorted(NEEDS)


def test_a_website_has_no_expected_wait():
    with pytest.raises(BadInput) as refusal:
        compose(["experiment=tokyo", "behaviour.media.web.expected=1 min", "behaviour.media.web.late_from=1 min"])
    assert refusal.value.key.startswith("behaviour.media.web")


def test_the_groups_of_configuration_are_those_of_the_table_and_the_waits_by_medium():
    assert set(Behaviour.model_fields) == {*NUMBERS, "media", "due", "questions"}
