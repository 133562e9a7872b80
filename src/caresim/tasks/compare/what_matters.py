"""The metrics that a manager's table shows, and those who may pay for what others gain: one list of each."""

from __future__ import annotations

from typing import Any

MOST_ROWS = 6
"""Of a manager's table; headline metrics beyond that are shown all the same."""
FIRST_CHOICE = ("phone_first_60", "counter_first_60", "social_first_60")
"""Who is heard within the hour, by the channel that they would turn to first."""
ORDINARY = ("ordinary_answered", "ordinary_wait", "ordinary_abandonment")
"""What becomes of ordinary customers at the same desks."""
PAYERS = (*FIRST_CHOICE, *ORDINARY, "bad_answers")
"""Who may pay for what others gain: those with another first choice, ordinary customers, whoever is told nonsense."""
WANTED = ("ordinary_answered", "cost", "phone_first_60", "paid_hours", "csat_all", "resolved_in_time")
"""What fills a manager's table up below the headline metrics, the most wanted first."""
MONEY = ("paid_hours", "cost")
"""Stands last."""


def metrics_that_matter(results: Any) -> list[str]:
    """The metrics of a manager's table: the headline ones, then up to six in all what they are paid with."""
    measured = set(results.summary().dropna(subset="mean")["metric"])
    headline = [name for name in dict.fromkeys(results.experiment.study.headline) if name in measured]
    fill = [name for name in WANTED if name in measured and name not in headline][: max(MOST_ROWS - len(headline), 0)]
    return [*headline, *sorted(fill, key=lambda name: MONEY.index(name) if name in MONEY else -1)]
