"""loop.cpp, the event loop in C++: compiled against caresim's own records, and played on a world that caresim built."""

from __future__ import annotations

import ctypes
import subprocess
from enum import IntEnum
from functools import lru_cache
from pathlib import Path

import numpy as np
from compiler import compiler

from caresim.model import codes
from caresim.model.draws import Purpose
from caresim.model.events import Event
from caresim.model.records import DTYPES
from caresim.model.world import TABLES, World

SOURCE = Path(__file__).parent / "loop.cpp"
OPTIONS = ("-std=c++17", "-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC", "-Wno-subobject-linkage")
"""-ffp-contract=off: no multiplication and addition in one, so that every bit is caresim's."""
CODES = (Purpose, Event, codes.Status, codes.State, codes.Outcome, codes.Result)
TYPES = {"f8": "double", "u8": "uint64_t", "i8": "int64_t", "i4": "int32_t", "i2": "int16_t", "i1": "int8_t"}
RESERVED = {"operator", "private", "public"}
"""Names of fields that mean something else in C++: there they end in an underscore."""


def header() -> str:
    """records.hpp: a struct for every table, byte for byte as caresim has it, and the codes in it."""
    parts = ["#pragma once", "#include <cstdint>"]
    for table, dtype in DTYPES.items():
        fields = "".join(f"    {_field(name, dtype[name])};\n" for name in dtype.names)
        struct = struct_of(table)
        parts.append(f"struct {struct} {{\n{fields}}};")
        parts.append(f"static_assert(sizeof({struct}) == {dtype.itemsize});")
        parts += [
            f"static_assert(__builtin_offsetof({struct}, {_safe(name)}) == {dtype.fields[name][1]});"
            for name in dtype.names
        ]
    parts.append(f"enum Table {{ {', '.join(f'Table_{name}' for name in TABLES)} }};")
    parts.append("struct Table_of { int64_t address, length; };")
    parts += [_codes(kind) for kind in CODES]
    return "\n".join(parts) + "\n"


def struct_of(table: str) -> str:
    """The name of a table's struct: `desk_ticks` -> `DeskTicks`."""
    return table.title().replace("_", "")


def _safe(name: str) -> str:
    return f"{name}_" if name in RESERVED else name


def _field(name: str, dtype: np.dtype) -> str:
    base, shape = dtype.subdtype or (dtype, ())
    return f"{TYPES[base.str[1:]]} {_safe(name)}{''.join(f'[{size}]' for size in shape)}"


def _codes(kind: type[IntEnum]) -> str:
    members = ", ".join(f"{kind.__name__}_{member.name} = {member.value}" for member in kind)
    return f"enum {kind.__name__} : int32_t {{ {members} }};"


def compiled(folder: str) -> Path:
    """The library with the loop, compiled into `folder`."""
    place = Path(folder)
    (place / "records.hpp").write_text(header(), encoding="utf-8")
    library = place / "loop.so"
    subprocess.run([str(compiler()), *OPTIONS, f"-I{place}", str(SOURCE), "-o", str(library)], check=True)
    return library


def loaded(library: Path) -> ctypes.CDLL:
    loop = ctypes.CDLL(str(library))
    loop.run.argtypes = [ctypes.c_void_p, ctypes.c_double]
    loop.run.restype = None
    return loop


@lru_cache(maxsize=1)
def built(folder: str) -> ctypes.CDLL:
    """The loop, compiled into `folder` and loaded."""
    return loaded(compiled(folder))


def advance(loop: ctypes.CDLL, world: World, until: float) -> None:
    """Let the C++ loop do to the world what caresim's engine would."""
    loop.run(world.pointer, until)
