"""A small call centre whose truth is known: its history as a file, and whether what is told of it holds the truth."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from caresim.config.exports.file_format import Format
from caresim.tasks.calibrate.arrivals import to_come
from caresim.tasks.calibrate.fit import fit
from caresim.tasks.calibrate.history import History, read
from caresim.tasks.calibrate.rules import Rules

START = datetime(2026, 3, 2)
OPEN, CLOSED = 9, 17
KINDS = ("orders", "refunds")
Z_90 = 1.6448536269514722


@dataclass(frozen=True)
class Truth:
    """What the centre is like: minutes, factors, contacts an hour."""

    handling_min: np.ndarray
    """By kind."""
    hours: np.ndarray
    """Factor on handling by hour of the day, from OPEN on."""
    speeds: np.ndarray
    """Factor by agent."""
    patience_min: np.ndarray
    """By kind; exponential."""
    per_hour: float
    days: int


def some_truth(luck: np.random.Generator, days: int = 9, agents: int = 6) -> Truth:
    """A centre of six agents with a third of its customers waiting."""
    return Truth(
        handling_min=np.exp(luck.normal(np.log([3.0, 5.0]), 0.2)),
        hours=np.exp(luck.normal(0.0, 0.15, CLOSED - OPEN)),
        speeds=np.exp(luck.normal(0.0, 0.2, agents)),
        patience_min=np.exp(luck.normal(np.log([3.0, 5.0]), 0.3)),
        per_hour=80.0,
        days=days,
    )


def history_of(truth: Truth, luck: np.random.Generator) -> pd.DataFrame:
    """First come, first served, by whoever has been free longest; everybody works from opening to closing."""
    rows = []
    for day in range(truth.days):
        level = luck.gamma(50.0, 1.0 / 50.0)  # days differ
        free = [(60.0 * OPEN, agent) for agent in range(len(truth.speeds))]
        clock = 60.0 * OPEN
        while (clock := clock + luck.exponential(60.0 / (truth.per_hour * level))) < 60.0 * CLOSED:
            kind = int(luck.random() < 0.3)
            patience = luck.exponential(truth.patience_min[kind])
            since, agent = free[0]
            begins = max(clock, since)
            moment = START + timedelta(days=day, minutes=clock)
            if begins - clock > patience:
                rows.append((moment, KINDS[kind], "", patience * 60.0, "abandoned", np.nan))
                continue
            mean = truth.handling_min[kind] * truth.hours[int(clock // 60) - OPEN] * truth.speeds[agent]
            takes = mean * luck.lognormal(-0.32, 0.8)
            heapq.heapreplace(free, (begins + takes, agent))
            rows.append((moment, KINDS[kind], f"A{agent}", (begins - clock) * 60.0, "answered", takes * 60.0))
    return pd.DataFrame(rows, columns=["arrival", "kind", "agent", "wait_s", "outcome", "service_s"])


def report_of(table: pd.DataFrame, minutes: int = 30) -> pd.DataFrame:
    """The history as an interval report of its kinds, with whole seconds."""
    table = table.assign(interval_start=table["arrival"].dt.floor(f"{minutes}min"), channel=table["kind"])
    answered = table[table["outcome"] == "answered"].groupby(["interval_start", "channel"])
    report = pd.DataFrame(
        {
            "offered": table.groupby(["interval_start", "channel"]).size(),
            "answered": answered.size(),
            "aht_s": answered["service_s"].mean().round(),
            "asa_s": answered["wait_s"].mean().round(),
        }
    ).reset_index()
    report["answered"] = report["answered"].fillna(0).astype(int)
    report["abandoned"] = report["offered"] - report["answered"]
    return report.assign(interval_end=report["interval_start"] + pd.Timedelta(minutes=minutes))


def history_with_redials(
    luck: np.random.Generator, share: float, gap_min: float, days: int = 12, people: int = 4
) -> pd.DataFrame:
    """Customers known by number, of whom `share` call again after they hung up; some call later anyway."""
    rows, number = [], 0
    for day in range(days):
        coming = [(60.0 * OPEN + minute, "") for minute in luck.uniform(0.0, 480.0, luck.poisson(8 * 60.0)).tolist()]
        heapq.heapify(coming)
        free = [60.0 * OPEN] * people
        while coming:
            clock, who = heapq.heappop(coming)
            if not who:
                number += 1
                who = f"C{number}"
            moment = START + timedelta(days=day, minutes=clock)
            if luck.random() < 0.1:
                heapq.heappush(coming, (clock + luck.uniform(0.0, 400.0), who))
            begins, patience = max(clock, free[0]), luck.exponential(4.0)
            if begins - clock > patience:
                rows.append((moment, who, patience * 60.0, "abandoned", np.nan))
                if luck.random() < share:
                    heapq.heappush(coming, (clock + patience + luck.exponential(gap_min), who))
                continue
            takes = luck.exponential(3.9)
            heapq.heapreplace(free, begins + takes)
            rows.append((moment, who, (begins - clock) * 60.0, "answered", takes * 60.0))
    return pd.DataFrame(rows, columns=["arrival", "customer", "wait_s", "outcome", "service_s"])


def written(table: pd.DataFrame, path: Path) -> Path:
    """The history as a file."""
    table.to_csv(path, index=False, date_format="%Y-%m-%d %H:%M:%S.%f")
    return path


def intervals_of(truth: Truth, path: Path, seed: int) -> pd.DataFrame:
    """For a history, drawn anew: each quantity with its 90 % interval (logarithms) and the truth."""
    luck = np.random.default_rng(seed)
    written(history_of(truth, luck), path)
    history = read("calibrate", str(path), "UTC", Format())
    fitted = fit(history, Rules(after_call=False), seed)
    assert fitted.handling is not None
    assert fitted.patience is not None
    handling, patience = fitted.handling, fitted.patience
    rows = []
    # The speeds are told apart from the average of all contacts, and the means of kinds are those at that speed.
    calls = history.agent[handling.rows]
    true_speed = np.log(truth.speeds)[[int(name[1:]) for name in history.agents]]
    middle = float(true_speed[calls].mean())
    for place, agent in enumerate(handling.agents.tolist()):
        rows.append(("speed", handling.speeds.mean[place], handling.speeds.sd[place], true_speed[agent] - middle))
    log_hours = np.log(truth.hours)
    for k, name in enumerate(history.kinds):
        here = history.kind[handling.rows] == k
        factors = truth.hours[history.hour[handling.rows][here] - OPEN]
        kind = KINDS.index(name)
        mean = np.log(truth.handling_min[kind] * factors.mean()) + middle
        rows.append(("handling", np.log(handling.mean[k]), handling.mean_sd[k], mean))
        rows.append(("patience", -np.log(patience.hazard[k]), patience.scale_sd[k], np.log(truth.patience_min[kind])))
        for hour in range(OPEN, CLOSED):
            found, sd, _ = handling.hours[k, hour]
            rows.append(("hour", found, sd, log_hours[hour - OPEN] - np.log(factors.mean())))
    table = pd.DataFrame(rows, columns=["what", "estimate", "sd", "truth"]).assign(seed=seed)
    table["covered"] = (table["estimate"] - table["truth"]).abs() <= Z_90 * table["sd"]
    return pd.concat([table, contacts_of_the_last_day(history, seed)], ignore_index=True)


def contacts_of_the_last_day(history: History, seed: int) -> pd.DataFrame:
    """How many come on the last day and in each of its hours, predicted from the days before it: the same columns."""
    *before, last = history.days
    report, counts = to_come(history.between(before[0], before[-1]), [last], 400, np.random.default_rng([seed, 9]))
    seen = history.hour[history.day == last.toordinal()]
    hour = report["interval_start"].str[11:13].astype(int).to_numpy()[counts["of"].astype(int)]
    by_hour = counts.groupby([hour, "draw"])["value"].sum().unstack(fill_value=0.0)
    stretches = [(by_hour.sum(axis=0), len(seen))]
    stretches += [(by_hour.loc[hour], int((seen == hour).sum())) for hour in by_hour.index]
    rows = []
    for draws, count in stretches:
        low, high = np.quantile(draws, [0.05, 0.95])
        logs = np.log(np.maximum(draws, 0.5))
        rows.append(("contacts", logs.mean(), logs.std(), np.log(max(count, 0.5)), seed, low <= count <= high))
    return pd.DataFrame(rows, columns=["what", "estimate", "sd", "truth", "seed", "covered"])


def coverage(histories: int, folder: Path, first_seed: int = 0) -> pd.DataFrame:
    """The intervals of so many histories, each of a truth of its own."""
    seeds = range(first_seed, first_seed + histories)
    tables = [
        intervals_of(some_truth(np.random.default_rng([7, seed])), folder / "history.csv", seed) for seed in seeds
    ]
    return pd.concat(tables, ignore_index=True)


def loaded(path: Path) -> History:
    """The history in a file."""
    return read("calibrate", str(path), "UTC", Format())
