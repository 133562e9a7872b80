"""The assumptions of an experiment: what is drawn together is one, with the law of its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from caresim.config.display_names import as_it_reads
from caresim.config.quantity import CANONICAL, Quantity
from caresim.config.values import shared_name
from caresim.model.codes import LAWS
from caresim.report.wording import quantity as in_words
from caresim.run.uncertain import within

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

LAW = "satisfaction"
"""The key of the law of satisfaction: an assumption with two values, each as likely as the other."""
LUCK, OTHERS = "luck", "all other assumptions"
"""Inputs that are no assumption of their own."""
WORDS = {LUCK: "Luck", OTHERS: "All other assumptions together", LAW: "Law of satisfaction"}
ROOTS = ("behaviour", "population", "operators", "staff", "study", "disruption")
"""Sections that a reader does not need to be told, at the beginning of a key."""
UNITS = {"duration": "min", "share": "share", "money": "EUR", "wage": "EUR"}
"""By dimension, as wording.py knows them."""


@dataclass(frozen=True)
class Assumption:
    """Numbers that share a draw: the name that they draw by, their keys, and one of them."""

    name: str
    keys: tuple[str, ...]
    quantity: Quantity

    @property
    def unit(self) -> str:
        """Of its values in tables."""
        return CANONICAL[self.quantity.dimension]

    @property
    def label(self) -> str:
        """What people read: `behaviour.phone.busy_gap` -> "Phone: busy gap"."""
        return label(self.name)

    def at(self, place: float) -> float:
        """The value at a place in its range, 0 to 1, by its own law."""
        return within(self.quantity, place)

    def text_at(self, place: float) -> str:
        """The same in words, such as "37 min" or "12 %"."""
        value, dimension = self.at(place), self.quantity.dimension
        if dimension == "rate":
            return f"{three_figures(60.0 * value)}/h"
        if dimension in UNITS:
            return in_words(value, UNITS[dimension]) + ("/h" if dimension == "wage" else "")
        return three_figures(value)


def three_figures(value: float) -> str:
    """2574 -> "2,570"; 0.1234 -> "0.123": three figures that count, never a power of ten."""
    return format(Decimal(f"{value:.3g}"), ",f")


def assumptions_of(experiment: Experiment) -> list[Assumption]:
    """Every assumption, in the order of its first key."""
    found: dict[str, list[tuple[str, Quantity]]] = {}
    for key, quantity in experiment.uncertain():
        found.setdefault(shared_name(key), []).append((key, quantity))
    return [Assumption(name, tuple(key for key, _ in same), same[0][1]) for name, same in found.items()]


def asked_for(assumptions: Sequence[Assumption], keys: Sequence[str]) -> list[Assumption]:
    """Those that the keys belong to, each once, in the order of the keys; an assumption's name is a key, too."""
    by_key = {key: one for one in assumptions for key in (one.name, *one.keys)}
    return list(dict.fromkeys(by_key[key] for key in keys))


def label(name: str) -> str:
    """An assumption, luck or the rest as people read it."""
    if name in WORDS:
        return WORDS[name]
    steps = [step for step in name.split(".") if step != "*"]
    steps = steps[1:] if len(steps) > 1 and steps[0] in ROOTS else steps
    return f"{': '.join(as_it_reads(step) for step in steps[:1])}" + "".join(f", {plain(step)}" for step in steps[1:])


def plain(step: str) -> str:
    """A step of a key within a phrase."""
    read = as_it_reads(step)
    return read if read[1:2].isupper() else read[:1].lower() + read[1:]


def law_at(place: float) -> str:
    """The law of satisfaction at a place of (0, 1)."""
    return LAWS[0] if place < 0.5 else LAWS[1]
