"""What the replies tell of each desk, and what they leave open: prior and posterior, parameter by parameter."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from caresim.tasks.backtest.desks.forecast import Predicted
from caresim.tasks.backtest.desks.posterior import Desk, from_prior
from caresim.tasks.backtest.desks.queue import ORDERS
from caresim.tasks.backtest.desks.settings import Desks

FROM_PRIOR = 4000
TOLD = 0.5
"""A parameter is told by the replies where its interval is less than half as wide as before."""
MEASURES: dict[str, tuple[str, Callable[[Desk], float]]] = {
    "people": ("people", lambda desk: float(desk.people)),
    "handling": ("min", lambda desk: math.exp(desk.handling)),
    "answers_per_hour": ("per hour", lambda desk: 60.0 * desk.people / math.exp(desk.handling)),
    "noticing": ("min", lambda desk: math.exp(desk.noticing)),
    "noticing_sigma": ("sd", lambda desk: desk.noticing_sigma),
    "follow_up": ("x", lambda desk: math.exp(desk.follow_up)),
}
"""By name: unit, and the value for a desk. `answers_per_hour` is what all people together can answer."""


def parameters(found: Sequence[Predicted], settings: Desks) -> pd.DataFrame:
    """A row per desk and parameter: median and 90 % interval before and after, and whether the replies tell it."""
    rows = []
    for one in found:
        rng = np.random.default_rng([settings.seed, 1])
        before = [from_prior(settings.priors, len(one.posts.groups), rng) for _ in range(FROM_PRIOR)]
        for name, (unit, value) in MEASURES.items():
            prior, now = (
                np.quantile([value(desk) for desk in desks], (0.05, 0.5, 0.95)) for desks in (before, one.draws)
            )
            narrower = float(np.log(now[2] / now[0]) / np.log(prior[2] / prior[0]))
            rows.append((one.posts.desk, name, unit, *prior, *now, narrower, narrower < TOLD))
        for place, order in enumerate(ORDERS):
            share = float(np.mean([desk.order == place for desk in one.draws]))
            rows.append((one.posts.desk, f"order_{order}", "share", *[1 / 3] * 3, *[share] * 3, math.nan, share > 0.9))
    columns = ["prior_low", "prior_median", "prior_high", "low", "median", "high"]
    return pd.DataFrame(rows, columns=["desk", "parameter", "unit", *columns, "width_after_over_before", "told"])
