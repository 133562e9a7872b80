"""`experiment.with_` gives what composing with the values on the command line gives, and the same errors, sooner."""

from __future__ import annotations

import gc
import json
import pickle
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import caresim
from caresim.config import changes, compose
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.origin import _origins, origin_of
from caresim.run.block import content_hash

TOKYO = ("experiment=tokyo",)
QUEUE = ("experiment=queue",)
HEADS = "staffing.social_team.desks.social.headcount"
ALIKE: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "a number": (TOKYO, {"population.scale": 0.5}),
    "a number with a unit": (TOKYO, {"behaviour.phone.busy_gap": "6 min"}),
    "one that others share": (TOKYO, {"staff.call_center_agent.shrinkage": "20 %"}),
    "a headcount": (TOKYO, {HEADS: 4}),
    "the value of a quantity with a source": (TOKYO, {f"{HEADS}.value": "4 people"}),
    "a table": (TOKYO, {HEADS: {"value": "3 people", "range": None}}),
    "a list": (TOKYO, {"only": ["hybrid", "social_team"]}),
    "one staffing model, which is the baseline then": (TOKYO, {"only": ["hybrid"]}),
    "nothing where something was": (TOKYO, {"staffing.hybrid": None}),
    "what it is": (TOKYO, {"seed": 0}),
    "a key without a line in a file": (TOKYO, {"precision": 0.1, "seed": 3}),
    "more people": (
        TOKYO,
        {"staffing.hybrid.extra": [{"desk": "social", "headcount": "3 people", "start": "08:00", "end": "16:00"}]},
    ),
    "a key of a task": (TOKYO, {"plan.demand_runs": 3}),
    "a quantity of its own where it was shared": (TOKYO, {"behaviour.handling.private.rebooking": "9 min"}),
    "what others share, and one of its own": (TOKYO, {"behaviour.handling.public.rebooking": "9 min", HEADS: 3}),
    "a source of a table": (TOKYO, {"behaviour.handling.public.source": "measured"}),
    "another kind of people": (TOKYO, {"staffing.hybrid.desks.social.kind": "call_center_agent"}),
    "a desk's default": (TOKYO, {"staffing.social_team.desks.social.shrinkage": "9 %"}),
    "a desk's default again": (TOKYO, {"staffing.social_team.desks.social.shrinkage": None}),
    "feeds": (TOKYO, {"feeds.expires": "2 d"}),
    "a channel's medium": (TOKYO, {"operators.air_france.channels.phone_paris.lines": 90}),
    "what other sections follow from": (QUEUE, {"queue.servers": 9, "queue.arrival_rate": 8.5}),
    "what follows from a queue": (QUEUE, {"behaviour.anger.kappa": 0.2}),
    "a crisis of one evening": (("experiment=compiegne",), {"population.scale": 0.9}),
    "cohorts and flights": (("experiment=ash_cloud",), {"population.scale": 0.001}),
    "a storm": (("experiment=storm",), {"window": "2 d"}),
    "a replay": (
        ("experiment=replay", "replay.contacts=experiments/replay/contacts.csv"),
        {"replications": 3, "study.confidence": 0.9},
    ),
}  # fmt: skip
REFUSED: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "a key near another": (TOKYO, {"behaviour.anger.kapa": 0.2}),
    "a staffing model that there is not": (TOKYO, {"staffing.socal_team.desks.social.headcount": 3}),
    "no unit": (TOKYO, {"behaviour.phone.busy_gap": 3}),
    "beyond its bounds": (TOKYO, {"study.confidence": 1.5}),
    "another type that is equal": (TOKYO, {"staffing.social_team.desks.social.rebooks": 1, "seed": 0.0}),
    "another type among other changes": (TOKYO, {"staffing.social_team.desks.social.rebooks": 1, "seed": 5}),
    "another type within a table": (TOKYO, {"staffing.social_team.desks.social": {"rebooks": 1, "headcount": 9}}),
    "below a number": (TOKYO, {"seed.x": 3}),
    "a name that nobody has": (TOKYO, {"baseline": "nobody"}),
    "too many passengers": (TOKYO, {"population.scale": 1e6}),
    "a date outside the run": (TOKYO, {"disruption.over": "2012-01-01 00:00 UTC"}),
    "no servers": (QUEUE, {"queue.servers": 0}),
    "what follows from a queue": (QUEUE, {"window": "3 h"}),
    "a control character": (TOKYO, {"question": "\x07"}),
    "a quantity that leads to itself": (TOKYO, {"staff.call_center_agent.shrinkage": {"same_as": "shrinkage"}}),
}


@pytest.fixture(scope="module")
def loaded() -> Callable[[tuple[str, ...]], Experiment]:
    """One experiment of each list of words, which all changes are made of."""
    kept: dict[tuple[str, ...], Experiment] = {}

    def load(words: tuple[str, ...]) -> Experiment:
        if words not in kept:
            kept[words] = caresim.load(*words)
        return kept[words]

    return load


def as_words(values: Mapping[str, Any]) -> list[str]:
    """The values as the command line has them."""
    return [f"{key}={in_words(value)}" for key, value in values.items()]


