"""Words of a sweep's figures have room: long labels, values in words and names of keys neither collide nor are cut."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from tests.support.figure_words import cut_off, overprinted, words
from tests.support.made_results import MODELS, swept

from caresim.tasks.compare.sweep import room
from caresim.tasks.compare.sweep.result import Sweep

PEOPLE, SHARE = "population.people", "population.cohorts.authors.patience_share_of_all"
LABELS = ("Notice and waiver Friday", "Call centre by day and by night, with people lent by the partner")


def sweep_of(people: list[str], shares: list[str], label: str) -> Sweep:
    parts = [swept(shares, SHARE).assign(job=lambda rows, n=n: f"{n} " + rows["job"], **{PEOPLE: n}) for n in people]
    table = pd.concat(parts, ignore_index=True)
    names: dict[str, Any] = {name: SimpleNamespace(label=None, desks={}) for name in MODELS[:3]}
    names[MODELS[1]].label = label
    study = SimpleNamespace(confidence=SimpleNamespace(value=0.95))
    columns = ["job", PEOPLE, SHARE]
    table = table[[*columns, *table.columns.difference(columns, sort=False)]]
    return Sweep(SimpleNamespace(name="made", study=study, staffing=names), table)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    ("people", "shares"),
    [
        (["2500 people", "3250 people", "4000 people", "4750 people"], ["58 %", "66 %", "74 %", "82 %"]),
        (["a call centre where nobody is new", "everybody_is_new"], ["40 %", "50 %"]),
        (["2500 people", "people_without_any_interruption"], ["40 %", "50 %", "60 %", "70 %"]),
        (["2500 people"], [f"{share} % of them all" for share in range(10, 80, 10)]),
    ],
)
def test_nothing_is_cut_and_nothing_collides(label: str, people: list[str], shares: list[str]) -> None:
    found = sweep_of(people, shares, label)
    for name in ("levels", "map") if len(people) > 1 else ("levels",):
        figure = getattr(found.plot, name)()
        assert not cut_off(figure), name
        assert not overprinted(figure), name


def test_a_map_calls_staffing_models_by_their_labels() -> None:
    said = words(sweep_of(["1 person", "2 people"], ["58 %", "66 %"], LABELS[0]).plot.map(models=MODELS[1]))
    assert "Orange: Notice and waiver Friday does better than Social team" in said


def test_ticks_are_on_several_lines_where_they_fit_and_else_turned() -> None:
    assert room.ticks(["2500 people", "3250 people"], 2.0) == (["2500 people", "3250 people"], 0, 0.0)
    assert room.ticks(["2500 people", "3250 people"], 0.8).texts == ["2500\npeople", "3250\npeople"]
    assert room.ticks(["2500 people", "assistants"], 0.8).angle == room.SLANT
    assert room.ticks(["2500 people", "without_any_interruption"], 0.8).angle == room.UPRIGHT
