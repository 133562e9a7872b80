"""`backtest=signers`: people at work fitted from replies and initials, and the initials of later days predicted."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from caresim.config.errors import BadInput
from caresim.config.exports.clock import Clock
from caresim.config.pace import Pace
from caresim.inference.scores import covered, crps
from caresim.report.page.document import BETTER, OPEN, WORSE, Cell
from caresim.tasks.backtest.desks.local_clock import DAY, HOUR, local_clock
from caresim.tasks.backtest.desks.posts import _until
from caresim.tasks.backtest.forecasts.outcome import Outcome, View, drawing, rows_of
from caresim.tasks.backtest.forecasts.settings import clock_of, table_of
from caresim.tasks.backtest.signers.figure import hours_figure, rate_figure
from caresim.tasks.backtest.signers.model import Draws, Hours, Posterior, median_rates, predicted
from caresim.tasks.backtest.signers.settings import Signers

Floats = NDArray[np.float64]
COLUMNS = ("start", "replies", "signed", "signers_hour", "greeted_as")
NEEDED = 4
Z90 = 1.6449
LINE_DRAWS = 400
"""Evenly spread draws of the line's normal law."""


@dataclass(frozen=True)
class Scored:
    """The later hours, predicted."""

    hours: Hours
    draws: Draws
    signers: Floats
    line: Floats
    scores: Floats
    line_scores: Floats


def run(settings: Signers) -> Outcome:
    """Fit, predict and score. BadInput where the history cannot be used."""
    started = time.perf_counter()
    hours, split, end, notes = read(settings)
    early, later = hours.which(hours.start < split), hours.which((hours.start >= split) & (hours.start < end))
    if len(early) < settings.fewest:
        raise BadInput("fewest", settings.fewest, f"the fitted stretch has {len(early)} hours with replies")
    if len(later) < 2:
        raise BadInput("test", settings.test, "has no hours with replies to predict")
    pace = Pace("fitting people at work", settings.steps)
    rng = np.random.default_rng(settings.seed)
    draws = Posterior(early, settings).walk(rng, pace.at)
    signers, people = predicted(draws, later.replies, later.day, rng)
    line = line_of(early, later)
    scored = Scored(later, draws, signers, line, crps(later.signers, signers), crps(later.signers, line))
    medians = median_rates(draws, rng)
    rate = rate_table(medians, draws, early, later)
    predictions = prediction_table(scored, people, split)
    scores = score_table(scored)
    return Outcome(
        settings,
        {"scores": scores, "work_rate": rate, "predictions": predictions},
        answer(scores, rate),
        [score_view(scores), rate_view(rate)],
        notes,
        [
            drawing(
                "hours",
                "Different initials in each later hour.",
                "The initials of the later days, from their replies alone.",
                hours_figure,
                predictions,
            ),
            drawing(
                "work_rate",
                "Replies per person and hour.",
                "What the fitted days say of one person's pace.",
                rate_figure,
                medians,
                rate,
            ),
        ],
        [
            (
                "People at work",
                "initials are on some replies only, and people sign unevenly: fewer are seen than are there",
            ),
            ("The middle hour", "half of the hours bring more replies per person at work, half bring fewer"),
            ("A line", "least squares of the initials on the replies of the fitted hours, with normal errors"),
            ("CRPS", "mean distance of the forecast from what came, in people, less what its spread earns"),
        ],
        {"fit and predict": time.perf_counter() - started},
    )


def read(settings: Signers) -> tuple[Hours, float, float, list[str]]:
    """The hours with replies, the moments at which fitting and predicting end, and what was left out."""
    table = table_of(settings, COLUMNS, NEEDED)
    clock: Clock = clock_of(settings.timezone)
    start = clock.read(table, "start")
    rows = pd.DataFrame({"hour": np.floor(start / HOUR) * HOUR, "rows": 1})
    for column in COLUMNS[1:]:
        rows[column] = np.array(table.counts(column, 0), dtype=np.int64)
    step = float(np.diff(np.unique(start)).min()) if len(np.unique(start)) > 1 else HOUR
    adding = {"rows": "sum", "replies": "sum", "signed": "sum", "signers_hour": "max", "greeted_as": "max"}
    by_hour = rows.groupby("hour", as_index=False).agg(adding)
    if (wrong := np.flatnonzero(rows["signed"] > rows["replies"])).size:
        row = int(wrong[0])
        raise table.wrong(row, "signed", table.texts("signed")[row], "must be at most the replies")
    whole = by_hour["rows"] >= round(HOUR / step)
    kept = by_hour[whole & (by_hour["replies"] > 0)]
    short = int((~whole).sum())
    said = "1 hour that is not whole is left out." if short == 1 else f"{short} hours that are not whole are left out."
    notes = [said] if short else []
    if not table.has("greeted_as"):
        notes.append("The file has no column greeted_as: how many are at work rests on the initials alone.")
    split = _until(settings.train, "train", float(start.min()), clock)
    end = float(start.max()) + step if settings.test is None else _until(settings.test, "test", split, clock)
    if not start.min() < split < end:
        raise BadInput("train", settings.train, "must end after the first interval, and before test does")
    moments = kept["hour"].to_numpy(dtype=np.float64)
    columns = (kept[name].to_numpy(dtype=np.int64) for name in COLUMNS[1:])
    replies, signed, signers, greeted = columns
    shown = local_clock(clock.start).shown(moments)
    day = np.floor(shown / DAY).astype(np.int64)
    return Hours(moments, replies, signed, signers, greeted, day, np.mod(shown, DAY)), split, end, notes