def in_words(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {in_words(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_words, value)) + "]"
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize("what", ALIKE)
def test_it_is_what_composing_gives(loaded: Any, what: str) -> None:
    words, values = ALIKE[what]
    made, composed = loaded(words).with_(values), caresim.load(*words, *as_words(values))
    assert json.dumps(made.as_text()) == json.dumps(composed.as_text())
    assert made == composed
    assert content_hash(made) == content_hash(composed)


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_in_the_same_words(loaded: Any, what: str) -> None:
    words, values = REFUSED[what]
    with pytest.raises(BadInput) as ours:
        loaded(words).with_(values)
    if "control" in what:  # the command line refuses the whole word
        assert str(ours.value).startswith("question = ")
        return
    with pytest.raises(BadInput) as theirs:
        caresim.load(*words, *as_words(values))
    assert str(ours.value) == str(theirs.value)


def test_results_are_the_same_to_the_byte(loaded: Any) -> None:
    made = loaded(TOKYO).with_({"population.scale": 0.01, HEADS: 4})
    composed = caresim.load(*TOKYO, "population.scale=0.01", f"{HEADS}=4")
    one, other = (caresim.simulate(each, "social_team", 1) for each in (made, composed))
    assert one.contacts.equals(other.contacts)
    assert one.passengers.equals(other.passengers)
    assert str(one.metrics) == str(other.metrics)


def test_changes_follow_each_other(loaded: Any) -> None:
    one = loaded(TOKYO).with_({HEADS: 4}).with_({"seed": 5}).with_({HEADS: 6})
    assert one == caresim.load(*TOKYO, "seed=5", f"{HEADS}=6")
    assert loaded(TOKYO).seed == 0, "the experiment that was there is as it was"
    assert loaded(TOKYO) == caresim.load(*TOKYO)


@pytest.mark.parametrize(
    "values",
    [
        {"experiment": "queue"},
        {"staffing/tokyo@staffing.more": "hybrid"},
        {"staffing.social_team.desks.social.shifts[0].end": "17:00"},
        {"seed": "${replications}"},
    ],
)
def test_what_the_command_line_alone_can_do_says_so(loaded: Any, values: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"caresim\.load"):
        loaded(TOKYO).with_(values)


def test_values_of_the_caller_are_copied(loaded: Any) -> None:
    names = ["hybrid", "social_team"]
    one = loaded(TOKYO).with_({"only": names})
    names.append("nobody")
    assert one.with_({"seed": 1}).only == ("hybrid", "social_team")


def test_a_copy_is_read_from_its_text(loaded: Any) -> None:
    """Fields that were replaced stay replaced: no older mapping comes back."""
    for copy in (loaded(TOKYO).model_copy(update={"seed": 9}), loaded(TOKYO).with_values({"population.scale": 0.5})):
        assert origin_of(copy) is None
        assert copy.with_({"replications": 3}) == compose.validate({**copy.as_text(), "replications": 3})
    moved = pickle.loads(pickle.dumps(loaded(QUEUE)))
    assert origin_of(moved) is None
    assert moved.with_({}).with_({"queue.servers": 9}) == caresim.load(*QUEUE, "queue.servers=9")
    assert moved.with_({"queue.servers": 9}) == caresim.load(*QUEUE, "queue.servers=9")


def test_what_is_kept_goes_with_the_experiment() -> None:
    gc.collect()
    before = len(_origins)
    one = caresim.load(*QUEUE).with_({"seed": 4})
    assert origin_of(one) is not None
    del one
    gc.collect()
    assert len(_origins) == before


def test_what_stays_is_not_read_again(loaded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other parts are the same objects, and nothing is read as a whole."""
    monkeypatch.setattr(compose, "read", lambda mapping: pytest.fail("everything was read again"))
    tokyo = loaded(TOKYO)
    made = tokyo.with_({HEADS: 4})
    for name in ("population", "behaviour", "disruption", "study"):
        assert getattr(made, name) is getattr(tokyo, name)
    assert made.staffing["hybrid"] is tokyo.staffing["hybrid"]
    assert made.staffing["social_team"] is not tokyo.staffing["social_team"]
    assert changes.origin_of(made) is not None


def test_it_takes_a_fraction_of_reading_everything(loaded: Any) -> None:
    """By CPU seconds of one against the other, in turn; a sixth where this was measured."""
    tokyo, quick, whole = loaded(TOKYO), [], []
    for number in range(8):
        started = time.process_time()
        made = tokyo.with_({"population.scale": 0.5 + number / 100})
        quick.append(time.process_time() - started)
        origin = origin_of(made)
        assert origin is not None
        started = time.process_time()
        compose.read(origin.mapping)
        whole.append(time.process_time() - started)
    assert min(quick) < 0.5 * min(whole)


def test_results_have_the_experiment_that_was_asked_for(tmp_path: Path) -> None:
    """So that it is changed as quickly as the one that was loaded."""
    small = caresim.load(*QUEUE, "queue.customers=50", "replications=2", "record=none", f"output_dir={tmp_path}")
    assert caresim.compare(small).experiment is small


def test_numbers_of_numpy_are_numbers() -> None:
    queue = caresim.load(*QUEUE)
    made = queue.with_({"seed": np.int64(3), "queue.servers": np.float32(9.0)})
    assert made == queue.with_({"seed": 3, "queue.servers": 9.0})
    assert json.dumps(made.as_text()) == json.dumps(queue.with_({"seed": 3, "queue.servers": 9.0}).as_text())
