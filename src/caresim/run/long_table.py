"""Tables of rows that are too long for memory: they go to disk piece by piece and come back column by column."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import pandas as pd

from caresim.run.arrow_form import Held, Unread, as_batch
from caresim.run.claim import claimed
from caresim.run.output_dir import settle

if TYPE_CHECKING:
    import pyarrow as pa

LONG = 1 << 21
"""Rows of one run and table from which on they are kept on disk: 2 million."""
MOST_AT_ONCE = 1 << 24
"""Rows from which on a table in a run's folder is not read as a whole: 16 million."""
MOST_CELLS = 1 << 23
"""Numbers from which on the series of all replications stay on disk: 64 MB, twice that while they are put together. The
default 64 replications of six staffing models of tokyo have a little less; longer ones must not add up in memory.
"""
GROUP = 1 << 16
"""Rows of a row group that many short pieces make up: some 20 MB."""
COPIED = 1 << 22
"""Bytes that are copied at a time."""
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
        self._handles: dict[Path, Any] = {}

    def __len__(self) -> int:
        return sum(len(each) if isinstance(each, pd.DataFrame) else self._file(each).metadata.num_rows
                   for each in self.sources)  # fmt: skip

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    def __repr__(self) -> str:
        return f"LongTable({len(self):,} rows: {', '.join(map(str, self.columns))})"

    def __getstate__(self) -> dict[str, Any]:
        return {"sources": self.sources, "_open": {}, "_handles": {}}

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
        return self._none.columns

    @cached_property
    def _none(self) -> pd.DataFrame:
        """The columns without rows."""
        first = self.sources[0]
        return (
            first.iloc[:0]
            if isinstance(first, pd.DataFrame)
            else self._file(first).schema_arrow.empty_table().to_pandas()
        )

    def opened(self) -> LongTable:
        """The same, with its files open: FileNotFoundError where they are out of reach."""
        for source in self.sources:
            if isinstance(source, Path):
                self._file(source)
        return self

    @property
    def is_there(self) -> bool:
        """Can its files be read? They are not held open: a study may have thousands."""
        files = [source for source in self.sources if isinstance(source, Path)]
        if not all(file.is_file() for file in files):
            return False
        try:
            LongTable(files).opened()
        except (OSError, ValueError):  # Arrow's errors are among these
            return False
        return True

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """A stretch of the rows at a time, of these columns (None: all)."""
        for source in self.sources:
            yield from self._frames(source, columns)

    def of(self, staffing: str, columns: Sequence[str]) -> pd.DataFrame:
        """These columns of the rows of one staffing model."""
        wanted = list(dict.fromkeys(("staffing", *columns)))
        stretches = (piece for source in self.sources for piece in self._frames(source, wanted, staffing))
        parts = [piece[piece["staffing"] == staffing] for piece in stretches]
        return joined(parts or [self._none[wanted]])[list(columns)]

    def write(self, path: Path) -> None:
        """As one Parquet file."""
        if len(self.sources) == 1 and isinstance(self.sources[0], Path):
            self._file(self.sources[0])
            # Of the open file: its name may be gone.
            source = self._handles[self.sources[0]]
            source.seek(0)
            with path.open("wb") as target:
                shutil.copyfileobj(source, target, COPIED)
            return
        write_pieces(self.pieces(), path)

    def digest_of(self, column: Hashable, update: Callable[[bytes], None]) -> None:
        """Feed the hashes of a column's values to a digest."""
        for piece in self.pieces([str(column)]):
            update(hashes(piece[column]))

    def _frames(
        self, source: Path | pd.DataFrame, columns: Sequence[str] | None, staffing: str | None = None
    ) -> Iterator[pd.DataFrame]:
        """The stretches of a source: all, or those in which there may be rows of this staffing model."""
        if isinstance(source, pd.DataFrame):
            yield source if columns is None else source[list(columns)]
            return
        file = self._file(source)
        place = file.schema_arrow.get_field_index("staffing")
        for group in range(file.metadata.num_row_groups):
            span = file.metadata.row_group(group).column(place).statistics if staffing is not None else None
            if span is not None and span.has_min_max and not span.min <= staffing <= span.max:
                continue
            yield file.read_row_group(group, columns=None if columns is None else list(columns)).to_pandas()

    def _file(self, path: Path) -> Any:
        import pyarrow as pa
        from pyarrow import parquet

        if path not in self._open:
            self._handles[path] = pa.OSFile(str(path), "rb")
            self._open[path] = parquet.ParquetFile(self._handles[path])
        return self._open[path]


