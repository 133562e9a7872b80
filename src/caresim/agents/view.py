"""A view of one record of the world: its fields as attributes, and an agent that is such a view.

A view holds no state of the model: what is read is in the record at that moment, what is written is written there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, NoReturn

import numpy as np

from caresim.agents.driver import Driver
from caresim.agents.framework import Agent
from caresim.agents.overrides import declare, overridable, refuse_what_would_be_ignored
from caresim.config.arguments import amount
from caresim.model.codes import NOBODY
from caresim.model.records import DTYPES


class Field:
    """A column of the agent's record; written to only if it has a `range`, the limits that `amount` knows.

    Where users read another name than the record has, the declaration says both: `lines = Field("trunks")`. These
    declarations are the one table of such names.
    """

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


class View:
    """One record, by table and row. Views of the same record are the same object."""

    table = ""
    only: Sequence[str] | None = None
    """Names of those whom a subclass plays (see the subclass of ours it derives from); None: all of them."""
    model: Driver
    row: int

    def __init__(self, model: Driver, row: int) -> None:
        self.__dict__.update(model=model, row=row)

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if cls.__module__.startswith("caresim.agents."):
            _refuse_fields_without_a_column(cls)
            declare(cls)
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


class CareAgent(View, Agent):
    """A record that acts. The model makes it when somebody looks at it, and numbers it by table and row."""

    pos: Any

    def __init__(self, model: Driver, row: int) -> None:
        # Mesa's own would count the agent in order of creation, and keep the model alive with it (Mesa 3.3).
        self.__dict__.update(model=model, row=row, unique_id=model.number(self.table, row), pos=None)

    def remove(self) -> NoReturn:
        """Nobody leaves the world: what would become of their contacts?"""
        raise TypeError(f"{self!r} belongs to the world and cannot be removed")
