"""Which methods of an agent a subclass may override, and which events then come back to Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from caresim.agents.played import PLAYED
from caresim.model.events import Event
from caresim.model.jit import specialisations


class Declared(NamedTuple):
    """A method of ours, as declared: whatever else stands under its name later is an override."""

    function: Callable[..., Any]
    kind: Event
    """The event that has to come back to Python if the method is overridden."""
    is_decision: bool
    """It is a part of what happens in the event, not the event."""


MARKED: dict[Any, Declared] = {}
"""Our own methods that may be overridden."""
DECLARED: dict[type, dict[str, Declared]] = {}
"""The same by class and name."""
FREE = {"step", "advance", "only"}
"""Names that mean nothing to the compiled model, or are asked of the class."""


def event(kind: Event) -> Callable[[Callable], Callable]:
    """A method that is an event of `kind` and lets it happen itself."""

    def mark(function: Callable) -> Callable:
        MARKED[function] = Declared(function, kind, is_decision=False)
        return function

    return mark


def transition(kind: Event) -> Callable[[Callable[..., int]], Callable[..., None]]:
    """A method that lets an event of `kind` happen now; the function below it says to which row."""

    def method(subject: Callable[..., int]) -> Callable[..., None]:
        @wraps(subject)
        def happen(self: Any, *arguments: Any) -> None:
            self.model.let_happen(kind, subject(self, *arguments), self)

        return event(kind)(happen)

    return method


def within(kind: Event) -> Callable[[Callable], Callable]:
    """A method that is part of what happens in an event of `kind`: overriding it brings that event back to Python."""

    def mark(function: Callable) -> Callable:
        MARKED[function] = Declared(function, kind, is_decision=True)
        return function

    return mark


def declare(cls: type) -> None:
    """Enter the marked methods of a class of ours; TypeError where the table of events calls one by another name."""
    marked = {name: MARKED[value] for name, value in vars(cls).items() if callable(value) and value in MARKED}
    for name, method in marked.items():
        if not method.is_decision and PLAYED[method.kind].method != name:
            wanted = PLAYED[method.kind].method
            raise TypeError(f"{cls.__name__}.{name}: Event.{method.kind.name} is played by {wanted} (model/events.py)")
    DECLARED[cls] = marked


def declared(cls: type) -> dict[str, Declared]:
    """The marked methods of a class and its bases, by name; the nearest counts."""
    return {name: method for base in reversed(cls.__mro__) for name, method in DECLARED.get(base, {}).items()}


def overrides(cls: type) -> dict[str, Event]:
    """Which events have to come back to Python for this class, by the name of the method that replaces ours."""
    return {name: method.kind for name, method in declared(cls).items() if getattr(cls, name) is not method.function}


def overridable(cls: type) -> dict[str, Event]:
    """Event by name of the methods of a class that may be overridden."""
    return {name: method.kind for name, method in declared(cls).items()}


def plays(cls: type, kind: Event) -> bool:
    """Does the class have the method of an event?"""
    method = declared(cls).get(PLAYED[kind].method)
    return method is not None and method.kind == kind and not method.is_decision


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
