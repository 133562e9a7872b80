"""The answer in three sentences: which staffing model helps most, at what price, and who pays for it.

Each is written from the rows of the comparison: a verdict, a difference, a cost. Nothing is said that no row says.
"""

from __future__ import annotations

import math
from typing import Any

from caresim.inference.verdict import BETTER, DEPENDS, SURELY_BETTER, SURELY_WORSE, WORSE
from caresim.report.verdicts import counted_worlds
from caresim.report.wording import joined, margin_in_words, quantity, readable, signed
from caresim.tasks.compare.page.lookup import Lookup
from caresim.tasks.compare.what_matters import PAYERS

SAME_COST = 1.005
"""Costs that differ by less are called equal."""
MOST_NAMED = 3


def sentences(results: Any) -> list[str]:
    """Three sentences; none with one staffing model, or where there are too few replications for a verdict."""
    table = results.comparison()
    headline = [name for name in results.experiment.study.headline if name in set(table["metric"])]
    if not len(table) or not headline or table["ci_low"].isna().all():
        return []
    said = Rows(results)
    best = said.best(headline[0])
    if best is None:
        return [said.nobody(headline[0]), said.cheapest(), said.who_is_worse_off(headline)]
    return [said.what(best, headline[0]), said.price(best), said.who_pays(best, headline)]


