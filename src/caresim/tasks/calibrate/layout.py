"""Contacts and people of the days that are written, at the desks of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import pandas as pd

from caresim.tasks.calibrate.desks import desk_of_agents, desk_of_kinds
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.rules import Rules

ARRIVES = {"contacts": "arrival", "intervals": "interval_start"}
"""The column of a table that says when contacts come."""


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


def laid_out(tables: Mapping[str, pd.DataFrame], fitted: Ruled) -> Layout:
    """The tables with each contact and each person at their desk, whose people serve its kinds alone.

    Where one of the desks has no contact in these tables, or nobody while its contacts come, all stay at one desk.
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
    to_come = to_come.assign(desk=[names[of_channel[channel]] for channel in channels])
    staff = staff.assign(desk=[names[of_agent.get(agent, 0)] for agent in staff["agent"]])
    for name in names:
        if not _worked(to_come[to_come["desk"] == name][ARRIVES[key]], staff[staff["desk"] == name]):
            return Layout(dict(tables), rules.at_one_desk)
    served = {name: sorted(one for one, place in of_channel.items() if names[place] == name) for name in names}
    staff = pd.concat([_with_skills(staff[staff["desk"] == name], served[name]) for name in names]).sort_index()
    return Layout({**tables, key: to_come, "staff": staff}, rules)


def _worked(arrivals: pd.Series, staff: pd.DataFrame) -> bool:
    """Does anybody work between the first and the last of these arrivals?"""
    if not len(arrivals) or not len(staff):
        return False
    came, starts, ends = (
        pd.to_datetime(times, utc=True, format="ISO8601") for times in (arrivals, staff["start"], staff["end"])
    )
    return bool(ends.max() > came.min() and starts.min() <= came.max())


def _with_skills(staff: pd.DataFrame, channels: list[str]) -> pd.DataFrame:
    """People of a desk with those of its channels that they serve; one that nobody serves is everybody's."""
    served = [set(text.split()) or set(channels) for text in staff["skills"]]
    missing = set(channels).difference(*served)
    mine = [[channel for channel in channels if channel in one or channel in missing] for one in served]
    return staff.assign(skills=["" if len(one) in (0, len(channels)) else " ".join(one) for one in mine])
