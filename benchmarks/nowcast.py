"""The tables of docs/nowcast.md: how well the hours ahead were told at several moments of days not fitted to.

    python benchmarks/nowcast.py calls FILE.csv CALIBRATION  # a list of calls, and task=calibrate's folder for it
    python benchmarks/nowcast.py finished CALIBRATION        # the same of what is finished, where that was interrupted
    python benchmarks/nowcast.py counts FILE.csv             # a table of hourly counts, a column a desk: arrivals alone
    python benchmarks/nowcast.py                             # writes the page from the tables that are there

What is kept is scores: no row of a history.
"""

from __future__ import annotations

import math
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from benchmarks.markers import put
from benchmarks.validation import drawn

from caresim.config.exports.file_format import Format
from caresim.inference.scores import BANDS, covered, crps
from caresim.run.progress import Nobody
from caresim.tasks.calibrate.cells import LEAST
from caresim.tasks.calibrate.fit import fit
from caresim.tasks.calibrate.history import History, read
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.nowcast.ahead import ABANDONED, BACKLOG, CONTACTS, HALF_HOUR, QUANTITIES, WAIT, edges, observed
from caresim.tasks.nowcast.known import Known, known_at
from caresim.tasks.nowcast.level import FILTERS, HOUR, KEEPS, NOTHING, counts_in, rates_ahead, rhythm_of, stretches
from caresim.tasks.nowcast.mood import anger_of
from caresim.tasks.nowcast.nowcast import of_hours
from caresim.tasks.nowcast.people import as_last_week, roster_ahead
from caresim.tasks.nowcast.rules import rules_of
from caresim.tasks.nowcast.settings import AS_GIVEN, Nowcast

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, CALLS, COUNTS = DOCS / "nowcast.md", DOCS / "nowcast_calls.csv", DOCS / "nowcast_counts.csv"
TRAIN_TO, DAYS = date(1999, 1, 23), tuple(date(1999, 1, day) for day in (24, 25, 26, 27, 28, 31))
CLOCK = (10, 13, 17)
"""Hours of the local clock that are now."""
FULL, LEVEL_ONLY, WITHOUT = "caresim", "today's level alone", "without the state"
ALL_DAY = "today's roster all day"
YESTERDAY, WEEK_BEFORE = "as yesterday", "as a week before"
LEADS = {"first hour": (0.0, 60.0), "hours 2 and 3": (60.0, 180.0), "later": (180.0, 720.0), "all": (0.0, 720.0)}
REPLICATIONS = 48
COLUMNS = ("quantity", "model", "lead", "cells", "crps", "covered_50", "covered_90", "days", "nows")


def calls(file: str, kept: str) -> pd.DataFrame:
    """Scores on the test days of a list of calls: a row for each model, quantity and lead.

    What is finished is kept in the folder `kept`, so that a second call goes on.
    """
    whole = read("calls", file, "UTC", Format())
    settings = Nowcast(contacts=file, now=f"{DAYS[0]}T12:00", replications=REPLICATIONS)
    at_start = known_at(whole, moment(whole, DAYS[0], 0), settings.open_at_most.value)
    train = at_start.history.between(whole.start.date(), TRAIN_TO)
    rules = rules_of(settings.model_copy(update={"calibration": kept}))
    fitted = fit(train, rules or Rules(), settings.seed)
    for day in DAYS:
        dawn = known_at(whole, moment(whole, day, 0), settings.open_at_most.value)
        asked = settings.model_copy(update={"hours": 24})
        roster = as_last_week(dawn, fitted, dawn.now + 1440.0)
        places = {hour: Path(kept) / f"{day}_{hour}.csv" for hour in CLOCK}
        if all(place.is_file() for place in places.values()):
            continue
        before = of_hours(dawn, fitted, asked, Nobody(), NOTHING, roster).ahead[AS_GIVEN]
        for hour, place in places.items():
            known = known_at(whole, moment(whole, day, hour), settings.open_at_most.value)
            hours = min(12, 24 - hour)
            asked = settings.model_copy(update={"hours": hours, "now": f"{day}T{hour:02d}:00"})
            marks = edges(known.now, hours)
            roster = as_last_week(known, fitted, marks[-1])
            level = of_hours(without_queue(known), fitted, asked, Nobody(), HOUR, roster)
            roster = roster_ahead(known, fitted, marks[-1], math.inf)
            all_day = of_hours(known, fitted, asked, Nobody(), roster=roster)
            ensembles = {
                FULL: of_hours(known, fitted, asked, Nobody()).ahead[AS_GIVEN].values,
                ALL_DAY: all_day.ahead[AS_GIVEN].values,
                LEVEL_ONLY: level.ahead[AS_GIVEN].values,
                WITHOUT: {name: values[2 * hour : 2 * hour + 2 * hours] for name, values in before.values.items()},
            }
            cells_of(whole, day, hour, marks, ensembles).to_csv(place, index=False)
            print(day, hour, file=sys.stderr, flush=True)
    return finished(kept)


