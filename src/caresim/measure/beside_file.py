"""What a replayed file itself says of its contacts, beside what the replay of it gives."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim.config.replay import STAFFING

if TYPE_CHECKING:
    from caresim.config.contacts import Floats, Truths
    from caresim.config.experiment import Experiment
    from caresim.config.traffic import Traffic

MINUTE_S, HOUR = 60.0, 60.0
ALL = "all"
COLUMNS = ("channel", "measure", "file", "replay")
MEASURES = ("offered", "answered", "abandoned", "asa_s", "service_level", "aht_s", "staffed_hours")
"""Counts of contacts, seconds, a share, hours."""
WIDTH_H = 0.5
"""Hours of an interval of the report."""


def beside_file(intervals: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """A row a channel (and one for all) and measure: the `file`'s value and that of the first replication `as_given`.

    NaN where the file does not say it. `intervals` is the interval report of the run; redials that the replay adds are
    offered in it.
    """
    replay = experiment.replay
    assert replay is not None
    ours = intervals[intervals["staffing"] == STAFFING]
    channels = list(replay.traffic.contacts.channels)
    groups = [
        *(((channel,), channel) for channel in channels),
        *([(tuple(channels), ALL)] if len(channels) > 1 else []),
    ]
    rows = []
    for names, label in groups:
        said = _of_file(replay.traffic, names, experiment)
        came_out = _of_report(ours[ours["channel"].isin(names)])
        rows += [(label, measure, said.get(measure, math.nan), came_out[measure]) for measure in MEASURES]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_report(report: pd.DataFrame) -> dict[str, float]:
    """The measures of rows of an interval report."""
    answered = report["answered"]
    patient = answered.sum() + report["abandoned"].sum()
    desks = report.drop_duplicates(["interval_start", "desk"])
    return {
        "offered": float(report["offered"].sum()),
        "answered": float(answered.sum()),
        "abandoned": float(report["abandoned"].sum()),
        "asa_s": _mean(report["asa_s"], answered),
        "service_level": float(report["within_target"].sum() / patient) if patient else math.nan,
        "aht_s": _mean(report["aht_s"], answered),
        "staffed_hours": math.fsum(desks["staff"].dropna()) * WIDTH_H,
    }


def _mean(values: pd.Series, weights: pd.Series) -> float:
    """Weighted mean of the values that there are."""
    there = values.notna() & (weights > 0)
    total = math.fsum(weights[there])
    return math.fsum(values[there] * weights[there]) / total if total else math.nan


def _of_file(traffic: Traffic, channels: Sequence[str], experiment: Experiment) -> dict[str, float]:
    """The measures that the file says of these channels."""
    desks = {kind.desk for kind in traffic.contacts.kinds if kind.channel in channels}
    hours = math.fsum(crew.headcount * (crew.end - crew.start) for crew in traffic.crews if crew.desk in desks) / HOUR
    staffed = {"staffed_hours": hours} if traffic.crews else {}
    if traffic.intervals:
        return {**_of_intervals(traffic, channels), **staffed}
    return {**_of_contacts(traffic, channels, experiment), **staffed}


def _of_intervals(traffic: Traffic, channels: Sequence[str]) -> dict[str, float]:
    ours = [one for one in traffic.intervals if one.channel in channels]
    frame = pd.DataFrame(ours, columns=list(traffic.intervals[0]._fields))
    measures = {
        name: float(frame[name].sum()) for name in ("offered", "answered", "abandoned") if frame[name].notna().all()
    }
    weights = frame["answered"].where(frame["answered"].notna(), frame["offered"])
    return {**measures, "asa_s": _mean(frame["asa_s"], weights), "aht_s": _mean(frame["aht_s"], weights)}


def _of_contacts(traffic: Traffic, channels: Sequence[str], experiment: Experiment) -> dict[str, float]:
    ours = traffic.contacts.which(lambda kind: kind.channel in channels)
    services = traffic.contacts.service[ours] * MINUTE_S
    given = ~np.isnan(services)
    measures = {"offered": float(len(services))}
    if "outcome" not in traffic.columns:
        return measures | ({"aht_s": _plain_mean(services)} if given.all() else {})
    outcomes = traffic.columns["outcome"][ours]
    answered, abandoned = outcomes == "answered", outcomes == "abandoned"
    measures |= {"answered": float(answered.sum()), "abandoned": float(abandoned.sum())}
    if (answered & given).any():
        measures["aht_s"] = _plain_mean(services[answered & given])
    if "wait_s" in traffic.columns:
        measures |= _of_waits(traffic.columns["wait_s"][ours], answered, abandoned, experiment)
    return measures


def _of_waits(waits: Floats, answered: Truths, abandoned: Truths, experiment: Experiment) -> dict[str, float]:
    """Mean wait of the answered, and the service level with the study's target."""
    study = experiment.study
    of_answered = waits[answered & ~np.isnan(waits)]
    if not len(of_answered):
        return {}
    within = study.service_level_within.value * MINUTE_S
    short = study.short_abandonment.value * MINUTE_S
    patient = np.count_nonzero(abandoned & ~(waits <= short))
    level = np.count_nonzero(of_answered <= within) / (len(of_answered) + patient)
    return {"asa_s": _plain_mean(of_answered), "service_level": level}


