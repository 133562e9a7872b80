"""Interval reports of a centre whose truth is known, and whether what is told of it holds the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from caresim.config.exports.file_format import Format
from caresim.tasks.calibrate.intervals.fit import fit
from caresim.tasks.calibrate.intervals.report import read
from tests.support.centre import KINDS, OPEN, Z_90, Truth, contacts_of_the_last_day, history_of, report_of, some_truth

FORM = Format.model_validate({"medium": "phone", "desk": "phones"})


def intervals_of(truth: Truth, path: Path, seed: int) -> pd.DataFrame:
    """For a report, drawn anew: each quantity with its 90 % interval (logarithms) and the truth.

    Who answered is not in the report. So the truth of handling is that of those who did, in each hour.
    """
    history = history_of(truth, np.random.default_rng(seed))
    report_of(history).to_csv(path, index=False)
    fitted = fit(read("calibrate", str(path), "UTC", FORM))
    assert fitted.handling is not None
    assert fitted.patience is not None
    answered = history[history["outcome"] == "answered"]
    hour = answered["arrival"].dt.hour.to_numpy()
    speed = truth.speeds[answered["agent"].str[1:].astype(int)]
    rows = []
    for k, name in enumerate(fitted.history.kinds):
        kind, here = KINDS.index(name), (answered["kind"] == name).to_numpy()
        expected = truth.handling_min[kind] * truth.hours[hour - OPEN] * speed
        mean = float(expected[here].mean())
        rows.append(("handling", np.log(fitted.handling.mean[k]), fitted.handling.mean_sd[k], np.log(mean)))
        rows.append(
            ("patience", np.log(fitted.patience.mean[k]), fitted.patience.sd[k], np.log(truth.patience_min[kind]))
        )
        for one in np.unique(hour[here]).tolist():
            found, sd = fitted.handling.hours[k, one]
            rows.append(("hour", found, sd, np.log(expected[here & (hour == one)].mean() / mean)))
    table = pd.DataFrame(rows, columns=["what", "estimate", "sd", "truth"]).assign(seed=seed)
    table["covered"] = (table["estimate"] - table["truth"]).abs() <= Z_90 * table["sd"]
    return pd.concat([table, contacts_of_the_last_day(fitted.history, seed)], ignore_index=True)


def coverage(reports: int, folder: Path, first_seed: int = 0) -> pd.DataFrame:
    """The intervals of so many reports, each of a truth of its own: those of the histories of the same numbers."""
    seeds = range(first_seed, first_seed + reports)
    tables = [intervals_of(some_truth(np.random.default_rng([7, seed])), folder / "report.csv", seed) for seed in seeds]
    return pd.concat(tables, ignore_index=True)
