"""What stands below the comparison: what its signs and its intervals mean."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caresim.inference.worlds import binomial_interval
from caresim.report.evidence import few_draws, replications_note
from caresim.report.number_format import TOO_FEW, vague
from caresim.report.wording import readable, times

if TYPE_CHECKING:
    from caresim.tasks.compare.comparison_table import Sheet

DAY = 1440.0
"""Minutes."""


def footnotes(sheet: Sheet, results: Any) -> list[str]:
    """What the signs and the intervals mean."""
    notes = [replications_note(results)]
    if warning := few_draws(results.replications):
        notes.append(warning)
    if len(sheet.staffings) > 1:
        notes.append(
            f"Against {readable(sheet.baseline)}: ✔ better, ✘ worse, = no difference that matters (within the margin),"
            " ? undecided, with the pairs of replications it would take."
            " ★ best estimate of the row, not always better than the next."
        )
    worlds = {row.worlds for (_, name), row in sheet.comparison.items() if name in sheet.headline}
    if any(sheet.worlds(model, name) for model in sheet.staffings for name in sheet.headline):
        low, _ = binomial_interval(int(max(worlds)), int(max(worlds)), results.experiment.study.confidence.value)
        notes.append(
            "Worlds are draws of the assumptions, counted with luck taken out: better in so many, in brackets by enough"
            f" to matter. {max(worlds):.0f} of {max(worlds):.0f} means {100 * low:.0f}–100 % of all possible ones;"
            " more replications make the average surer, not the world (comparison.csv: worlds_*, verdict_detail)."
        )
    gains = [f"{sheet.registry[name].label} {gain}" for name in sheet.headline if (gain := pairing(sheet, name))]
    if gains:
        notes.append(
            "What the same luck for all saves: without it, differences as sure against luck would take so many times"
            f" the replications: {'; '.join(gains)} (least and most over staffing models;"
            " each: pairing_gain in comparison.csv)."
        )
    notes.append(
        "° exploratory: one at a time, not protected against the many comparisons; the headline rows are, all together."
    )
    if "cost" in sheet.metrics:
        notes.append("Cost is what staff and an assistant cost: refunds, fares, messages and hotels are not in it.")
    rows = [row for (_, name), row in sheet.summary.items() if name in sheet.metrics]
    if any(vague(row.ci_low, row.ci_high, row.unit) for row in rows):
        notes.append(f"{TOO_FEW}: the interval takes up most of what is possible at all (see summary.csv).")
    if cut_off(sheet, results):
        notes.append(
            "Resolved within 24 h is missing: the run ends less than a day after its window (drain: "
            f"{results.experiment.drain.text}), so that not everybody could be observed for so long."
        )
    if any(sheet.value(model, name) == "not reached" for model in sheet.staffings for name in sheet.metrics):
        notes.append(
            "not reached: in half of the replications or more, fewer than half of the requests were ever answered."
        )
    return notes


def cut_off(sheet: Sheet, results: Any) -> bool:
    """Are measures over a day missing because nobody was observed for so long?"""
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
