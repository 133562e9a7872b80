"""The packaged configuration keeps its promises: every number has a unit and a source, every assumption a range."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from caresim.config.compose import compose, validate
from caresim.config.composition import resolved
from caresim.config.experiment import Experiment
from caresim.config.paths import conf, experiments
from caresim.config.population_checks import departures
from caresim.config.quantity import NEUTRAL
from caresim.config.values import quantities

FILES = sorted(conf().rglob("*.yaml"))
STAFFING = sorted((conf() / "staffing").rglob("*.yaml"))
OF_A_FIT = {"draws", "steps", "chains", "copies", "fewest", "ahead", "most_people", "weighing"}
SETTINGS = {"seed", "replications", "max_replications", "workers", *OF_A_FIT}
"""Whole numbers that steer a run and say nothing about the world."""
INPUTS = {"replay": [f"replay.contacts={conf().parent / 'experiments' / 'replay' / 'contacts.csv'}"]}
"""What an experiment cannot do without."""
KINDS_OF_SOURCE = re.compile(r"assumption|calibrated \(.+\)|(?!calibrated|as given).{8,}", re.DOTALL)


def relative(file: Path) -> str:
    return str(file.relative_to(conf()))


def bare_numbers(node: Any, key: str = "") -> Iterator[str]:
    """Paths of numbers that stand without a unit, outside profiles (which say unit and source beside their values)."""
    if isinstance(node, dict):
        profile = {"values", "unit", "source"} <= set(node)
        for name, value in node.items():
            if not (profile and name == "values"):
                yield from bare_numbers(value, f"{key}.{name}")
    elif isinstance(node, list):
        for value in node:
            yield from bare_numbers(value, key)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield key


@pytest.fixture(scope="module", params=[name for name, _ in experiments()])
def experiment(request: pytest.FixtureRequest) -> Experiment:
    return compose([f"experiment={request.param}", *INPUTS.get(request.param, ())])


def test_an_experiment_reads_back_from_its_own_text(experiment):
    again = validate(experiment.as_text())
    assert again == experiment
    assert again.as_text() == experiment.as_text()


def test_an_experiment_asks_the_question_of_its_first_line(experiment):
    assert dict(experiments())[experiment.name] == experiment.question


def test_every_number_has_a_unit_and_a_source(experiment):
    for path, quantity in quantities(experiment):
        if quantity.source != NEUTRAL:
            assert re.search(r"[A-Za-z%]", quantity.text), f"{path}: {quantity.text} has no unit"
            assert KINDS_OF_SOURCE.match(quantity.source), f"{path}: {quantity.source!r} is no source"
    for name, cohort in experiment.population.cohorts.items():
        if cohort.onset.profile:
            assert cohort.onset.profile.source, f"the profile of {name} has no source"


def test_every_assumption_has_a_range_or_says_why_not(experiment):
    for path, quantity in quantities(experiment):
        if quantity.source.startswith("assumption"):
            assert quantity.low is not None or quantity.no_range, f"{path}: an assumption without a range"


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_no_number_stands_alone(file):
    told = OmegaConf.to_container(OmegaConf.load(file))
    assert [key for key in bare_numbers(told) if key.split(".")[-1] not in SETTINGS] == []


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_the_first_line_says_what_the_file_is(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    first = next(line for line in lines if not line.startswith("# @package"))
    assert re.match(r"# .{20,}", first)


@pytest.mark.parametrize("file", STAFFING, ids=relative)
def test_a_staffing_model_says_what_differs_in_its_first_line_and_as_a_value(file):
    assert file.read_text(encoding="utf-8").startswith("# ")
    assert len(OmegaConf.load(file).differs) > 20


def test_tokyo_is_the_default_and_its_first_model_the_baseline(tokyo):
    assert resolved()["name"] == "tokyo"
    assert tokyo.baseline == "social_team"
    assert list(tokyo.staffing) == [
        "social_team",
        "call_center_24_7",
        "main_channels_first",
        "hybrid",
        "people_on_call",
        "notice_and_waiver_friday",
        "assistant_first",
        "call_center_24_7_funded",
    ]


def test_tokyo_has_the_seats_that_were_reported(tokyo):
    """air-journal, 16 March 2011: 871 seats a day, 944 from 15 March; one flight a day from Osaka."""
    seats: dict[str, float] = {}
    for series in tokyo.operators["air_france"].flights.values():
        if (series.from_, series.to) == ("nrt", "cdg"):
            for departure in departures(tokyo, series):
                day = f"{departure:%m-%d}"
                seats[day] = seats.get(day, 0) + series.capacity.value
    assert {seats[f"03-{day}"] for day in (12, 13, 14)} == {871}
    assert {seats[f"03-{day}"] for day in range(15, 21)} == {944}


def test_tokyo_ends_with_the_20th_of_march_in_paris(tokyo):
    assert f"{tokyo.moment(tokyo.window.value):%Y-%m-%d %H:%M}" == "2011-03-20 23:00"


def test_later_models_build_on_the_baseline(tokyo):
    models = tokyo.staffing
    for name in ("notice_and_waiver_friday", "assistant_first"):
        assert models[name].desks == models["social_team"].desks
    for name in ("call_center_24_7", "call_center_24_7_funded", "hybrid"):
        assert models[name].desks["narita_counter"] == models["social_team"].desks["narita_counter"]
        assert models[name].paid_hours.as_ == "social_team"
    assert models["call_center_24_7_funded"].paid_hours.factor.value == 1.5
    assert models["call_center_24_7_funded"].desks == models["call_center_24_7"].desks
