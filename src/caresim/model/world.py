"""The world as one pointer.

Python sees an object with record arrays as attributes (`world.passengers`); compiled code gets the address of a table
of (address, length) pairs, so that a transition passes 8 bytes instead of forty array headers, counts no references,
and a table can be exchanged for a longer one between two events.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin, lower_getattr_generic
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global
from numba.extending import NativeValue, infer_getattr, models, register_model, typeof_impl, unbox
from numba.np import numpy_support

from . import spill
from .memory import LINE
from .records import DTYPES, rows

TABLES = tuple(DTYPES)
SPILLING = ("contacts", "past_contacts")
"""Tables that go into a file when they are long: written one row after the other, and hardly read later on."""

OF_REUSE = ("passenger_rows", "streams", "arrivals", "past_passengers", "past_cases")
"""Tables without rows, unless rows of passengers are used again."""


class World:
    """All tables of one run, each an attribute by its name; `clock` and `behaviour` have a single row."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, **tables: np.recarray) -> None:
        self._addresses = np.zeros((len(TABLES), 2), np.int64)
        self.spilled: dict[str, spill.Spill] = {}
        """The files of the tables that lie in one."""
        self.reuses_rows = False
        """Are the rows of contacts that are over used again? Then only `past_contacts` says what has been."""
        self.reuses_passengers = False
        """Do passengers come into being while the run goes on, in rows that are used again? Then only `past_passengers`
        and `past_cases` say who has been.
        """
        self.measure_past: Callable[[str, int], int] | None = None
        """Is told that so many rows of the past `contacts` or `passengers` are complete from the first on; it says how
        many of them it has measured, which are then forgotten. None: all are kept.
        """
        self.sweeps: deque[tuple[int, int]] = deque()
        """How many contacts there had been at a sweep, and how many passengers of the first whose matters were over."""
        self.complete_passengers = 0
        """How many passengers of the first whose contacts have all been measured."""
        self.pointer = self._addresses.ctypes.data
        for name in TABLES:
            self.set_table(name, tables[name] if name in tables else rows(0 if name in OF_REUSE else 1, name))

    def set_table(self, name: str, table: np.recarray) -> None:
        """Let `table` be the records called `name`."""
        self.__dict__[name] = table
        self._addresses[TABLES.index(name)] = table.ctypes.data, len(table)

    def release_tables(self, *names: str) -> None:
        """Empty tables that nobody will look at again."""
        for name in names:
            self.set_table(name, rows(0, name))

    def grow(self, name: str, count: int = 0) -> None:
        """Double a table, or lengthen one that lies in a file, or give it `count` rows; every record keeps its row."""
        old = self.__dict__[name]
        if not count and name in SPILLING and len(old) >= spill.FROM:
            self._spill(name, old)
            return
        longer = rows(count or max(2 * len(old), 64), name)
        longer[: len(old)] = old
        self.set_table(name, longer)

    def grow_passengers(self, count: int) -> None:
        """Give what has a row a passenger `count` of them."""
        each = {"passenger_rows": 1, "passengers": 1, "medium_experience": 1, "cases": len(self.operators)}
        for name, rows_each in each.items():
            self.grow(name, count * rows_each)

    def evict(self, name: str, first: int, count: int) -> None:
        """Let records of a table that lies in a file leave the memory until they are looked at again."""
        if name in self.spilled:
            self.spilled[name].evict(first, first + count)

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
        self.set_table(name, longer)
        file.evict(0, len(old) - spill.STEP)


class WorldType(types.Type):
    def __init__(self) -> None:
        super().__init__(name="World")


world_type = WorldType()


