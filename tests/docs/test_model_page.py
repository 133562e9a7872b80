"""The page on the model names every event and every number of the laws."""

from __future__ import annotations

import re

from pydantic import BaseModel
from tests.support.pages import page

from caresim.config.behaviour import Behaviour
from caresim.config.desk import StaffTraits
from caresim.model.codes import Outcome, Result, Routing, SeatRule, Status, names
from caresim.model.events import Event


def test_every_event_is_in_the_table_in_the_order_in_which_ties_are_broken():
    rows = re.findall(r"^\| ([A-Z_, ]+) \|", page("model.md"), flags=re.M)
    listed = [name.strip() for row in rows for name in row.split(",")]
    kinds = [event.name for event in Event if event not in (Event.NOTHING, Event.GROW)]
    assert listed == kinds


def test_every_number_of_behaviour_is_named_by_its_key():
    text = page("model.md")
    wanted = []
    for group, field in Behaviour.model_fields.items():
        inner = field.annotation
        members = inner.model_fields if isinstance(inner, type) and issubclass(inner, BaseModel) else ()
        wanted += [f"behaviour.{group}.{key}" for key in members] or [f"behaviour.{group}"]
    assert [key for key in wanted if f"`{key}`" not in text] == []


def test_no_key_of_behaviour_is_named_that_is_not_there():
    for path in re.findall(r"`behaviour\.([\w.]+)`", page("model.md")):
        inner = Behaviour
        for step in path.split("."):
            assert step in inner.model_fields, path
            inner = inner.model_fields[step].annotation


def test_traits_of_staff_and_words_of_state_are_explained():
    text = page("model.md")
    words = [*StaffTraits.model_fields, *names(Routing), *names(Result), *names(Outcome)]
    words.remove("cost_per_hour")  # of cost, not of behaviour
    assert [word for word in words if word not in text] == []
    lower = text.lower()
    words = [*names(Status), *names(SeatRule)]
    assert [word for word in words if word.replace("_", " ") not in lower] == []
