"""The table of docs/backtest.md: what `task=backtest backtest=stylised_facts` has found.

python benchmarks/facts.py outputs/latest  # of the folder of a backtest, and writes the page
python benchmarks/facts.py                 # writes the page from the table that is there
"""

from __future__ import annotations

import json
import sys
import textwrap
from datetime import date
from pathlib import Path

import pandas as pd
from benchmarks.markers import put

from caresim.report.verdicts import PUT_IN
from caresim.tasks.backtest.terminal import range_text, summary_text, value_text

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, FACTS = DOCS / "backtest.md", DOCS / "backtest_facts.csv"
LEFT_OUT = ["source", "band_from", "reason", "wrong_model"]
"""Text that the configuration of the backtest has."""
HEADS = ("fact", "of", "observed (band)", "simulated (90 % range)", "", "a wrong model")
WIDTH = 120
INSIDE, NOT_COMPUTED = "inside", "not computed"


def taken(folder: Path) -> None:
    """Take what the page shows from the folder of a backtest."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    measured = {"seed": manifest["seed"], "measured_on": manifest["finished"][:10]}
    facts = pd.read_csv(folder / "facts.csv").drop(columns=LEFT_OUT).assign(**measured)
    facts.to_csv(FACTS, index=False, float_format="%.6g")


def read() -> pd.DataFrame:
    return pd.read_csv(FACTS).fillna({"wrong_noticed": ""})


def table_of(facts: pd.DataFrame) -> str:
    """A row for each fact that was computed."""
    lines = [f"| {' | '.join(HEADS)} |".replace("|  |", "| |"), "|" + "---|" * len(HEADS)]
    for row in facts[facts["verdict"] != NOT_COMPUTED].to_dict("records"):
        unit = row["unit"]
        cells = (
            row["what"] + (f" {PUT_IN}" if row["put_in"] else ""),
            row["target"],
            f"{value_text(row['observed'], unit)} ({range_text(row['band_low'], row['band_high'], unit)})",
            f"{value_text(row['simulated'], unit)} ({range_text(row['low'], row['high'], unit)})",
            row["verdict"] if row["verdict"] == INSIDE else f"**{row['verdict']}**",
            row["wrong_noticed"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def page(facts: pd.DataFrame) -> None:
    """Put the table and its counts into the page."""
    done = facts[facts["verdict"] != NOT_COMPUTED]
    counts = summary_text(done).removesuffix(" 0 not computed.")
    day = date.fromisoformat(done["measured_on"].iloc[0])
    how = f"seed {done['seed'].iloc[0]}, {done['replications'].max():.0f} replications"
    told = f"{counts} (Measured on {day:%-d %B %Y}, {how}.)"
    put(PAGE, "counts of facts", textwrap.fill(told, WIDTH) + "\n")
    put(PAGE, "facts", table_of(facts))


def main() -> None:
    if sys.argv[1:]:
        taken(Path(sys.argv[1]))
    page(read())


if __name__ == "__main__":
    main()
