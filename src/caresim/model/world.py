"""The world as one pointer.

Python sees an object with record arrays as attributes (`world.passengers`); compiled code gets the address of a table
of (address, length) pairs, so that a transition passes 8 bytes instead of forty array headers, counts no references,
and a table can be exchanged for a longer one between two events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, models, register_model, typeof_impl, unbox
from numba.np import arrayobj, numpy_support

from . import spill
from .records import DTYPES, rows

TABLES = tuple(DTYPES)
SPILLING = ("contacts",)
"""Tables that go into a file when they are long: written one row after the other, and hardly read later on."""


class World:
    """All tables of one run, each an attribute by its name; `clock` and `rules` have a single row."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, **tables: np.recarray) -> None:
        self._addresses = np.zeros((len(TABLES), 2), np.int64)
        self.spilled: dict[str, spill.Spill] = {}
        """The files of the tables that lie in one."""
        self.pointer = self._addresses.ctypes.data
        for name in TABLES:
            self.place(name, tables[name] if name in tables else rows(1, name))

    def place(self, name: str, table: np.recarray) -> None:
        """Let `table` be the records called `name`."""
        self.__dict__[name] = table
        self._addresses[TABLES.index(name)] = table.ctypes.data, len(table)

    def let_go(self, *names: str) -> None:
        """Empty tables that nobody will look at again."""
        for name in names:
            self.place(name, rows(0, name))

    def grow(self, name: str) -> None:
        """Double a table, or lengthen one that lies in a file; every record keeps its row."""
        old = self.__dict__[name]
        if name in SPILLING and len(old) >= spill.FROM:
            self._spill(name, old)
            return
        longer = rows(max(2 * len(old), 64), name)
        longer[: len(old)] = old
        self.place(name, longer)

    def _spill(self, name: str, old: np.recarray) -> None:
        """Into the file, a stretch at a time the first time; what was written long ago may rest."""
        first_time = name not in self.spilled
        if first_time:
            self.spilled[name] = spill.Spill(name)
        file = self.spilled[name]
        longer = file.longer(len(old) + spill.STEP)
        for first in range(0, len(old) if first_time else 0, spill.STEP):
            part = slice(first, min(first + spill.STEP, len(old)))
            longer[part] = old[part]
        self.place(name, longer)
        file.rest(0, len(old) - spill.STEP)


class WorldType(types.Type):
    def __init__(self) -> None:
        super().__init__(name="World")


world_type = WorldType()
_ARRAYS = {
    name: types.Array(numpy_support.from_dtype(np.dtype((np.record, dtype))), 1, "C") for name, dtype in DTYPES.items()
}


@typeof_impl.register(World)
def _typeof(value, context):
    return world_type


register_model(WorldType)(models.OpaqueModel)


@unbox(WorldType)
def _unbox(typ, obj, c):
    number = c.pyapi.object_getattr_string(obj, "pointer")
    address = c.builder.inttoptr(c.pyapi.long_as_longlong(number), cgutils.voidptr_t)
    c.pyapi.decref(number)
    return NativeValue(address, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _WorldAttributes(AttributeTemplate):
    key = WorldType

    def generic_resolve(self, typ, name):
        return _ARRAYS.get(name)


@lower_getattr_generic(WorldType)
def _read(context, builder, typ, value, name):
    kind = _ARRAYS[name]
    integer = context.get_value_type(types.intp)
    entry = builder.gep(builder.bitcast(value, integer.as_pointer()), [integer(2 * TABLES.index(name))])
    address, length = builder.load(entry), builder.load(builder.gep(entry, [integer(1)]))
    array = arrayobj.make_array(kind)(context, builder)
    size = integer(context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    arrayobj.populate_array(
        array,
        data=builder.inttoptr(address, array.data.type),
        shape=[length],
        strides=[size],
        itemsize=size,
        meminfo=None,
    )
    return array._getvalue()
