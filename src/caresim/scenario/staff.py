"""How a roster becomes people, and who else answers: those on call, and the assistant.

Step by step, as `crew_of` and `put_to_work` take them:

1. the rosters of the desks (roster.py), shift by shift, with a fraction of a person;
2. whole people in each shift (roster.py);
3. seats: a person is a seat of a shift pattern, that is of a pair of clock hours (patterns.py), the same on every day
   on which so many people work these hours;
4. a row of `staff` for each seat, and the traits of each person by luck;
5. duty: from and to, day by day, with breaks (duty.py);
6. the opening hours of the channels, which follow from the rosters (openings.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.staffing import Assistant, Desk, Staffing
from caresim.config.traffic import Seat as PersonGiven
from caresim.model import traits
from caresim.model.codes import NOBODY, Kind
from caresim.model.draws import name_key, name_keys
from caresim.model.needs import Need
from caresim.model.records import rows
from caresim.model.world import World
from caresim.scenario.desks import seats_given, unserved_by
from caresim.scenario.duty import RESERVE, Seat, lay_out_duty, row_of, shift_instances_of
from caresim.scenario.names import Names, code, mask
from caresim.scenario.openings import openings_of
from caresim.scenario.patterns import names_at
from caresim.scenario.replanning import largest, replans_of
from caresim.scenario.roster import Roster, build, in_whole_people

ASSISTANT = "assistant"


@dataclass(frozen=True)
class Crew:
    """Who works for a staffing model and when, before anything is drawn: tables of the world."""

    staff: np.recarray
    """A row a seat, and the assistant's behind them."""
    seats: Sequence[Seat]
    instances: np.recarray
    """Of the shifts that have people."""
    replans: np.recarray
    """When desks plan tomorrow anew."""
    openings: np.recarray
    assistant: int
    """The assistant's row of staff; NOBODY: there is none."""


def crew_of(experiment: Experiment, staffing: str, names: Names) -> Crew:
    """Steps 1 to 4 and 6; fills `names.staff` and `names.staff_kind`."""
    model = experiment.staffing[staffing]
    rosters = build(experiment, staffing)
    in_people = [in_whole_people(roster) for roster in rosters]
    seats = seats_of(largest(experiment, model, in_people)) + reserve_seats(model)
    staff = staff_of(experiment, model, seats, names)
    if model.assistant:
        staff = np.append(staff, assistant_of(model.assistant, names)).view(np.recarray)
        names.staff.append(ASSISTANT)
        names.staff_kind.append(ASSISTANT)
    return Crew(
        staff=staff,
        seats=seats,
        instances=shift_instances_of(experiment, model, in_people, row_of(seats)),
        replans=replans_of(experiment, model, in_people),
        openings=openings_of(experiment, staffing, rosters, names),
        assistant=len(seats) if model.assistant else NOBODY,
    )


def put_to_work(world: World, experiment: Experiment, staffing: str, crew: Crew) -> None:
    """Draw the traits of each person, and fill `duty_periods` and `reserves`."""
    traits.draw_people(world, len(crew.seats))
    lay_out_duty(world, experiment, experiment.staffing[staffing], crew.seats)


def seats_of(rosters: Sequence[Roster]) -> list[Seat]:
    """The seats that are ever rostered: of each pattern of a desk as many as it has people on its fullest day."""
    seats: list[Seat] = []
    for d, roster in enumerate(rosters):
        most: dict[int, int] = {}
        for shift in roster:
            most[shift.pattern] = max(most.get(shift.pattern, 0), int(shift.heads))
        seats += [(d, pattern, number) for pattern in sorted(most) for number in range(most[pattern])]
    return seats


def reserve_seats(model: Staffing) -> list[Seat]:
    """The seats of the people on call."""
    return [
        (d, RESERVE, number)
        for d, desk in enumerate(model.desks.values())
        if desk.reserve
        for number in range(round(desk.reserve.headcount.value))
    ]


