"""Does a calibration find who helps out with whose calls? Histories that the engine played, and what is chosen.

python benchmarks/overflow.py               # 12 histories of each truth, 20 minutes; writes overflow.csv
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402
from tests.support.centre import loaded  # noqa: E402
from tests.support.two_desks import BUSY, OVERFLOW, OWN, SHARED, history  # noqa: E402

from caresim.run.progress import Nobody  # noqa: E402
from caresim.tasks.calibrate.calibrate import chosen  # noqa: E402
from caresim.tasks.calibrate.desks import ALONE  # noqa: E402
from caresim.tasks.calibrate.fit import skills_of  # noqa: E402
from caresim.tasks.calibrate.history import History  # noqa: E402
from caresim.tasks.calibrate.rules import Rules  # noqa: E402
from caresim.tasks.calibrate.settings import Calibrate  # noqa: E402

HISTORIES, DAYS = 12, 9
TABLE = Path(__file__).with_name("overflow.csv")
ANOTHER = "another overflow"
"""What is chosen where the people of the busy desk take the other's contacts."""
TRUTHS = ((OVERFLOW, 1.0), (OVERFLOW, 2.0), (OVERFLOW, 3.0), (OWN, 0.0), (SHARED, 0.0))


def found(rules: Rules, calls: History) -> tuple[str, float]:
    """Who serves what by the rules, and after how many minutes the busy kind moves on."""
    for desk in rules.desks:
        if desk.to != ALONE:
            return (OVERFLOW if desk.kinds == (BUSY,) else ANOTHER), desk.after_min
    return (SHARED if skills_of(calls, rules).all() else OWN), 0.0


def main(histories: int = HISTORIES) -> None:
    """Write a row for each truth and what was chosen: how many histories."""
    rows = []
    for truth, after in TRUTHS:
        for seed in range(histories):
            with tempfile.TemporaryDirectory() as folder:
                path = history(Path(folder) / "history.csv", truth, seed, DAYS, after)
                calls = loaded(path)
                rules, _ = chosen(calls, Calibrate(contacts=str(path)), Nobody())
            rows.append((truth, after, *found(rules, calls)))
            print(*rows[-1], flush=True)
    table = pd.DataFrame(rows, columns=["truth", "after_min", "chosen", "chosen_after_min"])
    counts = table.groupby(list(table), sort=False).size().rename("histories").reset_index()
    counts.to_csv(TABLE, index=False)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
