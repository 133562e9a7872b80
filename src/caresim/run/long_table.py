"""Tables of rows that are too long for memory: they go to disk piece by piece and come back column by column."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa

LONG = 1 << 21
"""Rows of one run and table from which on they are kept on disk: 2 million."""
MOST_AT_ONCE = 1 << 24
"""Rows from which on a table in a run's folder is not read as a whole: 16 million."""
MANY = (
    "this table has {rows:,} rows and lies on disk: take columns of it, table[['staffing', 'replication']], or {rest}"
)
REST = "go through table.pieces()"


class LongTable:
    """Rows on disk, in order: `table["wait_min"]`, `table[["staffing", "counted"]]`, `table.pieces(columns)`.

    `sources` are Parquet files, or frames where a part is short. Open files stay readable when their names are gone.
    """

    def __init__(self, sources: Sequence[Path | pd.DataFrame]) -> None:
        self.sources = list(sources)
        self._open: dict[Path, Any] = {}

    def __len__(self) -> int:
        return sum(len(each) if isinstance(each, pd.DataFrame) else self._file(each).metadata.num_rows
                   for each in self.sources)  # fmt: skip

    def __repr__(self) -> str:
        return f"LongTable({len(self):,} rows: {', '.join(map(str, self.columns))})"

    def __getstate__(self) -> dict[str, Any]:
        return {"sources": self.sources, "_open": {}}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"{name}: {MANY.format(rows=len(self), rest=REST)}")

    def __getitem__(self, columns: str | Sequence[str]) -> Any:
        """One column as a series, or several as a frame. KeyError names one that is not there."""
        wanted = [columns] if isinstance(columns, str) else columns
        if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
            raise TypeError(MANY.format(rows=len(self), rest=REST))
        missing = [name for name in wanted if name not in list(self.columns)]
        if missing:
            raise KeyError(f"no column {missing[0]}; there are {', '.join(map(str, self.columns))}")
        whole = joined(list(self.pieces(wanted)))
        return whole[columns] if isinstance(columns, str) else whole

    @property
    def columns(self) -> pd.Index:
        return next(self._frames(self.sources[0], None)).columns

    def opened(self) -> LongTable:
        """The same, with its files open: FileNotFoundError where they are out of reach."""
        for source in self.sources:
            if isinstance(source, Path):
                self._file(source)
        return self

    @property
    def is_there(self) -> bool:
        return all(source.exists() for source in self.sources if isinstance(source, Path))

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """A stretch of the rows at a time, of these columns (None: all)."""
        for source in self.sources:
            yield from self._frames(source, columns)

    def write(self, path: Path) -> None:
        """As one Parquet file."""
        write_pieces(self.pieces(), path)

    def digest_of(self, column: Hashable, update: Callable[[bytes], None]) -> None:
        """Feed the hashes of a column's values to a digest."""
        for piece in self.pieces([str(column)]):
            update(hashes(piece[column]))

    def _frames(self, source: Path | pd.DataFrame, columns: Sequence[str] | None) -> Iterator[pd.DataFrame]:
        if isinstance(source, pd.DataFrame):
            yield source if columns is None else source[list(columns)]
            return
        file = self._file(source)
        for group in range(file.metadata.num_row_groups):
            yield file.read_row_group(group, columns=None if columns is None else list(columns)).to_pandas()

    def _file(self, path: Path) -> Any:
        import pyarrow as pa
        from pyarrow import parquet

        if path not in self._open:
            self._open[path] = parquet.ParquetFile(pa.OSFile(str(path), "rb"))
        return self._open[path]


def write_pieces(pieces: Iterable[pd.DataFrame], path: Path) -> None:
    """Frames with the same columns as one Parquet file, a row group each (those without rows apart)."""
    import pyarrow as pa
    from pyarrow import parquet

    writer = schema = None
    unfinished = path.with_name(f"unfinished-{os.getpid()}-{path.name}")
    try:
        for piece in pieces:
            if not len(piece) and writer is not None:
                continue
            table = pa.Table.from_batches([as_batch(piece)])
            schema = table.schema if schema is None else schema
            table = table.cast(schema)
            writer = writer or parquet.ParquetWriter(unfinished, schema, compression="zstd")
            writer.write_table(table, row_group_size=max(len(piece), 1))
        if writer is not None:
            writer.close()
        os.replace(unfinished, path)
    except BaseException:
        if writer is not None:
            writer.close()
        unfinished.unlink(missing_ok=True)
        raise


def as_batch(frame: pd.DataFrame) -> pa.RecordBatch:
    """The frame as an Arrow batch, which says of itself what pandas calls its columns' types."""
    import pyarrow as pa

    batch = pa.RecordBatch.from_pandas(frame, preserve_index=False)
    return pa.RecordBatch.from_arrays([_worded(column) for column in batch.columns], schema=_schema(batch.schema))


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


def hashes(column: pd.Series) -> bytes:
    """A hash per value, whatever a word's number in its list of words is."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    return pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes()


def digest(frame: pd.DataFrame | LongTable) -> str:
    """Of the names and values of a table's columns; the same for equal tables whatever wrote or read them."""
    text = hashlib.sha256("\0".join(map(str, frame.columns)).encode())
    for name in frame.columns:
        if isinstance(frame, LongTable):
            frame.digest_of(name, text.update)
        else:
            text.update(hashes(frame[name]))
    return text.hexdigest()[:32]


def joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The parts one below the other; categories that differ between them are united in order of appearance."""
    for column in categories(parts[0]):
        # Words are text, as Arrow gives them back: parts come from files as well as straight from a run.
        union = dict.fromkeys(word for part in parts for word in part[column].cat.categories.astype("str"))
        words = pd.CategoricalDtype(pd.Index(list(union), dtype="str"))
        parts = [part.assign(**{str(column): part[column].astype(words)}) for part in parts]
    whole = pd.concat(parts, ignore_index=True)
    # What only some staffing models have (a desk of their own) is missing in the others: whole numbers stay whole.
    gaps = [name for name, kind in whole.dtypes.items() if kind == "float64" and _is_whole(parts, name)]
    return whole.astype(dict.fromkeys(gaps, "Int64"))


def categories(frame: pd.DataFrame) -> list[Hashable]:
    return [name for name, kind in frame.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]


def _is_whole(parts: list[pd.DataFrame], name: Hashable) -> bool:
    return all(pd.api.types.is_integer_dtype(part[name].dtype) for part in parts if name in part)


def read(path: Path) -> pd.DataFrame | LongTable:
    """The table in a Parquet file: as a frame, or, when it is long, left on disk."""
    from pyarrow import parquet

    if parquet.read_metadata(path).num_rows > MOST_AT_ONCE:
        return LongTable([path])
    return pd.read_parquet(path)
