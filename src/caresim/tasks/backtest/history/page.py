"""report.html and results.xlsx of a backtest on a history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from caresim.report.page import document as written
from caresim.report.page.document import (
    Cell,
    Document,
    Paragraph,
    Section,
    Table,
    Words,
    figure_of,
)
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.tasks.backtest.history.evaluate import OURS, RIVALS
from caresim.tasks.backtest.history.settings import TRACKS
from caresim.tasks.backtest.history.words import CALLED, MEASURES, WIDTHS, answer, caution, number, score_row

if TYPE_CHECKING:
    from caresim.tasks.backtest.history.backtest import HeldAgainst

SHOWN = (
    ("wait_s", "hour"),
    ("wait_s", "half_hour"),
    ("abandoned", "two_hours"),
    ("abandoned", "day"),
    ("contacts", "day"),
)


def save(held: HeldAgainst, folder: Path, command: str) -> None:
    """Write the page and the workbook into the folder, whose figures are drawn already."""
    written.save(document(held, folder, command), folder)
    sheets = {"scores": held.scores, "cells": held.cells, "candidates": held.calibrated.candidates}
    spreadsheet.write(sheets, folder / spreadsheet.WORKBOOK)


def document(held: HeldAgainst, folder: Path, command: str) -> Document:
    """The page of this backtest."""
    shown = "Dots and points: observed. Line: the mean of what was predicted. Bands: its middle half and nine tenths."
    pictures = [
        picture
        for track in TRACKS
        for picture in figure_of(folder, f"history_{track}", f"Where {TRACKS[track]}.", shown)
    ]
    tracks = [track for track in TRACKS if track in set(held.scores["track"])]
    return Document(
        title=f"{Path(held.settings.contacts).name}: {len(held.days)} days that the model had not seen",
        question="How well does a model of this centre predict days that it was not fitted to?",
        answer=answer(held),
        sections=[
            Section("In pictures", pictures),
            Section("Scores", [*(table(held.scores, track) for track in tracks), Paragraph(RULE)]),
            Section("What to know of the comparison", [Paragraph(said) for said in caution(held)]),
            Section("How to reproduce it", [Words(command), Paragraph(made(held))]),
        ],
        analyst=[Section("What the history says, and what keeps its prior", [Paragraph(said) for said in found(held)])],
        made_by=f"Made by caresim {package_version()}. Every value is in scores.csv and cells.csv.",
        durations="Durations: "
        + ", ".join(f"{k.removesuffix('_s')} {s:.1f} s" for k, s in held.durations.items())
        + ".",
    )


RULE = (
    "CRPS is the mean distance between what was predicted, as a distribution, and what came; for a formula, which "
    "predicts one value, it is the absolute error. Smaller is better. Each rival is compared where it has an answer "
    "(Erlang C has none where the load is not below the people). The ceiling is the correlation that the model itself "
    "would reach if it were exact, because what comes is a matter of luck, too. KS: the largest difference between the "
    "distributions of all single waits."
)


def durations(held: HeldAgainst) -> str:
    """How long each part took."""
    return ", ".join(f"{key.removesuffix('_s')} {seconds:.1f} s" for key, seconds in held.durations.items())


def made(held: HeldAgainst) -> str:
    """Version, seed and size."""
    settings = held.settings
    return (
        f"caresim {package_version()}, seed {settings.seed}, {settings.replications} replications in "
        f"{(settings.replications + 1) // 2} worlds of {settings.draws} draws."
    )


def found(held: HeldAgainst) -> list[str]:
    """What was fitted."""
    from caresim.tasks.calibrate.command import lines

    return lines(held.calibrated)


def table(scores: pd.DataFrame, track: str) -> Table:
    """A row for each measure and width: our scores, and the CRPS of each rival."""
    rows = []
    for measure, width in SHOWN:
        ours = score_row(scores, track, measure, width)
        if ours is None:
            continue
        others: list[Cell | str] = []
        for rival in RIVALS:
            row = score_row(scores, track, measure, width, rival)
            if row is None:
                others.append(Cell("no answer"))
                continue
            better = row["crps_caresim"] < row["crps"]
            note = f"caresim there {number(row['crps_caresim'], measure)}"
            others.append(Cell(number(row["crps"], measure), note, look="worse" if better else "better"))
        rows.append(
            [
                f"{MEASURES[measure]}, by {WIDTHS[width]}",
                Cell(number(ours["crps"], measure), f"{ours['cells']} stretches"),
                *others,
                Cell(f"{ours['correlation']:.2f}", f"ceiling {ours['ceiling']:.2f}"),
                Cell(f"{100 * ours['covered_50']:.0f} %, {100 * ours['covered_90']:.0f} %"),
                Cell("" if pd.isna(ours["ks"]) else f"{ours['ks']:.2f}"),
            ]
        )
    heads = ["What", f"CRPS of {CALLED[OURS]}", *(f"of {CALLED[rival]}" for rival in RIVALS)]
    return Table(f"Where {TRACKS[track]}.", [*heads, "Correlation", "In 50 and 90 % bands", "KS"], rows)
