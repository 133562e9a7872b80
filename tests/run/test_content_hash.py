"""Which changes of a configuration keep finished blocks: those of what is marked as without effect, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import caresim
from caresim.config.base import NO_EFFECT
from caresim.config.compose import validate
from caresim.config.quantity import Quantity
from caresim.run.block import TABLES, compute, content_hash, cut
from caresim.run.long_table import LongTable, digest
from caresim.run.results import gathered
from caresim.tasks.registry import FIELDS

OTHER = "something else, for the reader"
AFTERWARDS: dict[str, Any] = {
    "task": "story", "replications": 9, "precision": 0.2, "only": ["hybrid", "social_team"], "baseline": "hybrid",
    "workers": 3, "cluster": "tcp://host:1", "record": "none", "output_dir": "elsewhere", "i_have_time": True,
}  # fmt: skip
"""Marked keys of an experiment that are no words for the reader, at other values."""
STUDY: dict[str, Any] = {
    "headline": ["mood_area"], "margins": {"csat": 0.7, "share": 0.2, "ratio": 1.5, "cost": 1.5},
    "confidence": 0.8, "max_replications": 77,
}  # fmt: skip


@pytest.fixture(scope="module")
def text() -> dict[str, Any]:
    experiment = caresim.load("experiment=tokyo", "population.scale=0.02", "replications=2")
    return experiment.as_text()


def hash_of(text: Mapping[str, Any]) -> str:
    return content_hash(validate(text))


def marked(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every field that is marked, wherever it stands in an experiment."""
    if isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            here = (*path, field.alias or name)
            if NO_EFFECT in field.metadata:
                yield here
            else:
                yield from marked(getattr(node, name), here)
    elif isinstance(node, Mapping):
        for name, member in node.items():
            yield from marked(member, (*path, str(name)))
    elif isinstance(node, tuple) and not isinstance(node, Quantity):
        for place, member in enumerate(node):
            yield from marked(member, (*path, str(place)))


def at(tree: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    return tree


def copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: copied(value) for key, value in node.items()}
    return [copied(value) for value in node] if isinstance(node, list) else node


def changed(text: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    whole = copied(text)
    at(whole, path[:-1])[path[-1]] = value
    return whole


def all_words_changed(text: dict[str, Any]) -> dict[str, Any]:
    """Every title, description, question and source, at once."""
    whole = copied(text)
    for path in marked(validate(text)):
        if isinstance(at(whole, path), str) and path[0] not in AFTERWARDS and path[-1] not in ("observed", "given"):
            at(whole, path[:-1])[path[-1]] = OTHER if path != ("name",) else "another_name"

    def resource(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("source"), str):
                node["source"] = OTHER
            for member in node.values():
                resource(member)
        elif isinstance(node, list):
            for member in node:
                resource(member)

    resource(whole)
    return whole


@pytest.fixture(scope="module")
def observed() -> dict[str, Any]:
    """An experiment with observations."""
    return caresim.load("experiment=compiegne").as_text()


def test_every_kind_of_words_for_the_reader_is_marked(text: dict[str, Any], observed: dict[str, Any]) -> None:
    kinds = {path[-1] for each in (text, observed) for path in marked(validate(each))}
    assert {"name", "question", "what", "differs", "observed", "tolerated", "source"} < kinds


def test_words_for_the_reader_keep_what_is_finished(text: dict[str, Any]) -> None:
    other = all_words_changed(text)
    assert other["question"] == OTHER
    assert str(other).count(OTHER) > 100
    assert hash_of(other) == hash_of(text)


def test_words_for_the_reader_change_no_byte(text: dict[str, Any], tmp_path: Path) -> None:
    """What the hash leaves out must not come out of a block: tables, series and metrics are the same."""
    left = []
    for words in (text, all_words_changed(text)):
        experiment = validate({**words, "only": ["hybrid"], "baseline": "hybrid", "record": "all"})
        blocks = cut(experiment, 0, 2)
        results = gathered(experiment, [(block, compute(experiment, block)) for block in blocks], {}, tmp_path)
        names = ("replications", *TABLES, "curves", "courses", "intervals")
        tables = {name: getattr(results, name) for name in names}
        assert not any(isinstance(table, LongTable) for table in tables.values())
        left.append({name: digest(table) for name, table in tables.items()})
    assert left[0] == left[1]


@pytest.mark.parametrize("key", AFTERWARDS)
def test_how_much_is_computed_and_where_keeps_what_is_finished(text: dict[str, Any], key: str) -> None:
    assert hash_of({**text, key: AFTERWARDS[key]}) == hash_of(text)


@pytest.mark.parametrize("key", STUDY)
def test_how_results_are_judged_keeps_what_is_finished(text: dict[str, Any], key: str) -> None:
    assert hash_of(changed(text, ("study", key), STUDY[key])) == hash_of(text)


def test_what_was_observed_keeps_what_is_finished_and_what_is_measured_for_it_does_not(
    observed: dict[str, Any],
) -> None:
    assert observed["observations"]
    assert hash_of(all_words_changed(observed)) == hash_of(observed)
    name, observation = next((name, each) for name, each in observed["observations"].items() if each["tolerated"])
    path = ("observations", name)
    assert hash_of(changed(observed, (*path, "observed"), observation["tolerated"][0])) == hash_of(observed)
    rest = {key: each for key, each in observed["observations"].items() if key != name}
    assert hash_of({**observed, "observations": rest}) != hash_of(observed)


def test_every_mark_of_an_experiment_is_tried_here() -> None:
    fields = caresim.load().__class__.model_fields
    words = {"name", "question"}
    assert {name for name, field in fields.items() if NO_EFFECT in field.metadata} == {*AFTERWARDS, *words}


def test_keys_of_tasks_keep_what_is_finished(text: dict[str, Any]) -> None:
    assert FIELDS.keys().isdisjoint(validate(text).effective())


def test_the_unit_that_a_number_is_written_in_keeps_what_is_finished(text: dict[str, Any]) -> None:
    path = ("behaviour", "media", "private", "expected")
    minutes = validate(text).behaviour.media["private"].expected.value
    plain = {"value": f"{minutes!r} min", "source": "one"}
    other = {"value": f"{minutes * 60!r} s", "source": "another", "no_range": "in seconds"}
    assert hash_of(changed(text, path, plain)) == hash_of(changed(text, path, other)) != hash_of(text)


CHANGES: dict[str, tuple[tuple[str, ...], Any]] = {
    "a number": (("behaviour", "anger", "kappa", "value"), 0.31),
    "a range": (("behaviour", "anger", "kappa", "range"), [0.01, 0.9]),
    "a seed": (("seed",), 1),
    "a moment": (("disruption", "facts", "flights_kept", "at"), "2011-03-12 11:00 Europe/Paris"),
    "a time zone": (("timezone",), "Asia/Tokyo"),
    "what counts as in time": (("study", "service_level_within", "value"), "21 s"),
    "the length of the bins": (("bin",), "15 min"),
    "a rule": (("staffing", "hybrid", "desks", "contact_center", "routing"), "angriest"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_moves_results_names_other_blocks(text: dict[str, Any], what: str) -> None:
    assert hash_of(changed(text, *CHANGES[what])) != hash_of(text)


def test_the_name_of_a_staffing_model_or_a_desk_names_other_blocks(text: dict[str, Any]) -> None:
    """It stands in the tables."""
    staffing = {("mixed" if name == "hybrid" else name): model for name, model in text["staffing"].items()}
    assert hash_of({**text, "staffing": staffing}) != hash_of(text)
