"""What `task=plan` reaches in tokyo, and in what time: docs/plan.md has the table.

    python benchmarks/plan.py            # plans every case, writes docs/plan.csv and the page
    python benchmarks/plan.py --only 0 2 # plans these cases anew, in the order of CASES
    python benchmarks/plan.py --page     # writes the page from the table that is there

The roster of call_center_24_7_flat at its own paid hours, at most 36 people at once; beside it the same roster with
half again the hours. All figures are from fresh luck and fresh worlds. Takes some twelve minutes on two cores.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.markers import put

import caresim
from caresim.run.progress import Progress
from caresim.run.store import Store
from caresim.tasks.plan.judging import BEFORE, BESIDE, PLAN, Judging
from caresim.tasks.plan.planning import Planner, plan
from caresim.tasks.plan.result import Plan
from caresim.tasks.plan.runs import Roster, Runs
from caresim.tasks.plan.search import keeps

ROOT = Path(__file__).resolve().parent.parent
TABLE, PAGE = ROOT / "docs" / "plan.csv", ROOT / "docs" / "plan.md"
FLAT = "staffing/tokyo@staffing.flat=call_center_24_7_flat"
WORDS = (
    *("experiment=tokyo", f"+{FLAT}", f"+{FLAT.replace('flat', 'flat_funded')}", "plan.staffing=flat"),
    *("plan.beside=flat_funded", "plan.most_people=36", "plan.frontier=false", "plan.price_rules=false"),
)
FROM = "plan.changes_from=2011-03-11 {} Europe/Paris"
EVERY_DAY = "plan.must=['ordinary_answered >= {} on every day']"
CASES = {
    "from Friday 14:30": (FROM.format("14:30"),),
    "from Friday 22:30": (FROM.format("22:30"),),
    "from Friday 14:30, each day from what was seen, expected to fall by 20 % a day": (
        FROM.format("14:30"),
        "plan.hindsight=each_day",
    ),
    "the same, expected to stay": (FROM.format("14:30"), "plan.hindsight=each_day", "plan.fades=0 %"),
    "the same, expected to fall by 40 % a day": (FROM.format("14:30"), "plan.hindsight=each_day", "plan.fades=40 %"),
    "from Friday 14:30, on any day at most 2 points fewer ordinary customers answered": (
        FROM.format("14:30"),
        EVERY_DAY.format("before - 2 %"),
    ),
    "the same, at most 1 point fewer": (FROM.format("14:30"), EVERY_DAY.format("before - 1 %")),
    "the same, on no day fewer": (FROM.format("14:30"), EVERY_DAY.format("before")),
}
MOVED = "from Friday 14:30, and {} random moves of people tried after it"
MOVES, MOST_MOVED, SEED = 40, 4, 20110311
MEASURES = ("useful_60", "csat_all_additive", "csat_all_justice", "ordinary_answered", "ordinary_minute")


def row(case: str, judging: Judging, runs: int, seconds: float, roster: str = PLAN) -> dict[str, object]:
    """What a roster reaches on fresh luck."""
    gap = judging.gap_closed(roster, BEFORE, BESIDE, "useful_60")
    told: dict[str, object] = {"case": case, "runs": runs, "seconds": seconds}
    told |= {"gap": gap.value, "gap_low": gap.low, "gap_high": gap.high}
    for measure in MEASURES:
        apart = judging.difference(roster, BEFORE, measure)
        told |= {measure: apart.value, f"{measure}_low": apart.low, f"{measure}_high": apart.high}
    _, fall = judging.largest_fall(roster, BEFORE)
    return told | {"worst_day": fall.value, "worst_day_low": fall.low, "worst_day_high": fall.high}


def moved(planned: Plan, store: Store, watch: Progress) -> tuple[Roster, int]:
    """The plan after random moves of people between shifts, each kept if it is better in the search, and the runs."""
    random = np.random.Generator(np.random.PCG64(SEED))
    rules, experiment = planned.rules, planned.experiment
    runs = Runs(experiment, store, watch, tuple(name for name in planned.judged if name in (*MEASURES, "cost")))
    task = Planner(runs, planned.settings, (), rules)
    template, roster = rules.template, planned.choice.roster
    budget = float(template.paid @ roster.people)
    there = template.present(rules.edges) > 0.5
    before = runs.compare({BEFORE: Roster(template, template.before)}, task.of_search)
    best = runs.compare({PLAN: roster}, task.of_search)
    tried = 0
    while tried < MOVES:
        one, other = random.choice(np.flatnonzero(template.free), 2, replace=False)
        people = roster.people.copy()
        number = min(int(random.integers(1, MOST_MOVED + 1)), int(people[one]))
        people[one] -= number
        people[other] += number
        if not number or (there @ people).max() > rules.most or template.paid @ people > budget:
            continue
        tried += 1
        next_roster = replace(roster, people=people)
        found = runs.compare({PLAN: next_roster}, task.of_search)
        margin = experiment.study.margins.share.value
        better = found["useful_60"].mean() > best["useful_60"].mean()
        if better and keeps(pd.concat([before, found]), PLAN, BEFORE, margin):
            roster, best = next_roster, found
    return roster, (2 + MOVES) * len(task.of_search)


def measured(which: Sequence[int]) -> pd.DataFrame:
    """Plan the cases at these places of CASES, each with a row; after the first one, the moves that were tried."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, Progress() as watch:
        for place in which:
            case, words = list(CASES.items())[place]
            experiment = caresim.load(*WORDS, *map(quoted, words))
            store, started = Store(folder), time.perf_counter()
            planned = plan(experiment, store, watch)
            seconds = time.perf_counter() - started
            rows.append(row(case, planned.judging, planned.runs, seconds))
            if place == 0:
                roster, more = moved(planned, store, watch)
                runs = Runs(experiment, store, watch, MEASURES)
                rosters = {**planned.rosters, PLAN: roster}
                again = runs.compare(rosters, sorted(planned.judged["replication"].unique()))
                judging = Judging(again, planned.judging.confidence)
                spent = time.perf_counter() - started
                rows.append(row(MOVED.format(MOVES), judging, planned.runs + more, spent))
            store.forget()
    return pd.DataFrame(rows)


