"""What stands below the comparison: what its signs and its intervals mean, as far as they are in it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from caresim.inference.worlds import binomial_interval
from caresim.report.evidence import few_draws, replications_note
from caresim.report.number_format import TOO_FEW, vague
from caresim.report.verdicts import DETAILED, MEANINGS
from caresim.report.wording import readable, times

if TYPE_CHECKING:
    from caresim.tasks.compare.comparison_table import Sheet

DAY = 1440.0
"""Minutes."""
NOT_IN_COST = "Refunds, fares, messages and hotels are not in it."


def footnotes(sheet: Sheet, results: Any, said: str = "") -> list[str]:
    """What the signs and the intervals mean; `said` is what stands above the table already."""
    return [*of_evidence(sheet, results), *of_signs(sheet), *of_values(sheet, results, said)]


def of_evidence(sheet: Sheet, results: Any) -> Iterator[str]:
    """How much stands behind the table."""
    yield replications_note(results)
    if warning := few_draws(results.replications):
        yield warning
    worlds = {row.worlds for (_, name), row in sheet.comparison.items() if name in sheet.headline}
    if any(sheet.worlds(model, name) for model in sheet.staffings for name in sheet.headline):
        most, confidence = int(max(worlds)), results.experiment.study.confidence.value
        yield (
            "Worlds are draws of the assumptions, luck taken out: better in so many, by enough to matter in so many."
            f" {most} of {most} means"
            f" {100 * binomial_interval(most, most, confidence)[0]:.0f}–100 % of all possible ones; more replications"
            " make the average surer, not the world."
        )
    gains = [f"{sheet.registry[name].label} {gain}" for name in sheet.headline if (gain := pairing(sheet, name))]
    if gains and sheet.full:
        yield (
            "What the same luck for all saves: without it, differences as sure against luck would take so many times"
            f" the replications: {'; '.join(gains)} (least and most over staffing models;"
            " each: pairing_gain in comparison.csv)."
        )


def of_signs(sheet: Sheet) -> Iterator[str]:
    """What the verdicts mean that are in the table, the star and the degree sign."""
    if len(sheet.staffings) > 1:
        found = {sheet.detail(model, name) for model in sheet.others for name in sheet.metrics}
        meanings = [f"{look.mark} {MEANINGS[word]}" for word, look in DETAILED.items() if word in found]
        signs = f"Against {readable(sheet.baseline)}: {'; '.join(meanings)}. " if meanings else ""
        yield f"{signs}★ best estimate of the row, not always better than the next."
    if sheet.more and sheet.headline:
        yield "° one at a time, not protected against the many comparisons; the other rows are, all together."


def of_values(sheet: Sheet, results: Any, said: str) -> Iterator[str]:
    """What some values leave out, and why some are missing."""
    if "cost" in sheet.metrics and NOT_IN_COST not in said:
        yield f"Cost is that of staff and an assistant. {NOT_IN_COST}"
    rows = [row for (_, name), row in sheet.summary.items() if name in sheet.metrics]
    if any(vague(row.ci_low, row.ci_high, row.unit) for row in rows):
        yield f"{TOO_FEW}: the interval takes up most of what is possible at all (see summary.csv)."
    if cut_off(results, sheet):
        yield (
            "Resolved within 24 h is missing: the run ends less than a day after its window (drain: "
            f"{results.experiment.drain.text}), so that not everybody could be observed for so long."
        )
    if any(sheet.value(model, name) == "not reached" for model in sheet.staffings for name in sheet.metrics):
        yield "not reached: in half of the replications or more, fewer than half of the requests were ever answered."
    if not sheet.full:
        yield "table=full: every row, the replications that a verdict would take, and whether they can be ranked."


def cut_off(results: Any, sheet: Sheet) -> bool:
    """Would the table have measures over a day, had anybody been observed for so long?"""
    if not sheet.full and "resolved_24h" not in sheet.headline:
        return False
    means = [row.mean for (_, name), row in sheet.summary.items() if name == "resolved_24h"]
    return bool(means) and all(map(math.isnan, means)) and float(results.experiment.drain.value) < DAY


def pairing(sheet: Sheet, name: str) -> str:
    """The least and the most that the same luck saves in a metric, over staffing models; empty where undefined."""
    rows = [sheet.comparison[model, name] for model in sheet.staffings if (model, name) in sheet.comparison]
    gains = [row.pairing_gain for row in rows if not math.isnan(row.pairing_gain)]
    if not gains:
        return ""
    ends = list(dict.fromkeys(times(gain) for gain in (min(gains), max(gains))))
    return "–".join(ends) + " ×"