def finished(kept: str) -> pd.DataFrame:
    """The scores of what is finished in a folder of `calls`."""
    return scores_of(pd.concat([pd.read_csv(file) for file in sorted(Path(kept).glob("????-??-??_*.csv"))]))


def moment(whole: History, day: date, hour: int) -> datetime:
    """An hour of a local day, in UTC."""
    return datetime.combine(day, time(hour), ZoneInfo(whole.zone)).astimezone(UTC)


def without_queue(known: Known) -> Known:
    """As if nobody waited, and nobody was in a call."""
    none = np.zeros(0, np.intp)
    return Known(known.history, known.now, none, none, none)


def cells_of(
    whole: History, day: date, hour: int, marks: np.ndarray, ensembles: dict[str, dict[str, np.ndarray]]
) -> pd.DataFrame:
    """A row for each half hour, quantity and model: CRPS, and whether the bands hold what came."""
    anger = anger_of("phone")
    seen = observed(whole, marks, anger)
    naive = {
        YESTERDAY: observed(whole, marks - 1440.0, anger),
        WEEK_BEFORE: observed(whole, marks - 7 * 1440.0, anger),
    }
    enough = seen[CONTACTS] >= LEAST
    rows = []
    for quantity in QUANTITIES:
        for place in np.flatnonzero(enough | np.isin(quantity, (CONTACTS, BACKLOG))).tolist():
            what = float(seen[quantity][place])
            lead = HALF_HOUR * place
            for model, values in ensembles.items():
                each = values[quantity][place]
                each = each[np.isfinite(each)][None, :]
                inside = [bool(covered([what], each, share)[0]) for share in BANDS]
                rows.append((str(day), hour, lead, quantity, model, float(crps([what], each)[0]), *inside))
            for model, values in naive.items():
                guess = float(values[quantity][place])
                if np.isfinite(guess):
                    rows.append((str(day), hour, lead, quantity, model, abs(guess - what), None, None))
    return pd.DataFrame(rows, columns=["day", "hour", "lead", "quantity", "model", "crps", "in_50", "in_90"])


