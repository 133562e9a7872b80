"""`backtest=desks`: every desk of a history, fitted and predicted; tables, verdict and figures."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from caresim.config.errors import BadInput
from caresim.config.pace import Pace
from caresim.report.page.document import BETTER, OPEN, WORSE, Cell
from caresim.tasks.backtest.desks import nulls, posts
from caresim.tasks.backtest.desks.figure import delays, fitted, over_time
from caresim.tasks.backtest.desks.forecast import BANDS, ORIGINS, Predicted, inner_chains, predicted
from caresim.tasks.backtest.desks.hours import text
from caresim.tasks.backtest.desks.parameters import parameters
from caresim.tasks.backtest.desks.posts import Stretches
from caresim.tasks.backtest.desks.settings import Desks
from caresim.tasks.backtest.forecasts.outcome import Outcome, View, drawing, rows_of

Z90 = 1.6449
CRPS = (
    "the mean distance of the forecast from what came, of logarithms of minutes, less what its spread earns; smaller "
    "is better, and fair for any number of draws"
)
FEWEST_LATER = 10
"""Replies to predict, below which a score says nothing."""


def run(settings: Desks) -> Outcome:
    """Fit and predict every desk that has enough replies. BadInput where none has, or the history cannot be used."""
    started = time.perf_counter()
    desks, stretches, notes = posts.read(settings)
    enough, notes = _with_enough(desks, stretches, settings, notes)
    walks = len(enough) * (settings.chains + len(ORIGINS) * inner_chains(settings))
    pace = Pace("fitting desks", walks * (settings.steps - settings.steps // 3))
    done, found = 0, []

    def at() -> None:
        nonlocal done
        done += 1
        pace.at(done)

    read = time.perf_counter()
    for place, desk in enumerate(enough):
        found.append(predicted(desk, stretches, settings, np.random.default_rng([settings.seed, place]), at))
    durations = {"read": read - started, "fit and predict": time.perf_counter() - read}
    scores, hours = score_table(found), hour_table(found, stretches)
    tables = {
        "scores": scores,
        "opening_hours": hours,
        "parameters": parameters(found, settings),
        "shares_answered": share_table(found),
        "predictions": prediction_table(found),
    }
    return Outcome(
        settings,
        tables,
        answer(scores, hours),
        [score_view(scores), hour_view(hours), *share_views(tables["shares_answered"])],
        [*notes, *silent_hours(found)],
        [
            drawing("delays", "Time to the reply, predicted and observed.", _worst(scores), delays, found),
            drawing(
                "over_time",
                "Reply by reply.",
                "Bands hold half and nine in ten of the draws.",
                over_time,
                found,
                stretches,
            ),
            drawing(
                "fitted",
                "What the replies tell of a desk.",
                "Grey: believed before. Blue: after.",
                fitted,
                tables["parameters"],
            ),
        ],
        [*nulls.MEANINGS.items(), ("CRPS", CRPS)],
        durations,
    )


def _with_enough(
    desks: Sequence[posts.Posts], stretches: Stretches, settings: Desks, notes: list[str]
) -> tuple[list[posts.Posts], list[str]]:
    """The desks that can be fitted and scored, and a line for each of the others."""
    enough, lines = [], list(notes)
    for desk in desks:
        many, later = int(stretches.trained(desk).sum()), int(stretches.tested(desk).sum())
        if many < settings.fewest or later < FEWEST_LATER:
            lines.append(
                f"{desk.desk}: {many} replies to fit and {later} to predict are too few; nothing is said of it."
            )
        else:
            enough.append(desk)
    if not enough:
        raise BadInput(
            "fewest", settings.fewest, "no desk has so many replies in the fitted stretch, and 10 later ones"
        )
    if any(desk.answered_only for desk in enough):
        names = ", ".join(desk.desk for desk in enough if desk.answered_only)
        lines.append(f"The file knows no post without a reply: the share answered cannot be told ({names}).")
    return enough, lines


def score_table(found: Sequence[Predicted]) -> pd.DataFrame:
    """A row per desk: CRPS of the logarithm of minutes of the model and of each null, gains, coverage."""
    rows = []
    for one in found:
        gain, error = one.gain(nulls.TRAINING)
        best, best_error = one.gain(one.best_null)
        row = {
            "desk": one.posts.desk,
            "replies_predicted": len(one.tested),
            "observed_median_min": float(np.exp(np.median(one.observed))),
            "crps": float(one.scores.mean()),
            "crps_queue_alone": float(np.nanmean(one.queue_scores)),
            **{f"weight_of_{_column(name)}": weight for name, weight in one.weights.items()},
            **{f"crps_{_column(name)}": value for name, value in one.nulls.items()},
            "gain": gain,
            "gain_low": gain - Z90 * error,
            "gain_high": gain + Z90 * error,
            "best_null": one.best_null,
            "gain_on_best": best,
            "gain_on_best_low": best - Z90 * best_error,
            "gain_on_best_high": best + Z90 * best_error,
            **{f"covered_{100 * share:.0f}": one.covered(share) for share in BANDS},
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _column(name: str) -> str:
    """A forecast's name in the name of a column."""
    return name.replace(", ", "_").replace(" ", "_")


