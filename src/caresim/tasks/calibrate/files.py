"""The files of a calibrated replay: what is to come, people, times that were seen, draws; and its experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import yaml

from caresim.config.replay import STAFFING
from caresim.run.folder import write_csv
from caresim.tasks.calibrate.desks import desk_of_agents, helped
from caresim.tasks.calibrate.duty import Spell
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.layout import laid_out
from caresim.tasks.calibrate.rules import DESK, Rules

DRAWS = "posterior.csv"
APART_MIN = 1.0 / 60_000.0
"""A millisecond is added to each end: no spell ends at the very moment, or a second before, at which another begins, by
which a staff plan says whether its ends are inclusive.
"""


class Fitted(Protocol):
    """What a replay is written from: a Fit, or one to an interval report. None: it keeps its prior."""

    @property
    def history(self) -> History: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def handling(self) -> object | None: ...
    @property
    def patience(self) -> object | None: ...
    def service_times(self) -> pd.DataFrame:
        """Handling times as replays read them."""

    def patience_times(self) -> pd.DataFrame:
        """Waits as replays read them."""


def contacts_of(history: History) -> pd.DataFrame:
    """The contacts as they came, nothing else of them: what became of them is to be predicted."""
    table = pd.DataFrame({"arrival": [history.moment(minute) for minute in history.arrival.tolist()]})
    table["channel"] = np.array(history.kinds)[history.kind]
    table["medium"], table["desk"] = "phone", DESK
    if "priority" in history.given:
        table["priority"] = np.nan_to_num(history.priority)
    return table


def staff_of(history: History, spells: Sequence[Spell], fitted: Fit, channels: Sequence[str]) -> pd.DataFrame:
    """The spells of duty of a history's agents, with their speed and the channels that they serve, as was fitted."""
    names = history.agents
    speeds = fitted.speeds(names)
    served = {names[agent]: _served(fitted, names[agent], channels) for agent in {spell.agent for spell in spells}}
    missing = [name for name in channels if not any(name in kinds for kinds in served.values())]
    rows = []
    for spell in spells:
        name = names[spell.agent]
        kinds = [channel for channel in channels if channel in served[name] or channel in missing]
        if kinds:
            skills = "" if len(kinds) == len(channels) else " ".join(kinds)
            speed = float(np.clip(np.exp(speeds.get(name, (0.0, 0.0))[0]), 0.01, 100.0))
            rows.append((history.moment(spell.start), history.moment(spell.end + APART_MIN), DESK, name, speed, skills))
    return pd.DataFrame(rows, columns=["start", "end", "desk", "agent", "speed", "skills"])


def _served(fitted: Fit, name: str, channels: Sequence[str]) -> list[str]:
    """The channels that an agent serves, else those with which they help out late; whoever the fitted history does not
    know, and any channel, is for all.
    """
    history, desks = fitted.history, fitted.rules.desks
    if name not in history.agents:
        return list(channels)
    agent, kinds = history.agents.index(name), history.kinds
    own = [channel for channel in channels if channel not in kinds or fitted.skills[agent, kinds.index(channel)]]
    if own or not desks:
        return own
    late = helped(desks, int(desk_of_agents(history, desks)[agent]))
    return [channel for channel in channels if channel in late]


def write(
    place: Path, final: Path, name: str, fitted: Fitted, to_come: dict[str, pd.DataFrame], settings: dict[str, Any],
    draws: pd.DataFrame, label: str = "", behaviour: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write an experiment and its files into `place`, which will be moved to `final`.

    `to_come`: tables of `contacts` or `intervals`, and `staff`; `label` goes before the names of these files;
    `behaviour` holds what customers do beyond waiting.
    """
    replay: dict[str, Any] = {"timezone": fitted.history.zone, "format": {"zeros": "no_time"}, **settings}
    tables, rules = laid_out(to_come, fitted)
    channels = sorted(set(next(iter(tables.values()))["channel"]))
    for key, table in tables.items():
        if len(table):
            write_csv(table, place / f"{label}{key}.csv")
            replay[key] = str(final / f"{label}{key}.csv")
    if fitted.handling is not None:
        write_csv(_for_all(fitted.service_times(), channels), place / "service_times.csv")
        write_csv(draws, place / f"{label}{DRAWS}")
        replay |= {"service": "empirical", "service_times": str(final / "service_times.csv")}
        replay["posterior"] = str(final / f"{label}{DRAWS}")
    if fitted.patience is not None:
        write_csv(_for_all(fitted.patience_times(), channels), place / "patience_times.csv")
        replay |= {"patience": "empirical", "patience_times": str(final / "patience_times.csv")}
    experiment = {
        "defaults": ["replay", "_self_"],
        "name": name,
        "question": "How well does the model of this centre predict its waits and its lost calls?",
        "replications": 32,
        **({"behaviour": dict(behaviour)} if behaviour else {}),
        "replay": replay,
        "staffing": {STAFFING: {**_differs(rules), "desks": rules.staffing}},
    }
    text = yaml.safe_dump(experiment, sort_keys=False, allow_unicode=True, width=120)
    (place / "experiment").mkdir(exist_ok=True)
    (place / "experiment" / f"{name}.yaml").write_text(f"# @package _global_\n{text}", encoding="utf-8")


def _differs(rules: Rules) -> dict[str, str]:
    """What a report says of the people where desks help each other out."""
    return {"differs": "; ".join(["The staff of the file", *rules.helping])} if rules.helping else {}


def experiments_in(place: Path) -> list[str]:
    """The names of the experiments that were written into a folder."""
    return sorted(file.stem for file in (place / "experiment").glob("*.yaml"))


def desks_written(place: Path, name: str) -> list[str]:
    """The desks of an experiment that was written into a folder."""
    written = yaml.safe_load((place / "experiment" / f"{name}.yaml").read_text(encoding="utf-8"))
    return list(written["staffing"][STAFFING]["desks"])


def _for_all(times: pd.DataFrame, channels: Sequence[str]) -> pd.DataFrame:
    """The times, and those of all kinds once more for each channel of which there is none."""
    new = [times.assign(channel=channel) for channel in channels if channel not in set(times["channel"])]
    return pd.concat([times, *new], ignore_index=True)