def scores_of(cells: pd.DataFrame) -> pd.DataFrame:
    """Means over the half hours that every model has an answer to."""
    key = ["day", "hour", "lead", "quantity"]
    models = cells["model"].nunique()
    whole = cells.groupby(key)["model"].transform("count") == models
    cells = cells[whole]
    nows = len(cells[["day", "hour"]].drop_duplicates())
    days = cells["day"].nunique()
    rows = []
    for name, (low, high) in LEADS.items():
        there = cells[(cells["lead"] >= low) & (cells["lead"] < high)]
        for (quantity, model), some in there.groupby(["quantity", "model"], sort=False):
            in_50, in_90 = (float(some[side].astype(float).mean()) for side in ("in_50", "in_90"))
            rows.append((quantity, model, name, len(some), float(some["crps"].mean()), in_50, in_90, days, nows))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def counts(file: str) -> pd.DataFrame:
    """Scores of arrivals alone, on a table of hourly counts: twelve hours ahead, at four hours of each later day."""
    table = pd.read_csv(file)
    times = pd.to_datetime(table.iloc[:, 0])
    rows = []
    for desk in table.columns[1:]:
        history = history_of(times, table[desk].to_numpy())
        days = history.days
        for day in days[3:]:
            train = history.between(days[0], day - timedelta(days=1))
            rhythm = rhythm_of(train)
            for hour in (6, 10, 14, 18):
                now = (moment(history, day, hour) - history.start.astimezone(UTC)) / timedelta(minutes=1)
                passed, ahead = stretches(history, now, now + 720.0)
                if ahead[-1].ends > history.arrival[-1]:
                    continue
                seen = counts_in(history, ahead)
                naive = counts_in(
                    history, [cell._replace(begins=cell.begins - 1440, ends=cell.ends - 1440) for cell in ahead]
                )
                for learns in FILTERS:
                    luck, keeps = np.random.default_rng([0, 4]), KEEPS if learns == HOUR else 1.0
                    rates = rates_ahead(history, rhythm, now, ahead, passed, 400, luck, learns, keeps)
                    rows += scored(desk, learns, seen, luck.poisson(rates).astype(float))
                rows += [(desk, YESTERDAY, "hour", abs(a - b), None, None) for a, b in zip(seen, naive, strict=True)]
                rows.append((desk, YESTERDAY, "12 hours", abs(seen.sum() - naive.sum()), None, None))
    found = pd.DataFrame(rows, columns=["desk", "model", "width", "crps", "in_50", "in_90"])
    for side in ("in_50", "in_90"):
        found[side] = found[side].astype(float)
    by = found.groupby(["desk", "model", "width"], sort=False)
    return by.agg(
        cells=("crps", "size"), crps=("crps", "mean"), covered_50=("in_50", "mean"), covered_90=("in_90", "mean")
    ).reset_index()


def scored(desk: str, model: str, seen: np.ndarray, members: np.ndarray) -> list[tuple[object, ...]]:
    """A row for each hour, and one for all twelve."""
    rows: list[tuple[object, ...]] = []
    for width, what, each in (
        ("hour", seen, members),
        ("12 hours", seen.sum(keepdims=True), members.sum(axis=0)[None, :]),
    ):
        inside = [covered(what, each, share) for share in BANDS]
        for score, in_50, in_90 in zip(crps(what, each), *inside, strict=True):
            rows.append((desk, model, width, float(score), bool(in_50), bool(in_90)))
    return rows


def history_of(times: pd.Series, counts: np.ndarray) -> History:
    """A history of contacts of which only the hour is known."""
    hours = np.repeat(np.arange(len(times)), counts.astype(int))
    zone = "America/New_York"
    first = times.iloc[0].tz_convert(zone)
    start = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))
    minute = np.array([(moment.to_pydatetime() - start) / timedelta(minutes=1) for moment in times])
    number = np.concatenate([np.arange(count) for count in counts.astype(int)])
    arrival = minute[hours] + 60.0 * (number + 0.5) / np.maximum(counts.astype(int)[hours], 1)
    size = len(arrival)
    nothing, no = np.full(size, np.nan), np.zeros(size, bool)
    return History(
        start, zone, ("posts",), (), (), frozenset({"arrival"}), arrival, np.zeros(size, np.int64),
        np.full(size, -1), nothing, no, no, nothing, nothing, np.array([""] * size),
    )  # fmt: skip


NAMES = {CONTACTS: "contacts", BACKLOG: "waiting", WAIT: "mean wait, s", ABANDONED: "P(abandon), points"}
SCALES = {ABANDONED: 100.0}
MODELS = (FULL, ALL_DAY, LEVEL_ONLY, WITHOUT, YESTERDAY, WEEK_BEFORE)
LEARNT = {HOUR: "today's hours", "day": "the day's factor", NOTHING: "nothing", YESTERDAY: "as yesterday"}


def score(scores: pd.DataFrame, quantity: str, model: str, lead: str, column: str = "crps") -> float:
    """One number of the table of calls."""
    there = scores[(scores["quantity"] == quantity) & (scores["model"] == model) & (scores["lead"] == lead)]
    return float(there[column].iloc[0])