def hour_table(found: Sequence[Predicted], stretches: Stretches) -> pd.DataFrame:
    """A row per desk: fitted opening hours with intervals, and what the later stretch showed."""
    rows = []
    for one in found:
        opening = one.opening
        replied = one.posts.clock.shown(one.posts.replied[one.posts.replied >= stretches.split])
        open_at, close_at = opening.hours.opens, opening.hours.closes
        row = {
            "desk": one.posts.desk,
            "closes": opening.closed,
            "opening": text(open_at) if opening.closed else "",
            "opening_from": text(opening.opens_low) if opening.closed else "",
            "opening_until": text(opening.opens_high) if opening.closed else "",
            "closing": text(close_at) if opening.closed and opening.closing_seen else "",
            "closing_from": text(opening.closes_low) if opening.closed and opening.closing_seen else "",
            "closing_until": text(opening.closes_high) if opening.closed and opening.closing_seen else "",
            "first_reply": text(opening.first_reply) if opening.closed else "",
            "last_reply": text(opening.last_reply) if opening.closed and opening.closing_seen else "",
            "nights_seen": opening.mornings,
            "posts_that_waited": opening.waited,
            "chance_if_open": opening.chance,
            "later_replies_while_closed": _while_closed(replied, open_at, close_at) if opening.closed else 0,
            "later_first_reply": "",
            "later_last_reply": "",
        }
        if opening.closed:
            day = np.mod(replied - close_at, 1440.0)
            row["later_first_reply"] = text(float((day[day > 120.0].min() if (day > 120.0).any() else 0.0) + close_at))
            row["later_last_reply"] = text(float(np.mod(replied - open_at + 180.0, 1440.0).max() + open_at - 180.0))
        rows.append(row)
    return pd.DataFrame(rows)


def _while_closed(replied: np.ndarray, opens: float, closes: float) -> int:
    return int(np.count_nonzero(np.mod(replied - opens, 1440.0) > closes - opens))


def share_table(found: Sequence[Predicted]) -> pd.DataFrame:
    """A row per desk and kind of post: the share answered, and how many replies were predicted and seen."""
    rows = []
    for one in found:
        if one.posts.answered_only:
            continue
        shares, later = one.shares, one.posts.group[one.tested]
        for place, kind in enumerate(shares.groups):
            low, high = np.quantile(one.replies_by_kind[:, place], (0.05, 0.95))
            rows.append(
                {
                    "desk": one.posts.desk,
                    "kind": kind,
                    "posts": int(shares.posts[place]),
                    "replies": int(shares.replies[place]),
                    "share_answered": float(shares.answered[place] / shares.exposed[place]),
                    "later_replies_low": float(low),
                    "later_replies_high": float(high),
                    "later_replies": int(np.count_nonzero(later == place)),
                }
            )
    return pd.DataFrame(rows, columns=SHARES) if not rows else pd.DataFrame(rows)


SHARES = [
    "desk",
    "kind",
    "posts",
    "replies",
    "share_answered",
    "later_replies_low",
    "later_replies_high",
    "later_replies",
]


