"""The uncertain quantities of a configuration, and copies of it with other values in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from caresim.config.base import NO_EFFECT
from caresim.config.quantity import Quantity

T = TypeVar("T")


def uncertain(whole: BaseModel) -> list[tuple[str, Quantity]]:
    """(dotted path, quantity) of every quantity with a range, sorted by path."""
    return sorted((path, quantity) for path, quantity in quantities(whole) if quantity.uncertain)


def shared_name(path: str) -> str:
    """The name a parameter draws by: that of a staffing model is left out, so that all of them share the draw."""
    parts = path.split(".", 2)
    return f"staffing.*.{parts[2]}" if parts[0] == "staffing" and len(parts) > 2 else path


def numbers_drawn(uncertain: Iterable[tuple[str, Quantity]]) -> int:
    """How many numbers are drawn: what several staffing models share is one, under a key of each."""
    return len({shared_name(path) for path, _ in uncertain})


def quantities(node: Any, path: str = "") -> Iterator[tuple[str, Quantity]]:
    """(dotted path, quantity) of every quantity below `node`; members of lists are named by their index."""
    if isinstance(node, Quantity):
        yield path, node
        return
    for name, member in members(node):
        yield from quantities(member, f"{path}.{name}" if path else str(name))


def effective(node: Any, text: Any) -> Any:
    """What of `node` changes a run; `text` is its JSON form, which stands for what is neither table nor quantity.

    Of a quantity these are its value and its range, and not its source or the unit that it was written in.
    """
    if isinstance(node, Quantity):
        return node.same_as or [node.value, node.low, node.high]
    if isinstance(node, BaseModel):
        keys = {name: keys_of(type(node)).get(name, name) for name in type(node).model_fields}
        felt = [name for name, field in type(node).model_fields.items() if NO_EFFECT not in field.metadata]
        return {keys[name]: effective(getattr(node, name), text[keys[name]]) for name in felt}
    if isinstance(node, Mapping):
        return {str(name): effective(member, text[str(name)]) for name, member in node.items()}
    if isinstance(node, tuple):
        # A profile is more than its numbers in text, and no more than these in effect.
        return [
            effective(member, text[place] if isinstance(text, list) else member) for place, member in enumerate(node)
        ]
    return text


@cache
def keys_of(schema: type[BaseModel]) -> dict[str, str]:
    """The keys of the fields that are not called by their key, because Python has the word already."""
    return {name: field.alias for name, field in schema.model_fields.items() if field.alias}


def links(whole: BaseModel) -> dict[str, list[str]]:
    """The paths that share each quantity, by its path."""
    shared: dict[str, list[str]] = {}
    for path, quantity in quantities(whole):
        if quantity.same_as:
            shared.setdefault(quantity.same_as, []).append(path)
    return shared


def members(node: Any) -> Iterator[tuple[Any, Any]]:
    """Name as written (or index) and member of everything directly below `node`."""
    if isinstance(node, BaseModel):
        keys = keys_of(type(node))
        yield from ((keys.get(name, name), member) for name, member in node)
    elif isinstance(node, Mapping):
        yield from node.items()
    elif isinstance(node, tuple):
        yield from enumerate(node)


def replaced(whole: T, values: Mapping[str, float], shared: Mapping[str, list[str]]) -> T:
    """A copy of `whole` with these values, also where they are `shared`; what is unchanged is the same object."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        for place in (path, *shared.get(path, ())):
            *way, last = place.split(".")
            branch = tree
            for step in way:
                branch = branch.setdefault(step, {})
            branch[last] = float(value)
    return _grafted(whole, tree, "")


def _grafted(node: Any, tree: Any, path: str) -> Any:
    """A copy of `node` with the values of `tree` in the places of its quantities."""
    if isinstance(node, Quantity) and isinstance(tree, float):
        return node.at(tree)
    if not isinstance(tree, dict) or isinstance(node, Quantity):
        raise KeyError(f"{path} is no quantity")
    by_step = {str(name): (name, member) for name, member in members(node)}
    changes = {}
    for step, branch in tree.items():
        inner = f"{path}.{step}" if path else step
        if step not in by_step:
            raise KeyError(f"{inner} is not there")
        name, member = by_step[step]
        changes[name] = _grafted(member, branch, inner)
    if isinstance(node, BaseModel):
        fields = {key: name for name, key in keys_of(type(node)).items()}
        return node.model_copy(update={fields.get(key, key): change for key, change in changes.items()})
    if isinstance(node, tuple):
        return tuple(changes.get(index, member) for index, member in enumerate(node))
    return {**node, **changes}