def pieces_of(table: pd.DataFrame | LongTable, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
    """The rows of a table, a stretch at a time where it lies on disk, of these columns (None: all)."""
    if isinstance(table, LongTable):
        yield from table.pieces(columns)
    else:
        yield table if columns is None else table[list(columns)]


def rows_of(table: pd.DataFrame | LongTable, staffing: str, columns: Sequence[str]) -> pd.DataFrame:
    """These columns of the rows of one staffing model."""
    if isinstance(table, LongTable):
        return table.of(staffing, columns)
    return table.loc[table["staffing"] == staffing, list(columns)]


def write_batches(batches: Callable[[], Iterable[Held | Unread]], path: Path) -> None:
    """Many short batches one below the other as one Parquet file, as `joined` would have them.

    `batches` is called twice: for what columns there are, and for their contents; a row group of them is held at once.
    """
    import pyarrow as pa
    from pyarrow import parquet

    heads: dict[pa.Schema, pa.RecordBatch] = {}
    for batch in batches():
        if (form := batch.schema) not in heads:
            heads[form] = batch.read().slice(0, 1)
    schema = as_batch(joined([head.to_pandas() for head in heads.values()])).schema
    with unfinished(path) as place, parquet.ParquetWriter(place, schema, compression="zstd") as writer:
        for group in _groups(batch.read() for batch in batches()):
            # Words may be others in each batch.
            table = pa.Table.from_batches([_in_form(batch, schema) for batch in group]).unify_dictionaries()
            writer.write_table(table.combine_chunks(), row_group_size=max(table.num_rows, 1))


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """So many that they make up a row group; those without rows are left out, unless there is nothing else."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        if batch.num_rows or not held:
            held.append(batch)
            rows += batch.num_rows
        if rows >= GROUP:
            yield held
            held, rows = [], 0
    if held:
        yield held


def _in_form(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with these columns; those that it lacks are missing values."""
    import pyarrow as pa

    if batch.schema == schema:
        return batch
    columns = [
        batch.column(field.name).cast(field.type)
        if field.name in batch.schema.names
        else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """A place to write to, which takes the name `path` when all is written, or vanishes."""
    place = path.with_name(f"unfinished-{uuid4().hex[:12]}-{path.name}")
    with claimed(place):
        try:
            yield place
            settle([place])
            os.replace(place, path)
        except BaseException:
            place.unlink(missing_ok=True)
            raise


def write_pieces(pieces: Iterable[pd.DataFrame], path: Path) -> None:
    """Frames with the same columns as one Parquet file, a row group each (those without rows apart)."""
    import pyarrow as pa
    from pyarrow import parquet

    writer = schema = None
    with unfinished(path) as place, ExitStack() as stack:
        for piece in pieces:
            if not len(piece) and writer is not None:
                continue
            table = pa.Table.from_batches([as_batch(piece)])
            schema = table.schema if schema is None else schema
            table = table.cast(schema)
            writer = writer or stack.enter_context(parquet.ParquetWriter(place, schema, compression="zstd"))
            writer.write_table(table, row_group_size=max(len(piece), 1))


def hashes(column: pd.Series) -> bytes:
    """A hash per value, whatever a word's number in its list of words is."""
    values = column.to_numpy() if isinstance(column.dtype, np.dtype) else column.array
    return pd.util.hash_array(values).tobytes()


def digest(frame: pd.DataFrame | LongTable) -> str:
    """Of the names and values of a table's columns; the same for equal tables whatever wrote or read them."""
    text = hashlib.sha256("\0".join(map(str, frame.columns)).encode())
    if isinstance(frame, LongTable):
        for name in frame.columns:
            frame.digest_of(name, text.update)
    else:
        for _, column in frame.items():
            text.update(hashes(column))
    return text.hexdigest()[:32]


def joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The parts one below the other; categories that differ between them are united in order of appearance."""
    columns = {str(column): _one_list([part[column] for part in parts]) for column in categories(parts[0])}
    if columns:
        parts = [part.assign(**{name: of[place] for name, of in columns.items()}) for place, part in enumerate(parts)]
    if len(parts) == 1:
        return parts[0].reset_index(drop=True)
    whole = pd.concat(parts, ignore_index=True)
    # What only some staffing models have (a desk of their own) is missing in the others: whole numbers stay whole.
    gaps = [name for name, kind in whole.dtypes.items() if kind == "float64" and _is_whole(parts, name)]
    return whole.astype(dict.fromkeys(gaps, "Int64")) if gaps else whole


def _one_list(columns: list[pd.Series]) -> list[pd.Categorical]:
    """Columns of words with one list of words, in order of appearance."""
    # Words are text, as Arrow gives them back: parts come from files as well as straight from a run.
    lists = [[str(word) for word in column.cat.categories] for column in columns]
    place = {word: at for at, word in enumerate(dict.fromkeys(word for words in lists for word in words))}
    kind = pd.CategoricalDtype(pd.Index(list(place), dtype="str"))
    numbers = [np.array([*(place[word] for word in words), -1]) for words in lists]  # -1: missing, and the last
    return [
        pd.Categorical.from_codes(of[column.cat.codes.to_numpy()], dtype=kind)
        for of, column in zip(numbers, columns, strict=True)
    ]


def categories(frame: pd.DataFrame) -> list[Hashable]:
    return [name for name, kind in frame.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]


def _is_whole(parts: list[pd.DataFrame], name: Hashable) -> bool:
    return all(pd.api.types.is_integer_dtype(part[name].dtype) for part in parts if name in part)


def read(path: Path, series: bool = False) -> pd.DataFrame | LongTable:
    """The table in a Parquet file: as a frame, or, when it is long, left on disk."""
    from pyarrow import parquet

    metadata = parquet.read_metadata(path)
    if is_long(metadata.num_rows, metadata.num_rows * metadata.num_columns, series):
        return LongTable([path])
    return pd.read_parquet(path)


def is_long(rows: int, cells: int, series: bool) -> bool:
    """Does a table of this size stay on disk? `series`: it is one of every replication, and not rows to look at."""
    return rows > MOST_AT_ONCE or (series and cells > MOST_CELLS)