def table_of_calls(scores: pd.DataFrame) -> str:
    """A row for each quantity."""
    rows = []
    for quantity, name in NAMES.items():
        each = [SCALES.get(quantity, 1.0) * score(scores, quantity, model, "all") for model in MODELS]
        cells = int(score(scores, quantity, FULL, "all", "cells"))
        held = [f"{100 * score(scores, quantity, FULL, 'all', f'covered_{share}'):.0f} %" for share in (50, 90)]
        values = [f"{value:.2f}" for value in each]
        least = min(each)
        shown = [f"**{text}**" if value == least else text for text, value in zip(values, each, strict=True)]
        rows.append([name, str(cells), *shown, " / ".join(held)])
    heads = ["what", "half hours", *(f"CRPS, {model}" for model in MODELS), "in the 50 / 90 % bands"]
    return drawn(heads, rows)


def table_of_leads(scores: pd.DataFrame) -> str:
    """A row for each lead, of the mean wait."""
    rows = [
        [
            lead,
            str(int(score(scores, WAIT, FULL, lead, "cells"))),
            *(f"{score(scores, WAIT, model, lead):.1f}" for model in MODELS),
        ]
        for lead in LEADS
    ]
    return drawn(["ahead", "half hours", *MODELS], rows)


def verdict(scores: pd.DataFrame) -> str:
    """What is better than what, said from the numbers."""
    lines = []
    for other in MODELS[1:]:
        better, worse = [], []
        for quantity, name in NAMES.items():
            ours, theirs = (score(scores, quantity, model, "all") for model in (FULL, other))
            if ours == theirs:
                continue
            change = f"{name.partition(',')[0]} ({100 * (ours / theirs - 1):+.0f} %)"
            (better if ours < theirs else worse).append(change)
        what = f"better for {', '.join(better)}" if better else "better for nothing"
        lost = f"worse for {', '.join(worse)}" if worse else "worse for nothing"
        lines.append(f"- Against *{other}*, CRPS is {what}; {lost}.\n")
    narrow = [name for quantity, name in NAMES.items() if score(scores, quantity, FULL, "all", "covered_90") < 0.85]
    held = (
        f"hold less than 85 % for {', '.join(name.partition(',')[0] for name in narrow)}"
        if narrow
        else "hold at least 85 % of each"
    )
    return "".join(lines) + f"- The 90 % bands {held}.\n"


def table_of_counts(scores: pd.DataFrame) -> str:
    """A row for each desk and width."""
    rows = []
    for width in ("hour", "12 hours"):
        for desk in scores["desk"].unique():
            there = scores[(scores["desk"] == desk) & (scores["width"] == width)].set_index("model")
            each = [f"{there.loc[model, 'crps']:.1f}" for model in LEARNT]
            best = there["crps"].idxmin()
            cells = [f"**{text}**" if model == best else text for model, text in zip(LEARNT, each, strict=True)]
            rows.append(
                [
                    f"{desk}, {width}",
                    str(there.loc[HOUR, "cells"]),
                    *cells,
                    f"{100 * there.loc[HOUR, 'covered_90']:.0f} %",
                ]
            )
    return drawn(["posts to", "forecasts", *LEARNT.values(), "in the 90 % band"], rows)


def page() -> None:
    """Write the tables into the page."""
    scores = pd.read_csv(CALLS)
    first = scores.iloc[0]
    put(PAGE, "moments", f"Scored: {first['nows']} moments of {first['days']} of the six days.\n")
    put(PAGE, "calls", table_of_calls(scores))
    put(PAGE, "leads", table_of_leads(scores))
    put(PAGE, "verdict", verdict(scores))
    put(PAGE, "counts", table_of_counts(pd.read_csv(COUNTS)))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        calls(sys.argv[2], sys.argv[3]).to_csv(CALLS, index=False, float_format="%.6g")
    elif sys.argv[1:2] == ["finished"]:
        finished(sys.argv[2]).to_csv(CALLS, index=False, float_format="%.6g")
    elif len(sys.argv) == 3:
        counts(sys.argv[2]).to_csv(COUNTS, index=False, float_format="%.6g")
    page()
