"""The page that leads through writing a case: its files are what it says, and every stage runs or is refused."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.support.pages import page

from caresim.config.compose import compose
from caresim.config.errors import BadInput
from caresim.model.codes import Status
from caresim.scenario.run import run

FILE = re.compile(r"(Add to )?`mine/([\w/]+\.yaml)`:\n\n```yaml\n(.*?)```", flags=re.S)
COMMAND = re.compile(r"^ {4,}python -m caresim --config-dir mine (.*)$", flags=re.M)


def steps() -> list[tuple[int, re.Match[str]]]:
    """Files and commands in the order in which they stand."""
    text = page("storm.md")
    return sorted((match.start(), match) for kind in (FILE, COMMAND) for match in kind.finditer(text))


def follow(folder: Path):
    """Do what the page says: after each command, its experiment, or why it was refused and what the page says."""
    for _, step in steps():
        if step.re is FILE:
            added, name, content = step.groups()
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            assert file.exists() == bool(added), name
            with file.open("a", encoding="utf-8") as out:
                out.write(content)
            continue
        command, _, refusal = step[1].partition("  # refused: ")
        words = [word for word in shlex.split(command) if word not in ("--cfg", "job")]
        try:
            yield compose(words, folder), "", refusal
        except BadInput as problem:
            yield None, problem.key, refusal


@pytest.fixture(scope="module")
def stages(tmp_path_factory):
    return list(follow(tmp_path_factory.mktemp("mine")))


def test_every_command_is_composed_or_refused_as_the_page_says(stages):
    assert len(stages) > 8
    for experiment, key, refusal in stages:
        assert (experiment is None) == bool(refusal), key
        assert refusal in key


def test_without_trains_nobody_has_a_seat_and_with_them_nobody_goes_the_wrong_way(stages):
    experiments = [experiment for experiment, _, _ in stages if experiment is not None]
    first, last = (run(experiments[place], "as_it_was", 0) for place in (0, -2))
    assert (first.world.passengers["seat"] < 0).all()
    passengers, flights = last.world.passengers, last.world.flights
    seated = passengers[passengers["seat"] >= 0]
    assert len(seated) > 300
    north = last.names.places.index("north")
    leaves_north = flights["origin"][seated["seat"]] == north
    assert (leaves_north == (seated["cohort"] == last.names.cohorts.index("north"))).all()
    assert set(last.experiment.staffing) == {"as_it_was", "day_and_night", "informs_early"}
    assert (passengers["status"] == Status.RESOLVED).sum() > 600