def _plain_mean(values: Floats) -> float:
    return math.fsum(values) / len(values)


def at_stated_speed(traffic: Traffic) -> frozenset[str]:
    """The channels whose handling times the staff plan changes, because it states the speed of somebody at the desk."""
    desks = {crew.desk for crew in traffic.crews if crew.speed is not None}
    return frozenset(kind.channel for kind in traffic.contacts.kinds if kind.desk in desks)


def contradictions(table: pd.DataFrame, at_stated_speed: Collection[str] = ()) -> list[str]:
    """Where the replay is not what the file says, in sentences; `table` as `beside_file` makes it.

    Handling times are not compared on channels where they are to differ, because people work `at_stated_speed`. Shares
    that differ by more than two points, means by more than a tenth and five seconds, hours by more than 1 %.
    """
    sentences = []
    for channel, rows in table.groupby("channel", sort=False):
        if channel == ALL:
            continue
        said = rows.set_index("measure")["file"].to_dict()
        ours = rows.set_index("measure")["replay"].to_dict()
        where = "" if table["channel"].nunique() == 1 else f" on {channel}"
        if channel in at_stated_speed:
            said["aht_s"] = math.nan
        sentences += _of_shares(said, ours, where) + _of_means(said, ours, where)
    return sentences


def _of_shares(said: Mapping[str, float], ours: Mapping[str, float], where: str) -> list[str]:
    found = []
    for measure, word in (("abandoned", "hung up"), ("answered", "were answered")):
        if math.isnan(said[measure]) or not said["offered"] or not ours["offered"]:
            continue
        file, replay = said[measure] / said["offered"], ours[measure] / ours["offered"]
        if abs(file - replay) > 0.02:
            found.append(f"of the file's contacts{where} {100 * file:.1f} % {word}, in the replay {100 * replay:.1f} %")
            break
    level = said["service_level"], ours["service_level"]
    if not found and abs(level[0] - level[1]) > 0.02:
        found.append(f"the file's service level{where} is {100 * level[0]:.1f} %, the replay's {100 * level[1]:.1f} %")
    return found


def _of_means(said: Mapping[str, float], ours: Mapping[str, float], where: str) -> list[str]:
    found = []
    for measure, word in (("asa_s", "speed of answer"), ("aht_s", "handling time")):
        file, replay = said[measure], ours[measure]
        if abs(file - replay) > max(5.0, 0.1 * file):
            found.append(f"the file's {word}{where} is {file:,.0f} s, the replay's {replay:,.0f} s")
    file, replay = said["staffed_hours"], ours["staffed_hours"]
    if abs(file - replay) > 0.01 * file:
        found.append(f"the file has {file:,.1f} staffed hours{where}, the replay {replay:,.1f}")
    return found
