"""`backtest=monthly`: months are fitted, the next predicted from the calls offered; from earlier origins, too."""

from __future__ import annotations

import math
import time

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.config.errors import BadInput
from caresim.inference.scores import correlation, covered, crps
from caresim.report.page.document import BETTER, WORSE, Cell
from caresim.tasks.backtest.forecasts.outcome import Outcome, View, drawing, rows_of
from caresim.tasks.backtest.forecasts.settings import table_of
from caresim.tasks.backtest.monthly.figure import months_figure, origins_figure
from caresim.tasks.backtest.monthly.model import Draws, forecast
from caresim.tasks.backtest.monthly.settings import Monthly, _month

Floats = NDArray[np.float64]
COLUMNS = ("month", "offered", "answered", "wait_s", "mentions")
NEEDED = 3
LAST = 6
"""Months whose mean is the simplest forecast."""
LATER = 3
"""Months between two earlier origins."""
SIGNIFICANT = 1.96
NAMES = {"model": "Model", "last_months": "Last months", "line": "A line"}
"""Of the forecasts, as they are read."""


def run(settings: Monthly) -> Outcome:
    """Fit, predict and score, from the origin asked for and from earlier ones. BadInput where that cannot be."""
    started = time.perf_counter()
    months, notes = read(settings)
    offered = months["offered"].to_numpy(dtype=np.float64)
    share = 1.0 - months["answered"].to_numpy(dtype=np.float64) / offered
    last, until = _origin(settings, months)
    rng = np.random.default_rng(settings.seed)
    ensemble, draws = forecast(offered, share, last, until, settings, rng)
    predictions = prediction_table(months, share, ensemble, last, until)
    origins = origin_table(months, offered, share, last, settings)
    scores = score_table(offered, share, ensemble, last, until)
    spill = spill_over(months, share)
    tables = {
        "scores": scores,
        "predictions": predictions,
        "origins": origins,
        "parameters": parameter_table(draws),
        "spill_over": spill,
    }
    return Outcome(
        settings,
        tables,
        answer(scores, origins, spill),
        [score_view(scores), *([origin_view(origins)] if len(origins) else []), spill_view(spill)],
        [
            *notes,
            *no_origin(origins, settings),
            "The file does not know the people at work: staffing is what the calls and the answered ones imply.",
        ],
        [
            drawing(
                "months",
                "P(abandon), month by month.",
                "Bands hold half and nine in ten of the draws.",
                months_figure,
                months,
                share,
                predictions,
                last,
            ),
            *(
                [
                    drawing(
                        "origins",
                        "The same from earlier origins.",
                        "Mean miss of the model and of two simple forecasts.",
                        origins_figure,
                        origins,
                    )
                ]
                if len(origins)
                else []
            ),
        ],
        [
            ("P(abandon)", "the share of the calls offered that were not answered"),
            ("Origin", f"the last month that is fitted; of an earlier one the next {settings.ahead} are predicted"),
            ("Last months", f"the mean of the last {LAST} months before the origin"),
            ("A line", "least squares of P(abandon) on the calls offered, of all months before the origin"),
            ("Mean miss", "mean distance of the predicted median from what came, in percentage points"),
            ("CRPS", "mean distance of the forecast from what came, in points, less what its spread earns"),
        ],
        {"fit and predict": time.perf_counter() - started},
    )


def read(settings: Monthly) -> tuple[pd.DataFrame, list[str]]:
    """The months in their order, and in sentences which columns are missing. BadInput for a gap or a wrong number."""
    table = table_of(settings, COLUMNS, NEEDED)
    names = list(table.texts("month"))
    rows = pd.DataFrame({"month": names})
    for row, name in enumerate(names):
        try:
            _month(name[:7])
        except ValueError:
            raise table.wrong(row, "month", name, "must be a month such as 2020-12") from None
    rows["month"] = [name[:7] for name in names]
    for column in COLUMNS[1:]:
        rows[column] = table.numbers(column, math.nan)
    for row, values in enumerate(rows_of(rows)):
        if not values.offered > 0:
            raise table.wrong(row, "offered", values.offered, "must be more than 0")
        if not 0 <= values.answered <= values.offered:
            raise table.wrong(row, "answered", values.answered, "must be at most the calls offered")
    rows = rows.sort_values("month", ignore_index=True)
    number = [12 * int(name[:4]) + int(name[5:]) for name in rows["month"]]
    for before, after, name in zip(number[:-1], number[1:], rows["month"][1:], strict=True):
        if after != before + 1:
            raise BadInput("contacts", table.path, f"must have each month once; {name} does not follow the one before")
    return rows, [f"The file has no column {name}." for name in COLUMNS[NEEDED:] if not table.has(name)]