class TableType(types.Type):
    """A table as compiled code sees it: one can ask for a row and for the number of rows."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.record = numpy_support.from_dtype(np.dtype((np.record, DTYPES[table])))
        super().__init__(name=f"Table({table})")


_TABLES = {name: TableType(name) for name in TABLES}
behaviour_type, history_type = _TABLES["behaviour"].record, _TABLES["histories"].record
"""Rows of these tables, for laws that look at nothing else of the world."""


@typeof_impl.register(World)
def _typeof(value, context):
    return world_type


register_model(WorldType)(models.OpaqueModel)
register_model(TableType)(models.OpaqueModel)  # the world's own address: what is not asked for is never loaded


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
        return _TABLES.get(name)


@lower_getattr_generic(WorldType)
def _table(context, builder, typ, value, name):
    return value


@infer_global(operator.getitem)
class _Row(AbstractTemplate):
    def generic(self, args, kws):
        if isinstance(args[0], TableType) and isinstance(args[1], types.Integer):
            return args[0].record(*args)
        return None


@infer_global(len)
class _Length(AbstractTemplate):
    def generic(self, args, kws):
        if isinstance(args[0], TableType):
            return types.intp(*args)
        return None


def _told(context, builder, table, value, part):
    """The address (part 0) or the length (part 1) of a table.

    Neither changes while compiled code runs (a table grows between two calls), so one load serves a whole function,
    whatever is stored in between.
    """
    integer = context.get_value_type(types.intp)
    entries = builder.bitcast(value, integer.as_pointer())
    word = builder.load(builder.gep(entries, [integer(2 * TABLES.index(table.table) + part)]))
    word.set_metadata("invariant.load", builder.module.add_metadata([]))
    return word


@lower_builtin(operator.getitem, TableType, types.Integer)
def _row(context, builder, sig, args):
    """The record of a row; IndexError beyond the table and for NOBODY, by one comparison without sign."""
    table, index = sig.args
    row = context.cast(builder, args[1], index, types.intp)
    length = _told(context, builder, table, args[0], 1)
    with builder.if_then(builder.icmp_unsigned(">=", row, length), likely=False):
        context.call_conv.return_user_exc(builder, IndexError, (f"no such row of {table.table}",))
    size = context.get_abi_sizeof(context.get_data_type(table.record))
    start = builder.add(_told(context, builder, table, args[0], 0), builder.mul(row, row.type(size)))
    return builder.inttoptr(start, context.get_value_type(table.record))


@lower_builtin(len, TableType)
def _length(context, builder, sig, args):
    return _told(context, builder, sig.args[0], args[0], 1)


def fetch(table: Any, row: int) -> None:
    """Ask for a record that is needed soon, and do not wait for it: in a large world it lies far from the cache.

    A hint, which changes no result and fails for no row. Interpreted code does nothing here.
    """


@infer_global(fetch)
class _Fetch(AbstractTemplate):
    def generic(self, args, kws):
        if isinstance(args[0], TableType) and isinstance(args[1], types.Integer):
            return types.void(*args)
        return None


@lower_builtin(fetch, TableType, types.Integer)
def _fetch(context, builder, sig, args):
    table, index = sig.args
    row = context.cast(builder, args[1], index, types.intp)
    size = context.get_abi_sizeof(context.get_data_type(table.record))
    start = builder.add(_told(context, builder, table, args[0], 0), builder.mul(row, row.type(size)))
    ir = cgutils.ir  # that of the code generator
    number = ir.IntType(32)
    hint = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
    prefetch = builder.module.declare_intrinsic("llvm.prefetch", [cgutils.voidptr_t], hint)
    for offset in sorted({*range(0, size, LINE), size - 1 if size % LINE else 0}):
        place = builder.inttoptr(builder.add(start, row.type(offset)), cgutils.voidptr_t)
        builder.call(prefetch, [place, number(0), number(3), number(1)])  # to be read, to be kept, data
    return context.get_dummy_value()


def copy_record(to: Any, row: int, table: Any, source: int) -> None:
    """Let row `row` of the table `to` be what row `source` of `table` is, which has the same fields."""
    to[row] = table[source]


@infer_global(copy_record)
class _Copy(AbstractTemplate):
    def generic(self, args, kws):
        to, row, table, source = args
        tables = isinstance(to, TableType) and isinstance(table, TableType) and to.record == table.record
        if tables and isinstance(row, types.Integer) and isinstance(source, types.Integer):
            return types.void(*args)
        return None


@lower_builtin(copy_record, TableType, types.Integer, TableType, types.Integer)
def _copy(context, builder, sig, args):
    places = []
    for n in (0, 2):
        table, index = sig.args[n : n + 2]
        places.append(_row(context, builder, table.record(table, index), args[n : n + 2]))
    size = context.get_abi_sizeof(context.get_data_type(sig.args[0].record))
    cgutils.raw_memcpy(builder, *places, context.get_constant(types.intp, 1), size, LINE // 8)
    return context.get_dummy_value()
