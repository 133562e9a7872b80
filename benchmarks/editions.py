"""What each step of part one of the second edition did to the headline numbers: docs/second_edition.md has the tables.

    python benchmarks/editions.py          # plays every step, writes the table and the page
    python benchmarks/editions.py --page   # writes the page from the table that is there

Each step is a commit of this repository. It is checked out beside, and plays tokyo and compiegne with the same luck as
the commit before it: 32 paired replications, seed 0. Takes some five minutes on two cores. Writes
docs/second_edition.csv, one row a step, experiment, staffing model and metric.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
TABLE, PAGE = ROOT / "docs" / "second_edition.csv", ROOT / "docs" / "second_edition.md"
BEGIN, END = "<!-- editions -->\n", "<!-- end -->"
SHOWN = {
    "tokyo": ("social_team", "call_center_24_7", "call_center_24_7_funded", "notices_first"),
    "compiegne": ("as_it_was", "manager_informs", "sncf_with_access"),
}
WORDS = {
    "useful_60": "helped within 60 min, %",
    "csat": "satisfaction, with a need",
    "csat_all": "satisfaction, everybody affected",
    "informed_30": "told something true within 30 min, %",
    "resolved": "resolved, %",
    "answered_60": "answered within 60 min, %",
    "ordinary_answered": "ordinary customers answered, %",
}
STEPS = {
    "first edition": ("287a6be", None),
    "two laws of satisfaction": ("46e1643", "287a6be"),
    "questions and facts": ("c716945", "b349023"),
    "editions and corrections": ("a8cb0c1", "c716945"),
    "feed and followers": ("6ac9394", "a8cb0c1"),
    "all together": ("d0dc7b0", "287a6be"),
}
"""Each step: the commit, and the commit before it with which it is compared (None: only its own numbers are kept).

The steps about information were built beside the laws of satisfaction, so that the commit before them is not the one in
the row above.
"""
METRICS = tuple(WORDS)
PLAY = """
import json, sys
import caresim
from caresim.measure.metrics import REGISTRY
found = {}
for name in ("tokyo", "compiegne"):
    results = caresim.compare(caresim.load(f"experiment={name}", "record=none", "replications=32"))
    means = results.replications.groupby("staffing", sort=False, observed=True)
    metrics = [metric for metric in METRICS if metric in REGISTRY]
    found[name] = {str(model): rows[metrics].mean().to_dict() for model, rows in means}
json.dump(found, open(sys.argv[1], "w"))
"""


def played(commit: str, folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Mean of each metric by experiment and staffing model, as the code of a commit has them."""
    place, told = folder / commit, folder / f"{commit}.json"
    subprocess.run(["git", "worktree", "add", "--detach", "--quiet", str(place), commit], cwd=ROOT, check=True)
    try:
        environment = os.environ | {"PYTHONPATH": str(place / "src"), "PYTHONSAFEPATH": "1"}
        code = PLAY.replace("METRICS", repr(METRICS))
        subprocess.run([sys.executable, "-c", code, str(told)], cwd=folder, env=environment, check=True)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(place)], cwd=ROOT, check=True)
    return json.loads(told.read_text(encoding="utf-8"))


def play_all() -> None:
    """Play every commit once and write the table."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        commits = dict.fromkeys(commit for pair in STEPS.values() for commit in pair if commit)
        of = {commit: played(commit, Path(folder)) for commit in commits}
    for step, (commit, before) in STEPS.items():
        for experiment, models in of[commit].items():
            for model, means in models.items():
                for metric, mean in means.items():
                    earlier = of[before][experiment].get(model, {}).get(metric) if before else None
                    change = None if earlier is None else mean - earlier
                    rows.append((step, experiment, model, metric, mean, change))
    table = pd.DataFrame(rows, columns=["step", "experiment", "staffing", "metric", "mean", "change"])
    table.round(4).to_csv(TABLE, index=False, lineterminator="\n")


def in_words(metric: str, value: float, signed: bool = False) -> str:
    """A value as the page writes it: per cent without decimals, points with two."""
    sign = "+" if signed else ""
    text = f"{value:{sign}.2f}" if metric.startswith("csat") else f"{100 * value:{sign}.1f}"
    return text.replace("-", "−")


def tables() -> str:
    """A table for each experiment and staffing model shown: the first edition, what each step changes, and now."""
    table = pd.read_csv(TABLE).set_index(["experiment", "staffing", "metric", "step"])
    first, *steps, last = STEPS
    lines = []
    for experiment, models in SHOWN.items():
        for model in models:
            lines += [f"**{experiment}, `{model}`**", ""]
            lines += ["| | " + " | ".join([first, *steps, "after part one"]) + " |", "|---" * (len(steps) + 3) + "|"]
            for metric, words in WORDS.items():
                of = table.loc[(experiment, model, metric)]
                if pd.isna(of["mean"][last]):
                    continue  # nobody to count
                before = of["mean"].get(first)
                cells = ["–" if before is None else in_words(metric, before)]
                for step in steps:
                    change = of["change"].get(step)
                    cells.append("–" if change is None or pd.isna(change) else in_words(metric, change, signed=True))
                lines.append(f"| {words} | " + " | ".join([*cells, in_words(metric, of["mean"][last])]) + " |")
            lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Play unless told not to, and write the page's tables."""
    if "--page" not in sys.argv:
        play_all()
    head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    PAGE.write_text(head + BEGIN + tables() + rest[rest.index(END) :], encoding="utf-8")


if __name__ == "__main__":
    main()