def _origin(settings: Monthly, months: pd.DataFrame) -> tuple[int, int]:
    """How many months are fitted, and up to which one is predicted."""
    names = list(months["month"])
    if settings.train not in names:
        raise BadInput("train", settings.train, f"must be a month of the file, from {names[0]} to {names[-1]}")
    last = names.index(settings.train) + 1
    if last < settings.fewest:
        raise BadInput("train", settings.train, f"leaves {last} months to fit; at least {settings.fewest} (fewest)")
    if settings.test is not None and settings.test not in names:
        raise BadInput("test", settings.test, f"must be a month of the file, at most {names[-1]}")
    until = len(names) if settings.test is None else names.index(settings.test) + 1
    if until - last < 2:
        raise BadInput("train", settings.train, "must leave at least two months to predict")
    return last, until


def simple(offered: Floats, share: Floats, last: int, until: int) -> dict[str, Floats]:
    """The two simple forecasts of the months from `last` to `until`."""
    slope, height = np.polyfit(offered[:last], share[:last], 1)
    mean = np.full(until - last, share[max(last - LAST, 0) : last].mean())
    return {"last_months": mean, "line": np.clip(height + slope * offered[last:until], 0.0, 1.0)}


def score_table(offered: Floats, share: Floats, ensemble: Floats, last: int, until: int) -> pd.DataFrame:
    """A row per forecast: mean miss in points, CRPS in points, coverage."""
    seen = share[last:until]
    rows = [
        (
            "model",
            100 * float(np.abs(np.median(ensemble, axis=1) - seen).mean()),
            100 * float(crps(seen, ensemble).mean()),
            *(float(covered(seen, ensemble, level).mean()) for level in (0.5, 0.9)),
        )
    ]
    for name, values in simple(offered, share, last, until).items():
        miss = 100 * float(np.abs(values - seen).mean())
        rows.append((name, miss, miss, math.nan, math.nan))
    return pd.DataFrame(rows, columns=["forecast", "mean_miss_points", "crps_points", "covered_50", "covered_90"])


def prediction_table(months: pd.DataFrame, share: Floats, ensemble: Floats, last: int, until: int) -> pd.DataFrame:
    """A row per predicted month."""
    quantiles = np.quantile(ensemble, (0.05, 0.25, 0.5, 0.75, 0.95), axis=1)
    names = ("q05", "q25", "q50", "q75", "q95")
    later = months.iloc[last:until]
    columns = dict(zip(names, quantiles, strict=True))
    return pd.DataFrame(
        {
            "month": later["month"].to_numpy(),
            "offered": later["offered"].to_numpy(),
            "abandoned": share[last:until],
            **columns,
        }
    )


def origin_table(months: pd.DataFrame, offered: Floats, share: Floats, last: int, settings: Monthly) -> pd.DataFrame:
    """A row per earlier origin, whose months ahead all lie in the fitted stretch; and the origin asked for."""
    rows = []
    firsts = range(settings.fewest, last - settings.ahead + 1, LATER)
    for origin in firsts:
        until = origin + settings.ahead
        ensemble, _ = forecast(offered, share, origin, until, settings, np.random.default_rng([settings.seed, origin]))
        scores = score_table(offered, share, ensemble, origin, until).set_index("forecast")
        rows.append(
            (
                months["month"].iloc[origin - 1],
                *scores["mean_miss_points"].loc[["model", "last_months", "line"]],
                scores["crps_points"].loc["model"],
                scores["covered_90"].loc["model"],
            )
        )
    return pd.DataFrame(rows, columns=["last_month", "model", "last_months", "line", "crps_points", "covered_90"])


def no_origin(origins: pd.DataFrame, settings: Monthly) -> list[str]:
    """A line where there is no earlier origin."""
    if len(origins):
        return []
    return [
        f"There is no earlier origin: {settings.fewest} months to fit and {settings.ahead} to predict do not all lie "
        f"before the end of {settings.train}."
    ]


def parameter_table(draws: Draws) -> pd.DataFrame:
    """Median and 90 % interval of how staffing follows the calls."""
    settled = np.exp(draws.headroom / np.maximum(draws.catching_up, 1e-3))
    named = {
        "catching_up": draws.catching_up,
        "at_once": draws.at_once,
        "jolt": draws.jolt,
        "staffing_over_calls_settled": settled,
    }
    rows = [(name, *np.quantile(values, (0.5, 0.05, 0.95))) for name, values in named.items()]
    return pd.DataFrame(rows, columns=["parameter", "median", "low", "high"])


