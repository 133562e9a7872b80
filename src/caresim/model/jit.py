"""How every transition is compiled: the one place with options.

A law is compiled for one signature. All laws become one piece of machine code (compilation.py), which is kept where
code_files.py says. Where this Numba is not one with which that has been tried, or where what comes out fails its test,
laws are compiled as Numba's documentation says (by_the_book.py): the same bytes, after three times as long.

No fastmath: it deletes the tests for NaN, and equal bytes need equal arithmetic.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

import numba
import numpy as np
from numba import boolean, float64, int64, types, uint64, void
from numba.core import cgutils
from numba.extending import intrinsic

from . import by_the_book, compilation, numba_parts
from .code_files import Code
from .laws import LAWS, Law, every_law, law_of
from .world import behaviour_type, history_type, world_type

INTERPRETED = bool(numba.config.DISABLE_JIT)
if INTERPRETED:
    np.seterr(over="ignore")  # keys wrap around, as in compiled code
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": True}
_code: dict[str, Callable] = {}
"""What Python calls, by the name of its law."""
_preparing = threading.RLock()
_log = logging.getLogger(__name__)


def bits_of(members: Iterable[IntEnum]) -> np.int64:
    """Members of an enum as bits: `(bits >> member) & 1`.

    A whole number of NumPy: interpreted, a plain one would have to fit into the narrow field that it is shifted by.
    """
    return np.int64(sum(1 << member for member in members))


def compiled(signature: Any, inline: bool = False, by_python: bool = False) -> Callable[[Callable], Callable]:
    """A compiled function of one signature.

    `inline` where a call would cost more than its body; `by_python` where Python calls it in most runs: its code is
    made with that of all others. Python may call any law, but each of the others is first compiled by itself.
    """

    def compile_late(function: Callable) -> Callable:
        if INTERPRETED:
            return function
        options = {**OPTIONS, **({"forceinline": True} if inline else {})}
        if numba_parts.SUITS:
            law = Law(function, signature, numba_parts.dispatcher_of(function, options), by_python)
            numba_parts.declare(law.dispatcher, law.name, signature, compilation.for_others)
            law.dispatcher.bring = lambda: code_of(law)
        else:
            law = Law(function, signature, by_the_book.dispatcher_of(function, options), by_python)
        LAWS[law.name] = law
        return law.dispatcher

    return compile_late


def prepare() -> None:
    """Have compiled code: what was kept, or else it is made now.

    Several threads may ask at once: the first does the work, the others wait for it.
    """
    if _code or INTERPRETED:
        return
    with _preparing:
        if not compiled_before() and numba_parts.SUITS:
            try:
                _publish(_tested(compilation.compile_whole()))
            except Exception as error:
                _give_up(error)
        if not _code:
            _code.update(by_the_book.compile_all())


def compiled_before() -> bool:
    """Is there compiled code from an earlier run, or from the package? It is loaded, if so."""
    if INTERPRETED or _code:
        return True
    if not numba_parts.SUITS:
        return by_the_book.compiled_before()
    with _preparing:
        every_law()  # code is of all laws, whoever has imported which
        code = None if _code else compilation.find_whole()
        if code:
            try:
                _publish(_tested(code))
            except Exception as error:
                _log.warning("kept code is compiled again (%s: %s)", type(error).__name__, error)
                compilation.forget_whole()
        return bool(_code)


def _tested(code: Code) -> dict[str, Callable]:
    """What Python calls, of all laws, after a test."""
    found = _loaded(code)
    _test(found[f"{__name__}.probe"])
    return found


def _loaded(code: Code) -> dict[str, Callable]:
    return numba_parts.loaded(code.content, {name: LAWS[name].function for name in code.laws})


def _publish(functions: Mapping[str, Callable]) -> None:
    """Let Python call these."""
    for name, function in functions.items():
        LAWS[name].dispatcher.answer(LAWS[name].signature, function)
    _code.update(functions)


def _test(probe: Callable) -> None:
    """Does compiled code take arguments, give results and raise errors as it should? AssertionError where it does not.

    Asked once a process, before anything is computed.
    """
    try:
        probe(1.0, -1)
    except ValueError as error:
        refused = str(error)
    else:
        refused = ""
    if (probe(0.5, 2), probe(1, True), refused) != (2.5, 2.0, NEGATIVE):
        raise AssertionError("compiled code does not do what its source says")


def _give_up(error: Exception) -> None:
    """Compile by the book: the way that needs private parts of Numba has failed."""
    warnings.warn(
        f"laws are compiled one by one, which takes longer ({type(error).__name__}: {error})",
        RuntimeWarning,
        stacklevel=3,
    )
    by_the_book.IN_USE = True
    for law in LAWS.values():
        law.dispatcher.give_up()
        by_the_book.keep_code_of(law.dispatcher)


def others_find_it() -> bool:
    """Does another process find the code that this one has? False where it could not be kept: each would compile."""
    if INTERPRETED or not _code:
        return True
    return by_the_book.compiled_before() if by_the_book.IN_USE else compilation.find_whole() is not None


def code_of(law: Law) -> Callable:
    """The compiled code of a law; all of them are compiled if it is the first ever."""
    prepare()
    with _preparing:
        if law.name not in _code:
            if by_the_book.IN_USE:
                _code[law.name] = by_the_book.code_of(law)
            else:
                _publish(_loaded(compilation.code_of_one(law)))
        return _code[law.name]


def entry(function: Callable) -> Callable:
    """The compiled code of a law, for many calls from Python: no look at the types of the arguments."""
    law = law_of(function)
    return function if law is None else code_of(law)


def specialisations() -> dict[str, int]:
    """How many signatures each law has code for here: one, or none if Python has not called it or one made with it."""
    return {law.function.__qualname__: int(name in _code) for name, law in LAWS.items()}


NEGATIVE = "a number below zero"


@compiled(float64(float64, int64), by_python=True)
def probe(x, n):
    """What is asked before anything else, to see that compiled code does what it should."""
    if n < 0:
        raise ValueError(NEGATIVE)
    return x + n


TRANSITION = void(world_type, int64)
transition = compiled(TRANSITION)
"""What happens to one agent: (world, row)."""


def is_compiled_for(function: Any, signature: Any) -> bool:
    """Is this one of ours, for this signature? (Interpreted, any function is.)"""
    if INTERPRETED:
        return callable(function)
    law = law_of(function)
    return law is not None and law.signature == signature


def branch_on(
    functions: Mapping[Any, Callable], signature: Any = TRANSITION, otherwise: Callable | None = None
) -> Callable[[Callable], Callable]:
    """Turn a function (world, number, row) into a jump to one of `functions` (world, row), by its number.

    `signature` is that of each of them. A number that is not in the table goes to `otherwise` (world, number, row);
    without it, nothing happens. The body of what is decorated is not used.
    """

    if signature.return_type != void and otherwise is None:
        raise TypeError("what returns something needs an answer for every number: say what is done otherwise")

    def interpreted(world: Any, number: int, row: int) -> Any:
        if number in functions:
            return functions[number](world, row)
        return otherwise(world, number, row) if otherwise else None

    def types_of(context: Any, world: Any, number: Any, row: Any) -> Any:
        whole = signature.return_type(world_type, int64, int64)
        calls = {int(key): _called(context, function, signature.args) for key, function in functions.items()}
        last = _called(context, otherwise, whole.args) if otherwise else None

        def code(target: Any, builder: Any, _: Any, values: Any) -> Any:
            returns = signature.return_type != void
            result = cgutils.alloca_once(builder, target.get_value_type(signature.return_type)) if returns else None

            def call(one: Any, arguments: Sequence[Any]) -> None:
                value = target.get_function(*one)(builder, arguments)
                if returns:
                    builder.store(value, result)

            beyond, after = builder.append_basic_block("beyond"), builder.append_basic_block("after")
            jump = builder.switch(values[1], beyond)
            for key, one in calls.items():
                block = builder.append_basic_block(f"number_{key}")
                jump.add_case(values[1].type(key), block)
                with builder.goto_block(block):
                    call(one, (values[0], values[2]))
                    builder.branch(after)
            builder.position_at_end(beyond)
            if last:
                call(last, values)
            builder.branch(after)
            builder.position_at_end(after)
            return builder.load(result) if returns else target.get_dummy_value()

        return whole, code

    def decorated(function: Callable) -> Callable:
        types_of.__name__, types_of.__doc__ = function.__name__, function.__doc__
        return interpreted if INTERPRETED else intrinsic(types_of)

    return decorated


def _called(context: Any, function: Any, arguments: Any) -> tuple[Any, Any]:
    """What compiled code needs to call another compiled function: its type and its signature there."""
    kind = types.Dispatcher(function)
    return kind, kind.get_call_type(context, arguments, {})


__all__ = [
    "TRANSITION", "behaviour_type", "boolean", "branch_on", "compiled", "compiled_before", "entry", "float64",
    "history_type", "int64", "is_compiled_for", "prepare", "specialisations", "transition", "types", "uint64", "void",
    "world_type",
]  # fmt: skip
