"""A written desk of known truth as a file of posts; `python -m tests.support.written_desk` writes the example anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from caresim.tasks.backtest.desks.queue import OLDEST, Hours, after_open_time, ranks, replies

FILE = Path(__file__).parents[2] / "experiments" / "nowcast" / "posts.csv"
START, END_H = pd.Timestamp("2026-03-02T06:00Z"), 59.0
HOURS = Hours(480.0, 1320.0)
PEOPLE, HANDLING_MIN, NOTICED_MIN, SHARE = 1, 7.0, 4.0, 0.5
PER_HOUR = 10.0


def posts(seed: int = 5) -> pd.DataFrame:
    """Posts until the evening of the third day: busy from 9 to 21 h, one person from 8 to 22 h, half are answered."""
    luck = np.random.default_rng(seed)
    begin, end = 360.0, 360.0 + 60.0 * END_H
    came = np.sort(luck.uniform(begin, end, luck.poisson(1.5 * PER_HOUR * END_H)))
    hour = np.mod(came, 1440.0) / 60.0
    came = came[luck.random(len(came)) < np.where((hour >= 9.0) & (hour < 21.0), 1.0, 0.2)]
    answered = luck.random(len(came)) < SHARE
    noticed = NOTICED_MIN * np.exp(0.8 * luck.standard_normal(len(came)))
    work = HANDLING_MIN * np.exp(0.5 * luck.standard_normal(len(came)))
    ready = after_open_time(came, noticed, HOURS)[answered]
    done = np.full(len(came), np.nan)
    done[answered] = replies(ready, work[answered], ranks(OLDEST, ready, ready), PEOPLE, HOURS)
    done[done > end] = np.nan
    midnight = START.floor("D")
    return pd.DataFrame(
        {
            "posted": (midnight + pd.to_timedelta(came, unit="min")).round("s"),
            "replied": (midnight + pd.to_timedelta(pd.Series(done), unit="min")).dt.round("s"),
            "kind": luck.choice(["mention", "reply"], len(came), p=[0.7, 0.3]),
        }
    )


def main() -> None:
    """Write the file."""
    posts().to_csv(FILE, index=False, date_format="%Y-%m-%dT%H:%M:%SZ", lineterminator="\n")


if __name__ == "__main__":
    main()
