"""The page of a nowcast of either kind: its sections, and a table of the hours ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from caresim.report.page.document import Cell, Document, Paragraph, Picture, Section, Table, Words
from caresim.run.block import package_version


def table_of_hours(
    rows: pd.DataFrame, name: str, shown: Sequence[str], heads: Mapping[str, str], caption: str,
    cell: Callable[[pd.Series, str], Cell],
) -> Table:  # fmt: skip
    """A row a stretch of an alternative, a column each quantity that is shown, under its head."""
    lines = []
    for begins, there in rows[rows["alternative"] == name].groupby("begins", sort=False):
        by_name = there.set_index("quantity")
        cells = [cell(by_name.loc[quantity], quantity) for quantity in shown]
        lines.append([f"{datetime.fromisoformat(str(begins)):%a %H:%M}", *cells])
    return Table(caption, ["From", *(heads[quantity] for quantity in shown)], lines)


def page_of(
    found: Any, *, of: str, moment: datetime, answer: Sequence[str], picture: Sequence[Picture],
    tables: Sequence[Table], rule: str, cautions: Sequence[str], command: str, runs: str, analyst: Section, every: str,
) -> Document:  # fmt: skip
    """The page of a nowcast. `of`: what it is of; `runs`: what was run; `every`: the stretch that nowcast.csv has."""
    settings = found.settings
    made_of = f"caresim {package_version()}, seed {settings.seed}, {runs}."
    spent = ", ".join(f"{key.removesuffix('_s')} {seconds:.1f} s" for key, seconds in found.durations.items())
    return Document(
        title=f"{of}, {moment:%Y-%m-%d %H:%M}: the next {settings.hours} hours",
        question="Given what is known now, what will the hours ahead bring, and what would more people change?",
        answer=answer,
        sections=[
            Section("In a picture", list(picture)),
            Section("Hour by hour", [*tables, Paragraph(rule)]),
            Section("What to know of it", [Paragraph(said) for said in cautions]),
            Section("How to reproduce it", [Words(command), Paragraph(made_of)]),
        ],
        analyst=[analyst],
        made_by=f"Made by caresim {package_version()}. Every {every} is in nowcast.csv.",
        durations=f"Durations: {spent}.",
    )
