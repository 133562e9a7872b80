"""The page of the backtests of histories names what there is: every backtest, its columns and its keys."""

from __future__ import annotations

import re

from tests.support.pages import page

from caresim.tasks.backtest.desks import posts
from caresim.tasks.backtest.desks.settings import Desks
from caresim.tasks.backtest.forecasts.command import KINDS
from caresim.tasks.backtest.monthly import backtest as monthly
from caresim.tasks.backtest.monthly.settings import Monthly
from caresim.tasks.backtest.signers import backtest as signers
from caresim.tasks.backtest.signers.settings import Signers

FIXED = {"kind", "name", "question"}
IN_THE_FILE = {"headroom", "at_once", "jolt", "unevenness", "most_people", "greeted_weight"}
"""Priors that the page leaves to the comments of their file."""


def test_every_backtest_and_every_column_is_named() -> None:
    text = page("validation_desks.md")
    for kind in KINDS:
        assert f"backtest={kind} " in text
    for columns in (posts.COLUMNS, signers.COLUMNS, monthly.COLUMNS):
        assert [column for column in columns if f"`{column}`" not in text] == []


def test_every_key_is_named() -> None:
    words = set(re.findall(r"`([a-z_]+)(?:\.\*)?`", page("validation_desks.md")))
    keys = {key for schema in (Desks, Signers, Monthly) for key in schema.model_fields}
    assert keys - words - FIXED - IN_THE_FILE == set()
