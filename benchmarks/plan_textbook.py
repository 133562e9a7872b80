"""The cheapest shifts of a published call centre, beside an optimum that is proven: docs/plan.md has the table.

    python benchmarks/plan_textbook.py            # plans it with several numbers of runs, writes docs/plan_textbook.csv
    python benchmarks/plan_textbook.py --page     # writes the page from the table that is there, and the optimum anew

The instance is benchmarks/textbook/experiment/one_pool.yaml, and `task=plan` sees it as any other experiment. What no
roster can beat follows from the equations of the queue (M(t)/M/c(t)+M): each half hour needs at least as many people as
it would after hours without any queue, and an integer programme covers these at the least cost. Where the roster that
it gives keeps the service level in all half hours by the same equations, it is the optimum.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.markers import put
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

import caresim
from caresim.config.experiment import Experiment
from caresim.run.progress import Progress
from caresim.run.store import Store
from caresim.tasks.plan.part_table import judged
from caresim.tasks.plan.planning import plan
from caresim.tasks.plan.result import Plan
from caresim.theory import time_varying

ROOT = Path(__file__).resolve().parent.parent
TABLE, PAGE = ROOT / "docs" / "plan_textbook.csv", ROOT / "docs" / "plan.md"
FOLDER = ROOT / "benchmarks" / "textbook"
TARGET, WITHIN = 0.8, 1.0 / 3.0
"""Share of calls answered within so many minutes."""
OPEN, CLOSED, HALF_HOUR = 8, 17, 30.0
"""Hours, and minutes."""
MANY, PLACES = 60, 120
"""People with whom nobody waits, and calls that there are at most."""
WORDS = (
    *("experiment=one_pool", "plan.hours=cheapest", "plan.at_least=0 people", "plan.lead=1 min"),
    f"plan.must=['phone_service_level >= {100 * TARGET:g} % in every half hour']",
    *("plan.shift_starts=['08:00']", "plan.shift_length=9 h", "plan.frontier=false", "plan.price_rules=false"),
)
RUNS = (32, 128, 512)
"""Replications of the search."""

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


def loaded(*words: str) -> Experiment:
    """The instance, with other words on its command line."""
    return caresim.load(*WORDS, *words, config_dir=FOLDER)


def rates(experiment: Experiment) -> Floats:
    """Calls a minute in each half hour that is open."""
    onset = experiment.population.cohorts["customers"].onset
    assert onset.per_hour is not None
    assert onset.profile is not None
    hourly = onset.per_hour.value * np.asarray(onset.profile)[OPEN:CLOSED]
    return np.repeat(hourly, 2)


def levels(rate: Floats, people: Whole) -> Floats:
    """The service level of each half hour, by the equations of the queue."""
    line, found = time_varying(1, PLACES, 10.0), []
    for calls, servers in zip(rate, people, strict=True):
        line, seen = line.after(np.array([calls]), 8.0, int(servers), HALF_HOUR)
        found.append(float(seen.service_level(WITHIN)[0]))
    return np.array(found)


def needed(rate: Floats) -> Whole:
    """People without whom a half hour falls short, even after hours in which nobody had to wait."""
    found = np.full(len(rate), MANY)
    for place in range(len(rate)):
        people = np.full(place + 1, MANY)
        while people[-1] > 0 and levels(rate[: place + 1], people)[-1] >= TARGET:
            found[place] = people[-1]
            people[-1] -= 1
    return found


def shifts_of(experiment: Experiment) -> NDArray[np.bool_]:
    """Which half hours each kind of shift covers, shape (half hours, kinds)."""
    rows = experiment.staffing["pool"].desks["phone"].shifts
    moments = 60.0 * OPEN + HALF_HOUR * np.arange(2 * (CLOSED - OPEN))
    return np.array([(moments >= row.start.minutes) & (moments < row.end.minutes) for row in rows]).T


def cheapest(people: Whole, shifts: NDArray[np.bool_]) -> tuple[float, Whole]:
    """The fewest paid hours that have these people in each half hour, and the people who are there then."""
    hours = shifts.sum(axis=0) * HALF_HOUR / 60.0
    cover = LinearConstraint(shifts.astype(float), people, np.inf)
    found = milp(hours, integrality=np.ones(len(hours)), bounds=Bounds(0, MANY), constraints=cover)
    return float(found.fun), shifts @ np.round(found.x).astype(np.int64)


def there(planned: Plan) -> Whole:
    """People of a plan in each half hour that is open."""
    table = planned.table()
    starts = 60.0 * OPEN + HALF_HOUR * np.arange(2 * (CLOSED - OPEN))
    place = np.searchsorted(table["start_min"], starts, side="right") - 1
    return table["planned"].to_numpy()[place].astype(np.int64)


def row(runs: int, store: Store, watch: Progress) -> dict[str, object]:
    """What the plan finds with so many replications."""
    experiment, started = loaded(f"plan.search_runs={runs}", "plan.judging_runs=128"), time.perf_counter()
    planned = plan(experiment, store, watch)
    seconds = time.perf_counter() - started
    (condition,) = planned.conditions
    fresh = judged(planned, condition)
    exact = levels(rates(experiment), there(planned))
    return {
        "search_runs": runs, "seconds": seconds, "reached": planned.choice.reached,
        "hours": float(planned.judging.mean("plan", "paid_hours").value),
        "fresh_held": sum(not part.is_short for part in fresh), "fresh_lowest": min(part.value for part in fresh),
        "exact_held": int((exact >= TARGET).sum()), "exact_lowest": float(exact.min()), "half_hours": len(fresh),
    }  # fmt: skip


def optimum() -> float:
    """The fewest paid hours; AssertionError where the bound is no roster, so that the optimum is not known."""
    experiment = loaded()
    rate = rates(experiment)
    best, people = cheapest(needed(rate), shifts_of(experiment))
    if (levels(rate, people) < TARGET).any():
        raise AssertionError("the bound is no roster: the optimum is not known")
    return best


def measured() -> pd.DataFrame:
    """Plan it with each number of replications."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, Progress() as watch:
        store = Store(folder)
        for runs in RUNS:
            rows.append(row(runs, store, watch))
            store.forget()
    return pd.DataFrame(rows)


def page(table: pd.DataFrame) -> None:
    """Put the table into docs/plan.md."""
    lines = [
        "| replications of the search | paid hours | above the optimum | half hours that hold on fresh runs (lowest)"
        " | by the equations (lowest) |",
        "|---|---|---|---|---|",
    ]
    for one in table.to_dict("records"):
        lines.append(
            f"| {one['search_runs']} | {one['hours']:.1f} | {100 * (one['hours'] / one['best_hours'] - 1):.1f} %"
            f" | {one['fresh_held']} of {one['half_hours']} ({100 * one['fresh_lowest']:.1f} %)"
            f" | {one['exact_held']} of {one['half_hours']} ({100 * one['exact_lowest']:.1f} %) |"
        )
    best = table["best_hours"].iloc[0]
    lines.append(f"| the optimum | {best:.1f} | | | {table['half_hours'].iloc[0]} of {table['half_hours'].iloc[0]} |")
    put(PAGE, "textbook: python benchmarks/plan_textbook.py", "\n".join(lines) + "\n")


if __name__ == "__main__":
    if "--page" not in sys.argv:
        measured().to_csv(TABLE, index=False, float_format="%.6g", lineterminator="\n")
    table = pd.read_csv(TABLE).assign(best_hours=optimum())
    table.to_csv(TABLE, index=False, float_format="%.6g", lineterminator="\n")
    page(table)
