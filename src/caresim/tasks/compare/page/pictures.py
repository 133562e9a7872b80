"""The pictures of the page, and what is to be seen on each in words."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from caresim.inference.verdict import BETTER, WORSE
from caresim.report.page.document import Picture, data_uri
from caresim.report.wording import joined, large, readable
from caresim.tasks.compare.page.lookup import Lookup

DUTY = "duty"
CHOSEN = ("headline", "waits", "waiting", "cost")
"""The four of the page: each fits a slide."""


def pictures(look: Lookup, folder: Path) -> dict[str, Picture]:
    """By name of the figure, those that apply. One that is in `folder` already is not drawn again."""
    from caresim.report.style import save
    from caresim.tasks.compare.figure import has_intervals
    from caresim.tasks.compare.figures import FIGURES

    results, found = look.results, {}
    for name in (DUTY, *CHOSEN):
        figure = FIGURES[name]
        if (figure.over_time and not has_intervals(results)) or not figure.applies(results):
            continue
        drawing = folder / "figures" / f"{name}.svg"
        title, finding = TITLES[name], FINDINGS[name](look)
        if drawing.exists():
            found[name] = Picture(title, finding, data_uri(drawing), f"figures/{name}.png")
        else:
            with tempfile.TemporaryDirectory() as place:
                found[name] = Picture(title, finding, data_uri(save(figure.draw(results), Path(place) / drawing.name)))
    return found


TITLES = {
    "duty": "People on duty by hour and day.",
    "headline": "Differences from the baseline.",
    "waits": "How soon requests are answered.",
    "waiting": "How many passengers wait, and when.",
    "cost": "Satisfaction against cost.",
}


def of_duty(look: Lookup) -> str:
    from caresim.tasks.compare.figures.duty import calendar

    parts = []
    for model in look.staffings:
        days, table = calendar(look.results, model)
        if np.isnan(table).all():
            continue
        day, hour = np.unravel_index(int(np.nanargmax(table)), table.shape)
        parts.append(
            f"{readable(model)} at most {large(round(table[day, hour]))} ({days[day]:%a} {days[day].day}, {hour}:00)"
        )
    return f"People on duty at once: {'; '.join(parts)}."


def of_headline(look: Lookup) -> str:
    parts = []
    for name in look.headline:
        better = look.names_with(name, BETTER)
        worse = look.names_with(name, WORSE)
        words = f"better with {joined(better)}" if better else "better, and by enough to matter, with none"
        parts.append(f"{look.label(name)}: {words}{f', worse with {joined(worse)}' if worse else ''}")
    return f"Against {readable(look.baseline)}. {'; '.join(parts)}."


def of_waits(look: Lookup) -> str:
    parts = []
    for name in ("social_answered_60", "phone_answered_60"):
        if look.is_known(name):
            parts.append(f"{look.label(name)}: {_ends(look, name)}")
    return f"{'; '.join(parts)}." if parts else "The darker the bar, the sooner the answer; grey: none."


def of_waiting(look: Lookup) -> str:
    from caresim.tasks.compare.figures.waiting import by_hour

    peaks = {model: float(np.nan_to_num(by_hour(look.results, model, "waiting")[1]).max()) for model in look.staffings}
    least, most = min(peaks, key=peaks.__getitem__), max(peaks, key=peaks.__getitem__)
    if least == most:
        return f"At the worst hour {large(round(peaks[most]))} passengers wait."
    return (
        f"At the worst hour {large(round(peaks[most]))} passengers wait with {readable(most)}, "
        f"and {large(round(peaks[least]))} with {readable(least)}."
    )


def of_cost(look: Lookup) -> str:
    rated = "csat_all" if "csat_all" in look.headline else "csat"
    return f"{look.label('cost')}: {_ends(look, 'cost')}. {look.label(rated)}: {_ends(look, rated)}."


def _ends(look: Lookup, name: str) -> str:
    """The lowest and the highest value, and whose they are."""
    values = {model: look.mean(model, name) for model in look.staffings if np.isfinite(look.mean(model, name))}
    if not values:
        return "not known"
    least, most = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
    if least == most:
        return look.value(most, name)
    return f"from {look.value(least, name)} ({readable(least)}) to {look.value(most, name)} ({readable(most)})"


FINDINGS: dict[str, Callable[[Lookup], str]] = {
    "duty": of_duty,
    "headline": of_headline,
    "waits": of_waits,
    "waiting": of_waiting,
    "cost": of_cost,
}
"""What a figure shows, in words, by its name."""
