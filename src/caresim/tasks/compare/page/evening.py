"""One passenger's evening, from the rows of the first replication: the median passenger, under two staffing models.

`task=story` follows the same passenger through the run, and tells more.
"""

from __future__ import annotations

import math
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from caresim.config.display_names import channel_name, cohort_name
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.report.page.document import Paragraph, Part, Section, Table, Words
from caresim.report.wording import clock_span, readable
from caresim.run.long_table import LongTable, rows_of

OF_PASSENGERS = (
    *("staffing", "replication", "passenger", "operator", "cohort", "need", "contacts", "first_contact_min"),
    *("first_response_min", "affected_min", "resolved_min", "satisfaction", "outcome", "party", "key", "counted"),
)
OF_CONTACTS = (
    *("staffing", "replication", "passenger", "operator", "channel", "medium", "arrival_min", "wait_min", "outcome"),
    *("result", "closed_min"),
)
FATES = {
    "waiting": "still waits when the run ends",
    "abandoned": "gives up after {wait}",
    "blocked": "meets a busy tone",
    "dropped": "is let go at the end of duty",
    "never_answered": "never gets an answer",
    "too_late": "is answered when it no longer matters, after {wait}",
}
DONE = {
    "solved": "the matter is settled", "informed": "hears what is known", "waitlisted": "gets a place on the waitlist",
    "acknowledged": "is told that it was heard", "empty": "nothing comes of it", "handed_over": "is passed on",
    "wrong": "the answer is wrong", "unknown": "nothing is known about it yet", "partly": "hears a part of it",
    "not_yet": "the desk may not do it yet", "refused": "is refused by mistake", "none": "",
}  # fmt: skip
ENDS = {
    "resolved": "The matter is settled", "missed": "The deadline passes first", "gave_up": "The passenger gives up",
    "seeking": "Nothing is settled when the run ends", "no_need": "News was all that was wanted",
    "unaware": "Never hears of it",
}  # fmt: skip
ANSWERED = "answered"
MOST_LINES = 14
"""Of one staffing model."""
MOST_ROWS = 2_000_000
"""Of longer tables, which lie on disk, nobody is looked up for a page."""


def evening(results: Any, leading: str, command: str) -> Section | None:
    """The median passenger under the baseline and the staffing model `leading`; None where no rows were recorded."""
    if isinstance(results.contacts, LongTable) or len(results.passengers) > MOST_ROWS or not len(results.passengers):
        return None
    who = median(people(results, results.baseline))
    if who is None:
        return None
    key, row = who
    parts: list[Part] = []
    introduced = ""
    for staffing in dict.fromkeys((str(results.baseline), leading)):
        mine = _first(rows_of(results.passengers, staffing, list(OF_PASSENGERS)))
        mine = mine[mine["key"] == key]
        introduced = introduced or introduction(mine)
        lines = told(results, staffing, mine)
        parts.append(Table(f"{readable(staffing)}: {ending(mine)}.", ["When", "What happens"], lines))
    told_at = f"The same passenger and the same luck. Clock times of {results.experiment.timezone}."
    chosen = (
        f"Nearest the medians of satisfaction and of the wait for a first answer with {readable(results.baseline)}."
    )
    more: list[Part] = [
        Paragraph("The whole story, with every staffing model:"),
        Words(f"{command} task=story passenger={row}"),
    ]
    return Section("One passenger's evening", [Paragraph(f"{introduced} {chosen} {told_at}"), *parts, *more])


def people(results: Any, staffing: str) -> pd.DataFrame:
    """A row for each person of the disruption who turned to somebody in the first replication, by key.

    Columns: satisfaction; wait, minutes (inf: no answer); passenger, the row that `task=story passenger=` finds.
    """
    rows = _first(rows_of(results.passengers, staffing, list(OF_PASSENGERS)))
    rows = rows[rows["counted"].astype(bool) & (rows["contacts"] > 0) & rows["first_contact_min"].notna()]
    found = rows.groupby("key", sort=True).agg(
        satisfaction=("satisfaction", "mean"),
        asked=("first_contact_min", "min"),
        answered=("first_response_min", "min"),
        passenger=("passenger", "min"),
    )
    return found.assign(wait=(found["answered"] - found["asked"]).fillna(math.inf))


def median(found: pd.DataFrame) -> tuple[int, int] | None:
    """(key, passenger) of the person nearest the medians of satisfaction and wait; the lowest key of several."""
    found = found[found["satisfaction"].notna()]
    if found.empty:
        return None
    distance = (found[["satisfaction", "wait"]].rank(pct=True) - 0.5).abs().max(axis=1).to_numpy()
    place = int(np.argmin(distance))
    return int(found.index[place]), int(found["passenger"].iloc[place])


def introduction(mine: pd.DataFrame) -> str:
    """Who it is, in a sentence."""
    first = mine.iloc[0]
    cohort = cohort_name(str(first["cohort"]))
    party = f", travelling as a party of {int(first['party'])}" if first["party"] > 1 else ""
    wants = next(need for need in Need if need.word == first["need"]).row.wants
    return f"One of the {cohort if cohort.endswith('s') else f'{cohort} passengers'}{party}, who {wants}."


def told(results: Any, staffing: str, mine: pd.DataFrame) -> list[list[str]]:
    """A row a contact: when; where, and what became of it."""
    contacts = _first(rows_of(results.contacts, staffing, list(OF_CONTACTS)))
    contacts = contacts[contacts["passenger"].isin(mine["passenger"])].sort_values("arrival_min", kind="stable")
    lines: list[list[str]] = []
    day = ""
    for row in contacts.itertuples():
        local = results.experiment.moment(row.arrival_min).astimezone(ZoneInfo(results.experiment.timezone))
        today = f"{local:%a} {local.day} {local:%b}"
        lines.append([f"{f'{today} ' if today != day else ''}{local:%H:%M}", sentence(row)])
        day = today
    if len(lines) > MOST_LINES:
        return [*lines[:MOST_LINES], ["", f"and {len(lines) - MOST_LINES} more contacts"]]
    return lines


def sentence(row: Any) -> str:
    """ "Phone Paris: is answered after 4 min; hears what is known"."""
    where = channel_name(str(row.channel))
    wait = clock_span(float(row.wait_min))
    if Medium.of_word(str(row.medium)).row.self_service:
        return f"{where}: {'finds help' if row.outcome == ANSWERED else 'finds no help'}"
    if row.outcome != ANSWERED:
        return f"{where}: {FATES.get(str(row.outcome), str(row.outcome)).format(wait=wait)}"
    after = wait if wait == "at once" else f"after {wait}"
    done = DONE.get(str(row.result), "")
    return f"{where}: is answered {after}{f'; {done}' if done else ''}"


def ending(mine: pd.DataFrame) -> str:
    """How it ends: settled when, and how satisfied."""
    first = mine.iloc[0]
    end, settled = ENDS.get(str(first["outcome"]), ""), float(mine["resolved_min"].min())
    took = settled - float(mine["affected_min"].min())
    when = f" {clock_span(took)} after it began" if math.isfinite(took) and took >= 0 else ""
    return f"{end[:1].lower()}{end[1:]}{when}; satisfaction {float(mine['satisfaction'].mean()):.1f} of 5"


def _first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["replication"] == rows["replication"].min()]
