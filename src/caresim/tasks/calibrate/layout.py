"""Contacts and people of the days that are written, at the desks of the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import pandas as pd

from caresim.tasks.calibrate.desks import Desks, desk_of_agents, desk_of_kinds, helped
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.rules import Rules

ARRIVES = {"contacts": "arrival", "intervals": "interval_start"}
"""The column of a table that says when contacts come."""


WHY_ONE_DESK = (
    "one of the desks that help each other out has no contact there, or nobody while its contacts come; those who "
    "would help out late do so from the start"
)


class Ruled(Protocol):
    """What says which kinds and agents are at which desk."""

    @property
    def history(self) -> History: ...
    @property
    def rules(self) -> Rules: ...


class Layout(NamedTuple):
    """Tables of `contacts` or `intervals`, and of `staff`; and the rules of their desks."""

    tables: dict[str, pd.DataFrame]
    rules: Rules

    def falls_back(self, rules: Rules) -> bool:
        """Is it one desk where these rules have several?"""
        return bool(rules.desks) and not self.rules.desks


def laid_out(tables: Mapping[str, pd.DataFrame], fitted: Ruled) -> Layout:
    """The tables with each contact and each person at their desk, whose people serve its kinds alone.

    Where one of the desks has no contact in these tables, or nobody while its contacts come, all stay at one desk, and
    those who would help out late serve these kinds from the start.
    """
    rules, staff = fitted.rules, tables.get("staff")
    key = next(key for key in ARRIVES if key in tables)
    to_come = tables[key]
    if not rules.desks or staff is None or not len(staff):
        return Layout(dict(tables), rules.at_one_desk)
    names = [desk.name for desk in rules.desks]
    channels = to_come["channel"].tolist()
    of_channel = dict(zip(channels, desk_of_kinds(channels, rules.desks).tolist(), strict=True))
    places = desk_of_agents(fitted.history, rules.desks)
    of_agent = dict(zip(fitted.history.agents, places.tolist(), strict=True))
    at = [of_agent.get(agent, 0) for agent in staff["agent"]]
    to_come = to_come.assign(desk=[names[of_channel[channel]] for channel in channels])
    served = {name: sorted(one for one, place in of_channel.items() if names[place] == name) for name in names}
    divided = staff.assign(desk=[names[place] for place in at])
    parts = {name: _with_skills(divided[divided["desk"] == name], served[name]) for name in names}
    if not all(_worked(to_come[to_come["desk"] == name], part) for name, part in parts.items()):
        return Layout({**tables, "staff": _helping(staff, at, of_channel, rules.desks)}, rules.at_one_desk)
    return Layout({**tables, key: to_come, "staff": pd.concat(parts.values()).sort_index()}, rules)


def _worked(to_come: pd.DataFrame, staff: pd.DataFrame) -> bool:
    """Does anybody work between the first of these arrivals and the last moment at which one may come?"""
    if not len(to_come) or not len(staff):
        return False
    came, until = _comes(to_come)
    starts, ends = _moments(staff["start"]), _moments(staff["end"])
    return bool(ends.max() > came.min() and starts.min() <= until.max())


def _comes(to_come: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """From when until when each contact, or those of each interval, may come."""
    if "interval_start" in to_come:
        return _moments(to_come["interval_start"]), _moments(to_come["interval_end"])
    came = _moments(to_come["arrival"])
    return came, came + pd.to_timedelta(to_come.get("spread_s", 0.0), unit="s")


def _moments(times: pd.Series) -> pd.Series:
    return pd.to_datetime(times, utc=True, format="ISO8601")


def _helping(staff: pd.DataFrame, at: Sequence[int], of_channel: Mapping[str, int], desks: Desks) -> pd.DataFrame:
    """People at one desk for all: those of desk `at`, by its place, serve the channels that move there, too."""
    if "skills" not in staff:
        return staff
    skills = []
    for place, text in zip(at, staff["skills"], strict=True):
        served = set(text.split())
        if served:
            served |= helped(desks, place) & set(of_channel)
        skills.append("" if served >= set(of_channel) else " ".join(sorted(served)))
    return staff.assign(skills=skills)


def _with_skills(staff: pd.DataFrame, channels: list[str]) -> pd.DataFrame:
    """People of a desk with those of its channels that they serve; one that nobody serves is everybody's. Whoever
    serves none is not there.
    """
    if "skills" not in staff:
        return staff
    served = [set(text.split()) or set(channels) for text in staff["skills"]]
    missing = set(channels).difference(*served)
    mine = [[channel for channel in channels if channel in one or channel in missing] for one in served]
    skills = ["" if len(one) == len(channels) else " ".join(one) for one in mine]
    return staff.assign(skills=skills)[[bool(one) for one in mine]]
