"""Frames as Arrow has them: to the byte what Arrow itself makes of them, however often a kind of frame was seen."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from caresim.run import arrow_form


def frame(rows: int = 3) -> pd.DataFrame:
    """Every type that a column of the tables has."""
    return pd.DataFrame(
        {
            "staffing": ["one", "two", "one"],
            "number": [1, 2, 3],
            "share": [0.1, math.nan, math.inf],
            "turns": pd.array([1, None, 2**40], dtype="Int64"),
            "desk": pd.Categorical(["phone", None, "counter"], categories=["counter", "phone", "never"]),
            "mood": pd.Categorical([2, 1, None], ordered=True),
            "time": pd.to_datetime([0, 1, 2], unit="us", utc=True).tz_convert("Europe/Paris").as_unit("us"),
            "day": pd.to_datetime([0, None, 2], unit="s").as_unit("us"),
            "key": np.array([0, 1, 2**64 - 1], dtype=np.uint64),
            "small": np.array([0, 1, 2], dtype=np.int8),
            "counted": [True, False, True],
            "anything": pd.Series([1, None, 2.5], dtype=object),
        }
    ).iloc[:rows]


PLAIN = frame().drop(columns="anything")
FRAMES = {
    "every type": frame(),
    "without objects": PLAIN,
    "without rows": PLAIN.iloc[:0],
    "other words": PLAIN.assign(desk=pd.Categorical(["a", "b", "a"])),
    "more words": PLAIN.assign(desk=pd.Categorical(["a", "b", "a"], categories=[*map(str, range(300)), *"ab"])),
    "ordered words": PLAIN.assign(desk=pd.Categorical(["a", "b", "a"], ordered=True)),
    "another zone": PLAIN.assign(time=PLAIN["time"].dt.tz_convert("Asia/Tokyo")),
    "half of the rows, with an index": PLAIN.iloc[[2, 0]],
    "numbers as names": pd.DataFrame(np.eye(3)),
    "named columns": PLAIN.rename_axis(columns="what"),
}  # fmt: skip


def as_file(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


@pytest.mark.parametrize("name", FRAMES)
def test_a_table_is_arrow_s_own_to_the_byte_the_first_time_and_later(name: str) -> None:
    known = FRAMES[name]
    whole = pa.Table.from_pandas(known, preserve_index=False)
    for _ in range(2):
        table = arrow_form.as_table(known)
        assert table.schema.equals(whole.schema, check_metadata=True)
        assert as_file(table) == as_file(whole)


def test_what_follows_from_the_values_is_found_out_each_time() -> None:
    for values in ([1, None], ["a", "b"], [None, None]):
        mixed = pd.DataFrame({"x": pd.Series(values, dtype=object)})
        assert arrow_form.as_table(mixed).schema.field("x").type == pa.Table.from_pandas(mixed).schema.field("x").type


def test_what_is_written_on_a_frame_stands_in_its_table() -> None:
    noted = PLAIN.copy()
    noted.attrs["source"] = "a test"
    assert b"a test" in arrow_form.as_table(noted).schema.metadata[b"pandas"]
    assert b"a test" not in arrow_form.as_table(PLAIN).schema.metadata[b"pandas"]


def test_so_many_kinds_of_frames_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_form, "MOST", 3)
    monkeypatch.setattr(arrow_form, "_schemas", {})
    for number in range(10):
        arrow_form.as_table(pd.DataFrame({f"x{number}": [1.0]}))
        assert len(arrow_form._schemas) <= 3


@pytest.mark.parametrize("rows", [3, 50_000])
def test_a_stream_says_what_it_holds_and_gives_it_back(rows: int) -> None:
    batch = arrow_form.as_batch(pd.concat([PLAIN] * (rows // 3), ignore_index=True))
    content = arrow_form.stream(batch)
    assert (len(content) < batch.nbytes) == (rows > 3)  # packed where that is worth it
    unread = arrow_form.Unread(content)
    assert unread.schema.equals(batch.schema, check_metadata=True)
    assert unread.read().equals(batch)


@pytest.mark.parametrize(("rows", "codec"), [(10, "SNAPPY"), (200_000, "ZSTD")])
def test_short_tables_are_packed_fast_and_long_ones_small(tmp_path: Path, rows: int, codec: str) -> None:
    arrow_form.write(arrow_form.as_table(pd.DataFrame({"x": np.arange(rows)})), tmp_path / "x.parquet")
    assert parquet.read_metadata(tmp_path / "x.parquet").row_group(0).column(0).compression == codec
