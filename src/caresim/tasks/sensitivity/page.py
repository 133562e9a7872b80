"""report.html of a study of sensitivity: the answer, the tornado, what knowing is worth; folded below, all indices."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from caresim.config.labels import spoken_of
from caresim.report.page import document as written
from caresim.report.page import of_experiment
from caresim.report.page.document import (
    Cell,
    Document,
    Items,
    Paragraph,
    Part,
    Section,
    Table,
    figure_of,
)
from caresim.report.wording import joined, level, readable
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.tasks.sensitivity.answer import (
    TOO_FEW,
    WIDEST,
    difference,
    metric_of,
    scaled,
    sentences,
    where,
    worth_head,
    worth_of,
)
from caresim.tasks.sensitivity.assumptions import label
from caresim.tasks.sensitivity.outputs import DIFFERENCE, LEVEL
from caresim.tasks.sensitivity.result import TOGETHER

MOST_SCREENED = 25
"""Assumptions of the screening that the page lists; screening.csv has all."""
LEFT_OUT = (
    (
        "Laws",
        "the model's own laws are taken as they are, but for the two of satisfaction: only numbers with a range vary",
    ),
    ("Together", "every assumption is drawn by itself; that two of them rise and fall together is not asked"),
    ("Measuring", "what it costs to measure, and how exactly it can be done: worth is that of knowing the true value"),
    ("Other models", "the choice is among the staffing models that are named, each as it is"),
)
"""What no such study says."""


def save(told: Any, folder: Path, command: str) -> None:
    """Write report.html and results.xlsx into the folder of a study, whose figures are drawn already."""
    with spoken_of(told.experiment):
        written.save(document(told, folder, command), folder)
    sheets = {"knowing": told.knowing(), "tornado": told.tornado(), "indices": told.table()}
    if told.screening is not None:
        sheets["screening"] = told.screening
    sheets["assumptions"] = of_experiment.assumptions_table(told.experiment)
    spreadsheet.write(sheets, folder / spreadsheet.WORKBOOK)


def document(told: Any, folder: Path, command: str) -> Document:
    """The page of this study; `command` is what was typed."""
    experiment = told.experiment
    sections = [
        Section("Which assumption moves the answer", [*picture(folder, "tornado", tornado_words(told))]),
        Section("What it is worth to know", knowing(told)),
        Section("What makes it vary", [*picture(folder, "indices", indices_words(told))]),
        Section("How it was found", [Items(method(told))]),
        Section(
            "What is left out",
            [Items([*LEFT_OUT, *(("", line) for line in scaled(told)), *of_experiment.lines_left_out(experiment)])],
        ),
        Section("Beside this page", [files(told)]),
        of_experiment.reproduced(experiment, command),
    ]
    analyst = [
        *(indices(told, of) for of in (LEVEL, DIFFERENCE)),
        screening(told),
        of_experiment.assumptions(experiment, "each draw"),
    ]
    return Document(
        title=f"{experiment.name}: which assumption decides?",
        question=f"Which assumption decides between {joined([readable(name) for name in told.models])}?",
        answer=sentences(told),
        sections=[section for section in sections if section.parts],
        analyst=[section for section in analyst if section is not None],
        made_by=f"Made by caresim {package_version()}. Every number is in the .csv files beside it.",
        durations=of_experiment.durations(told.durations),
    )


def picture(folder: Path, name: str, finding: str) -> list[Part]:
    """A figure; none where it was not drawn."""
    titles = {"tornado": "Differences near the ends of each range.", "indices": "Shares of the variance."}
    return figure_of(folder, name, titles[name], finding)


def tornado_words(told: Any) -> str:
    """What is to be seen on the tornado."""
    table = told.tornado()
    best = table[(table["staffing"] == told.pairs[0][0]) & (table["against"] == told.pairs[0][1])]
    if not len(best):
        return "Too few rows have a value of every staffing model."
    row = best.iloc[0]
    ends = ", ".join(f"{difference(told, row[f'at_{end}'])} at {row[f'{end}_value']}" for end in ("from", "to"))
    return f"{label(str(row['assumption']))} moves the difference between the best two most: {ends}."


def indices_words(told: Any) -> str:
    """What is to be seen on the indices, and how many of their points no exact index could have."""
    table = told.table()
    table = table[(table["metric"] == told.metric) & table["first"].notna()]
    if not len(table):
        return "Nothing varies, or too few rows have a value."
    above = int((table["first"] > table["total"]).sum())
    exact = "What knowing each would take away. An exact first order is never above its total"
    if not above:
        return f"{exact}, nor is one here."
    which = f"{above} of {len(table)} points are" if above > 1 else f"one point of {len(table)} is"
    return f"{exact}; here {which}, which is the error of estimates from few rows: read the intervals."


def knowing(told: Any) -> list[Part]:
    """Worth of each assumption, in and out of sample, and where which model is best."""
    rows: list[list[Cell | str]] = []
    for row in told.knowing().to_dict("records"):
        name = str(row["assumption"])
        if math.isnan(row["worth"]):
            continue
        one = told.assumption(name)
        span = f"{one.text_at(0.0)} to {one.text_at(1.0)}" if one is not None else ""
        held = [text.replace("-", "−") for text in worth_of(told, row, "held_out")]
        rows.append(
            [
                Cell(label(name) if name != TOGETHER else "All of these at once", one.name if one is not None else ""),
                span,
                Cell(*worth_of(told, row, "worth")),
                Cell(*held),
                "" if name == TOGETHER else where(told, name),
            ]
        )
    if not rows:
        return [Paragraph("Too few rows have a value of every staffing model.")]
    caption = (
        f"What it is worth on average to know the true value before choosing. In small letters:"
        f" {level(told.confidence)} intervals. The first number is too high where it is near zero; the second is judged"
        " by rows that did not take part in the choice, and is too low."
    )
    worths = [worth_head(told, words) for words in ("Worth knowing", "Held out")]
    return [Table(caption, ["Assumption", "Range", *worths, "Which is best where"], rows)]


def method(told: Any) -> list[tuple[str, str]]:
    """How the numbers were made, as items."""
    metric, rows = metric_of(told), told.rows
    items = []
    if told.screening is not None:
        count, trajectories = len(told.assumptions), told.settings.trajectories
        items.append(
            (
                "Screening",
                f"each of {count} assumptions was moved by two thirds of its range, {trajectories} times from different"
                f" worlds (Morris); the {len(rows.chosen)} that move most, in the smallest differences that matter,"
                " were passed on: half of them for the differences by which the models are chosen",
            )
        )
    items += [
        (
            "Indices",
            f"{len(rows.first)} rows of {rows.width} points, {len(told.runs):,} runs (Saltelli; Jansen). Luck is an"
            " input like the others: the points of a row share it, so that what they differ by is the assumption, and"
            " each row has its own, so that no index is that of one luck",
        ),
        (
            "Worth",
            f"the mean of “{metric.label}” of each model given one assumption, by regression on what the points of a"
            " row differ by (Strong, Oakley & Brennan); what is gained by choosing with it",
        ),
    ]
    return items


def files(told: Any) -> Items:
    """What else lies in the folder."""
    listed = [
        ("results.xlsx", "the same as a workbook"),
        ("knowing.csv", "what it is worth to know each assumption"),
        ("tornado.csv", "differences near both ends of each range"),
        ("sensitivity.csv", "first-order and total indices of levels and differences"),
        ("points.parquet, runs.parquet", "the values at every point, and the metrics of every run"),
        ("figures/", "both figures as PNG and SVG"),
        ("manifest.json", "the configuration, versions and hashes"),
    ]
    if told.screening is not None:
        listed.insert(4, ("screening.csv", "the effects of all assumptions"))
    return Items(listed)


def indices(told: Any, of: str) -> Section | None:
    """All indices of levels, or of differences."""
    from caresim.measure.metrics import REGISTRY

    table = told.table()
    table = table[(table["of"] == of) & table["first"].notna()]
    if not len(table):
        return None
    rows = [
        [
            REGISTRY[row["metric"]].label,
            " less ".join(readable(row[key]) for key in ("staffing", "against") if row[key]),
            label(row["assumption"]),
            *(share(row, key) for key in ("first", "total", "of_mean")),
        ]
        for row in table.to_dict("records")
    ]
    of_what = "Staffing models" if of == DIFFERENCE else "Staffing model"
    heads = ["Metric", of_what, "Input", "First order", "Total", "First order of the mean over luck"]
    caption = "Shares of the variance; in small letters the interval. Estimates may be a little below 0, and a"
    caption += " first order above its total; where the interval is wider than 100 points there are too few rows."
    return Section(f"Indices of each {of}", [Table(caption, heads, rows)])


def share(row: dict[str, Any], key: str) -> Cell:
    """A share of the variance with its interval."""
    if math.isnan(row[key]):
        return Cell("")
    if row[f"{key}_high"] - row[f"{key}_low"] > WIDEST:
        return Cell(TOO_FEW)
    value, low, high = (f"{100 * row[key + end]:.0f}".replace("-", "−") for end in ("", "_low", "_high"))
    return Cell(f"{value} %", f"{low} to {high} %")


def screening(told: Any) -> Section | None:
    """The largest effects of the screening on each difference in the metric that decides."""
    if told.screening is None:
        return None
    table = told.screening
    parts: list[Part] = []
    for model in told.models:
        here = table[(table["metric"] == told.metric) & (table["of"] == DIFFERENCE) & (table["staffing"] == model)]
        here = here.sort_values("size", ascending=False, kind="stable").head(MOST_SCREENED)
        if not len(here):
            continue
        rows = [
            [
                label(row["assumption"]),
                f"{row['in_margins']:.2f}",
                difference(told, row["mean"]),
                "yes" if row["chosen"] else "",
            ]
            for row in here.to_dict("records")
        ]
        against = f"{readable(model)} less {readable(told.experiment.baseline)}"
        caption = f"{against}: effect over the whole range, in the smallest differences that matter, and with its sign."
        parts.append(Table(caption, ["Assumption", "Size", "Mean", "Passed on"], rows))
    return Section("The screening", parts)
