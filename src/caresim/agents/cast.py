"""Who plays whom: the class of every record's view, which events have to come back to Python, and to which method.

`PLAYED` is the table of contents: each kind of event, the agent whose it is, the method, and what the method is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from caresim.agents.agent import CareAgent
from caresim.agents.company import Bystanders, Flight, Operator
from caresim.agents.contact import Contact, Notice
from caresim.agents.desk import Channel, Desk
from caresim.agents.passenger import Passenger
from caresim.agents.staff import KINDS, Assistant
from caresim.agents.view import View, overrides, refuse_what_would_be_ignored
from caresim.config.errors import BadInput, choice
from caresim.model.codes import NOBODY
from caresim.model.events import Event

if TYPE_CHECKING:
    from caresim.agents.model import CareModel

ROLES: tuple[type[CareAgent], ...] = (Operator, Channel, Desk, Flight, *KINDS.values(), Bystanders, Passenger)
"""The agents of a world; a class of a user's derives from one of them."""

Played = tuple[str, int, str, tuple[Any, ...]]
"""Table, row, method, arguments."""


def of_itself(table: str, method: str) -> Callable[[CareModel, int], Played]:
    """An event of the very row."""
    return lambda model, row: (table, row, method, ())


def of_owner(table: str, method: str, through: str, column: str) -> Callable[[CareModel, int], Played]:
    """An event of the row that `column` of another table names; the method is told the row of that table."""

    def played(model: CareModel, row: int) -> Played:
        return table, model.columns[through][column].item(row), method, (row,)

    return played


def of_contact(table: str, method: str, column: str) -> Callable[[CareModel, int], Played]:
    """An event of a contact, whoever's it is by `column`; the method is told the contact."""

    def played(model: CareModel, row: int) -> Played:
        return table, model.columns["contacts"][column].item(row), method, (model.view("contacts", row),)

    return played


def of_reader(method: str) -> Callable[[CareModel, int], Played]:
    def played(model: CareModel, row: int) -> Played:
        passenger, notice = divmod(row, len(model.world.notices))
        return "passengers", passenger, method, (model.view("notices", notice),)

    return played


def of_machine(model: CareModel, row: int) -> Played:
    """An assistant's work, or a visit to the website."""
    column, table = ("channel", "channels"), ("staff", "staff")
    name, where = column if model.columns["contacts"]["staff"].item(row) == NOBODY else table
    return where, model.columns["contacts"][name].item(row), "serve", (model.view("contacts", row),)


def publication(model: CareModel, row: int) -> Played:
    return "operators", model.columns["notices"]["operator"].item(row), "publish", (model.view("notices", row),)


def bystanders(method: str, table: str = "") -> Callable[[CareModel, int], Played]:
    return lambda model, row: (
        "cohort_parameters",
        model.bystanders.row,
        method,
        (model.view(table, row) if table else row,),
    )


PLAYED: dict[Event, Callable[[CareModel, int], Played]] = {
    Event.LEARN: of_owner("operators", "learn", "facts", "operator"),
    Event.PUBLISH: publication,
    Event.CHECK_IN: of_itself("flights", "check_in"),
    Event.DEPART: of_itself("flights", "depart"),
    Event.OFFER: of_itself("flights", "offer"),
    Event.CLOSE: of_owner("channels", "close", "openings", "channel"),
    Event.OPEN: of_owner("channels", "open", "openings", "channel"),
    Event.END_DUTY: of_owner("staff", "end_duty", "duty_periods", "staff"),
    Event.START_DUTY: of_owner("staff", "start_duty", "duty_periods", "staff"),
    Event.DISMISS: of_itself("desks", "dismiss"),
    Event.STOP: of_itself("staff", "go_home"),
    Event.AFFECT: of_itself("passengers", "affect"),
    Event.MEET: of_reader("meet"),
    Event.READ: of_reader("read"),
    Event.SEEK: of_itself("passengers", "seek"),
    Event.DEADLINE: of_itself("passengers", "miss_deadline"),
    Event.KEPT: of_itself("passengers", "promise_kept"),
    Event.PROMISED: of_itself("passengers", "promise_due"),
    Event.ADMIT: of_contact("channels", "admit", "channel"),
    Event.ABANDON: of_contact("passengers", "lose_patience", "passenger"),
    Event.REMIND: of_contact("passengers", "remind", "passenger"),
    Event.CUSTOMER_REPLY: of_contact("passengers", "write_back", "passenger"),
    Event.SERVE: of_machine,
    Event.REPLY: of_contact("staff", "reply", "staff"),
    Event.RECEIVE: of_contact("passengers", "receive", "passenger"),
    Event.LEFT: of_contact("passengers", "be_left", "passenger"),
    Event.DISPATCH: of_itself("desks", "dispatch"),
    Event.SPONTANEOUS_POST: bystanders("chime_in"),
    Event.POST_ABOUT: bystanders("talk_about", "passengers"),
    Event.FOLLOW_ON_POST: bystanders("follow", "contacts"),
    Event.SETTLE: of_itself("passengers", "settle"),
}
"""TICK and FINISH are the run's book-keeping and nobody's."""


