"""How every transition is compiled: the one place with options.

Compiled code is kept in a folder named by the content of all model sources, because Numba itself notices a change only
in the very file of a function, not in what it calls; and in a folder that can be written to, because Numba refuses to
import where none can. No fastmath: it deletes the tests for NaN, and equal bytes need equal arithmetic.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import boolean, float64, int64, njit, types, uint64, void
from numba.core import cgutils
from numba.extending import intrinsic

from .world import world_type

INTERPRETED = bool(numba.config.DISABLE_JIT)
if INTERPRETED:
    np.seterr(over="ignore")  # keys wrap around, as in compiled code
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": True}
_KEPT = 4
_IN_USE = 24 * 3600.0
_laws: dict[Any, Any] = {}
"""The signature of each, callees first."""
_preparing = threading.RLock()
_prepared = 0


def bits_of(members: Iterable[IntEnum]) -> np.int64:
    """Members of an enum as bits: `(bits >> member) & 1`.

    A whole number of NumPy: interpreted, a plain one would have to fit into the narrow field that it is shifted by.
    """
    return np.int64(sum(1 << member for member in members))


def source_hash(folder: Path = Path(__file__).parent) -> str:
    """Of every file of the model in `folder`, and of what compiles them."""
    text = hashlib.sha256(f"{numba.__version__} {np.__version__} {sorted(OPTIONS.items())}".encode())
    for path in sorted(folder.glob("*.py")):
        text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()[:16]


def cache_folder() -> str:
    """The first folder that can be written to: the user's cache, else a temporary one. Older contents are pruned."""
    name = source_hash()
    homes = (os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME"), str(Path.home() / ".cache"))
    for home in (*homes, tempfile.gettempdir()):
        if not home:
            continue
        folder = Path(home) / "caresim" / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                os.utime(folder)
                _prune(folder)
                return str(folder)
        except OSError:
            continue
    raise RuntimeError("no folder to keep compiled code in: set NUMBA_CACHE_DIR to one that can be written to")


def _prune(folder: Path) -> None:
    """Delete the other folders but the last few, and but those that a program may be using: begun with within a day."""
    others = [other for other in folder.parent.iterdir() if other != folder and other.is_dir()]
    used = sorted((_last_used(other), other) for other in others)
    for when, old in used[: -_KEPT or None]:
        if when < time.time() - _IN_USE:
            shutil.rmtree(old, ignore_errors=True)


def _last_used(folder: Path) -> float:
    """When a program last began with this folder; now, where another one is deleting it."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return time.time()


FOLDER = cache_folder()


def compiled(signature: Any, inline: bool = False) -> Callable[[Callable], Callable]:
    """A compiled function of one signature; `inline` where a call would cost more than its body."""

    def compile_late(function: Callable) -> Callable:
        if INTERPRETED:
            return function
        before = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = FOLDER
        try:
            extra = {"forceinline": True} if inline else {}
            dispatcher = njit(cache=True, **extra, **OPTIONS)(function)
        finally:
            numba.config.CACHE_DIR = before
        _laws[dispatcher] = signature
        # What Numba asks when Python calls what has no code yet: the law's signature decides, not these arguments.
        dispatcher._compile_for_args = lambda *arguments: _load(dispatcher)
        return dispatcher

    return compile_late


def prepare() -> None:
    """Have compiled code of every law: where there is some from earlier, it is loaded when a law is first called.

    Several threads may ask at once: the first does the work, the others wait for it.
    """
    global _prepared
    if _prepared == len(_laws):
        return
    with _preparing:
        if not _is_prepared():
            for dispatcher in _laws:
                _compile(dispatcher)
            _mark().write_text(str(_pieces()), encoding="utf-8")
        _prepared = len(_laws)


def compiled_before() -> bool:
    """Is there code of every law from an earlier run?"""
    return INTERPRETED or _is_prepared()


def _is_prepared() -> bool:
    """Did a process with these sources, this Python and processor compile everything, and is all of it still there?"""
    try:
        return _pieces() >= int(_mark().read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False


def _kept_in() -> Path:
    """Where Numba keeps the compiled code of these very files: a folder within `FOLDER` for each place of install."""
    return Path(next(iter(_laws)).stats.cache_path)


def _mark() -> Path:
    """The file that says that everything has been compiled."""
    machine = (llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten(), sys.implementation.cache_tag)
    target = (numba.config.CPU_NAME, numba.config.CPU_FEATURES, len(_laws))
    return _kept_in() / f"all.{hashlib.sha256(repr((machine, target)).encode()).hexdigest()[:16]}"


def _pieces() -> int:
    """Files of code compiled for this Python."""
    return sum(1 for _ in _kept_in().glob(f"*.py{sys.version_info.major}{sys.version_info.minor}*.nbc"))


def _compile(dispatcher: Any) -> Any:
    """Compile or load a law for its signature, and from then on for no other: the code that Python calls."""
    signature = _laws[dispatcher]
    if signature.args not in dispatcher.overloads:
        dispatcher.compile(signature)
        dispatcher.disable_compile()
    return dispatcher.overloads[signature.args].entry_point


def _load(dispatcher: Any) -> Any:
    """The compiled code of a law; all of them are compiled if it is the first ever."""
    prepare()
    with _preparing:
        return _compile(dispatcher)


def entry(function: Callable) -> Callable:
    """The compiled code of a law, for many calls from Python: no look at the types of the arguments."""
    return function if INTERPRETED else _load(function)


def specialisations() -> dict[str, int]:
    """How many signatures each law has code for here: one, or none if it has not been called."""
    return {dispatcher.py_func.__qualname__: len(dispatcher.signatures) for dispatcher in _laws}


TRANSITION = void(world_type, int64)
transition = compiled(TRANSITION)
"""What happens to one agent: (world, row)."""


def is_compiled_for(function: Any, signature: Any) -> bool:
    """Is this one of ours, for this signature? (Interpreted, any function is.)"""
    return callable(function) if INTERPRETED else _laws.get(function) == signature


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
    "FOLDER", "TRANSITION", "boolean", "branch_on", "compiled", "compiled_before", "entry", "float64", "int64",
    "is_compiled_for", "prepare", "source_hash", "specialisations", "transition", "types", "uint64", "void",
    "world_type",
]  # fmt: skip
