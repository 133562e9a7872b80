"""report.html of a sweep, one for all of its runs: what changes with the swept keys; and results.xlsx beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from caresim.report.number_format import interval_text, value_text
from caresim.report.page import document as written
from caresim.report.page.document import (
    OPEN,
    Cell,
    Document,
    Items,
    Paragraph,
    Part,
    Picture,
    Section,
    Table,
    Words,
    data_uri,
)
from caresim.report.verdicts import DETAILED
from caresim.report.wording import joined, quantity, readable
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.tasks.compare.page.lookup import LOOKS
from caresim.tasks.compare.sweep.keys import key_words, many_in_words, setting_words, swept_keys

MOST_ROWS = 60
"""Combinations of values in a table of the page; sweep.csv has all of them."""
COSTS = ("cost", "paid_hours")
"""What each run costs, beside the headline metrics."""
MOST_IN_WORKBOOK = 20_000
"""Rows of the sheet; of a longer sweep it has the headline metrics alone, as many as fit."""
PICTURES = {"sweep": "The headline metrics against the swept key.", "map": "Where which staffing model does better."}


def save(table: pd.DataFrame, folder: Path, question: str, command: str, left: Sequence[str] = ()) -> None:
    """Write report.html and results.xlsx into `folder`, in which the figures are; `left` are runs without results."""
    written.save(document(table, folder, question, command, left), folder)
    rows = table if len(table) <= MOST_IN_WORKBOOK else table[table["headline"].astype(bool)]
    spreadsheet.write({"sweep": rows.head(spreadsheet.MOST_ROWS)}, folder / spreadsheet.WORKBOOK)


def document(table: pd.DataFrame, folder: Path, question: str, command: str, left: Sequence[str]) -> Document:
    """The page of these runs."""
    keys = swept_keys(table)
    told = table[table["headline"].astype(bool)]
    names = list(dict.fromkeys(told["metric"]))
    costs = [name for name in COSTS if name not in names and name in set(table["metric"])]
    runs = table[["job", *keys]].drop_duplicates()
    sections = [
        Section("What was varied", list(varied(table, keys, len(runs), left))),
        *in_pictures(folder),
        *(of_metric(table[table["metric"] == name], keys, name) for name in (*names, *costs)),
        Section(
            "What is left out",
            [
                Paragraph(
                    "Between the values that were tried, nothing is known. Each verdict is against the baseline of its "
                    "own run. Cost is what staff and an assistant cost: refunds, fares, messages and hotels are not "
                    "in it."
                )
            ],
        ),
        Section("How to reproduce it", [Words(command), Paragraph(f"caresim {package_version()}.")]),
    ]
    return Document(
        title=f"Sweep over {' and '.join(map(key_words, keys))}",
        question=question,
        answer=[
            f"{sentence}{steady(told[told['metric'] == name])}"
            for name in names
            if (sentence := extremes(told[told["metric"] == name], keys, name))
        ],
        sections=sections,
        analyst=[Section("The runs", [Table("Each has a folder of its own.", ["Folder", *keys], list(folders(runs)))])],
        made_by=f"Made by caresim {package_version()}. Every number is in sweep.csv.",
    )


def varied(table: pd.DataFrame, keys: list[str], count: int, left: Sequence[str]) -> Iterator[Part]:
    """The swept keys with their values, and the runs that gave no results."""
    values = [(key_words(key), ", ".join(dict.fromkeys(str(value) for value in table[key]))) for key in keys]
    yield Items(values)
    yield Paragraph(f"{count} runs of {many_in_words(table)} paired replications of every staffing model.")
    if left:
        yield Items([("Without results", run) for run in left])


def in_pictures(folder: Path) -> list[Section]:
    """The figures of the sweep, where they were drawn."""
    shown = [
        Picture(title, title, data_uri(folder / f"{name}.svg"), f"{name}.png")
        for name, title in PICTURES.items()
        if (folder / f"{name}.svg").exists()
    ]
    return [Section("In pictures", list(shown))] if shown else []


def of_metric(rows: pd.DataFrame, keys: list[str], name: str) -> Section:
    """One metric: a row for each combination of values, a column for each staffing model."""
    from caresim.measure.metrics import REGISTRY

    staffings = list(dict.fromkeys(rows["staffing"]))
    by_model = {(row["job"], row["staffing"]): row for row in rows.to_dict("records")}
    jobs = rows[["job", *keys]].drop_duplicates().to_dict("records")
    table = [
        [settings(job, keys), *(cell(by_model.get((job["job"], model)), REGISTRY[name].unit) for model in staffings)]
        for job in jobs[:MOST_ROWS]
    ]
    parts: list[Part] = [
        Table(
            "Verdicts are against the baseline of the same run. In small letters: the interval.",
            ["", *map(readable, staffings)],
            table,
        )
    ]
    if len(jobs) > MOST_ROWS:
        parts.append(Paragraph(f"{len(jobs) - MOST_ROWS} more are in sweep.csv."))
    return Section(REGISTRY[name].label, parts)


def settings(job: dict[str, Any], keys: list[str]) -> str:
    return ", ".join(setting_words(key, job[key]) for key in keys)


def cell(row: dict[str, Any] | None, unit: str) -> Cell:
    """Value, interval and verdict of a staffing model in a run; empty where it was not run."""
    if row is None:
        return Cell("")
    word = row["verdict_detail"] if row["verdict_detail"] in DETAILED else ""
    interval = interval_text(row["ci_low"], row["ci_high"], unit) if row["ci_low"] < row["ci_high"] else ""
    value = value_text(row["mean"], row["ci_low"], row["ci_high"], unit)
    return Cell(value, interval, DETAILED[word].text if word else "", LOOKS.get(word, OPEN) if word else "")


def extremes(rows: pd.DataFrame, keys: list[str], name: str) -> str:
    """Where a metric is best, and where worst, in a sentence; empty where neither way is better."""
    from caresim.measure.metrics import REGISTRY

    metric = REGISTRY[name]
    known = [row for row in rows.to_dict("records") if math.isfinite(row["mean"])]
    if metric.better == "neither" or not known:
        return ""
    ordered = sorted(known, key=lambda row: row["mean"], reverse=metric.better == "higher")
    best, worst = (
        f"{quantity(row['mean'], metric.unit)} with {readable(row['staffing'])} ({settings(row, keys)})"
        for row in (ordered[0], ordered[-1])
    )
    return f"{metric.label}: best {best}, worst {worst}."


def steady(rows: pd.DataFrame) -> str:
    """Which verdicts on a metric are the same at all values that were tried, and which are not; empty without any."""
    judged = rows[rows["verdict_detail"].isin(list(DETAILED))]
    same: dict[str, list[str]] = {}
    changing = []
    for name, own in judged.groupby("staffing", sort=False):
        verdicts = own["verdict_detail"].unique()
        if len(verdicts) == 1:
            same.setdefault(DETAILED[verdicts[0]].words, []).append(readable(str(name)))
        else:
            changing.append(readable(str(name)))
    told = [f"{words} at all values: {joined(names)}" for words, names in same.items()]
    told += [f"the verdict changes with the values: {joined(changing)}"] if changing else []
    return f" Against the baseline, {'; '.join(told)}." if told else ""


def folders(runs: pd.DataFrame) -> Iterator[list[str]]:
    for row in runs.to_dict("records"):
        yield [str(value) for value in row.values()]
