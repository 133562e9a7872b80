"""Frames of pandas as Arrow has them, and back: what a kind of frame is called there is found out once."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 512
"""Kinds of frames whose schemas are kept."""
SHORT = 1 << 20
"""Bytes of a table up to which it is packed by Snappy: Zstandard saves a fifth at most, in more than twice the time."""
TINY = 1 << 16
"""Bytes of a batch up to which it is not packed."""
_schemas: dict[Hashable, pa.Schema] = {}


def as_table(frame: pd.DataFrame) -> pa.Table:
    """What `pyarrow.Table.from_pandas` makes of the frame without its index, to the byte.

    The schema, with what pandas calls the types, is that of an earlier frame with the same columns of the same types:
    to find it out takes half of the time of a short frame.
    """
    import pyarrow as pa

    columns = [column for _, column in frame.items()]
    kind = _kind(frame, columns)
    schema = None if kind is None else _schemas.get(kind)
    if schema is not None:
        arrays = [
            pa.array(column.values if isinstance(column.dtype, np.dtype) else column, from_pandas=True)
            for column in columns
        ]
        return pa.Table.from_arrays(arrays, schema=schema)
    table = pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)
    if kind is not None:
        if len(_schemas) >= MOST:
            _schemas.clear()
        _schemas[kind] = table.schema
    return table


def as_batch(frame: pd.DataFrame) -> pa.RecordBatch:
    """The frame as an Arrow batch, which says of itself what pandas calls its columns' types."""
    import pyarrow as pa

    table = as_table(frame)
    columns = [
        _worded(column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()) for column in table.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=_schema(table.schema))


@dataclass(frozen=True)
class Held:
    """A batch in memory."""

    batch: pa.RecordBatch

    @property
    def schema(self) -> pa.Schema:
        return self.batch.schema

    def read(self) -> pa.RecordBatch:
        return self.batch


@dataclass(frozen=True)
class Unread:
    """A batch in an Arrow stream, which says what it holds before it is unpacked."""

    content: memoryview | bytes

    @property
    def schema(self) -> pa.Schema:
        import pyarrow as pa

        with pa.ipc.open_stream(self.content) as reader:
            return reader.schema

    def read(self) -> pa.RecordBatch:
        import pyarrow as pa

        with pa.ipc.open_stream(self.content) as reader:
            return reader.read_next_batch()


def stream(batch: pa.RecordBatch) -> memoryview:
    """The batch as an Arrow stream, which `Unread` takes; packed where that is worth its time."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4" if batch.nbytes > TINY else None)
    with pa.ipc.new_stream(sink, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    return memoryview(sink.getvalue())


def write(table: pa.Table, path: Path) -> None:
    """As one Parquet file."""
    from pyarrow import parquet

    parquet.write_table(table, path, compression="zstd" if table.nbytes > SHORT else "snappy")


def _kind(frame: pd.DataFrame, columns: list[pd.Series]) -> Hashable:
    """What a frame's schema follows from; None: it follows from the values, or from what is written on the frame."""
    if frame.attrs:
        return None
    kinds = [_kind_of(column) for column in columns]
    if any(kind is None for kind in kinds):  # and not `None in kinds`, as NumPy's float64 equals None
        return None
    return tuple(frame.columns), str(frame.columns.dtype), frame.columns.name, tuple(kinds)


def _kind_of(column: pd.Series) -> Hashable:
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        words = kind.categories
        if words.dtype == object and words.inferred_type != "string":
            return None
        return "words", kind.ordered, len(words), words.dtype
    return None if isinstance(kind, np.dtype) and kind.kind == "O" else kind


def _worded(column: pa.Array) -> pa.Array:
    """As `_schema` has it. (Arrow's own cast loses the words of a column without rows.)"""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        return column
    words = column.dictionary.cast(pa.large_string())
    return pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), words)


def _schema(schema: pa.Schema) -> pa.Schema:
    """Words as 32-bit numbers of a dictionary, however many words a piece has."""
    import pyarrow as pa

    if not any(pa.types.is_dictionary(kind) for kind in schema.types):
        return schema
    words = pa.dictionary(pa.int32(), pa.large_string())
    fields = [field.with_type(words) if pa.types.is_dictionary(field.type) else field for field in schema]
    return pa.schema(fields, metadata=schema.metadata)