def prediction_table(found: Sequence[Predicted]) -> pd.DataFrame:
    """A row per reply that was predicted: minutes, quantiles of the draws, and both scores."""
    parts = []
    for one in found:
        quantiles = np.exp(np.nanquantile(one.samples, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0))
        columns = {
            f"q{100 * at:02.0f}_min": row for at, row in zip((0.05, 0.25, 0.5, 0.75, 0.95), quantiles, strict=True)
        }
        parts.append(
            pd.DataFrame(
                {
                    "desk": one.posts.desk,
                    "posted_min": one.posts.posted[one.tested],
                    "minutes": np.exp(one.observed),
                    **columns,
                    "crps": one.scores,
                    "crps_training": one.null_scores[nulls.TRAINING],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def silent_hours(found: Sequence[Predicted]) -> list[str]:
    """Where the history cannot tell hours."""
    return [
        f"{one.posts.desk}: {one.opening.mornings} opening was seen; its time is as uncertain as one day is."
        for one in found
        if one.opening.closed and one.opening.mornings == 1
    ]


def answer(scores: pd.DataFrame, hours: pd.DataFrame) -> list[str]:
    """The verdict in sentences."""
    better, best = int((scores["gain"] > 0).sum()), int((scores["gain_on_best"] > 0).sum())
    sure = int((scores["gain_low"] > 0).sum())
    sentences = [
        f"The model predicts the time to the reply better than the fitted stretch's distribution on {better} of "
        f"{len(scores)} desks, on {sure} of them by more than luck (90 %), and better than the best of five simple "
        f"forecasts on {best}.",
        f"Its 90 % bands hold {100 * scores['covered_90'].mean():.0f} % of the replies, desks counting alike, and its "
        f"50 % bands {100 * scores['covered_50'].mean():.0f} %.",
    ]
    closing = hours[hours["closes"]]
    if len(closing):
        within = int(closing["later_replies_while_closed"].sum())
        names = ", ".join(f"{row.desk} ({row.opening}–{row.closing or '?'})" for row in rows_of(closing))
        sentences.append(
            f"These desks close: {names}. In the later stretch {within} "
            f"{'replies' if within != 1 else 'reply'} came at times at which they were taken for closed."
        )
    else:
        sentences.append("No desk is taken for one that closes.")
    return sentences


def _worst(scores: pd.DataFrame) -> str:
    worst = scores.iloc[int(scores["gain"].argmin())]
    words = "worse than" if worst["gain"] < 0 else "least better than"
    return f"{worst['desk']} is predicted {words} by its own earlier replies."


def score_view(scores: pd.DataFrame) -> View:
    rows: list[list[Cell | str]] = []
    for row in rows_of(scores):
        look = BETTER if row.gain_low > 0 else WORSE if row.gain_high < 0 else OPEN
        word = "better" if row.gain > 0 else "not better"
        rows.append(
            [
                str(row.desk),
                f"{row.replies_predicted}",
                Cell(f"{row.crps:.3f}", f"queue alone {row.crps_queue_alone:.3f}, weight {row.weight_of_queue:.2f}"),
                f"{row.crps_training:.3f}",
                Cell(f"{row.gain:+.3f}", f"{row.gain_low:+.3f} to {row.gain_high:+.3f}", word, look),
                Cell(
                    f"{row.gain_on_best:+.3f}", str(row.best_null), "better" if row.gain_on_best > 0 else "not better"
                ),
                f"{100 * row.covered_50:.0f} / {100 * row.covered_90:.0f} %",
            ]
        )
    return View(
        "How well the later replies are predicted",
        "CRPS of the logarithm of minutes; gains with their 90 % interval.",
        [
            "Desk",
            "Replies",
            "Model",
            "Earlier replies",
            "Gain",
            "Gain on the best simple forecast",
            "In 50 / 90 % bands",
        ],
        rows,
    )


def hour_view(hours: pd.DataFrame) -> View:
    rows: list[list[Cell | str]] = []
    for row in rows_of(hours):
        if not row.closes:
            rows.append([str(row.desk), "no closing is seen", "", "", ""])
            continue
        later = f"{row.later_first_reply}–{row.later_last_reply}"
        rows.append(
            [
                str(row.desk),
                Cell(str(row.opening), f"{row.opening_from}–{row.opening_until}; first reply {row.first_reply}"),
                Cell(str(row.closing), f"{row.closing_from}–{row.closing_until}; last reply {row.last_reply}")
                if row.closing
                else "not seen",
                f"{row.posts_that_waited} posts, {row.nights_seen} night{'s' if row.nights_seen != 1 else ''}",
                later,
            ]
        )
    return View(
        "Opening hours",
        "Medians and, beneath, 90 % intervals: people begin before the first reply that is seen, and at round hours "
        "more often than between them.",
        ["Desk", "Opens", "Closes", "Seen by", "Replies in the later stretch"],
        rows,
    )


def _held(row: Any) -> Cell:
    """How many replies were predicted, and whether as many came."""
    low, high = row.later_replies_low, row.later_replies_high
    return Cell(f"{low:.0f}–{high:.0f}", "", "inside" if low <= row.later_replies <= high else "outside")


def share_views(table: pd.DataFrame) -> list[View]:
    """The shares answered; nothing where the file knows no post without a reply."""
    if not len(table):
        return []
    rows: list[list[Cell | str]] = [
        [
            f"{row.desk}, {row.kind}",
            f"{row.posts}",
            f"{100 * row.share_answered:.0f} %",
            f"{row.later_replies}",
            _held(row),
        ]
        for row in rows_of(table)
    ]
    view = View(
        "Which posts are answered",
        "By kind of post; replies that came too late to be seen are allowed for.",
        ["Desk and kind", "Posts fitted", "Answered some time", "Replies later", "Predicted (90 %)"],
        rows,
    )
    return [view]
