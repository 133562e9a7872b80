"""A plausible comparison, made by formula, for the figures and the table to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from caresim.inference.statistics import COMPARISON
from caresim.inference.worlds import worlds_of
from caresim.model.media import STAFFED, Medium

MODELS = ["social_team", "call_center_24_7", "call_center_24_7_funded", "hybrid", "notices_first", "assistant_first"]
# Satisfaction, share of social requests answered, scale of their wait (min), share of calls answered, paid hours
TRAITS = {
    "social_team": (2.90, 0.45, 900.0, 0.52, 9000.0),
    "call_center_24_7": (2.82, 0.86, 70.0, 0.45, 9000.0),
    "call_center_24_7_funded": (3.05, 0.93, 25.0, 0.66, 13500.0),
    "hybrid": (2.93, 0.80, 110.0, 0.50, 9000.0),
    "notices_first": (3.02, 0.50, 700.0, 0.60, 9000.0),
    "assistant_first": (2.91, 0.97, 1.2, 0.55, 9100.0),
}
HEADLINE = {"csat": 0.10, "answered_60": 0.05, "resolved": 0.05, "mood_area": 1.15}
WINDOW = 9 * 1440.0
HIGHEST = {Medium.PHONE: 150, Medium.COUNTER: 40, Medium.PUBLIC: 900, Medium.PRIVATE: 200, Medium.EMAIL: 0}
"""About how many wait at the peak; nobody writes e-mails."""


@dataclass
class Made:
    """Has what figures and tables read of Results."""

    replications: pd.DataFrame
    curves: pd.DataFrame
    courses: pd.DataFrame
    passengers: pd.DataFrame
    experiment: Any
    baseline: str
    staffings: list[str]
    rows: dict[str, pd.DataFrame] = field(default_factory=dict)
    effort: dict[str, float] = field(default_factory=dict)

    def summary(self) -> pd.DataFrame:
        return self.rows["summary"]

    def comparison(self) -> pd.DataFrame:
        return self.rows["comparison"]

    def ranking(self) -> pd.DataFrame:
        return pd.DataFrame(columns=["ci_low"])


def names(count: int) -> list[str]:
    return [*MODELS, "overnight_shift", "two_shifts", "volunteers", "overflow_partner_abroad"][:count]


def traits(name: str) -> tuple[float, float, float, float, float]:
    return TRAITS.get(name, (2.95, 0.7, 300.0, 0.5, 9500.0))


def stars_of(mark: float) -> list[float]:
    """Shares of 1 to 5 stars about an expected mark."""
    upto = [0.0, *(NormalDist(mark, 1.0).cdf(k + 0.5) for k in range(1, 5)), 1.0]
    return np.diff(upto).tolist()


def measured(staffings: list[str], replications: int, luck: np.random.Generator) -> pd.DataFrame:
    rows = []
    world = luck.normal(size=(replications, 3))
    for name in staffings:
        csat, social, wait, phone, hours = traits(name)
        for replication in range(replications):
            a, b, c = world[replication] + 0.25 * luck.normal(size=3)
            rows.append(
                {
                    "staffing": name,
                    "replication": replication,
                    "draw": replication // 2,
                    "csat": csat + 0.12 * a,
                    "csat_all": csat - 0.4 + 0.1 * a,
                    "csat_contacted": csat - 0.08 + 0.12 * a,
                    **dict(zip((f"stars_{k}" for k in range(1, 6)), stars_of(csat), strict=True)),
                    "csat_survey": csat + 0.25 + 0.12 * a,
                    "social_median": wait * np.exp(0.3 * b),
                    "overload_social": 2.1 * np.exp(0.3 * c) * (1.5 - social),
                    "answered_15": np.clip(0.6 * phone + 0.05 * b, 0, 1),
                    "answered_60": np.clip(0.5 * phone + 0.4 * social + 0.05 * b, 0, 1),
                    "social_answered_60": np.clip(social * (1 - np.exp(-60 / wait)) + 0.02 * b, 0, 1),
                    "resolved": np.clip(0.42 + 0.05 * (csat - 2.9) + 0.03 * b, 0, 1),
                    "mood_area": 5000 * np.exp(0.3 * c) * (1.2 - 0.3 * social),
                    "median_first_response": np.inf if phone < 0.5 and social < 0.5 else wait / 3 * np.exp(0.3 * b),
                    "overload": 1.4 * np.exp(0.2 * c) * 9000 / hours,
                    "paid_hours": hours,
                    "cost": 35 * hours,
                    "seats_used": np.clip(0.88 + 0.05 * b, 0, 1),
                    "seats_perished": 150 - 40 * b,
                }
            )
    return pd.DataFrame(rows)


def incidence(staffings: list[str], replications: int, luck: np.random.Generator) -> pd.DataFrame:
    minutes = np.geomspace(0.1, 14400, 90)
    frames = []
    for name in staffings:
        _, social, wait, phone, _ = traits(name)
        for replication in range(replications):
            shift = np.exp(0.35 * luck.normal())
            for group, share, scale in (("social", social, wait), ("phone", phone, 6.0)):
                answered = share * (1 - np.exp(-minutes / (scale * shift)))
                gave_up = (1 - share) * 0.9 * (1 - np.exp(-minutes / 200))
                frames.append(
                    pd.DataFrame(
                        {
                            "staffing": name,
                            "replication": replication,
                            "minutes": minutes,
                            "group": group,
                            "answered": answered,
                            "gave_up": gave_up,
                            "waiting": 1 - answered - gave_up,
                        }
                    )
                )
    return pd.concat(frames, ignore_index=True)


def timeline(
    staffings: list[str], replications: int, luck: np.random.Generator, media: tuple[Medium, ...]
) -> pd.DataFrame:
    time = np.arange(-1440 + 30, WINDOW + 1440 + 1, 30.0)
    pulse = sum(
        w * np.exp(-np.maximum(time - 60 * h, 0) / 600) * (time > 60 * h)
        for h, w in ((2, 0.5), (25, 1.0), (44, 0.8), (68, 0.5))
    )
    office = (((time / 60 + 14.77) % 24 > 9) & ((time / 60 + 14.77) % 24 < 18)).astype(float)
    frames = []
    for name in staffings:
        _, social, _, phone, hours = traits(name)
        for replication in range(replications):
            size = np.exp(0.25 * luck.normal())
            noise = luck.poisson(20, size=len(time)) / 20
            frame = {
                "staffing": name,
                "replication": replication,
                "time_min": time,
                "mood": 90 * pulse * size * (1.2 - 0.5 * social),
                "requests": np.round(14 * pulse * size * noise),
                "posts": np.round(94 * pulse * size * noise),
                "resolved": np.round(6 * pulse * noise * (0.6 + phone)),
                "seats_free": np.where(time > 0, np.round(90 * np.exp(-time / 3000) * (1.5 - phone)), 0),
                "staff_on_duty": np.round((6 + 20 * office) * hours / 9000),
            }
            for medium in media:
                top, answered = HIGHEST.get(medium, 60), social if medium.row.social else phone
                frame[f"waiting_{medium.word}"] = np.round(top * pulse * size * (1.3 - answered))
            frame["waiting"] = sum(frame[f"waiting_{medium.word}"] for medium in media)
            shares = {"waiting_ordinary": 40, "waiting_bystanders": 500, "expired": 900}
            frame |= {name: np.round(top * pulse * size) for name, top in shares.items()}
            frames.append(pd.DataFrame(frame))
    return pd.concat(frames, ignore_index=True)


def recorded(staffings: list[str], luck: np.random.Generator) -> pd.DataFrame:
    frames = []
    for name in staffings:
        score = np.clip(np.round(luck.normal(traits(name)[0], 1.0, 1500)), 1, 5)
        frames.append(pd.DataFrame({"staffing": name, "replication": 0, "satisfaction": score, "counted": True}))
    return pd.concat(frames, ignore_index=True)


def summed_up(table: pd.DataFrame, units: dict[str, str]) -> pd.DataFrame:
    rows = []
    for (name, metric), values in table.melt(["staffing", "replication", "draw"], var_name="metric").groupby(
        ["staffing", "metric"], sort=False
    )["value"]:
        values = values.to_numpy()
        half = (
            2.04 * values.std(ddof=1) / np.sqrt(len(values))
            if len(values) > 2 and np.isfinite(values).all()
            else np.nan
        )
        mean = values.mean()
        rows.append(
            (
                name,
                metric,
                units.get(metric, "1"),
                mean,
                mean - 1.8 * half,
                mean + 1.8 * half,
                mean - half,
                mean + half,
                len(values),
            )
        )
    columns = ["staffing", "metric", "unit", "mean", "ci_low", "ci_high", "luck_low", "luck_high", "replications"]
    return pd.DataFrame(rows, columns=columns)


def compared(table: pd.DataFrame, baseline: str, units: dict[str, str], ratios: set[str]) -> pd.DataFrame:
    from caresim.measure.metrics import REGISTRY

    wide = table.pivot(index="replication", columns="staffing")
    rows = []
    for metric in [column for column in table if column not in ("staffing", "replication", "draw")]:
        for name in table["staffing"].unique():
            if name == baseline:
                continue
            ratio = metric in ratios
            ours, theirs = wide[metric][name].to_numpy(), wide[metric][baseline].to_numpy()
            with np.errstate(invalid="ignore"):
                gap = np.log(ours / theirs) if ratio else ours - theirs
            mean = gap.mean()
            half = 2.04 * gap.std(ddof=1) / np.sqrt(len(gap)) if len(gap) > 2 and np.isfinite(gap).all() else np.nan
            numbers = np.array([mean, mean - 1.6 * half, mean + 1.6 * half, mean - half, mean + half])
            margin = HEADLINE.get(metric, np.nan)
            edge = np.log(margin) if ratio else margin
            sign = -1 if REGISTRY[metric].better == "lower" else 1
            if abs(numbers[1:3]).max() < edge or not abs(numbers).max():
                verdict = "no difference that matters"
            elif numbers[1] > 0 or numbers[2] < 0:
                verdict = "better" if sign * mean > 0 else "worse"
            else:
                verdict = "undecided"
            shown = np.exp(numbers) if ratio else numbers
            pairs = 240.0 if verdict == "undecided" else np.nan
            gain = {"csat": 7.8, "mood_area": 42.3}.get(metric, np.nan)
            found = worlds_of(gap[: len(gap) // 2 * 2].reshape(-1, 2), edge, REGISTRY[metric].better, 0.95)
            counted = (found.count, found.better, found.better_low, found.better_high, found.better_matter)
            span = tuple(np.exp((found.low, found.high)) if ratio else (found.low, found.high))
            said = (verdict, pairs, gain, verdict, *counted, found.worse_matter, *span, found.crises)
            rows.append((baseline, name, metric, units.get(metric, "1"), *shown, margin, metric in HEADLINE, *said))
    columns = ["baseline", "staffing", "metric", "unit", "difference", "ci_low", "ci_high", "luck_low", "luck_high"]
    columns += ["margin", "headline", "verdict", "pairs_needed", "pairing_gain"]
    return pd.DataFrame(rows, columns=[*columns, *COMPARISON[COMPARISON.index("verdict_detail") :]])


def build(
    staffings: int = 6,
    replications: int = 32,
    media: tuple[Medium, ...] = tuple(medium for medium in STAFFED if medium.row.listed),
) -> Made:
    from caresim.measure.metrics import REGISTRY

    luck = np.random.default_rng(2011)
    chosen = names(staffings)
    table = measured(chosen, replications, luck)
    table = table[[column for column in table if column in ("staffing", "replication", "draw") or column in REGISTRY]]
    units = {name: metric.unit for name, metric in REGISTRY.items()}
    ratios = {name for name, metric in REGISTRY.items() if metric.compare == "ratio"}
    experiment = SimpleNamespace(
        name="tokyo",
        question="With the same passengers and seats, what does each staffing model do?",
        start=datetime(2011, 3, 11, 5, 46, tzinfo=UTC),
        timezone="Europe/Paris",
        window=SimpleNamespace(value=WINDOW),
        bin=SimpleNamespace(value=30.0),
        workers=1,
        behaviour=SimpleNamespace(rates=True),
        satisfaction="additive",
        study=SimpleNamespace(headline=tuple(HEADLINE), confidence=SimpleNamespace(value=0.95)),
        setting={"figures": "all", "table": "short"}.get,
    )
    return Made(
        replications=table,
        curves=incidence(chosen, replications, luck),
        courses=timeline(chosen, replications, luck, media),
        passengers=recorded(chosen, luck),
        experiment=experiment,
        baseline=chosen[0],
        staffings=chosen,
        rows={"summary": summed_up(table, units), "comparison": compared(table, chosen[0], units, ratios)},
    )


@cache
def small() -> Made:
    """Three staffing models, eight replications, for the points of a sweep."""
    return build(staffings=3, replications=8)


def swept(
    values: list[object], key: str = "staffing.social_team.desks.social.headcount", draws: int = 8
) -> pd.DataFrame:
    """A sweep's table as it is gathered; its eight replications come from so many draws of the assumptions."""
    from caresim.tasks.compare.sweep.sweep import point_rows

    parts = []
    made = small()
    for number, value in enumerate(values):
        part = made.summary().copy()
        step = 0.06 * number * (part["staffing"] == "social_team") * (part["unit"] != "EUR")
        for column in ("mean", "ci_low", "ci_high", "luck_low", "luck_high"):
            part[column] = part[column] + step
        parts.append(point_rows(part, made.comparison(), list(HEADLINE), f"run {number}", {key: str(value)}, draws))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="session")
def make_sweep() -> Callable[..., pd.DataFrame]:
    return swept


@pytest.fixture(scope="session")
def make_results() -> Callable[..., Made]:
    return build


@pytest.fixture(scope="session")
def results() -> Made:
    """Six staffing models, 32 replications. Do not change it: build your own with `make_results`."""
    return build()
