"""The tables and pictures of docs/validation.md, from the folder of a history backtest and from known truths.

    python benchmarks/validation.py LAST_WEEK WEEK_BEFORE OTHER_SEED  # of three folders, and writes the page
    python benchmarks/validation.py                                   # writes the page from the tables that are there

Scores and days are aggregates: no row of the history is kept.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pandas as pd
from benchmarks.calibration import LIST, REPORT
from benchmarks.calibration import TABLE as KNOWN_TRUTH
from benchmarks.markers import put
from benchmarks.overflow import ANOTHER, OVERFLOW, OWN, SHARED
from benchmarks.overflow import TABLE as KNOWN_OVERFLOW

from caresim.tasks.backtest.history.evaluate import ABANDONED, CONTACTS, ERLANG_A, ERLANG_C, NAIVE, WAIT
from caresim.tasks.backtest.history.settings import FORECAST, GIVEN
from caresim.tasks.backtest.history.words import MEASURES, WIDTHS, number, score_row

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCORES, DAYS, PAGE = DOCS / "validation.csv", DOCS / "validation_days.csv", DOCS / "validation.md"
OTHER_SEED, OTHER_SEED_DAYS = DOCS / "validation_other_seed.csv", DOCS / "validation_other_seed_days.csv"
WEEK_BEFORE, BAD_HOUR = DOCS / "validation_week_before.csv", DOCS / "validation_bad_hour.csv"
SHOWN = (
    *((WAIT, "half_hour"), (WAIT, "hour"), (WAIT, "day")),
    *((ABANDONED, "half_hour"), (ABANDONED, "two_hours"), (ABANDONED, "day"), (CONTACTS, "hour"), (CONTACTS, "day")),
)
TRUTHS = {
    OVERFLOW: "the others help out after {after:g} min",
    ANOTHER: "they help the others out after {after:g} min",
    OWN: "agents serve the kinds that they have had",
    SHARED: "everybody serves every kind",
}
QUANTITIES = {
    "handling": "mean handling time of a kind",
    "hour": "factor of an hour of the day",
    "speed": "speed of an agent",
    "patience": "mean patience of a kind",
    "contacts": "contacts of the next day, and of its hours",
    "all": "all",
}


def taken(folder: Path, before: Path, other_seed: Path) -> None:
    """Take what the page shows from the folders of three backtests."""
    pd.read_csv(other_seed / "scores.csv").to_csv(OTHER_SEED, index=False, float_format="%.6g")
    days_of(other_seed).to_csv(OTHER_SEED_DAYS, index=False, float_format="%.6g")
    pd.read_csv(before / "scores.csv").to_csv(WEEK_BEFORE, index=False, float_format="%.6g")
    hours = pd.read_csv(before / "cells.csv")
    hours = hours[(hours["track"] == GIVEN) & (hours["width"] == "hour") & (hours["day"] == "1999-01-18")]
    hours[hours["begins"] == "15:00"].to_csv(BAD_HOUR, index=False, float_format="%.6g")
    pd.read_csv(folder / "scores.csv").to_csv(SCORES, index=False, float_format="%.6g")
    days_of(folder).to_csv(DAYS, index=False, float_format="%.6g")
    for track in (GIVEN, FORECAST):
        shutil.copy(folder / "figures" / f"history_{track}.png", DOCS / "pictures" / f"validation_{track}.png")


def days_of(folder: Path) -> pd.DataFrame:
    """The rows of whole days."""
    cells = pd.read_csv(folder / "cells.csv")
    return cells[cells["width"] == "day"]


def table_of(scores: pd.DataFrame, track: str) -> str:
    """A row for each measure and width."""
    heads = [
        *("what", "stretches", "CRPS", "of Erlang A", "of Erlang C", "of a week before"),
        *("correlation (exact model)", "in the 90 % band"),
    ]
    rows = []
    for measure, width in SHOWN:
        ours = score_row(scores, track, measure, width)
        if ours is None:
            continue
        others = []
        for rival in (ERLANG_A, ERLANG_C, NAIVE):
            row = score_row(scores, track, measure, width, rival)
            partly = row is not None and row["cells"] < ours["cells"]
            alone = f" (of {row['cells']}; caresim there {number(row['crps_caresim'], measure)})" if partly else ""
            others.append("-" if row is None else f"{number(row['crps'], measure)}{alone}")
        rows.append(
            [
                f"{MEASURES[measure]}, by {WIDTHS[width]}", str(ours["cells"]), f"**{number(ours['crps'], measure)}**",
                *others, f"{ours['correlation']:.2f} ({ours['ceiling']:.2f})", f"{100 * ours['covered_90']:.0f} %",
            ]
        )  # fmt: skip
    return drawn(heads, rows)


def table_of_days(days: pd.DataFrame) -> str:
    """A row for each day."""
    heads = [
        *("day", "observed", "predicted (90 % band), arrivals and roster given", "Erlang A, the same"),
        "predicted (90 % band), nothing given",
    ]
    lost = days[days["measure"] == ABANDONED]
    given, forecast = (lost[lost["track"] == track].set_index("day") for track in (GIVEN, FORECAST))
    rows = [
        [
            str(day),
            f"{100 * row['observed']:.1f}",
            _with_band(row),
            f"{100 * row[ERLANG_A]:.1f}",
            _with_band(forecast.loc[day]),
        ]
        for day, row in given.iterrows()
    ]
    return drawn(heads, rows)


def _with_band(row: pd.Series) -> str:
    return f"{100 * row['predicted']:.1f} ({100 * row['low_90']:.1f}-{100 * row['high_90']:.1f})"


def table_of_truths(known: pd.DataFrame) -> str:
    """A row for each kind of quantity: told from lists of contacts, and from their interval reports."""
    by_name = known.set_index(["of", "what"])
    rows = [
        [words, *(cell for of in (LIST, REPORT) for cell in _held(by_name, of, name))]
        for name, words in QUANTITIES.items()
    ]
    heads = ["intervals", "hold the truth", "intervals from a report", "hold the truth"]
    return drawn(["quantity", *heads], rows)


def _held(known: pd.DataFrame, of: str, what: str) -> tuple[str, str]:
    """How many intervals, and the share that holds the truth."""
    if (of, what) not in known.index:
        return "-", "-"
    return str(known.loc[(of, what), "intervals"]), f"{100 * known.loc[(of, what), 'covered_90']:.0f} %"


def table_of_overflows(known: pd.DataFrame) -> str:
    """A row for each truth: how many histories, of how many it is chosen, and what was chosen instead."""
    rows = []
    for (truth, after), found in known.groupby(["truth", "after_min"], sort=False):
        right = (found["chosen"] == truth) & (found["chosen_after_min"] == after)
        instead = [
            f"{TRUTHS[row.chosen].format(after=row.chosen_after_min)} ({row.histories})"
            for row in found[~right].itertuples()
        ]
        chosen, histories = found.loc[right, "histories"].sum(), found["histories"].sum()
        rows.append([TRUTHS[truth].format(after=after), str(histories), str(chosen), ", ".join(instead) or "-"])
    return drawn(["truth", "histories", "chosen", "chosen instead"], rows)


def drawn(heads: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, ["---"] * len(heads), *rows))


def page() -> None:
    """Write the tables into the page."""
    scores, days = pd.read_csv(SCORES), pd.read_csv(DAYS)
    put(PAGE, "known truth: python benchmarks/calibration.py", table_of_truths(pd.read_csv(KNOWN_TRUTH)))
    put(PAGE, "known overflow: python benchmarks/overflow.py", table_of_overflows(pd.read_csv(KNOWN_OVERFLOW)))
    for track in (GIVEN, FORECAST):
        put(PAGE, track, table_of(scores, track))
    put(PAGE, "days", table_of_days(days))
    put(PAGE, "week before", table_of(pd.read_csv(WEEK_BEFORE), GIVEN))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        taken(*map(Path, sys.argv[1:4]))
    page()
