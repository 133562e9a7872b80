"""A number with its unit, its source and, where it is not certain, its range."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic_core import core_schema

from caresim.config.errors import choice, complaint, nearest

NEUTRAL = "neutral (changes nothing)"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of the configuration, in canonical units.

    `value`, `low` and `high` are in minutes (durations), from 0 to 1 (shares), counts, per minute (rates), numbers,
    EUR (money) or EUR per hour (wages). `low` and `high` are None when the number is certain. `text` is what was
    written, `source` says where it comes from and `no_range` why an assumption has no range. `same_as` is the path of
    the quantity that this one shares; it is then drawn and replaced with it.
    """

    value: float
    low: float | None
    high: float | None
    source: str
    text: str
    dimension: str
    no_range: str = ""
    same_as: str = ""

    @property
    def uncertain(self) -> bool:
        """Has a range of its own, from which each draw takes a value."""
        return self.low is not None and not self.same_as

    def at(self, value: float) -> Quantity:
        """The same quantity with another value (canonical units), as drawn from its range."""
        return replace(self, value=value, text=written(value, self.dimension))


@dataclass(frozen=True, slots=True)
class Dimension:
    """What kind of number a key takes: its units and the bounds of its value (canonical units)."""

    name: str
    units: Mapping[str, float]
    bare: bool = False
    minimum: float = -math.inf
    maximum: float = math.inf
    above: float | None = None

    def __hash__(self) -> int:
        return hash((self.name, self.minimum, self.maximum, self.above))

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        as_text = core_schema.plain_serializer_function_ser_schema(plain)
        return core_schema.no_info_plain_validator_function(self.read, serialization=as_text)

    def read(self, raw: Any) -> Quantity:
        """`{value, range, source, no_range}` or a bare `11 min`; complains in words a user can act on."""
        if isinstance(raw, Quantity):
            return raw
        if not isinstance(raw, Mapping):
            return Quantity(self.number(raw), None, None, "as given", str(raw), self.name)
        self._check_keys(raw)
        if raw.get("value") is None:
            raise complaint(f"is required ({self.wanted()})", key="value", value=raw.get("value"))
        value = self.number(raw["value"], "value")
        low, high = self._range(raw.get("range"), value, raw["value"])
        texts = {key: raw.get(key) or "" for key in ("source", "no_range", "same_as")}
        for key, text in texts.items():
            if not isinstance(text, str):
                raise complaint("must be text", text, key)
        return Quantity(
            value, low, high, texts["source"], str(raw["value"]), self.name, texts["no_range"], texts["same_as"]
        )

    def number(self, raw: Any, key: str = "") -> float:
        """The canonical value of `11 min`, `35 %`, `4`."""
        value = self._parsed(raw, key)
        if not math.isfinite(value):
            raise complaint("must be finite", raw, key)
        if self.above is not None and value <= self.above:
            raise complaint(f"must be more than {written(self.above, self.name) if self.above else 0}", raw, key)
        if not self.minimum <= value <= self.maximum:
            raise complaint(f"must be {self.bounds()}", raw, key)
        return value

    def wanted(self) -> str:
        """An example of what may be written."""
        return EXAMPLES[self.name]

    def bounds(self) -> str:
        """What the value must be, in words, such as `between 0 % and 100 %`."""
        if self.name == "share":
            return "between 0 % and 100 %"
        low, high = written(self.minimum, self.name), written(self.maximum, self.name)
        if math.isinf(self.maximum):
            return "at least 0" if self.minimum == 0 else f"at least {low}"
        return f"at most {high}" if math.isinf(self.minimum) else f"between {low} and {high}"

    def _parsed(self, raw: Any, key: str) -> float:
        """The canonical value, whatever its bounds."""
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise complaint(f"must be {self.wanted()}", raw, key)
        if not isinstance(raw, str):
            if not self.bare:
                units = ", ".join(unit for unit in self.units if unit)
                raise complaint(f"needs a unit, for example {EXAMPLES[self.name]} (units: {units})", raw, key)
            return float(raw)
        pieces = PIECES.findall(raw)
        if not pieces or PIECES.sub("", raw.strip()) or (len(pieces) > 1 and self.name != "duration"):
            raise complaint(f"must be {self.wanted()}", raw, key)
        total = 0.0
        for number, unit in pieces:
            total += float(number) * self._factor(unit, raw, key)
        return total

    def _factor(self, unit: str, raw: str, key: str) -> float:
        """What one of this unit is in canonical units."""
        if not unit and not self.bare:
            units = ", ".join(self.units)
            raise complaint(f"needs a unit, for example {EXAMPLES[self.name]} (units: {units})", raw, key)
        if not unit:
            return 1.0
        if self.name == "rate" and "/" in unit:
            noun, _, per = unit.partition("/")
            unit = f"/{per.strip()}" if noun.strip() in {"", *COUNTS} else unit
        if unit not in self.units:
            hint = nearest(unit, self.units)
            raise complaint(f"has the wrong unit; {self.name} takes {', '.join(self.units)}{hint}", raw, key)
        return self.units[unit]

    def _check_keys(self, raw: Mapping[str, Any]) -> None:
        for key in raw:
            if key not in KEYS:
                raise complaint(f"unknown key, {choice(KEYS, str(key))}", raw[key], str(key))

    def _range(self, raw: Any, value: float, written_value: Any) -> tuple[float | None, float | None]:
        """The lowest and the highest value, around `value`; None where it is certain."""
        if raw is None:
            return None, None
        if not isinstance(raw, list | tuple) or len(raw) != 2:
            raise complaint("must be a list of two, [low, high], or null for a certain value", raw, "range")
        low, high = self.number(raw[0], "range[0]"), self.number(raw[1], "range[1]")
        if not low < high:
            raise complaint("must rise from low to high", list(raw), "range")
        if not low <= value <= high:
            advice = "give a range around it, or `range: null` for a certain value"
            raise complaint(f"must contain the value {written_value!r}; {advice}", list(raw), "range")
        return low, high


