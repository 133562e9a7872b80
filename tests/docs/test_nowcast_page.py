"""docs/nowcast.md says what was measured: its tables are those of the scores beside it."""

from __future__ import annotations

import pandas as pd
import pytest
from benchmarks import nowcast as benchmark
from benchmarks.nowcast import FULL, WITHOUT, YESTERDAY, score

from caresim.tasks.nowcast.ahead import BACKLOG, CONTACTS, WAIT
from caresim.tasks.nowcast.level import KEEPS
from caresim.tasks.nowcast.settings import Nowcast

TEXT = benchmark.PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    return pd.read_csv(benchmark.CALLS)


def test_the_tables_of_the_page_are_those_of_the_files(monkeypatch, tmp_path) -> None:
    copy = tmp_path / "nowcast.md"
    copy.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(benchmark, "PAGE", copy)
    benchmark.page()
    assert copy.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("quantity", [CONTACTS, BACKLOG, WAIT])
def test_the_state_is_worth_something(scores, quantity) -> None:
    ours = score(scores, quantity, FULL, "all")
    assert ours < score(scores, quantity, WITHOUT, "all")
    assert ours < score(scores, quantity, YESTERDAY, "all")


def test_keys_and_numbers_of_the_page_are_those_of_the_code() -> None:
    for key in Nowcast.model_fields:
        if key not in ("contacts", "name"):
            assert f"`{key}`" in TEXT, key
    assert f"keeps {100 * KEEPS:.0f} % of itself" in TEXT
    assert f"| `hours` | {Nowcast.model_fields['hours'].default} |" in TEXT


def test_no_row_of_a_history_is_kept(scores) -> None:
    assert tuple(scores) == benchmark.COLUMNS
    assert scores["cells"].min() > 10