def spill_over(months: pd.DataFrame, share: Floats) -> pd.DataFrame:
    """Does more abandonment go with more public posts, in the same month and in the next? Trends removed.

    The correlation of what a straight line over time leaves of both, with its 95 % interval (Fisher's z).
    """
    posts = months["mentions"].to_numpy(dtype=np.float64)
    given_up = share * months["offered"].to_numpy(dtype=np.float64)
    rows = []
    for name, delay in (("same month", 0), ("next month", 1)):
        x, y = given_up[: len(given_up) - delay], posts[delay:]
        known = ~np.isnan(x) & ~np.isnan(y)
        if known.sum() < 12:
            rows.append((name, int(known.sum()), math.nan, math.nan, math.nan))
            continue
        at = np.arange(len(x), dtype=np.float64)[known]
        left = [values[known] - np.polyval(np.polyfit(at, values[known], 1), at) for values in (x, y)]
        r, wide = correlation(*left), SIGNIFICANT / math.sqrt(known.sum() - 3)
        rows.append((name, int(known.sum()), r, math.tanh(math.atanh(r) - wide), math.tanh(math.atanh(r) + wide)))
    return pd.DataFrame(rows, columns=["posts_of", "months", "correlation", "low", "high"])


def answer(scores: pd.DataFrame, origins: pd.DataFrame, spill: pd.DataFrame) -> list[str]:
    """The verdict."""
    by = scores.set_index("forecast")["mean_miss_points"]
    sentences = [
        f"The model misses P(abandon) by {by['model']:.1f} points on average, the mean of the last months by "
        f"{by['last_months']:.1f} and a line on the calls by {by['line']:.1f}; its 90 % band holds "
        f"{100 * scores['covered_90'].iloc[0]:.0f} % of the months."
    ]
    if len(origins):
        best = int((origins[["model", "last_months", "line"]].idxmin(axis=1) == "model").sum())
        sentences.append(
            f"From {len(origins)} earlier origins it misses by {origins['model'].mean():.1f} points, the last "
            f"months by {origins['last_months'].mean():.1f} and the line by {origins['line'].mean():.1f}; it is the "
            f"best of the three from {best} of them, and its 90 % bands hold "
            f"{100 * origins['covered_90'].mean():.0f} % of those months."
        )
    known = spill.dropna()
    for row in rows_of(known):
        what = f"months with more abandoned calls have {{}} public posts in the {row.posts_of}"
        there = "more" if row.low > 0 else "fewer" if row.high < 0 else None
        told = what.format(there).capitalize() if there else f"Whether {what.format('more or fewer')} cannot be told"
        sentences.append(
            f"{told} (r {row.correlation:+.2f}, 95 %: {row.low:+.2f} to {row.high:+.2f}, trends removed)"
            + ("." if row.low > 0 else "; a spill-over within hours can average out over a month.")
        )
    if not len(known):
        sentences.append("Whether abandoned calls become public posts cannot be told from this file.")
    return sentences


def score_view(scores: pd.DataFrame) -> View:
    best = scores["mean_miss_points"].min()
    rows: list[list[Cell | str]] = [
        [
            NAMES[str(row.forecast)],
            Cell(
                f"{row.mean_miss_points:.1f} points",
                "",
                "smallest" if row.mean_miss_points == best else "",
                BETTER if row.mean_miss_points == best else "",
            ),
            f"{row.crps_points:.1f} points",
            "" if math.isnan(row.covered_90) else f"{100 * row.covered_50:.0f} / {100 * row.covered_90:.0f} %",
        ]
        for row in rows_of(scores)
    ]
    return View(
        "How well the later months are predicted",
        "P(abandon) from the calls offered.",
        ["Forecast", "Mean miss", "CRPS", "In 50 / 90 % bands"],
        rows,
    )


def origin_view(origins: pd.DataFrame) -> View:
    rows: list[list[Cell | str]] = [
        [
            str(row.last_month),
            Cell(
                f"{row.model:.1f}",
                "",
                *(
                    ("smallest", BETTER)
                    if row.model <= min(row.last_months, row.line)
                    else ("largest", WORSE)
                    if row.model > max(row.last_months, row.line)
                    else ("", "")
                ),
            ),
            f"{row.last_months:.1f}",
            f"{row.line:.1f}",
            f"{100 * row.covered_90:.0f} %",
        ]
        for row in rows_of(origins)
    ]
    return View(
        "The same from earlier origins",
        "Mean miss in points; every month lies in the fitted stretch.",
        ["Last month fitted", "Model", "Last months", "A line", "In 90 % band"],
        rows,
    )


def spill_view(spill: pd.DataFrame) -> View:
    rows: list[list[Cell | str]] = [
        [
            str(row.posts_of),
            f"{row.months}",
            "not known"
            if math.isnan(row.correlation)
            else Cell(f"{row.correlation:+.2f}", f"{row.low:+.2f} to {row.high:+.2f}"),
        ]
        for row in rows_of(spill)
    ]
    return View(
        "Do abandoned calls become public posts?",
        "Correlation of both, trends removed, with its 95 % interval.",
        ["Posts of the", "Months", "Correlation"],
        rows,
    )