KEYS = ("value", "range", "source", "no_range", "same_as")
PIECES = re.compile(r"([-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\s*([A-Za-z%/]*)\s*")
COUNTS = (
    "people",
    "lines",
    "seats",
    "passengers",
    "posts",
    "followers",
    "contacts",
    "calls",
    "visits",
    "requests",
    "flights",
    "rooms",
)
PURE = ("x", "logit", "sd", "points", "posts", "contacts", "root", "roots")
TIMES = {"s": 1 / 60, "min": 1.0, "h": 60.0, "d": 1440.0}
RATES = {"/min": 1.0, "/h": 1 / 60, "/day": 1 / 1440}
EXAMPLES = {
    "duration": "a duration such as '11 min'",
    "share": "a share such as '35 %' or 0.35",
    "count": "a count such as '180 lines' or 180",
    "rate": "a rate such as '15 calls/h'",
    "number": "a number such as 1.5 or '1.5 x'",
    "money": "an amount such as '0.10 EUR'",
    "wage": "a wage such as '26 EUR/h'",
}
CANONICAL = {
    "duration": "min",
    "share": "share",
    "count": "",
    "rate": "/min",
    "number": "",
    "money": "EUR",
    "wage": "EUR/h",
}


def written(value: float, dimension: str) -> str:
    """The value in canonical units as text that can be read back."""
    number = str(int(value)) if math.isfinite(value) and value == int(value) else repr(float(value))
    return f"{number} {CANONICAL[dimension]}".strip()


def plain(quantity: Quantity) -> dict[str, Any]:
    """The mapping that reads back into the same quantity."""
    if quantity.same_as:
        return {"same_as": quantity.same_as}
    mapping: dict[str, Any] = {"value": quantity.text if PIECES.search(quantity.text) else quantity.value}
    if quantity.low is not None and quantity.high is not None:
        mapping["range"] = [written(quantity.low, quantity.dimension), written(quantity.high, quantity.dimension)]
    return mapping | {key: text for key in ("source", "no_range") if (text := getattr(quantity, key))}


def exactly(value: float, dimension: str) -> Quantity:
    """A certain value that changes nothing, for keys that may be left out."""
    return Quantity(value, None, None, NEUTRAL, written(value, dimension), dimension)


def _counts(**bounds: float) -> Dimension:
    return Dimension("count", dict.fromkeys(COUNTS, 1.0), bare=True, **bounds)


def _numbers(**bounds: float) -> Dimension:
    return Dimension("number", dict.fromkeys(PURE, 1.0), bare=True, **bounds)


Duration = Annotated[Quantity, Dimension("duration", TIMES, minimum=0)]
PositiveDuration = Annotated[Quantity, Dimension("duration", TIMES, above=0)]
Share = Annotated[Quantity, Dimension("share", {"%": 0.01, "share": 1.0}, bare=True, minimum=0, maximum=1)]
PositiveShare = Annotated[Quantity, Dimension("share", {"%": 0.01, "share": 1.0}, bare=True, above=0, maximum=1)]
Count = Annotated[Quantity, _counts(minimum=0)]
PositiveCount = Annotated[Quantity, _counts(above=0)]
Number = Annotated[Quantity, _numbers()]
Factor = Annotated[Quantity, _numbers(minimum=0)]
PositiveFactor = Annotated[Quantity, _numbers(above=0)]
Rate = Annotated[Quantity, Dimension("rate", RATES, minimum=0)]
Money = Annotated[Quantity, Dimension("money", {"EUR": 1.0}, minimum=0)]
Wage = Annotated[Quantity, Dimension("wage", {"EUR/h": 1.0}, minimum=0)]