def staff_of(experiment: Experiment, model: Staffing, seats: Sequence[Seat], names: Names) -> np.recarray:
    """A row a seat, before anything is drawn; fills `names.staff` and `names.staff_kind`."""
    desks = list(model.desks.items())
    given = [seats_given(experiment, name, desk) for name, desk in desks]
    hours = [names_at(desk) for _, desk in desks]
    called = [called_by(desks[d][0], pattern, number, given[d], hours[d]) for d, pattern, number in seats]
    table = rows(len(seats), "staff")
    table["key"] = name_keys([f"staff/{name}" for name in called])
    table["desk"] = [d for d, _, _ in seats]
    table["kind"] = [code(Kind, desks[d][1].kind) for d, _, _ in seats]
    table["deferred_first"] = [prefers_text(desks[d][1], number) for d, _, number in seats]
    table["cost_per_minute"] = [desks[d][1].cost_of_an_hour / 60.0 for d, _, _ in seats]
    for row, (d, pattern, _) in zip(table, seats, strict=True):
        if person := person_at(given[d], pattern):
            unserved = unserved_by(person, desks[d][1])
            row.unserved = bits_of(names.channels.index(channel) for channel in unserved)
            row.unserved_count = len(unserved)
            row.stated_speed = person.speed or 0.0
    names.staff.extend(called)
    names.staff_kind.extend(desks[d][1].kind for d, _, _ in seats)
    return table


def person_at(given: Sequence[PersonGiven], pattern: int | str) -> PersonGiven | None:
    """Whom a replay has in the seat of this pattern; None for people on top and on call."""
    return given[pattern] if isinstance(pattern, int) and pattern < len(given) else None


def called_by(
    desk: str, pattern: int | str, number: int, given: Sequence[PersonGiven], hours: Mapping[int | str, str]
) -> str:
    """The name of a seat, such as `social/08:00-17:00/1`, by which the luck of its person is drawn.

    Of an agent whom a replay names it is that name, so that their luck stays theirs beside any others. `hours` are the
    names of the desk's patterns by number; people on call have none, nor have those of a file.
    """
    person = person_at(given, pattern)
    if person and person.agent and not number:
        return f"{desk}/agent {person.agent}"
    return f"{desk}/{hours.get(pattern, pattern)}/{number}"


def bits_of(places: Iterable[int]) -> np.int64:
    """A number with these bits."""
    return np.uint64(sum(1 << place for place in places)).astype(np.int64)


def prefers_text(desk: Desk, number: int) -> bool:
    """Whether person `number` of a team looks first at what was written: a share `text_first` does, evenly spread."""
    share = desk.text_first.value
    return math.floor((number + 1) * share + 0.5) > math.floor(number * share + 0.5)


def assistant_of(assistant: Assistant, names: Names) -> np.recarray:
    """An assistant as a member of staff: minutes a reply, shares by need, EUR a contact."""
    table = rows(1, "staff")
    row = table[0]
    row.key = name_key(ASSISTANT)
    row.kind = Kind.ASSISTANT
    row.desk = NOBODY
    row.contact = row.inbox = row.next_free = row.previous_free = NOBODY
    row.speed = 1.0
    row.quality = assistant.quality.value
    row.pace = assistant.handle.value
    row.languages = mask(assistant.languages, names)
    row.escalates = assistant.hands_over.value
    row.cost_per_contact = assistant.cost_per_contact.value
    row.harder = assistant.harder.value
    row.excludes = bits_of(code(Need, need) for need in assistant.excludes)
    if assistant.when_nobody == "message" and assistant.message:
        row.message = assistant.message.leaves.value
        row.reached = assistant.message.reached.value
        row.ring = assistant.message.ring.value
    for need, share in assistant.solves.items():
        row.solves[code(Need, need)] = share.value
    for need, share in assistant.errs.items():
        row.errs[code(Need, need)] = share.value
    return table
