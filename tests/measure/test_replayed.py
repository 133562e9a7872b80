"""What became of the contacts of a replay, row by row of their file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caresim.config.traffic import Traffic
from caresim.measure.tables import replayed


def contacts(**columns) -> pd.DataFrame:
    """Contacts of one run, with what is not given alike for all."""
    many = len(columns["row"])
    plain = {"staffing": "as_given", "replication": 0, "arrival_min": 0.0, "channel": "phone", "desk": "phone"}
    plain["arrival"] = pd.Timestamp("2026-03-02T08:00Z")
    rest = {"wait_min": 0.0, "handle_min": 1.0, "outcome": "answered"}
    table = pd.DataFrame({**{key: [value] * many for key, value in (plain | rest).items()}, **columns})
    return table.assign(row=table["row"].astype("Int64"))


def traffic(**columns) -> Traffic:
    return Traffic((), (), None, {name: np.array(values) for name, values in columns.items()})


def test_rows_stand_in_the_order_of_the_file_and_redials_are_left_out():
    table = replayed(contacts(row=[2, None, 0, 1], arrival_min=[1.0, 1.5, 2.0, 3.0]), traffic())
    assert table["row"].tolist() == [0, 1, 2]
    assert table["arrival_min"].tolist() == [2, 3, 1]


def test_each_staffing_model_and_replication_has_its_rows_in_their_order():
    given = contacts(row=[1, 0, 1, 0], staffing=["b", "b", "a", "a"])
    table = replayed(pd.concat([given, given.assign(replication=1)]), traffic())
    assert table["staffing"].tolist() == ["b"] * 4 + ["a"] * 4  # as the experiment has them, not by the alphabet
    assert table["replication"].tolist() == [0, 0, 1, 1] * 2
    assert table["row"].tolist() == [0, 1] * 4


def test_times_are_in_seconds_and_missing_while_waiting():
    table = replayed(contacts(row=[0, 1], wait_min=[0.5, np.nan], handle_min=[2.0, np.nan]), traffic())
    assert table["wait_s"].tolist() == pytest.approx([30, np.nan], nan_ok=True)
    assert table["handle_s"].tolist() == pytest.approx([120, np.nan], nan_ok=True)


def test_what_was_observed_stands_beside_the_row_it_was_observed_of():
    told = traffic(wait_s=[10.0, float("nan"), 30.0], outcome=["answered", None, "abandoned"])
    table = replayed(contacts(row=[2, 0]), told)
    assert table["observed_wait_s"].tolist() == [10, 30]
    assert table["observed_outcome"].tolist() == ["answered", "abandoned"]


def test_a_row_of_an_interval_report_stands_there_as_often_as_it_offered():
    table = replayed(contacts(row=[1, 0, 1, 1], arrival_min=[9.0, 1.0, 7.0, 8.0]), traffic())
    assert table["row"].tolist() == [0, 1, 1, 1]
    assert table["arrival_min"].tolist() == [1, 7, 8, 9]


def test_without_recorded_contacts_the_table_is_empty_and_has_its_columns():
    table = replayed(contacts(row=[]), traffic(wait_s=[1.0]))
    assert len(table) == 0
    assert {"row", "wait_s", "observed_wait_s"} <= set(table.columns)
