"""The page on the model names every event and every number of the laws."""

from __future__ import annotations

import re
from importlib import import_module
from typing import get_args

import pytest
from pydantic import BaseModel
from tests.support.pages import page

from caresim.config.behaviour import Behaviour
from caresim.config.desk import StaffTraits
from caresim.model.codes import Outcome, Result, SeatRule, Status, names
from caresim.model.events import Event, Void
from caresim.model.routing import RULES


def events_in_words() -> str:
    """The table of events as the page shows it."""
    lines = ["| event | about | what happens | void when | in the code |", "|---|---|---|---|---|"]
    for event in Event:
        row = event.row
        if event not in (Event.NOTHING, Event.GROW):
            about = {"readers": "passenger x notice"}.get(row.subject, row.subject.replace("_", " "))
            void = "" if row.void is Void.NEVER else row.void.value
            code = f"`{row.transition}`" if row.transition else ""
            lines.append(f"| {event.name} | {about} | {row.meaning} | {void} | {code} |")
    return "\n".join(lines)


def test_the_table_of_events_is_that_of_the_model():
    """What comes out here is what to put into the page."""
    shown = page("model.md").split("<!-- events -->\n")[1].split("\n\n")[0]
    assert shown == events_in_words()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([a-z]+\.[a-z_]+)`", page("model.md").split("## 7. ")[1]))))
def test_every_function_that_the_page_names_is_there(name):
    file, _, function = name.partition(".")
    if file not in ("behaviour", "population"):  # keys of configuration
        assert hasattr(import_module(f"caresim.model.{file}"), function), name


def group_of(annotation):
    """The group of keys that may stand there, whether or not it may be left out."""
    kinds = [annotation, *get_args(annotation)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), annotation)


def test_every_number_of_behaviour_is_named_by_its_key():
    text = page("model.md")
    wanted = []
    for group, field in Behaviour.model_fields.items():
        inner = group_of(field.annotation)
        one = isinstance(inner, type) and issubclass(inner, BaseModel) and group not in ("media", "due")  # tables
        members = inner.model_fields if one else ()
        wanted += [f"behaviour.{group}.{key}" for key in members] or [f"behaviour.{group}"]
    assert [key for key in wanted if f"`{key}`" not in text] == []


def test_no_key_of_behaviour_is_named_that_is_not_there():
    for path in re.findall(r"`behaviour\.([\w.]+)`", page("model.md")):
        inner = Behaviour
        for step in path.split("."):
            assert step in inner.model_fields, path
            inner = group_of(inner.model_fields[step].annotation)


def test_traits_of_staff_and_words_of_state_are_explained():
    text = page("model.md")
    words = [*StaffTraits.model_fields, *RULES, *names(Result), *names(Outcome)]
    words.remove("cost_per_hour")  # of cost, not of behaviour
    assert [word for word in words if word not in text] == []
    lower = text.lower()
    words = [*names(Status), *names(SeatRule)]
    assert [word for word in words if word.replace("_", " ") not in lower] == []
