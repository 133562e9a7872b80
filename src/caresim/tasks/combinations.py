"""The runs of a sweep: every combination of the values of the swept keys, made one at a time and never listed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from caresim.config.errors import BadInput
from caresim.config.hydra_errors import from_hydra
from caresim.config.raw import check_word

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override


@dataclass(frozen=True)
class Choice:
    """A word of the command line: one that all runs share, or a key with several values."""

    word: str
    override: Override
    swept: bool

    @property
    def count(self) -> int:
        """How many values there are; they are not listed for it."""
        if not self.swept:
            return 1
        values: Any = self.override.value()
        if not hasattr(values, "start"):
            return len(values.list)
        if values.step == 0:
            raise BadInput(name(self.word), value(self.word), "has steps of 0; allowed: another step")
        return max(0, math.ceil((values.stop - values.start) / values.step))

    @property
    def first(self) -> str:
        """The word with its first value, before any shuffling."""
        if not self.swept:
            return self.word
        values: Any = self.override.value()
        text = str(values.start) if hasattr(values, "start") else next(self.override.sweep_string_iterator())
        return self._with(text)

    def words(self) -> list[str]:
        """A word for each value."""
        if not self.swept:
            return [self.word]
        return [self._with(text) for text in self.override.sweep_string_iterator()]

    def _with(self, text: str) -> str:
        return f"{self.override.get_key_element()}={text}"


class Combinations(Sequence[list[str]]):
    """The overrides of every run, in order: the last of the swept keys changes first."""

    def __init__(self, choices: Sequence[Sequence[str]]) -> None:
        """`choices`: for each word the forms that it takes."""
        self.choices = choices

    def __len__(self) -> int:
        return math.prod(len(words) for words in self.choices)

    @overload
    def __getitem__(self, number: int) -> list[str]: ...
    @overload
    def __getitem__(self, number: slice) -> list[list[str]]: ...
    def __getitem__(self, number: int | slice) -> list[str] | list[list[str]]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        rest, chosen = number % len(self), []
        for words in reversed(self.choices):
            rest, place = divmod(rest, len(words))
            chosen.append(words[place])
        return chosen[::-1]

    @property
    def neighbours(self) -> list[int]:
        """The numbers of those that differ from the first in one word alone, at its second form."""
        found, stride = [], 1
        for words in reversed(self.choices):
            found += [stride] if len(words) > 1 else []
            stride *= len(words)
        return found[::-1]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return id(self)


def choices_of(overrides: Sequence[str]) -> list[Choice]:
    """What each word allows. BadInput for one that cannot be read or swept."""
    return [_choice(word) for word in overrides]


def _choice(word: str) -> Choice:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import ValueType

    check_word(word)
    try:
        (override,) = OverridesParser.create().parse_overrides([word])
    except Exception as error:
        raise from_hydra(error) from None
    discrete = (ValueType.SIMPLE_CHOICE_SWEEP, ValueType.CHOICE_SWEEP, ValueType.RANGE_SWEEP)
    swept = bool(override.is_sweep_override())
    if swept and override.value_type not in discrete:
        raise BadInput(name(word), word.partition("=")[2], "a sweep takes a list (1,2,4), range(1,9) or choice(a,b)")
    choice = Choice(word, override, swept)
    if not choice.count:
        raise BadInput(name(word), value(word), "has no value; allowed: a range from a lower to a higher number")
    return choice


def combinations(overrides: Sequence[str]) -> tuple[Combinations, list[str]]:
    """The overrides of every job of a sweep (`seed=1,2 record=none,all`: four jobs), and the names of swept keys."""
    choices = choices_of(overrides)
    return Combinations([choice.words() for choice in choices]), [name(each.word) for each in choices if each.swept]


def spread(count: int, most: int) -> Iterator[int]:
    """At most so many of the numbers below `count`, evenly, with the first and the last of them."""
    if count <= most:
        yield from range(count)
        return
    yield from sorted({round(place * (count - 1) / (most - 1)) for place in range(most)})


def name(word: str) -> str:
    """The key of an override, without the signs that add it."""
    return word.partition("=")[0].lstrip("+~")


def value(word: str) -> str:
    """The value of an override as text, without quotes."""
    return word.partition("=")[2].strip("'\"")


def plain_value(word: str) -> str:
    """The same without the backslashes by which Hydra's grammar tells a space or a comma of a value from its own."""
    if "\\" not in word:
        return value(word)
    from hydra.core.override_parser.overrides_parser import OverridesParser

    (override,) = OverridesParser.create().parse_overrides([word])
    found = override.value()
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
