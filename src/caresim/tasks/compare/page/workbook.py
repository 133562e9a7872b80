"""results.xlsx: what a planner works on with, in a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from caresim.report.page.of_experiment import assumptions_table
from caresim.run import spreadsheet
from caresim.scenario import roster

HOURS = (1, 2, 4, 24)
"""Intervals are summed up by the hour; where that makes too many rows, by two, four or all hours of a day."""
MOST_INTERVALS = 6000
"""Rows of the sheet of intervals; intervals.csv has each half hour."""
COUNTS = ("offered", "answered", "abandoned", "blocked", "dropped", "unanswered", "within_target")
PLACES = ("staffing", "desk", "channel")
MOST_SHIFTS = 20_000
SHIFTS = ("staffing", "desk", "start", "end", "hours", "people")


def save(results: Any, folder: Path) -> None:
    """Write results.xlsx into the folder of a run: summary, comparison, roster, intervals, assumptions."""
    sheets = {
        "summary": results.summary(),
        "comparison": results.comparison(),
        "roster": shifts(results.experiment),
        "intervals": intervals(results),
        "assumptions": assumptions_table(results.experiment),
    }
    spreadsheet.write(sheets, folder / spreadsheet.WORKBOOK)


def shifts(experiment: Any) -> pd.DataFrame:
    """Every shift as planned at central values: staffing model, desk, start and end in local time, hours, people.

    People with a fraction are those before rounding. People on call, and rosters that follow the day before, are known
    only when a run is on: these are in staff.parquet.
    """
    rows = []
    for staffing in experiment.compared:
        desks = list(experiment.staffing[staffing].desks)
        for name, shifts_of_desk in zip(desks, roster.build(experiment, staffing), strict=True):
            for shift in shifts_of_desk:
                start, end = (_local(experiment, minutes) for minutes in (shift.start, shift.end))
                rows.append((staffing, name, start, end, (shift.end - shift.start) / 60.0, round(shift.heads, 3)))
                if len(rows) == MOST_SHIFTS:
                    return pd.DataFrame(rows, columns=list(SHIFTS))
    return pd.DataFrame(rows, columns=list(SHIFTS))


def _local(experiment: Any, minutes: float) -> Any:
    return experiment.moment(minutes).astimezone(ZoneInfo(experiment.timezone)).replace(tzinfo=None)


def intervals(results: Any) -> pd.DataFrame:
    """The interval report of the first replication by one hour or several, empty ones left out."""
    report = results.intervals
    if not len(report):
        return report
    local = report["interval_start"].dt.tz_localize(None)
    table = report.assign(staff=report["staff"].fillna(0.0))
    for hours in HOURS:
        groups = table.assign(start=local.dt.floor(f"{hours}h")).groupby([*PLACES, "start"], sort=False, observed=True)
        whole = groups[list(COUNTS)].sum().join(groups["staff"].mean().rename("staff_mean")).reset_index()
        whole = whole[(whole["offered"] > 0) | (whole["staff_mean"] > 0)]
        if len(whole) <= MOST_INTERVALS:
            break
    whole = whole.head(MOST_INTERVALS).reset_index(drop=True)
    whole.insert(len(PLACES) + 1, "hours", hours)
    return whole