class Rows(Lookup):
    """The rows of a comparison, looked up by staffing model and metric, and what is said from them."""

    def best(self, metric: str) -> str | None:
        """Of the staffing models that are surely better and do as much as the best of them, the cheapest; of those at
        the least cost the best.
        """
        alike = self.as_good(metric)
        costs = [self.mean(name, "cost") for name in alike]
        least = min((cost for cost in costs if not math.isnan(cost)), default=math.inf)
        cheap = [name for name, cost in zip(alike, costs, strict=True) if not cost > least * SAME_COST]
        return cheap[0] if cheap else None

    def as_good(self, metric: str) -> list[str]:
        """The staffing models that are surely better and less than the margin from the best of them, best first."""
        higher = self.registry[metric].better == "higher"
        sure = [name for name in self.others if self.detail(name, metric) in (BETTER, SURELY_BETTER)]
        ranked = sorted(sure, key=lambda name: self.mean(name, metric), reverse=higher)
        if not ranked:
            return []
        top, margin = self.mean(ranked[0], metric), self.comparison[ranked[0], metric].margin
        ratio = self.registry[metric].compare == "ratio"
        return [
            name
            for name in ranked
            if (self.mean(name, metric) < margin * top if ratio else abs(self.mean(name, metric) - top) < margin)
            or name == ranked[0]
        ]

    def what(self, best: str, metric: str) -> str:
        """Who helps most at the least cost, by how much, and who does as much."""
        row = self.comparison[best, metric]
        alike = [name for name in self.as_good(metric) if name != best]
        does = "does" if len(alike) == 1 else "do"
        named = [f"{readable(name)} ({self.value(name, metric)})" for name in alike]
        also = f" {joined(named)} {does} as much, within the margin of {self.margin(best, metric)}." if named else ""
        label = f"“{self.registry[metric].label}”"
        first = self.as_good(metric)[0] == best
        most = f"does most for {label}" if first else f"does as much for {label} as any, at the least cost"
        return (
            f"{readable(best)} {most}: {self.value(best, metric)}, where "
            f"{readable(self.baseline)} reaches {self.value(self.baseline, metric)} ({self.gained(best, metric)}"
            f"{self.in_worlds(row)}).{also}"
        )

    def nobody(self, metric: str) -> str:
        """No staffing model is shown to be better."""
        depends = [name for name in self.others if self.detail(name, metric) == DEPENDS]
        more = f"; for {self.names(depends)} it depends on the assumptions" if depends else ""
        return (
            f"No staffing model is shown to do more than {readable(self.baseline)} for "
            f"“{self.registry[metric].label}”{more}."
        )

    def price(self, best: str) -> str:
        """What it costs against the baseline, and what is not in it."""
        own, base = self.mean(best, "cost"), self.mean(self.baseline, "cost")
        if math.isnan(own) or math.isnan(base):
            return "What it costs is not known."
        return f"{self._cost(own, base)} Refunds, fares, messages and hotels are not in it."

    def _cost(self, own: float, base: float) -> str:
        if base <= 0 or own <= 0:
            return f"Staff and assistant cost {quantity(own, 'EUR')} instead of {quantity(base, 'EUR')}."
        if max(own / base, base / own) < SAME_COST:
            return f"Staff and assistant cost the same, {quantity(own, 'EUR')}."
        way = "more" if own > base else "less"
        change = f"{quantity(abs(own - base), 'EUR')} {way} ({signed(own / base - 1, 'share').replace(' pp', ' %')})"
        return f"Staff and assistant cost {quantity(own, 'EUR')}, which is {change}."

    def cheapest(self) -> str:
        """The least cost there is."""
        costs = {name: self.mean(name, "cost") for name in (self.baseline, *self.others)}
        known = {name: cost for name, cost in costs.items() if not math.isnan(cost)}
        if not known:
            return "What they cost is not known."
        least = min(known, key=lambda name: known[name])
        return f"{readable(least)} costs least: {quantity(known[least], 'EUR')} for staff and assistant."

    def who_pays(self, best: str, headline: list[str]) -> str:
        """Every row that tells of others and is worse, or may be."""
        told = [name for name in dict.fromkeys((*headline, *PAYERS)) if (best, name) in self.comparison]
        worse = [name for name in told if self.detail(best, name) in (WORSE, SURELY_WORSE)]
        depends = [name for name in told if self.detail(best, name) == DEPENDS]
        also = f" It depends on the assumptions for {self.labels(depends)}." if depends else ""
        if not worse:
            none = f"of {len(told)} measures of all customers none is surely worse"
            return f"Nobody is shown to pay for it: {none}.{also}"
        paid = [
            f"{self.registry[name].label} {self.value(best, name)} instead of {self.value(self.baseline, name)}"
            for name in worse[:MOST_NAMED]
        ]
        more = f", and {len(worse) - MOST_NAMED} more" if len(worse) > MOST_NAMED else ""
        return f"Who pays for it: {'; '.join(paid)}{more}.{also}"

    def who_is_worse_off(self, headline: list[str]) -> str:
        """Which staffing models are surely worse, and in what."""
        asked = list(dict.fromkeys((*headline, *PAYERS)))
        worse = {
            model: [name for name in asked if self.detail(model, name) in (WORSE, SURELY_WORSE)]
            for model in self.others
        }
        told = [f"{readable(model)} in {self.labels(names[:MOST_NAMED])}" for model, names in worse.items() if names]
        if not told:
            return "None of them is surely worse for anybody either."
        return f"Surely worse than {readable(self.baseline)}: {'; '.join(told)}."

    def value(self, staffing: str, name: str) -> str:
        """An estimate as it is said: no decimals beyond what a sentence bears."""
        return quantity(self.mean(staffing, name), self.registry[name].unit)

    def margin(self, staffing: str, name: str) -> str:
        """The smallest difference that matters, in words."""
        metric = self.registry[name]
        return margin_in_words(self.comparison[staffing, name].margin, metric.unit, metric.compare == "ratio")

    def gained(self, staffing: str, name: str) -> str:
        """The difference with its interval; words where there is none."""
        interval = self.difference_interval(staffing, name) or "too few draws for an interval"
        return f"{self.difference(staffing, name)}; {interval}"

    @staticmethod
    def in_worlds(row: Any) -> str:
        """In how many worlds; empty where nothing is assumed or the worlds are too few."""
        if (counted := counted_worlds(row)) is None:
            return ""
        return "; better in {} of {} worlds, by enough to matter in {}".format(*counted)

    def names(self, models: list[str]) -> str:
        """A, B and C."""
        return joined([readable(name) for name in models])

    def labels(self, metrics: list[str]) -> str:
        """Metrics by their labels."""
        return joined([f"“{self.registry[name].label}”" for name in metrics])
