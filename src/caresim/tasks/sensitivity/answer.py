"""The answer in three sentences: what is best, what to measure first, and what decides. Each is written from rows."""

from __future__ import annotations

import math
from typing import Any

from caresim.inference.sobol import FEWEST
from caresim.report.wording import SCORE, joined, large, margin_in_words, quantity, readable, signed, signed_span
from caresim.tasks.sensitivity.assumptions import LAW, LUCK, OTHERS, label, law_at
from caresim.tasks.sensitivity.result import EUR, TOGETHER, Stretch

MOST_NAMED = 3
ENOUGH_ROWS = 32
"""With fewer rows, resamples that are all alike show that the rows are few, and not that the number is known."""
WIDEST = 1.0
"""Of the interval of a share of the variance: a wider one says nothing."""
TOO_FEW = "too few rows"
SHARE = "share"
POINTS = {SHARE: "percentage points", SCORE: "points"}
"""What differences in a unit are counted in."""
LEAST_SHARE = 0.05
"""Of the variance: what is below is not named."""


def sentences(told: Any) -> list[str]:
    """Three sentences."""
    return [best(told), measure_first(told), decides(told)]


def best(told: Any) -> str:
    """Which staffing model is best on average, and by how much."""
    if len(told.known.rows) < FEWEST:
        return "Which staffing model is best cannot be told: too few rows have a value of every model."
    first, second = told.ranked[:2]
    rows = told.tornado()
    rows = rows[(rows["staffing"] == first) & (rows["against"] == second)]
    metric, count = metric_of(told), len(told.assumptions)
    numbers = f"all {count} numbers that are not certain" if count > 1 else "the one number that is not certain"
    apart = difference(told, rows.iloc[0]["mean"]) if len(rows) else "not known"
    if len(rows) and abs(rows.iloc[0]["mean"]) <= told.estimands[told.metric].effect_margin:
        apart = f"{apart}, within the margin of {margin(told)}"
    if told.settings.worth is not None:
        means = told.known.means()[0]
        gain = float(means.max()) - float(sorted(means)[-2])
        apart = f"{apart}; {quantity(gain, 'EUR')} more, with costs"
    return f"Over {numbers}, {readable(first)} is best for “{metric.label}”; next is {readable(second)} ({apart})."


def measure_first(told: Any) -> str:
    """The assumption that it is worth most to know, where it is shown to change the choice; else what is closest.

    Where that is worth less than the smallest difference that matters, nothing is told to be measured.
    """
    table = told.knowing()
    single = table[table["assumption"] != TOGETHER]
    if not len(single) or single["worth"].isna().all():
        return "What it is worth to know an assumption cannot be told: too few rows have a value of every model."
    shown = single[single["held_out_low"] > 0]
    if len(shown):
        row = shown.iloc[0]
        name = str(row["assumption"])
        if row["worth"] < matters(told):
            return less_than_matters(told, row, most=name == single.iloc[0]["assumption"])
        return (
            f"Measure this first: {named(told, name)}. To know it before choosing is worth"
            f" {between(told, row)} on average: {where(told, name)}."
        )
    row = single.iloc[0]
    name = str(row["assumption"])
    if not row["worth"] > 0:
        return nothing_first(told, len(single))
    less = f", and which is less than matters ({margin(told)})" if row["worth_high"] < matters(told) else ""
    which = "None of the numbers asked about" if told.others else "No single number"
    return (
        f"{which} is shown to change the choice. Closest comes {named(told, name)}: to know it may be"
        f" worth up to {amount(told, row['worth_high'])}, which rows that did not take part in the choice do not"
        f" confirm{less}."
    )


def less_than_matters(told: Any, row: Any, most: bool) -> str:
    """That knowing is worth less than matters, and what is worth `most` of all, or of what is shown."""
    table = told.knowing().set_index("assumption")
    together = TOGETHER in table.index and table.loc[TOGETHER, "worth"] < matters(told)
    which = (
        "No number that was asked about, nor all of them together," if together else "No number that was asked about"
    )
    name = str(row["assumption"])
    largest = "Worth most" if most else "Shown to be worth most"
    return (
        f"{which} is shown to change the result by as much as matters ({margin(told)}) if it is known before choosing."
        f" {largest} is {named(told, name)}: {between(told, row)} on average: {where(told, name)}."
    )


def matters(told: Any) -> float:
    """The smallest difference that matters in the unit of what knowing is worth; a ratio is of the best mean."""
    one = told.estimands[told.metric]
    if one.compare == "ratio":
        mean = told.mean_of(told.ranked[0])
        size = mean * (one.margin - 1.0 if one.better == "higher" else 1.0 - 1.0 / one.margin)
    else:
        size = one.margin
    return float(size * told.euros)


def nothing_first(told: Any, count: int) -> str:
    """That none of so many assumptions changes the choice, as far as the rows tell; of the others nothing is said."""
    best_one = readable(told.ranked[0])
    rows = len(told.known.rows)
    so_far = f", as far as {rows} rows can tell" if rows < ENOUGH_ROWS else ""
    if not told.others:
        which = f"each of the {count} assumptions" if count > 1 else "the one assumption"
        return f"Nothing needs to be measured first: {best_one} is best at every value of {which}{so_far}."
    if count > 1:
        said = f"None of the {count} assumptions asked about needs to be measured first: {best_one} is best at every"
        said += f" value of each{so_far}"
    else:
        said = f"The one assumption asked about does not need to be measured first: {best_one} is best at every value"
        said += f" of it{so_far}"
    left = f"the other {told.others} were" if told.others > 1 else "the other one was"
    return f"{said}; {left} {'not asked about' if told.screening is None else 'screened only'}."


