"""The keys that the schema knows, as plain data: for completion, which has no time to load the schema itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from caresim.config.base import OneOf
from caresim.config.errors import bare
from caresim.config.experiment import Experiment

TOP = Experiment.__name__
"""The class of an experiment's own keys."""


def classes() -> dict[str, dict[str, dict[str, Any]]]:
    """By class of the schema and key: `of`, the class of what is there, where it is a table of keys; `named`, whether
    it is a table of such things by a name that the user chooses; `words`, those that it takes, if they are few.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {}
    left: list[type[BaseModel]] = [Experiment]
    while left:
        group = left.pop()
        if group.__name__ in found:
            continue
        keys = found[group.__name__] = {}
        for name, field in group.model_fields.items():
            kind = bare(field.annotation)
            named = get_origin(kind) is dict
            inner = bare(get_args(kind)[1]) if named else kind
            is_group = isinstance(inner, type) and issubclass(inner, BaseModel)
            words = ("true", "false") if kind is bool else _words(field.annotation, field.metadata)
            of = inner.__name__ if is_group else ""
            keys[field.alias or name] = {"of": of, "named": named, "words": list(words)}
            left += [inner] if is_group else []
    return found


def _words(annotation: Any, metadata: Sequence[Any]) -> tuple[str, ...]:
    marks = (mark for mark in _marks(annotation, metadata) if isinstance(mark, OneOf))
    return next((mark.words for mark in marks), ())


def _marks(annotation: Any, metadata: Sequence[Any] = ()) -> Iterator[Any]:
    yield from metadata
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _marks(part)
