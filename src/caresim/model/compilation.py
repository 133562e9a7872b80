"""From laws to machine code: lowered in a few processes, linked, optimised and emitted once, and kept for the next run.

python -m caresim.model.compilation FOLDER      compiles for many processors, for a wheel to bring along
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba

from . import code_files, numba_parts
from .code_files import Code
from .cores import another_python, can_begin_another, cores
from .laws import LAWS, Law, every_law

MOST_PROCESSES = 4
"""More than so many lower no faster: linking and optimising is done in one, and each takes a second to begin."""
WHOLE = "model"
"""What the code of all laws is called among files."""
PORTABLE = {
    "x86_64": ("x86-64-v3", "+avx,+avx2,+bmi,+bmi2,+cx16,+f16c,+fma,+lzcnt,+movbe,+popcnt,+sse4.2,+ssse3,+xsave"),
    "aarch64": ("generic", "+neon"),
    "arm64": ("generic", "+neon"),
}
"""A processor by name and features that code is made for which is to run on many: on all with AVX2, or NEON."""
_log = logging.getLogger(__name__)


def find_whole() -> Code | None:
    """The code of all laws, from the package or a cache; None: it must be compiled."""
    return code_files.find(_file_of(WHOLE), shipped=True)


def forget_whole() -> None:
    """Remove kept code that does not do what it should."""
    code_files.forget(_file_of(WHOLE))


def compile_whole() -> Code:
    """Compile all laws for this processor and keep the code."""
    code = whole(*numba_parts.processor())
    _keep(WHOLE, code)
    return code


def whole(processor: str, features: str) -> Code:
    """The code of all laws for a processor."""
    laws = list(every_law().values())
    called = tuple(law.name for law in laws if law.by_python)
    return _emitted(_lowered_in_processes(laws), called, processor, features)


def code_of_one(law: Law) -> Code:
    """The code of a law that Python hardly ever calls, with all that it calls."""
    what = law.name.removeprefix(f"{__package__}.")
    kept = code_files.find(_file_of(what)) if law.is_of_the_model else None
    if kept:
        return kept
    _log.info("compiling %s by itself", what)
    code = _emitted(_closure(law.name, wrapped=True), (law.name,), *numba_parts.processor())
    if law.is_of_the_model:
        _keep(what, code)
    return code


def _emitted(modules: Iterator[Any], called: tuple[str, ...], processor: str, features: str) -> Code:
    """The modules as machine code in which Python can call some laws; lowering them is part of the work."""
    with numba_parts.without_collection():
        module = numba_parts.linked(modules, {numba_parts.wrapper(name) for name in called})
        content = numba_parts.emitted(module, numba_parts.machine_of(processor, features))
    return Code(called, code_files.needed(features), content)


def for_others(name: str) -> Any:
    """The LLVM code of a law and of all that it calls, for a function that Numba compiles for somebody else."""
    return numba_parts.linked(_closure(name, wrapped=False), (), linkage="linkonce_odr")


def _closure(name: str, wrapped: bool) -> Iterator[Any]:
    """The lowered law and all that it calls, callers first."""
    seen, waiting = {name}, [name]
    while waiting:
        law = LAWS[waiting.pop()]
        module, calls = numba_parts.lowered(law.dispatcher, law.name, law.signature, wrapped and law.name == name)
        yield module
        waiting += [called for called in dict.fromkeys(calls) if called not in seen]
        seen |= {*calls}


def _file_of(what: str) -> str:
    """The name of the file with the code of `what` for this processor."""
    return code_files.file_name(what, numba_parts.processor())


def _keep(what: str, code: Code) -> None:
    reason = code_files.keep(_file_of(what), code)
    if reason:
        warnings.warn(f"compiled code could not be kept, the next run compiles again: {reason}", stacklevel=2)


# --- several processes ---


def _lowered_in_processes(laws: Sequence[Law]) -> Iterator[Any]:
    """The LLVM code of all laws: a share from each process, the first from this one."""
    many = _processes()
    with _others(many) as others:
        yield share_of(laws, 0, many)
        for number, other in enumerate(others, start=1):
            said, complaint = other.communicate()
            head, _, bitcode = said.partition(b"\n")
            if other.returncode == 0 and head == _heading():
                yield llvm.parse_bitcode(bitcode)
            else:
                reason = complaint.decode(errors="replace").strip().splitlines()[-1:] or ["it read other sources"]
                _log.warning("a process that lowered laws failed, this one does its share: %s", *reason)
                yield share_of(laws, number, many)


def share_of(laws: Sequence[Law], number: int, many: int) -> Any:
    """The LLVM code of every law whose turn it is, as one module: by length of their code, one after the other."""
    ranked = sorted(laws, key=lambda law: (-len(law.function.__code__.co_code), law.name))
    mine = [law for place, law in enumerate(ranked) if _turn(place, many) == number]
    modules = (numba_parts.lowered(law.dispatcher, law.name, law.signature, law.by_python)[0] for law in mine)
    exported = {law.name for law in mine} | {numba_parts.wrapper(law.name) for law in mine}
    return numba_parts.linked(modules, exported)


def _turn(place: int, many: int) -> int:
    """Whose the law in this place is: there and back again, so that shares are of one size."""
    lap, position = divmod(place, many)
    return position if lap % 2 else many - 1 - position


def _heading() -> bytes:
    """What a process says first: that it has lowered these very sources, as this one would."""
    return json.dumps(code_files.origin()).encode()


def _processes() -> int:
    """How many processes lower: one a core, four at most, and one alone where another Python cannot be begun."""
    return min(cores(), MOST_PROCESSES) if can_begin_another() else 1


@contextmanager
def _others(many: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The other processes at work; none is left behind."""
    others: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(1, many):
            command = another_python(f"from caresim.model.compilation import main; main(['{number}', '{many}'])")
            out, none = subprocess.PIPE, subprocess.DEVNULL
            others.append(subprocess.Popen(command, stdin=none, stdout=out, stderr=out))
        yield others
    finally:
        for other in others:
            other.kill()
            other.wait()
            for pipe in (other.stdout, other.stderr):
                if pipe:
                    pipe.close()


def main(arguments: Sequence[str]) -> None:
    """What the process does that is begun with a folder, or with the number of its share and how many there are."""
    if len(arguments) == 1:
        print(ship(Path(arguments[0])))
        return
    number, many = map(int, arguments)
    with numba_parts.without_collection():
        module = share_of(list(every_law().values()), number, many)
    sys.stdout.buffer.write(_heading() + b"\n" + module.as_bitcode())


def ship(folder: Path) -> Path:
    """Compile for many processors, into a file that a wheel can bring along; returns its path.

    RuntimeError for a kind of processor that PORTABLE does not know, or with a Numba that compiles by the book.
    """
    arch = llvm.get_process_triple().split("-")[0]
    if arch not in PORTABLE or not numba_parts.SUITS:
        raise RuntimeError(f"no code to bring along can be made with Numba {numba.__version__} for {arch}")
    code = whole(*PORTABLE[arch])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{WHOLE}-{sys.implementation.cache_tag}-{llvm.get_process_triple()}.code"
    path.write_bytes(code_files.packed(code))
    return path


if __name__ == "__main__":
    # As the module that laws know, not as a second copy of it.
    from caresim.model import compilation

    compilation.main(sys.argv[1:])
