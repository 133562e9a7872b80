"""Who plays whom: the class of every record's view, and which events have to come back to Python for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from caresim.agents.company import Bystanders, Flight, Operator
from caresim.agents.contact import Contact
from caresim.agents.desk import Channel, Desk
from caresim.agents.driver import Driver
from caresim.agents.notice import Notice
from caresim.agents.overrides import overrides, plays, refuse_what_would_be_ignored
from caresim.agents.passenger import Passenger
from caresim.agents.played import BYSTANDERS, PLAYED, READERS
from caresim.agents.staff import KINDS, Assistant
from caresim.agents.view import CareAgent, View
from caresim.config.errors import BadInput, choice
from caresim.model.codes import NOBODY
from caresim.model.events import Event

AGENTS: dict[str, tuple[type[CareAgent], ...]] = {
    "operators": (Operator,), "channels": (Channel,), "desks": (Desk,), "flights": (Flight,),
    "staff": tuple(KINDS.values()), BYSTANDERS: (Bystanders,), "passengers": (Passenger,),
}  # fmt: skip
"""The classes of agents, by the agent that the table of events names."""
ROLES: tuple[type[CareAgent], ...] = tuple(role for roles in AGENTS.values() for role in roles)
"""The agents of a world; a class of a user's derives from one of them."""
VIEWED = {"contacts", "notices", *(role.table for role in ROLES)}
"""Tables whose rows an agent is told as views; of other tables it is told the row."""


def refuse_events_that_nobody_plays(agents: Mapping[str, Sequence[type[CareAgent]]]) -> None:
    """TypeError where an agent that the table of events names lacks the method that the table names."""
    for event in PLAYED:
        for agent in (event.row.agent, event.row.otherwise[0]):
            if agent and not any(plays(role, event) for role in agents.get(agent, ())):
                raise TypeError(f"Event.{event.name}: no agent of {agent} has the method {event.row.method} for it")


refuse_events_that_nobody_plays(AGENTS)


class Part(NamedTuple):
    """A user's class, the class of ours that it stands in for, and for whom (None: for all)."""

    cls: type[CareAgent]
    role: type[CareAgent]
    names: frozenset[str] | None


class Cast:
    """The views of one world's records, made when somebody looks at them."""

    def __init__(self, model: Driver, classes: Sequence[type[CareAgent]]) -> None:
        self.model = model
        self.views: dict[str, dict[int, View]] = defaultdict(dict)
        self.parts = parts(classes)
        names = model.names
        self.by_cohort = [self.choose(Passenger, name) for name in names.cohorts]
        self.by_row: dict[str, list[type[View]]] = {
            "operators": [self.choose(Operator, name) for name in names.operators],
            "channels": [self.choose(Channel, name) for name in names.channels],
            "desks": [self.choose(Desk, name) for name in names.desks],
            "flights": [self.choose(Flight, name) for name in names.flights],
            "cohort_parameters": [self.choose(Bystanders, "bystanders")] * len(model.world.cohort_parameters),
            "staff": [],
        }
        self.picking: set[int] = set()
        """Desks where somebody picks contacts in a way of their own."""
        self.called: list[int] | None = None
        """Contacts that the present `pick` has called out of the queue; None while nobody picks."""
        self.hire(range(len(model.world.staff)))
        self.check()

    def hire(self, rows: Iterable[int]) -> None:
        """Cast the members of staff in these rows, which follow those that are cast."""
        kinds, desks = self.model.columns["staff"]["kind"], self.model.columns["staff"]["desk"]
        for row in rows:
            d = desks.item(row)
            name = "assistant" if d == NOBODY else self.model.names.desks[d]
            self.by_row["staff"].append(self.choose(KINDS[kinds.item(row)], name))
        self.find_pickers()

    def find_pickers(self) -> None:
        """Where somebody picks contacts in a way of their own."""
        desks = self.model.columns["staff"]["desk"]
        own = {cls for cls in set(self.by_row["staff"]) if "pick" in overrides(cls)}
        self.picking = {desks.item(row) for row, cls in enumerate(self.by_row["staff"]) if cls in own}

    def choose(self, role: type[CareAgent], name: str) -> type[CareAgent]:
        """The one class that plays somebody."""
        classes = [part.cls for part in self.parts if part.role is role and (part.names is None or name in part.names)]
        if len(classes) > 1:
            rivals = ", ".join(cls.__name__ for cls in classes)
            raise BadInput("agents", rivals, f"{role.__name__} of {name} can be played by one class: see their `only`")
        return classes[0] if classes else role

    def check(self) -> None:
        """Every name that a class asks for is there."""
        names = self.model.names
        whom: dict[type, list[str]] = {
            Passenger: names.cohorts, Operator: names.operators, Channel: names.channels, Flight: names.flights,
            Bystanders: ["bystanders"], **dict.fromkeys((Desk, *KINDS.values()), names.desks),
            Assistant: ["assistant"],
        }  # fmt: skip
        for part in self.parts:
            for name in sorted(part.names or ()):
                if name not in whom[part.role]:
                    raise BadInput(f"{part.cls.__name__}.only", name, choice(whom[part.role], name))

    def class_of(self, table: str, row: int) -> type[View]:
        """The class of the view of a row."""
        if table == "passengers":
            return self.by_cohort[self.model.columns["passengers"]["cohort"].item(row)]
        if table == "contacts":
            return Contact
        return Notice if table == "notices" else self.by_row[table][row]

    def view(self, table: str, row: int) -> Any:
        """The view of a row; always the same object."""
        views = self.views[table]
        view = views.get(row)
        if view is None:
            view = views[row] = self.class_of(table, row)(self.model, row)
        return view

    def player(self, table: str, row: int, classes: set[type]) -> Any:
        """The view of a row, if its class is one of these; else None (and no view is made for nothing)."""
        view = self.views[table].get(row)
        if view is not None:
            return view if type(view) in classes else None
        return self.view(table, row) if self.class_of(table, row) in classes else None

    def arguments(self, kind: Event, subject: int) -> tuple[Any, ...]:
        """What the method that plays an event is told of its subject."""
        table = PLAYED[kind].argument
        if not table:
            return ()
        row = subject % len(self.model.world.notices) if kind.row.subject == READERS else subject
        return (self.view(table, row) if table in VIEWED else row,)

    def watched(self) -> dict[Event, set[type]]:
        """The events that have to come back to Python, and the classes that have their own way with them."""
        self.find_pickers()
        classes: dict[Event, set[type]] = {}
        for cls in {*self.by_cohort, *(cls for players in self.by_row.values() for cls in players)}:
            for kind in overrides(cls).values():
                classes.setdefault(kind, set()).add(cls)
        if self.picking:
            classes.setdefault(Event.DISPATCH, set()).update(self.by_row["desks"])
        return classes


def parts(classes: Sequence[type[CareAgent]]) -> list[Part]:
    """The parts of a user's classes."""
    cast = []
    for cls in classes:
        roles = [role for role in ROLES if isinstance(cls, type) and issubclass(cls, role)]
        if len(roles) != 1 or cls in ROLES:
            allowed = ", ".join(role.__name__ for role in ROLES)
            raise BadInput("agents", cls, f"must be classes that derive from one of {allowed}")
        refuse_what_would_be_ignored(cls)  # once more: something may have been set after it was made
        only = cls.only
        names = None if only is None else frozenset([only] if isinstance(only, str) else only)
        cast.append(Part(cls, roles[0], names))
    return cast
