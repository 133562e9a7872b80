"""People whom nobody had rostered, called in while the world runs."""

from __future__ import annotations

import numpy as np

from caresim.agents.driver import Driver
from caresim.config.arguments import amount, whole
from caresim.model.codes import NOBODY, Kind
from caresim.model.draws import name_key
from caresim.model.events import Event
from caresim.model.on_call import pay
from caresim.model.records import rows
from caresim.model.traits import draw_person
from caresim.scenario.names import code

PATTERN = "called_in"
"""What stands for the shift pattern in the names of people called in."""


def call_in(model: Driver, d: int, people: int, start: float, length: float) -> list[int]:
    """Add `people` to desk `d`, at work and paid from `start` on for `length` minutes, without a break: their rows.

    They are numbered desk by desk, so that their luck is the same in every run that calls as many.
    """
    people, length = whole("people", people, least=1), amount("length", length, above=0.0)
    world, names = model.world, model.names
    name = names.desks[d]
    desk = model.experiment.staffing[model.staffing].desks[name]
    before, stretches = len(world.staff), len(world.duty_periods)
    first = sum(person.startswith(f"{name}/{PATTERN}/") for person in names.staff)
    hired = rows(people, "staff")
    hired["key"] = [name_key("staff", name, PATTERN, first + number) for number in range(people)]
    hired["desk"], hired["kind"] = d, code(Kind, desk.kind)
    hired["cost_per_minute"] = desk.cost_of_an_hour / 60.0
    duty = rows(people, "duty_periods")
    duty["start"], duty["end"], duty["last"], duty["shift"] = start, start + length, 1, NOBODY
    duty["staff"] = np.arange(before, before + people)
    for table, more in (("staff", hired), ("duty_periods", duty)):
        world.set_table(table, np.append(getattr(world, table), more).view(np.recarray))
        model.columns.pop(table, None)
    world.desks[d].again_known = 0
    names.staff.extend(f"{name}/{PATTERN}/{first + number}" for number in range(people))
    names.staff_kind.extend([desk.kind] * people)
    for s in range(before, before + people):
        draw_person(world, s)
        pay(world, s, start, start + length)
    model.cast.hire(range(before, before + people))
    for k in range(stretches, stretches + people):
        model.put_on_agenda(start, Event.START_DUTY, k)
    return list(range(before, before + people))
