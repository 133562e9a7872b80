"""Do intervals of a calibration hold the truth? Histories of centres whose truth is known, and the share that covers.

python benchmarks/calibration.py            # 40 histories, half a minute; writes benchmarks/calibration.csv
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402
from tests.support.centre import coverage  # noqa: E402

HISTORIES = 40
TABLE = Path(__file__).with_name("calibration.csv")
ALL = "all"


def main(histories: int = HISTORIES) -> None:
    """Write a row for each kind of quantity: intervals, the share of the 90 % ones that cover, mean and spread of z."""
    with tempfile.TemporaryDirectory() as folder:
        table = coverage(histories, Path(folder))
    table["z"] = (table["estimate"] - table["truth"]) / table["sd"]
    groups = {**dict(tuple(table.groupby("what"))), ALL: table}
    rows = [
        (what, len(one), round(one["covered"].mean(), 4), round(one["z"].mean(), 3), round(one["z"].std(), 3))
        for what, one in groups.items()
    ]
    found = pd.DataFrame(rows, columns=["what", "intervals", "covered_90", "z_mean", "z_sd"])
    found.to_csv(TABLE, index=False)
    print(found.to_string(index=False))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
