"""Do intervals of a calibration hold the truth? Histories of centres of known truth, and the share that covers.

python benchmarks/calibration.py    # 40 histories and their reports, half a minute; writes benchmarks/calibration.csv
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402
from tests.support import centre, reports  # noqa: E402

HISTORIES = 40
TABLE = Path(__file__).with_name("calibration.csv")
ALL = "all"
LIST, REPORT = "list", "report"
"""What an interval is told from: a list of contacts, or the same contacts as an interval report."""


def main(histories: int = HISTORIES) -> None:
    """Write a row for each kind of quantity: intervals, the share of the 90 % ones that cover, mean and spread of z."""
    with tempfile.TemporaryDirectory() as folder:
        tables = {LIST: centre.coverage(histories, Path(folder)), REPORT: reports.coverage(histories, Path(folder))}
    found = pd.concat([rows_of(table).assign(of=of) for of, table in tables.items()], ignore_index=True)
    found = found[["of", *found.columns[:-1]]]
    found.to_csv(TABLE, index=False)
    print(found.to_string(index=False))


def rows_of(table: pd.DataFrame) -> pd.DataFrame:
    """A row for each kind of quantity, and one for all."""
    table["z"] = (table["estimate"] - table["truth"]) / table["sd"]
    groups = {**dict(tuple(table.groupby("what"))), ALL: table}
    rows = [
        (what, len(one), round(one["covered"].mean(), 4), round(one["z"].mean(), 3), round(one["z"].std(), 3))
        for what, one in groups.items()
    ]
    return pd.DataFrame(rows, columns=["what", "intervals", "covered_90", "z_mean", "z_sd"])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
