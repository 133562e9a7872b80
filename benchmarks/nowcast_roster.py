"""For how long does what today says of a roster hold? Chosen on training days: the table of docs/nowcast.md.

    python benchmarks/nowcast_roster.py FILE.csv CALIBRATION  # a list of calls, and task=calibrate's folder for it
    python benchmarks/nowcast_roster.py                       # writes the page from the table that is there

Each day is predicted from a fit to the days before it; none is a day that docs/nowcast.md scores.
"""

from __future__ import annotations

import math
import sys
from datetime import date, timedelta

import pandas as pd
from benchmarks.markers import put
from benchmarks.nowcast import CLOCK, DOCS, PAGE, REPLICATIONS, cells_of, moment
from benchmarks.validation import drawn

from caresim.config.exports.file_format import Format
from caresim.run.progress import Nobody
from caresim.tasks.calibrate.fit import fit
from caresim.tasks.calibrate.history import read
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.nowcast.ahead import ABANDONED, BACKLOG, WAIT, edges
from caresim.tasks.nowcast.known import known_at
from caresim.tasks.nowcast.nowcast import of_hours
from caresim.tasks.nowcast.people import HOLDS_MIN, roster_ahead
from caresim.tasks.nowcast.rules import rules_of
from caresim.tasks.nowcast.settings import AS_GIVEN, Nowcast

TABLE = DOCS / "nowcast_roster.csv"
DAYS = tuple(date(1999, 1, day) for day in (17, 18, 19, 20, 21))
"""Full days of the stretch that is fitted to."""
HOLDS_H = (0.0, 1.0, 2.5, 5.0, 10.0, math.inf)
SHOWN = {WAIT: "mean wait, s", BACKLOG: "waiting", ABANDONED: "P(abandon), points"}
SCALES = {ABANDONED: 100.0}
NEAR_MIN = 180.0


def scored(file: str, kept: str) -> pd.DataFrame:
    """CRPS by how long today's roster holds, quantity and lead (near: the first three hours)."""
    whole = read("calls", file, "UTC", Format())
    settings = Nowcast(contacts=file, now=f"{DAYS[-1]}T12:00", replications=REPLICATIONS)
    rules = rules_of(settings.model_copy(update={"calibration": kept, "now": "1999-01-24T12:00"})) or Rules()
    cells = []
    for day in DAYS:
        for hour in CLOCK:
            known = known_at(whole, moment(whole, day, hour), settings.open_at_most.value)
            fitted = fit(known.history.between(whole.start.date(), day - timedelta(days=1)), rules, settings.seed)
            hours = min(12, 24 - hour)
            marks = edges(known.now, hours)
            asked = settings.model_copy(update={"hours": hours, "now": f"{day}T{hour:02d}:00"})
            ensembles = {}
            for holds in HOLDS_H:
                roster = roster_ahead(known, fitted, marks[-1], 60.0 * max(holds, 1e-9))
                found = of_hours(known, fitted, asked, Nobody(), roster=roster)
                ensembles[f"{holds:g}"] = found.ahead[AS_GIVEN].values
            cells.append(cells_of(whole, day, hour, marks, ensembles))
            print(day, hour, file=sys.stderr, flush=True)
    found = pd.concat(cells)
    found = found[found["quantity"].isin(SHOWN) & found["in_50"].notna()]
    near = (found["lead"] < NEAR_MIN).map({True: "near", False: "far"})
    parts = [found.assign(lead=near), found.assign(lead="all")]
    by = pd.concat(parts).groupby(["model", "quantity", "lead"])
    table = by.agg(cells=("crps", "size"), crps=("crps", "mean")).reset_index()
    return table.rename(columns={"model": "holds_h"}).assign(days=len(DAYS), nows=len(DAYS) * len(CLOCK))


def table_of(scores: pd.DataFrame) -> str:
    """A row for each number of hours."""
    rows = []
    for holds in sorted(scores["holds_h"].unique()):
        mine = scores[scores["holds_h"] == holds].set_index(["quantity", "lead"])["crps"]
        words = "the whole day" if math.isinf(holds) else "not at all" if holds == 0 else f"{holds:g} h"
        chosen = f"**{words}**" if math.isclose(60.0 * holds, HOLDS_MIN) else words
        values = [
            f"{SCALES.get(name, 1.0) * mine[name, lead]:.2f}" for name in SHOWN for lead in ("near", "far", "all")
        ]
        rows.append([chosen, *values])
    heads = [f"{name}: {lead}" for name in SHOWN.values() for lead in ("first three hours", "later", "all")]
    return drawn(["today's roster holds", *heads], rows)


def page() -> None:
    """Write the table into the page."""
    scores = pd.read_csv(TABLE)
    first = scores.iloc[0]
    put(PAGE, "roster", f"{first['nows']} moments of {first['days']} training days.\n\n{table_of(scores)}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        scored(sys.argv[1], sys.argv[2]).to_csv(TABLE, index=False, float_format="%.6g")
    if "<!-- roster -->" in PAGE.read_text(encoding="utf-8"):
        page()