def quoted(word: str) -> str:
    """An override whose value is one text, unless it is a list."""
    key, _, value = word.partition("=")
    return word if value.startswith("[") else f'{key}="{value}"'


def points(name: str, digits: int = 1, scale: float = 100.0) -> Callable[[pd.Series], str]:
    """A difference with its interval."""
    return lambda one: (
        f"{scale * one[name]:+.{digits}f} ({scale * one[f'{name}_low']:+.{digits}f} to"
        f" {scale * one[f'{name}_high']:+.{digits}f})"
    ).replace("-", "−")


def page(table: pd.DataFrame) -> None:
    """Put the table into docs/plan.md."""
    columns: dict[str, Callable[[pd.Series], str]] = {
        "changes": lambda one: str(one["case"]),
        "runs": lambda one: f"{one['runs']:,.0f}",
        "seconds": lambda one: f"{one['seconds']:.0f}",
        "of the gap closed, %": lambda one: (
            f"**{100 * one['gap']:.0f}** ({100 * one['gap_low']:.0f} to {100 * one['gap_high']:.0f})".replace("-", "−")
        ),
        "helped within 60 min, pp": points("useful_60"),
        "satisfaction, additive": points("csat_all_additive", 3, 1.0),
        "satisfaction, justice": points("csat_all_justice", 3, 1.0),
        "ordinary: answered, pp": points("ordinary_answered"),
        "ordinary: within a minute, pp": points("ordinary_minute"),
        "ordinary: answered, on the worst day, pp": points("worst_day"),
    }
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(tell(one) for tell in columns.values())} |" for _, one in table.iterrows()]
    put(PAGE, "plan: python benchmarks/plan.py", "\n".join(lines) + "\n")


def main(words: Sequence[str]) -> None:
    """Plan what was asked for, and write table and page."""
    if "--page" not in words:
        which = [int(word) for word in words if word != "--only"] if "--only" in words else range(len(CASES))
        table = measured(which)
        if len(which) < len(CASES):
            table = pd.concat([pd.read_csv(TABLE), table]).drop_duplicates("case", keep="last")
            first, *others = CASES
            table = table.set_index("case").loc[[first, MOVED.format(MOVES), *others]].reset_index()
        table.to_csv(TABLE, index=False, float_format="%.6g", lineterminator="\n")
    page(pd.read_csv(TABLE))


if __name__ == "__main__":
    main(sys.argv[1:])
