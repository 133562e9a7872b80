"""report.html of a sweep, one for all of its runs: what changes with the swept keys; and results.xlsx beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from caresim.report.number_format import effect_span, effect_text, interval_text, value_text
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
from caresim.report.verdicts import DETAILED, LOOKS
from caresim.report.wording import joined, quantity, readable
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.tasks.compare.sweep.choice import as_shown, compared_with_first, few_draws, metric_of, reference_of
from caresim.tasks.compare.sweep.keys import key_words, many_in_words, points_of, tick
from caresim.tasks.compare.sweep.sweep import Failure

MOST_ROWS = 60
"""Combinations of values in a table of the page; sweep.csv has all of them."""
COSTS = ("cost", "paid_hours")
"""What each run costs, beside the headline metrics."""
MOST_IN_WORKBOOK = 20_000
"""Rows of the sheet; of a longer sweep it has the headline metrics alone, as many as fit."""
PICTURES = {
    "differences": "What is gained at each point, with intervals.",
    "map": "Where which staffing model does better.",
    "sweep": "The metrics themselves, against the swept key.",
}


def save(swept: Any, folder: Path) -> None:
    """Write report.html and results.xlsx of a `Sweep` into `folder`, in which the figures are."""
    table = swept.table
    written.save(document(swept, folder), folder)
    rows = table if len(table) <= MOST_IN_WORKBOOK else table[table["metric"].isin(swept.shown(None))]
    spreadsheet.write({"sweep": rows.head(spreadsheet.MOST_ROWS)}, folder / spreadsheet.WORKBOOK)


def document(swept: Any, folder: Path) -> Document:
    """The page of a sweep."""
    warning, table, keys = few_draws(swept.table), as_shown(swept.table), swept.keys
    names = swept.shown(None)
    costs = [name for name in COSTS if name not in names and name in set(table["metric"])]
    runs = table[["job", *keys]].drop_duplicates()
    against = "the first point" if compared_with_first(table) else "the baseline of its own run"
    sections = [
        Section(
            "What was varied",
            [*varied(table, keys, len(runs), swept.failed), *([Paragraph(warning)] if warning else [])],
        ),
        *in_pictures(folder),
        *(of_metric(table[table["metric"] == name], name) for name in (*names, *costs)),
        Section(
            "What is left out",
            [
                Paragraph(
                    f"Between the values that were tried, nothing is known. Each verdict is against {against}. "
                    "Cost is what staff and an assistant cost: refunds, fares, messages and hotels are not in it."
                )
            ],
        ),
        *([Section("How to reproduce it", [Words(swept.command)])] if swept.command else []),
    ]
    return Document(
        title=f"Sweep over {' and '.join(map(key_words, keys))}",
        question=str(swept.experiment.question),
        answer=[*swept.answer(), *best_of_the_others(table, names[1:])],
        sections=sections,
        analyst=[Section("The runs", [Table("Each has a folder of its own.", ["Folder", *keys], list(folders(runs)))])],
        made_by=f"Made by caresim {package_version()}. Every number is in sweep.csv.",
    )


def best_of_the_others(table: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """A sentence on each further metric that is shown: its best and its worst, and which verdicts hold everywhere."""
    said = []
    for name in names:
        rows = table[table["metric"] == name]
        ends, verdicts = extremes(rows, points_of(table), name), steady(rows)
        if verdicts and not ends:
            ends = f"{metric_of(name).label}."
        if ends:
            said.append(" ".join(filter(None, (ends, verdicts))))
    return said


def varied(table: pd.DataFrame, keys: list[str], count: int, failed: Sequence[Failure]) -> Iterator[Part]:
    """The swept keys with their values, and the runs that gave no results."""
    values = [(key_words(key), "; ".join(dict.fromkeys(tick(value) for value in table[key]))) for key in keys]
    yield Items(values)
    yield Paragraph(f"{count} runs of {many_in_words(table)} paired replications of every staffing model.")
    if failed:
        yield Table(
            "Points without results.",
            ["Point", "", "Error"],
            [[failure.point, failure.kind, failure.error] for failure in failed[:MOST_ROWS]],
        )


def in_pictures(folder: Path) -> list[Section]:
    """The figures of the sweep, where they were drawn."""
    shown = [
        Picture(title, title, data_uri(folder / f"{name}.svg"), f"{name}.png")
        for name, title in PICTURES.items()
        if (folder / f"{name}.svg").exists()
    ]
    return [Section("In pictures", list(shown))] if shown else []


def of_metric(rows: pd.DataFrame, name: str) -> Section:
    """One metric: a row for each point, a column for each staffing model; of one, what it gains beside it."""
    unit = metric_of(name).unit
    staffings = list(dict.fromkeys(rows["staffing"]))
    by_model = {(row["job"], row["staffing"]): row for row in rows.to_dict("records")}
    points = points_of(rows)
    heads = ["", *map(readable, staffings)]
    letters = " In small letters: the interval." if rows["ci_low"].notna().any() else ""
    caption = f"Verdicts are against the baseline of the same run.{letters}"
    table: list[list[Cell | str]] = [
        [words, *(cell(by_model.get((job, model)), unit) for model in staffings)]
        for job, words in list(points.items())[:MOST_ROWS]
    ]
    if compared_with_first(rows):
        heads = [*heads, f"Against the first point: {points[reference_of(rows)]}"]
        caption = letters.strip()
        (model,) = staffings
        for line, job in zip(table, points, strict=False):
            line[1] = cell(by_model[job, model], unit, judged=False)
            line.append(gain(by_model[job, model]))
    parts: list[Part] = [Table(caption, heads, table)]
    if len(points) > MOST_ROWS:
        parts.append(Paragraph(f"{len(points) - MOST_ROWS} more are in sweep.csv."))
    return Section(metric_of(name).label, parts)


def cell(row: dict[str, Any] | None, unit: str, judged: bool = True) -> Cell:
    """Value, interval and verdict of a staffing model in a run; empty where it was not run."""
    if row is None:
        return Cell("")
    word = row["verdict_detail"] if judged and row["verdict_detail"] in DETAILED else ""
    interval = interval_text(row["ci_low"], row["ci_high"], unit) if row["ci_low"] < row["ci_high"] else ""
    value = value_text(row["mean"], row["ci_low"], row["ci_high"], unit)
    return Cell(value, interval, DETAILED[word].text if word else "", LOOKS.get(word, OPEN) if word else "")


def gain(row: dict[str, Any]) -> Cell:
    """The difference from the first point, with its interval and verdict; empty for that point itself."""
    metric = metric_of(row["metric"])
    if math.isnan(row["difference"]):
        return Cell("")
    ratio, word = metric.compare == "ratio", row["verdict_detail"] if row["verdict_detail"] in DETAILED else ""
    interval = effect_span(row["difference_ci_low"], row["difference_ci_high"], metric.unit, ratio)
    look = LOOKS.get(word, OPEN) if word else ""
    return Cell(effect_text(row["difference"], metric.unit, ratio), interval, DETAILED[word].text if word else "", look)


def extremes(rows: pd.DataFrame, points: Mapping[str, str], name: str) -> str:
    """Where a metric is best, and where worst, in a sentence; empty where neither way is better."""
    metric = metric_of(name)
    known = [row for row in rows.to_dict("records") if math.isfinite(row["mean"])]
    if metric.better == "neither" or not known:
        return ""
    texts = {quantity(row["mean"], metric.unit) for row in known}
    if len(texts) == 1:
        return f"{metric.label}: {texts.pop()} throughout."
    ordered = sorted(known, key=lambda row: row["mean"], reverse=metric.better == "higher")
    best, worst = (
        f"{quantity(row['mean'], metric.unit)} with {readable(row['staffing'])} ({points[row['job']]})"
        for row in (ordered[0], ordered[-1])
    )
    return f"{metric.label}: best {best}, worst {worst}."


def steady(rows: pd.DataFrame) -> str:
    """Which verdicts on a metric are the same at all values that were tried, and which are not; empty without any."""
    first = "against" in rows and compared_with_first(rows)
    judged = rows[rows["verdict_detail"].isin(list(DETAILED))]
    same: dict[str, list[str]] = {}
    changing = []
    for name, own in judged.groupby("staffing", sort=False):
        verdicts, many = own["verdict_detail"].unique(), int((rows["staffing"] == name).sum()) - first
        if len(verdicts) == 1:
            at = f"at all {'other ' if first else ''}values" if len(own) == many else f"at {len(own)} of {many} values"
            same.setdefault(f"{DETAILED[verdicts[0]].words}, {at}", []).append(readable(str(name)))
        else:
            changing.append(readable(str(name)))
    groups = [*same.items(), *([("the verdict changes with the values", changing)] if changing else [])]
    # Where points are compared with the first there is one staffing model, whose name would say nothing.
    told = [words if first else f"{words}: {joined(names)}" for words, names in groups]
    against = f"the first point ({points_of(rows)[reference_of(rows)]})" if first else "the baseline"
    return f"Against {against}, {'; '.join(told)}." if told else ""


def folders(runs: pd.DataFrame) -> Iterator[list[str]]:
    for row in runs.to_dict("records"):
        yield [str(value) for value in row.values()]
