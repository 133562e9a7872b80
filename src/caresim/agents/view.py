"""A view of one record of the world: its fields as attributes, and which of its methods a subclass may override.

A view holds no state of the model: what is read is in the record at that moment, what is written is written there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from caresim.config.arguments import amount
from caresim.model.codes import NOBODY
from caresim.model.events import Event
from caresim.model.jit import specialisations
from caresim.model.records import DTYPES

if TYPE_CHECKING:
    from caresim.agents.model import CareModel

ORIGINAL: dict[Any, Event] = {}
"""Our own methods that may be overridden, and the event that has to come back to Python if one is."""


class Field:
    """A column of the agent's record; written to only if it has a `range`, the limits that `amount` knows."""

    def __init__(
        self, column: str = "", *, decode: Callable[[Any], Any] | None = None, range: dict[str, float] | None = None
    ) -> None:
        self.column, self.decode, self.range = column, decode, range

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.column = self.column or name

    def __get__(self, view: View | None, owner: type | None = None) -> Any:
        if view is None:
            return self
        value = view.model.columns[view.table][self.column].item(view.row)
        return value if self.decode is None else self.decode(value)

    def __set__(self, view: View, value: Any) -> None:
        if self.range is None:
            raise AttributeError(f"{type(view).__name__}.{self.name} follows from what happens and cannot be set")
        number = amount(f"{type(view).__name__}.{self.name}", value, **self.range)
        view.model.columns[view.table][self.column][view.row] = number


class Code(Field):
    """A column that holds one of the model's words."""

    def __init__(self, codes: type[IntEnum], column: str = "") -> None:
        super().__init__(column, decode=list(codes).__getitem__)


class Flag(Field):
    def __init__(self, column: str = "") -> None:
        super().__init__(column, decode=bool)


class Moment(Field):
    """Minutes since the start, or None where it has not come (NaN or infinity in the record)."""

    def __init__(self, column: str = "") -> None:
        super().__init__(column, decode=lambda value: value if np.isfinite(value) else None)


class Named(Field):
    """A row of something that has a name: the name, or None."""

    def __init__(self, names: str, column: str = "") -> None:
        super().__init__(column)
        self.names = names

    def __get__(self, view: View | None, owner: type | None = None) -> Any:
        row = super().__get__(view, owner)
        if view is None:
            return row
        return None if row == NOBODY else getattr(view.model.names, self.names)[row]


class Other(Field):
    """A row of another table: a view of it, or None."""

    def __init__(self, table: str, column: str = "") -> None:
        super().__init__(column)
        self.other = table

    def __get__(self, view: View | None, owner: type | None = None) -> Any:
        row = super().__get__(view, owner)
        if view is None:
            return row
        return None if row == NOBODY else view.model.view(self.other, row)


def transition(kind: Event) -> Callable[[Callable[..., int]], Callable[..., None]]:
    """A method that lets an event of `kind` happen now; the function below it says to which row."""

    def method(subject: Callable[..., int]) -> Callable[..., None]:
        @wraps(subject)
        def happen(self: Any, *arguments: Any) -> None:
            self.model.let_happen(kind, subject(self, *arguments), self)

        ORIGINAL[happen] = kind
        return happen

    return method


def within(kind: Event) -> Callable[[Callable], Callable]:
    """A method that is part of what happens in an event of `kind`: overriding it brings that event back to Python."""

    def method(function: Callable) -> Callable:
        ORIGINAL[function] = kind
        return function

    return method


def overrides(cls: type) -> dict[str, Event]:
    """Which events have to come back to Python for this class, by the name of the method that replaces ours."""
    return {name: one.kind for name, one in declared(cls).items() if getattr(cls, name) is not one.function}


def overridable(cls: type) -> dict[str, Event]:
    """Event by name of the methods of a class that may be overridden."""
    return {name: one.kind for name, one in declared(cls).items()}


class Declared(NamedTuple):
    """A method of ours, as declared: whatever else stands under its name later is an override."""

    function: Callable[..., Any]
    kind: Event


DECLARED: dict[type, dict[str, Declared]] = {}
"""`ORIGINAL` by class and name."""


def declared(cls: type) -> dict[str, Declared]:
    """Those of the class and its bases; the nearest counts."""
    return {name: one for base in reversed(cls.__mro__) for name, one in DECLARED.get(base, {}).items()}


FREE = {"step", "advance", "only"}
"""Names that mean nothing to the compiled model, or are asked of the class."""


class View:
    """One record, by table and row. Views of the same record are the same object."""

    table = ""
    only: Sequence[str] | None = None
    """Names of those whom a subclass plays (see the subclass of ours it derives from); None: all of them."""
    model: CareModel
    row: int

    def __init__(self, model: CareModel, row: int) -> None:
        self.__dict__.update(model=model, row=row)

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if cls.__module__.startswith("caresim.agents."):
            _refuse_fields_without_a_column(cls)
            DECLARED[cls] = {
                name: Declared(value, ORIGINAL[value])
                for name, value in vars(cls).items()
                if callable(value) and value in ORIGINAL
            }
        else:
            refuse_what_would_be_ignored(cls)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in overridable(type(self)):
            raise TypeError(f"{name} can be overridden in a subclass only, not on one {type(self).__name__}")
        super().__setattr__(name, value)

    @property
    def name(self) -> str:
        """What it is called in configuration and tables (staff: desk/shift pattern/number), or its number."""
        names = getattr(self.model.names, self.table, None)
        return str(self.row) if names is None else names[self.row]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


def _refuse_fields_without_a_column(cls: type[View]) -> None:
    """A view of ours shows what its record has."""
    for name, field in vars(cls).items():
        if isinstance(field, Field) and field.column not in (DTYPES[cls.table].names or ()):
            raise TypeError(f"{cls.__name__}.{name}: the record of {cls.table} has no {field.column}")


def refuse_what_would_be_ignored(cls: type) -> None:
    """An override of what compiled code never asks Python for is an error."""
    allowed = overridable(cls)
    ours = [base for base in cls.__mro__ if base.__module__.startswith("caresim.agents.")]
    compiled = {name.rsplit(".")[-1] for name in specialisations()}
    for base in cls.__mro__:
        if base in ours or base.__module__.partition(".")[0] in ("builtins", "mesa", "typing"):
            continue
        for name in vars(base):
            if name.startswith("_") or name in allowed or name in FREE:
                continue
            if name in compiled or any(name in vars(one) for one in ours):
                raise TypeError(
                    f"{cls.__name__}.{name} would never be called: the compiled model has its own {name}. "
                    f"What can be overridden: {', '.join(sorted(allowed))}; give a method of yours another name"
                )


class Columns(dict):
    """The columns of every table as plain arrays, by table and name, looked up once until a table is replaced."""

    def __init__(self, world: Any) -> None:
        self.world = world

    def __missing__(self, table: str) -> dict[str, np.ndarray]:
        plain = getattr(self.world, table).view(np.ndarray)
        found = {name: plain[name] for name in plain.dtype.names}
        self[table] = found
        return found
