"""What the page says of a staffing model in a metric: value, difference, verdict, each in words."""

from __future__ import annotations

import math
from typing import Any

from caresim.report.evidence import with_intervals
from caresim.report.number_format import effect_span, effect_text, interval_text, pairs_text, value_text
from caresim.report.page.document import OPEN, Cell
from caresim.report.verdicts import DETAILED, LOOKS, VERDICTS
from caresim.report.wording import readable

NONE_YET = float("nan")


class Lookup:
    """The summary and the comparison of some results as they are shown, by staffing model and metric."""

    def __init__(self, results: Any) -> None:
        from caresim.measure.metrics import REGISTRY

        self.registry = REGISTRY
        self.results = results
        self.baseline = str(results.baseline)
        self.staffings = list(results.staffings)
        self.others = [name for name in self.staffings if name != self.baseline]
        summary, comparison = (with_intervals(rows, results) for rows in (results.summary(), results.comparison()))
        self.summary = {(row.staffing, row.metric): row for row in summary.itertuples()}
        self.comparison = {(row.staffing, row.metric): row for row in comparison.itertuples()}
        self.measured = list(dict.fromkeys(metric for _, metric in self.summary))
        self.headline = [name for name in results.experiment.study.headline if name in self.measured]

    def label(self, name: str) -> str:
        return str(self.registry[name].label)

    def mean(self, staffing: str, name: str) -> float:
        """NaN where it is not known."""
        row = self.summary.get((staffing, name))
        return NONE_YET if row is None else float(row.mean)

    def is_known(self, name: str) -> bool:
        """Has any staffing model a value?"""
        return name in self.measured and any(not math.isnan(self.mean(model, name)) for model in self.staffings)

    def value(self, staffing: str, name: str) -> str:
        """The estimate with its unit."""
        row = self.summary.get((staffing, name))
        if row is None:
            return "not known"
        return value_text(row.mean, row.ci_low, row.ci_high, self.registry[name].unit)

    def interval(self, staffing: str, name: str) -> str:
        """The interval of the estimate; empty where there is none."""
        row = self.summary.get((staffing, name))
        if row is None or not row.ci_low < row.ci_high:
            return ""
        return interval_text(row.ci_low, row.ci_high, self.registry[name].unit)

    def verdict(self, staffing: str, name: str) -> str:
        """One of the four words of inference/verdict.py; empty for the baseline, or where neither way is better."""
        row = self.comparison.get((staffing, name))
        return str(row.verdict) if row is not None and row.verdict in VERDICTS else ""

    def detail(self, staffing: str, name: str) -> str:
        """The finer verdict; empty for the baseline, or where neither way is better."""
        row = self.comparison.get((staffing, name))
        return str(row.verdict_detail) if row is not None and row.verdict_detail in DETAILED else ""

    def names_with(self, name: str, detail: str) -> list[str]:
        """The staffing models of which the finer verdict on a metric is this one, as they are called."""
        return [readable(model) for model in self.others if self.detail(model, name) == detail]

    def verdict_words(self, staffing: str, name: str) -> str:
        """The finer verdict with its sign."""
        detail = self.detail(staffing, name)
        return DETAILED[detail].text if detail else ""

    def look(self, staffing: str, name: str) -> str:
        """How a cell with that verdict looks: what is not clear-cut is open."""
        detail = self.detail(staffing, name)
        return LOOKS.get(detail, OPEN) if detail else ""

    def pairs(self, staffing: str, name: str) -> str:
        """The pairs of replications that a verdict would take; empty where it has fallen."""
        needed = self.comparison[staffing, name].pairs_needed
        return pairs_text(needed, "pairs of replications") if math.isfinite(needed) else ""

    def difference(self, staffing: str, name: str) -> str:
        """The difference from the baseline; empty where there is none."""
        row, metric = self.comparison.get((staffing, name)), self.registry[name]
        if row is None or math.isnan(row.difference):
            return ""
        return effect_text(row.difference, metric.unit, metric.compare == "ratio")

    def difference_interval(self, staffing: str, name: str) -> str:
        """Its interval; words where it says nothing, empty where there is none."""
        row, metric = self.comparison.get((staffing, name)), self.registry[name]
        if row is None:
            return ""
        return effect_span(row.ci_low, row.ci_high, metric.unit, metric.compare == "ratio")

    def cell(self, staffing: str, name: str) -> Cell:
        """Value, interval and verdict."""
        words, look = self.verdict_words(staffing, name), self.look(staffing, name)
        return Cell(self.value(staffing, name), self.interval(staffing, name), words, look)
