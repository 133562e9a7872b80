"""Does what must hold, hold on fresh luck? In sentences, and by day or half hour as a table."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from caresim.inference.variance_components import by_draw, mean_of
from caresim.report.page.document import Cell, Part, Table
from caresim.report.wording import quantity, signed, signed_span
from caresim.tasks.plan.judging import BEFORE, PLAN
from caresim.tasks.plan.measures import DAY, Condition, label
from caresim.tasks.plan.parts import Part as One
from caresim.tasks.plan.parts import parts_of
from caresim.tasks.plan.search import held
from caresim.tasks.plan.settings import CHEAPEST
from caresim.tasks.plan.varies import varies
from caresim.tasks.plan.words import SHARE, clock, condition_words, local, margin_of, unit_of, verdict

KEPT = "holds"
SHORT = "falls short"


def conditions(planned: Any) -> list[str]:
    """Does what must hold, hold on fresh luck? Empty where nothing must."""
    if not planned.conditions:
        return []
    lines = [*of_runs(planned), *lines_of_parts(planned)]
    if not planned.choice.reached:
        dearest = (
            "this is the dearest" if planned.settings.hours == CHEAPEST and of_runs(planned) else "this comes closest"
        )
        trivial = planned.settings.hours != CHEAPEST and all(one.is_met_before for one in planned.conditions)
        which = "No roster that was tried but the one before" if trivial else "No roster that was tried"
        lines.append(f"{which} reaches that; {dearest}. Allow more people, or ask for less.")
    return [*lines, varies(planned)]


def of_runs(planned: Any) -> list[str]:
    """In what share of the fresh runs what must hold over the whole window does; empty where nothing must."""
    asked_for = [condition for condition in planned.conditions if not condition.each]
    if not asked_for:
        return []
    runs, before = (planned.judged[planned.judged["staffing"] == name] for name in (PLAN, BEFORE))
    holds = held(runs, before, asked_for)
    share = mean_of(
        by_draw(holds.astype(np.float64), runs["draw"].to_numpy()), planned.experiment.study.confidence.value
    )
    asked = planned.settings.probability.value
    told = "; ".join(condition_words(condition) for condition in asked_for)
    low, high = max(share.low, 0.0), min(share.high, 1.0)
    return [
        f"What must hold ({told}) holds in {100 * share.value:.0f} % of {len(holds)} fresh runs"
        f" ({100 * low:.0f}–{100 * high:.0f} %); asked for: {100 * asked:.0f} %."
    ]


def judged(planned: Any, condition: Condition) -> list[One]:
    """Its days or half hours on fresh luck."""
    return parts_of(condition, planned.parts[PLAN], planned.parts[BEFORE], planned.experiment)


def of_each(planned: Any) -> list[Condition]:
    """What must hold on every day or in every half hour."""
    return [condition for condition in planned.conditions if condition.each]


def lines_of_parts(planned: Any) -> list[str]:
    """A sentence for each such condition: on how many days or half hours it holds, and where it falls short most."""
    return [line(planned, condition, judged(planned, condition)) for condition in of_each(planned)]


def line(planned: Any, condition: Condition, told: list[One]) -> str:
    """One of them."""
    on, of = ("on", "days") if condition.each == DAY else ("in", "half hours")
    if not told:
        return f"{condition_words(condition)}: nobody comes on whom it could be tried."
    short = [one for one in told if one.is_short]
    runs = planned.parts[PLAN].tops[condition.measure].shape[0]
    found = (
        f"{condition_words(condition)}: this holds {on} {len(told) - len(short)} of {len(told)} {of} with a contact a"
        f" run or more, in the mean of {runs} fresh runs"
    )
    if not short:
        return f"{found}."
    worst = min(short, key=lambda one: one.apart.value)
    unit, sign = unit_of(condition.measure), 1.0 if condition.at_least else -1.0
    apart = worst.apart if sign > 0 else worst.apart.turned
    span = "" if math.isnan(apart.low) else f" ({signed_span(apart.low, apart.high, unit)})"
    margin = ""
    if unit == SHARE:
        least = margin_of(planned, condition.measure)
        margin = f": {verdict(worst.apart, least)} (margin {100 * least:g} pp)"
    return (
        f"{found}. It falls short most on {named(planned, condition, worst)}: {quantity(worst.value, unit)} against"
        f" {quantity(worst.bound, unit)}, {signed(apart.value, unit)}{span}{margin}."
    )


def named(planned: Any, condition: Condition, one: One) -> str:
    """`Wed 16 March`, or with the time of a half hour."""
    if condition.each != DAY:
        return clock(planned, one.start)
    moment = local(planned, max(one.start, 0.0))
    return f"{moment:%a} {moment.day} {moment:%B}"


def tables_of_days(planned: Any) -> list[Part]:
    """For each condition on every day, a row a day; half hours are too many, and those that fall short are told."""
    tables: list[Part] = []
    for condition in of_each(planned):
        told = judged(planned, condition)
        if condition.each != DAY:
            told = [one for one in told if one.is_short]
        if not told:
            continue
        unit = unit_of(condition.measure)
        rows = []
        for one in told:
            apart = one.apart if condition.at_least else one.apart.turned
            note = "" if math.isnan(apart.low) else signed_span(apart.low, apart.high, unit)
            cells = [Cell(quantity(one.value, unit)), Cell(quantity(one.bound, unit))]
            holds = Cell(SHORT if one.is_short else KEPT)
            rows.append([Cell(named(planned, condition, one)), *cells, Cell(signed(apart.value, unit), note), holds])
        which = "" if condition.each == DAY else " Half hours that fall short."
        caption = f"{condition_words(condition)}.{which} Means of fresh runs; in small letters the interval."
        heads = [
            "",
            label(condition.measure),
            "As it was" if condition.value is None and not condition.more else "Must be",
            "Difference",
        ]
        tables.append(Table(caption, [*heads, "In the mean"], rows))
    return tables
