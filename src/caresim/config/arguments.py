"""What a caller gives from Python: a staffing model of an experiment, a replication, numbers.

Numbers are Python's or NumPy's. What is no such number, or names nothing, is refused by BadInput at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from caresim.config.errors import BadInput, choice, known

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


def staffing_of(experiment: Experiment, given: str | None) -> str:
    """The name of a staffing model; None is the baseline."""
    name = experiment.baseline if given is None else given
    if name not in experiment.staffing:
        raise BadInput("staffing", name, choice(experiment.staffing, name))
    return name


def replication_of(given: int, key: str = "replication") -> int:
    """The number of a replication, from 0."""
    return whole(key, given, least=0)


def amount(
    key: str, value: Any, *, above: float | None = None, least: float = -math.inf, most: float = math.inf
) -> float:
    """A finite number within its limits, as a float (`above`: more than that)."""
    if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value):
        number = float(value)
        if least <= number <= most and (above is None or number > above):
            return number
    raise BadInput(key, value, f"must be {_allowed(above, least, most)}")


def _allowed(above: float | None, least: float, most: float) -> str:
    if above is not None:
        return f"a number, more than {above:g}"
    if math.isinf(least):
        return "a number"
    return f"a number from {least:g} to {most:g}" if math.isfinite(most) else f"a number, {least:g} or more"


def whole(key: str, value: Any, *, least: int) -> int:
    """A whole number, as an int."""
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least:
        return int(value)
    raise BadInput(key, value, f"must be a whole number, {least} or more")


def plain(value: Any) -> Any:
    """A number of NumPy's as Python's, so that it reads as one of a file; anything else as it is."""
    if isinstance(value, bool | int) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def must_be_run(experiment: Experiment, name: str, key: str) -> None:
    """BadInput where `key` names a staffing model that is not there, or that `only` leaves out."""
    known(name, experiment.staffing, key, "staffing model")
    if name not in experiment.compared:
        raise BadInput(key, name, f"is left out by only, {choice(experiment.compared)}")


def names_of(key: str, given: str | Iterable[str] | None, there: Iterable[str], what: str) -> list[str]:
    """The names that are asked for, each once, in the order of asking (None: all that there are); `what` they name."""
    names = list(there)
    if given is None:
        return names
    if not isinstance(given, str | Iterable):
        raise BadInput(key, given, f"must be the name of a {what}, or a list of such names, {choice(names)}")
    asked = list(dict.fromkeys([given] if isinstance(given, str) else given))
    if not asked:
        raise BadInput(key, asked, f"must name at least one {what}, {choice(names)}")
    for name in asked:
        known(name, names, key, what)
    return asked


def only_with_axes(key: str, given: Any) -> None:
    """BadInput where something is asked for that chooses a panel, and there are no axes for one."""
    if given is not None:
        raise BadInput(key, given, "is shown on axes: add ax=, or leave it out for a page with all")


def one_name(key: str, given: str | Iterable[str] | None, there: Iterable[str], what: str) -> str:
    """The one name that is asked for (None: the first that there is)."""
    if given is None:
        return next(iter(there))
    names = names_of(key, given, there, what)
    if len(names) > 1:
        raise BadInput(key, names, f"must name one {what}: axes have room for one panel; draw the others on axes too")
    return names[0]
