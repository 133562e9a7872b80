"""The agents and the table of events agree: what the table says and no agent does is refused at import."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.small_runs import model_of

from caresim.agents import Channel, Kind, Passenger
from caresim.agents.cast import AGENTS, refuse_events_that_nobody_plays
from caresim.agents.overrides import transition
from caresim.agents.played import PLAYED, played
from caresim.model.events import Event


def test_an_agent_without_the_method_is_refused():
    with pytest.raises(TypeError, match=r"Event.INSTRUCT: no agent of desks has the method be_instructed"):
        refuse_events_that_nobody_plays({**AGENTS, "desks": (Channel,)})


def test_an_agent_without_a_class_is_refused():
    with pytest.raises(TypeError, match=r"Event.LEARN: no agent of operators"):
        refuse_events_that_nobody_plays({agent: roles for agent, roles in AGENTS.items() if agent != "operators"})


def test_a_method_that_the_table_calls_by_another_name_is_refused():
    look_for_help = transition(Event.SEEK)(lambda self: self.row)
    with pytest.raises(TypeError, match=r"Wrong.look_for_help: Event.SEEK is played by seek"):
        type("Wrong", (Passenger,), {"__module__": "caresim.agents.wrong", "look_for_help": look_for_help})


def test_a_row_names_a_column_of_its_subject():
    with pytest.raises(TypeError, match=r"Event.REPLY: the record of contacts has no clerk"):
        played(Event.REPLY, replace(Event.REPLY.row, owner="clerk"))
    with pytest.raises(TypeError, match=r"Event.REPLY: which column of contacts names the row of staff"):
        played(Event.REPLY, replace(Event.REPLY.row, owner=""))


def test_the_assistants_work_is_the_assistants_and_a_visit_to_the_website_is_the_channels():
    model = model_of(until=3000, staffing="assistant_first")
    agent_of = PLAYED[Event.SERVE].agent_of
    contacts = [model.contact(row) for row in range(model.contacts_made)]
    by_machine = [one for one in contacts if one.staff and one.staff.kind is Kind.ASSISTANT]
    visits = [one for one in contacts if one.medium.row.self_service]
    assert by_machine
    assert visits
    assert all(agent_of(model.columns, one.row) == ("staff", one.staff.row) for one in by_machine)
    assert all(agent_of(model.columns, one.row) == ("channels", one.channel.row) for one in visits)