def line_of(early: Hours, later: Hours) -> Floats:
    """The straight line's forecast: evenly spread draws of a normal law about it; (hours, draws)."""
    x, y = early.replies.astype(np.float64), early.signers.astype(np.float64)
    slope, height = np.polyfit(x, y, 1)
    error = math.sqrt(float(((y - height - slope * x) ** 2).sum()) / (len(x) - 2))
    spread = norm.ppf((np.arange(LINE_DRAWS) + 0.5) / LINE_DRAWS) * error
    return np.asarray((height + slope * later.replies)[:, None] + spread)


def rate_table(medians: Floats, draws: Draws, early: Hours, later: Hours) -> pd.DataFrame:
    """Replies per person and hour: the posterior, and per person seen signing, in fitted and later hours."""
    seen = [
        (name, float(np.median(hours.replies[hours.signers > 0] / hours.signers[hours.signers > 0])))
        for name, hours in (("fitted days, per person seen", early), ("later days, per person seen", later))
    ]
    rows = [
        (f"{name} over hours, per person at work", float(np.median(values)), *np.quantile(values, (0.05, 0.95)))
        for name, values in (("median", medians), ("mean", draws.rate))
    ]
    rows += [(f"median of {name}", value, math.nan, math.nan) for name, value in seen]
    rows = [(*row, row[3] / row[2]) for row in rows]
    return pd.DataFrame(rows, columns=["replies_per_hour", "median", "low", "high", "high_over_low"])


def prediction_table(scored: Scored, people: Floats, split: float) -> pd.DataFrame:
    """A row per later hour."""
    low, middle, high = np.quantile(scored.signers, (0.05, 0.5, 0.95), axis=1)
    return pd.DataFrame(
        {
            "hour": (scored.hours.start - split) / HOUR,
            "hour_of_day": scored.hours.of_day / HOUR,
            "day": scored.hours.day - scored.hours.day.min() + 1,
            "replies": scored.hours.replies,
            "signers": scored.hours.signers,
            "predicted": scored.signers.mean(axis=1),
            "median": middle,
            "low": low,
            "high": high,
            "people_at_work": people.mean(axis=1),
            "line": scored.line.mean(axis=1),
            "crps": scored.scores,
            "crps_line": scored.line_scores,
        }
    )


def score_table(scored: Scored) -> pd.DataFrame:
    """One row: CRPS of the model and of the line, in people; the gain with its interval; coverage."""
    gains = scored.line_scores - scored.scores
    error = float(gains.std(ddof=1)) / math.sqrt(len(gains))
    gain = float(gains.mean())
    held = [float(covered(scored.hours.signers, scored.signers, share).mean()) for share in (0.5, 0.9)]
    row = (
        len(gains),
        scored.scores.mean(),
        scored.line_scores.mean(),
        gain,
        gain - Z90 * error,
        gain + Z90 * error,
        *held,
    )
    columns = ["hours", "crps", "crps_line", "gain", "gain_low", "gain_high", "covered_50", "covered_90"]
    return pd.DataFrame([row], columns=columns)


def answer(scores: pd.DataFrame, rate: pd.DataFrame) -> list[str]:
    """The verdict."""
    row, work = scores.iloc[0], rate.iloc[0]
    later = rate["median"].iloc[3]
    better = "no better" if row["gain"] <= 0 else "better" if row["gain_low"] > 0 else "better, but not for certain,"
    holds = "holds" if work["low"] <= later <= work["high"] else "does not hold"
    return [
        f"From the replies of {row['hours']:.0f} later hours, the model predicts the people seen signing "
        f"{better} than a straight line: CRPS {row['crps']:.3f} people, the line {row['crps_line']:.3f} (gain "
        f"{row['gain']:+.3f}, 90 %: {row['gain_low']:+.3f} to {row['gain_high']:+.3f}).",
        f"In the middle hour a person at work gives {work['median']:.1f} replies; the 90 % interval, {work['low']:.1f} "
        f"to {work['high']:.1f}, spans a factor of {work['high_over_low']:.2f} and {holds} the later days' median of "
        f"{later:.1f} per person seen.",
    ]


def score_view(scores: pd.DataFrame) -> View:
    row = scores.iloc[0]
    look = BETTER if row["gain_low"] > 0 else WORSE if row["gain_high"] < 0 else OPEN
    cells: list[Cell | str] = [
        f"{row['hours']:.0f}",
        f"{row['crps']:.3f}",
        f"{row['crps_line']:.3f}",
        Cell(
            f"{row['gain']:+.3f}",
            f"{row['gain_low']:+.3f} to {row['gain_high']:+.3f}",
            "better" if row["gain"] > 0 else "not better",
            look,
        ),
        f"{100 * row['covered_50']:.0f} / {100 * row['covered_90']:.0f} %",
    ]
    return View(
        "How well the later initials are predicted",
        "CRPS in people; the gain with its 90 % interval.",
        ["Hours", "Model", "A line", "Gain", "In 50 / 90 % bands"],
        [cells],
    )


def rate_view(rate: pd.DataFrame) -> View:
    rows: list[list[Cell | str]] = [
        [
            str(row.replies_per_hour),
            Cell(f"{row.median:.1f} per hour", "" if math.isnan(row.low) else f"{row.low:.1f} to {row.high:.1f}"),
        ]
        for row in rows_of(rate)
    ]
    return View("The work rate", "Replies per person and hour, idle time included.", ["Of whom", "Replies"], rows)
