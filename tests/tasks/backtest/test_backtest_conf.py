"""Facts to hold the simulation against: what may be written, and what is refused in one line."""

from __future__ import annotations

import math

import pytest
import yaml

from caresim.config.errors import BadInput
from caresim.tasks.backtest.settings import UNITS, Backtest, load

FACT = {
    "what": "Median time to the first reply",
    "target": "V1",
    "unit": "min",
    "observed": {"value": "14.4 min", "range": ["4 min", "60 min"], "source": "nine airlines, 2017"},
    "band_from": "quartiles of the same replies",
    "experiment": "desks",
    "measure": "response_quantile",
    "settings": {"at": "50 %", "opens": "07:00", "when": "within"},
}


@pytest.fixture
def read(tmp_path):
    """A backtest with one fact, read from a user's folder."""

    def of(**changes) -> Backtest:
        fact = {key: value for key, value in {**FACT, **changes}.items() if value != "left out"}
        told = {"name": "mine", "question": "Does it fit?", "replications": 4, "facts": {"reply": fact}}
        (tmp_path / "backtest").mkdir(exist_ok=True)
        (tmp_path / "backtest" / "mine.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
        return load("mine", {}, tmp_path)

    return of


def test_values_band_and_settings_are_in_canonical_units(read) -> None:
    fact = read().facts["reply"]
    assert (fact.observed.value, fact.band) == (14.4, (4.0, 60.0))
    assert fact.arguments == {"at": 0.5, "opens": 420.0, "when": "within"}
    assert fact.staffing == ("baseline",)


def test_a_band_may_have_no_upper_end(read) -> None:
    assert read(or_more=True).facts["reply"].band == (4.0, math.inf)


def test_a_difference_of_shares_is_written_in_points(read) -> None:
    observed = {"value": "-8 points", "range": ["-16 points", "-4 points"], "source": "35 airlines, 2013"}
    assert read(unit="points", observed=observed).facts["reply"].band == (-0.16, -0.04)


def test_what_is_not_computed_needs_a_reason_and_nothing_else(read) -> None:
    fact = read(experiment="left out", measure="left out", settings={}, not_computed="no counterpart").facts["reply"]
    assert fact.not_computed == "no counterpart"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"unit": "minutes"}, r"facts.reply.unit = 'minutes': did you mean points or min\? Allowed: min, share"),
        ({"measure": "left out"}, r"facts.reply.measure.*is required"),
        ({"band_from": "left out"}, r"facts.reply.band_from.*is required"),
        ({"observed": {"value": "14 min", "source": "somewhere"}}, r"facts.reply.observed.range.*is required"),
        ({"observed": {"value": "14 min", "range": ["4 min", "60 min"]}}, r"facts.reply.observed = .*source"),
        ({"observed": {**FACT["observed"], "value": 14}}, r"observed.*needs a unit"),
        ({"observed": {**FACT["observed"], "range": ["20 min", "60 min"]}}, r"must contain the value"),
        ({"settings": {"at": 0.5}}, r"facts.reply.settings.at = 0.5"),
        ({"staffing": 3}, r"facts.reply.staffing = 3: must be baseline, all"),
        ({"whynot": "because"}, r"facts.reply.whynot.*did you mean why_not"),
    ],
)
def test_a_fact_that_cannot_be_read_is_refused(read, changes, told) -> None:
    with pytest.raises(BadInput, match=told):
        read(**changes)


def test_an_unknown_backtest_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match=r"backtest = 'stylized_facts': no such file.*did you mean stylised_facts"):
        load("stylized_facts")


def test_only_what_steers_the_runs_can_be_set() -> None:
    assert load("stylised_facts", {"replications": 4}).replications == 4
    with pytest.raises(BadInput, match="experiment = 'tokyo': is set by each fact"):
        load("stylised_facts", {"experiment": "tokyo"})
    with pytest.raises(BadInput, match="replications = 1: must be at least 2"):
        load("stylised_facts", {"replications": 1})


def test_every_packaged_fact_says_where_it_comes_from() -> None:
    for name, fact in load("stylised_facts").facts.items():
        assert len(fact.observed.source) >= 12, name
        assert fact.unit in UNITS
        assert fact.not_computed or len(fact.band_from) >= 12, name


def test_every_target_of_the_list_is_there() -> None:
    named = {fact.target for fact in load("stylised_facts").facts.values()}
    assert {f"V{number}" for number in range(1, 17)} <= named


STEMS = (
    *("British Airways", "tweets to six US airlines", "14,485 tweets to six US airlines", "the passenger's account"),
    *("Technion Anonymous Bank", "Nestle and Kit-Kat", "WaveMetrix 2013", "Ryanair, September 2017", "nine airlines"),
    "public posts to airline desks, May 2019",
)
"""How the sources begin of which there are several facts."""


def test_facts_of_one_source_in_one_place_of_the_list_are_marked_alike() -> None:
    """Where one was in view when a parameter was set, the others were too."""
    marks: dict[tuple[str, str], set[bool]] = {}
    for fact in load("stylised_facts").facts.values():
        stem = next((stem for stem in STEMS if fact.observed.source.startswith(stem)), fact.observed.source)
        if fact.not_computed is None:
            marks.setdefault((fact.target, stem), set()).add(fact.given)
    assert {place: sorted(both) for place, both in marks.items() if len(both) > 1} == {}


def test_every_experiment_of_a_fact_has_a_wrong_model() -> None:
    backtest = load("stylised_facts")
    assert {fact.experiment for fact in backtest.facts.values() if fact.experiment} == set(backtest.wrong)


def test_a_theorem_counts_as_put_in(read) -> None:
    assert not read().facts["reply"].put_in
    assert read(theorem="nobody is there").facts["reply"].put_in
    assert read(given=True).facts["reply"].put_in