def decides(told: Any) -> str:
    """What makes the difference between the best two vary: the largest total shares, the rest, luck."""
    one, other = told.contest
    rows = told.shares(told.contest)
    shares = rows["total"]
    about = f"between {readable(one)} and {readable(other)}"
    if shares.isna().all():
        return f"What makes the difference {about} vary cannot be told from so few rows."
    single = shares.drop([OTHERS, LUCK], errors="ignore").sort_values(ascending=False, kind="stable")
    large = [str(name) for name, share in single.items() if share >= LEAST_SHARE][:MOST_NAMED]
    parts = [f"{label(name)} ({index(rows.loc[name], 'total')})" for name in large]
    rest = f"; luck {or_unknown(index(rows.loc[LUCK], 'total'))}"
    if OTHERS in shares.index:
        rest += f", the other {told.others} numbers together {or_unknown(index(rows.loc[OTHERS], 'total'))}"
    most = joined(parts) if parts else "no single number"
    return f"What makes the difference {about} vary is {most}{rest} (total indices: what interacts counts twice)."


def index(row: Any, key: str) -> str:
    """A share of the variance, where its interval says anything of it."""
    return TOO_FEW if row[f"{key}_high"] - row[f"{key}_low"] > WIDEST else percent(float(row[key]))


def or_unknown(said: str) -> str:
    """A share as it follows a noun."""
    return f"not known ({TOO_FEW})" if said == TOO_FEW else said


def percent(share: float) -> str:
    """A share of the variance; an estimate below 0 or above all is said as these."""
    return f"{100 * min(max(share, 0.0), 1.0):.0f} %"


def metric_of(told: Any) -> Any:
    """The metric that decides."""
    from caresim.measure.metrics import REGISTRY

    return REGISTRY[told.metric]


def difference(told: Any, value: float, low: float = math.nan, high: float = math.nan) -> str:
    """A difference in the metric that decides, as tornado.csv has it, with its interval if that is given."""
    metric = metric_of(told)
    ratio = metric.compare == "ratio"
    ends = "" if math.isnan(low) else f" ({signed_span(low, high, metric.unit, ratio)})"
    return signed(value, metric.unit, ratio) + ends


def scaled(told: Any) -> list[str]:
    """That fewer people meet all of the staff, where they do."""
    scale = told.experiment.population.scale
    if scale.value >= 1:
        return []
    return [
        f"population.scale = {scale.text} makes the people fewer and not the staff: it shows that a study works, not"
        " which assumption decides."
    ]


def margin(told: Any) -> str:
    """The smallest difference that matters, in words."""
    one = told.estimands[told.metric]
    return margin_in_words(one.margin, one.unit, one.compare == "ratio")


def worth_of(told: Any, row: Any, key: str) -> tuple[str, str]:
    """What knowing is worth by a column of knowing.csv, and its interval, without a unit that `worth_head` says; where
    few rows all say the same, or nothing, no number is told.
    """
    low, high = (number(told, row[f"{key}_{end}"]) for end in ("low", "high"))
    if len(told.known.rows) < ENOUGH_ROWS and (low == high or row["worth"] == 0):
        return TOO_FEW, ""
    return number(told, row[key]), f"{low} to {high}"


def worth_head(told: Any, words: str) -> str:
    """The head of a column with such numbers."""
    unit = EUR if told.unit == EUR else POINTS.get(told.unit, "")
    return f"{words}, {unit}" if unit else words


def amount(told: Any, worth: float) -> str:
    """What knowing is worth, in points of the metric or money."""
    return f"{number(told, worth)} {POINTS[told.unit]}" if told.unit in POINTS else quantity(worth, told.unit)


def number(told: Any, worth: float) -> str:
    """The same without the name of points or money."""
    if told.unit == SHARE:
        return f"{100 * worth:.2f}"
    if told.unit == SCORE:
        return f"{worth:.3f}"
    return large(worth) if told.unit == EUR else quantity(worth, told.unit)


def between(told: Any, row: Any) -> str:
    """From what is held out, which is too low, to what is not, which is too high."""
    low, high = sorted((float(row["held_out"]), float(row["worth"])))
    first = number(told, low) if told.unit in POINTS else amount(told, low)
    return f"{first} to {amount(told, high)}"


def named(told: Any, name: str) -> str:
    """An assumption with its key and its range."""
    one = told.assumption(name)
    if one is None:
        return f"the {label(name)[:1].lower()}{label(name)[1:]} (additive or justice)"
    return f"{one.name} ({one.text_at(0.0)} to {one.text_at(1.0)})"


def where(told: Any, name: str) -> str:
    """At which values of an assumption which staffing model is best."""
    parts = [f"{readable(one.best)} is best {span(told, name, one)}" for one in told.stretches(name)]
    return joined(parts)


def span(told: Any, name: str, stretch: Stretch) -> str:
    """A stretch of a range in words."""
    one = told.assumption(name)
    if name == LAW or one is None:
        whole = stretch.start == 0.0 and stretch.end == 1.0
        return "by both laws" if whole else f"by the {law_at((stretch.start + stretch.end) / 2)} law"
    if stretch.start == 0.0 and stretch.end == 1.0:
        return "throughout"
    if stretch.start == 0.0:
        return f"below {one.text_at(stretch.end)}"
    if stretch.end == 1.0:
        return f"above {one.text_at(stretch.start)}"
    return f"from {one.text_at(stretch.start)} to {one.text_at(stretch.end)}"