class Part(NamedTuple):
    """A user's class, the class of ours that it stands in for, and for whom (None: for all)."""

    cls: type[CareAgent]
    role: type[CareAgent]
    names: frozenset[str] | None


class Cast:
    """The views of one world's records, made when somebody looks at them."""

    def __init__(self, model: CareModel, classes: Sequence[type[CareAgent]]) -> None:
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
        desks = self.model.columns["staff"]["desk"]
        own = {cls for cls in set(self.by_row["staff"]) if "pick" in overrides(cls)}
        self.picking = {desks.item(row) for row, cls in enumerate(self.by_row["staff"]) if cls in own}

    def choose(self, role: type[CareAgent], name: str) -> type[CareAgent]:
        """The one class that plays somebody."""
        found = [part.cls for part in self.parts if part.role is role and (part.names is None or name in part.names)]
        if len(found) > 1:
            told = ", ".join(cls.__name__ for cls in found)
            raise BadInput("agents", told, f"{role.__name__} of {name} can be played by one class: see their `only`")
        return found[0] if found else role

    def check(self) -> None:
        """Every name that a class asks for is there."""
        names = self.model.names
        known: dict[type, list[str]] = {
            Passenger: names.cohorts, Operator: names.operators, Channel: names.channels, Flight: names.flights,
            Bystanders: ["bystanders"], Assistant: ["assistant"],
        }  # fmt: skip
        for part in self.parts:
            for name in sorted(part.names or ()):
                allowed = known.get(part.role, names.desks)
                if name not in allowed:
                    raise BadInput(f"{part.cls.__name__}.only", name, choice(allowed, name))

    def class_of(self, table: str, row: int) -> type[View]:
        if table == "passengers":
            return self.by_cohort[self.model.columns["passengers"]["cohort"].item(row)]
        if table == "contacts":
            return Contact
        return Notice if table == "notices" else self.by_row[table][row]

    def view(self, table: str, row: int) -> Any:
        views = self.views[table]
        found = views.get(row)
        if found is None:
            found = views[row] = self.class_of(table, row)(self.model, row)
        return found

    def player(self, table: str, row: int, classes: set[type]) -> Any:
        """The view of a row, if its class is one of these; else None (and no view is made for nothing)."""
        found = self.views[table].get(row)
        if found is not None:
            return found if type(found) in classes else None
        return self.view(table, row) if self.class_of(table, row) in classes else None

    def watched(self) -> dict[Event, set[type]]:
        """The events that have to come back to Python, and the classes that have their own way with them."""
        self.find_pickers()
        found: dict[Event, set[type]] = {}
        for cls in {*self.by_cohort, *(cls for classes in self.by_row.values() for cls in classes)}:
            for kind in overrides(cls).values():
                found.setdefault(kind, set()).add(cls)
        if self.picking:
            found.setdefault(Event.DISPATCH, set()).update(self.by_row["desks"])
        return found


def parts(classes: Sequence[type[CareAgent]]) -> list[Part]:
    """What each class of a user's stands in for."""
    found = []
    for cls in classes:
        roles = [role for role in ROLES if isinstance(cls, type) and issubclass(cls, role)]
        if len(roles) != 1 or cls in ROLES:
            told = ", ".join(role.__name__ for role in ROLES)
            raise BadInput("agents", cls, f"must be classes that derive from one of {told}")
        refuse_what_would_be_ignored(cls)  # once more: something may have been set after it was made
        only = cls.only
        found.append(
            Part(cls, roles[0], None if only is None else frozenset([only] if isinstance(only, str) else only))
        )
    return found
