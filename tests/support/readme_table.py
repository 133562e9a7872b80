"""The table of README.md that shows what comes out of tokyo, from a run of it.

    python -m tests.support.readme_table

writes it into the page anew; tests/docs/test_readme_table.py holds page and run against each other.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import caresim
from caresim.model.codes import LAWS
from caresim.report.number_format import value_text
from caresim.report.verdicts import VERDICTS

PAGE = Path(__file__).resolve().parents[2] / "README.md"
BEGIN = "<!-- tokyo: python -m tests.support.readme_table -->\n"
MODELS = {
    "social_team": "social team (as it was)",
    "call_center_24_7": "24/7 call centre, rostered by demand, same paid hours",
    "main_channels_first": "the same, calls first",
    "hybrid": "hybrid, same hours",
    "people_on_call": "as it was, people on call (more hours)",
    "notice_and_waiver_friday": "as it was, notice and waiver on Friday, by SMS and press as well",
    "assistant_first": "as it was, assistant in front",
    "call_center_24_7_funded": "24/7 call centre, half again the hours",
}
ROWS = {
    "useful_60": "with a need: helped within 60 min of being affected",
    "csat_all": "satisfaction of everybody affected, 1-5",
    "csat": "satisfaction of those with a need, 1-5",
    "resolved_in_time": "with a need: resolved in time",
    "ordinary_answered": "ordinary customers answered",
    "ordinary_abandonment": "ordinary callers who hang up",
    "phone_first_60": "would phone first: heard within 60 min",
    "social_first_60": "would post or write first: heard within 60 min",
    "informed_30": "everybody affected: told something true within 30 min",
    "paid_hours": "paid hours",
}
PLAIN = ("paid_hours",)
"""Rows without intervals and verdicts."""


@cache
def played() -> Any:
    """The run that the page speaks of: as many replications as the command makes, without rows and figures."""
    return caresim.compare(caresim.load("experiment=tokyo", "record=none"))


class Reading:
    """Means, ends of intervals and verdicts of a run, by staffing model and metric."""

    def __init__(self, results: Any) -> None:
        self.summary = {(row.staffing, row.metric): row for row in results.summary().itertuples()}
        self.comparison = {(row.staffing, row.metric): row for row in results.comparison().itertuples()}
        self.baseline = str(results.baseline)
        self.models = [str(name) for name in results.staffings]

    def mean(self, staffing: str, metric: str) -> float:
        return float(self.summary[staffing, metric].mean)

    def verdict(self, staffing: str, metric: str) -> str:
        """In words; of satisfaction by either law, where they differ."""
        laws = [self.comparison.get((staffing, f"{metric}_{law}")) for law in LAWS]
        rows = [row for row in laws if row is not None] or [self.comparison[staffing, metric]]
        told = dict.fromkeys(VERDICTS[row.verdict].words for row in rows)
        return " / ".join(told)

    def cell(self, staffing: str, metric: str) -> str:
        row = self.summary[staffing, metric]
        value = value_text(row.mean, row.ci_low, row.ci_high, unit_of(metric))
        if metric in PLAIN:
            return f"{row.mean:,.0f}"
        if staffing == self.baseline:
            return f"{value} ({bare(row.ci_low, metric)}-{bare(row.ci_high, metric)})"
        return f"{f'**{value}**' if staffing in self.best(metric) else value} {self.verdict(staffing, metric)}"

    def best(self, metric: str) -> list[str]:
        """The staffing model with the best mean, as long as no other shows the same."""
        sign = 1 if unit_better(metric) == "higher" else -1
        means = {name: sign * self.mean(name, metric) for name in MODELS}
        top = max(means.values())
        return [name for name, mean in means.items() if abs(mean - top) < 0.005]


def unit_of(metric: str) -> str:
    from caresim.measure.metrics import REGISTRY

    return REGISTRY[metric].unit


def unit_better(metric: str) -> str:
    from caresim.measure.metrics import REGISTRY

    return REGISTRY[metric].better


def bare(value: float, metric: str) -> str:
    """One end of an interval."""
    return f"{100 * value:.0f}" if unit_of(metric) == "share" else f"{value:.2f}"


def table(results: Any) -> str:
    """The lines of the table."""
    reading = Reading(results)
    lines = ["| | " + " | ".join(MODELS.values()) + " |", "|---" * (len(MODELS) + 1) + "|"]
    for metric, words in ROWS.items():
        lines.append(f"| {words} | " + " | ".join(reading.cell(name, metric) for name in MODELS) + " |")
    return "\n".join(lines) + "\n"


def shown() -> str:
    """The table as the page has it."""
    return PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split("\n\n")[0] + "\n"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.replace(shown(), table(played())), encoding="utf-8")
