"""Runs of tokyo that several tests look at, kept for the session."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from caresim.config.compose import compose
from caresim.scenario.run import Run, run

DESKS = ("paris_phone", "tokyo_phone", "narita_counter", "paris_counter", "social")


@lru_cache(maxsize=32)
def tokyo(*overrides: str):
    return compose(["experiment=tokyo", *overrides])


@lru_cache(maxsize=32)
def ran(staffing: str, replication: int = 0, *overrides: str) -> Run:
    return run(tokyo(*overrides), staffing, replication)


def around_the_clock(people: int) -> tuple[str, ...]:
    """The baseline's desks open day and night with so many people, none absent or on a break, and lines without end."""
    overrides = [
        "staff.call_center_agent.shrinkage=0",
        "staff.call_center_agent.absence=0",
        "operators.air_france.channels.phone_paris.lines=100000",
    ]
    overrides += ["operators.air_france.channels.phone_tokyo.lines=100000"]
    for desk in DESKS:
        where = f"staffing.social_team.desks.{desk}"
        overrides += [
            f"{where}.headcount={people}",
            f"{where}.shifts=[{{start: '00:00', end: '24:00'}}]",
            f"{where}.reinforcement=false",
        ]
        if desk not in ("social", "paris_counter"):
            overrides += [f"{where}.headcount_before=null", f"{where}.reinforced_from=null"]
    return tuple(overrides)


def seats_without_end() -> tuple[str, ...]:
    where = "operators.air_france.flights"
    series = ("nrt_cdg_a", "nrt_cdg_a_enlarged", "nrt_cdg_b", "nrt_cdg_b_enlarged", "kix_cdg")
    return tuple(f"{where}.{name}.capacity=100000" for name in series)


def contacts(of: Run) -> np.ndarray:
    """Contacts of passengers (bystanders left out) that took place."""
    table = of.world.contacts[: of.world.clock[0].contacts]
    return table[(table["passenger"] >= 0) & (table["arrival"] <= of.world.clock[0].now)]


def crisis(of: Run, table: np.ndarray) -> np.ndarray:
    """Those of `table` that are not ordinary traffic and arrived within the window."""
    ordinary = of.world.passengers["ordinary"][table["passenger"]] != 0
    return table[~ordinary & (table["arrival"] >= 0) & (table["arrival"] < of.experiment.window.value)]


def digest(of: Run) -> str:
    """A hash of every column of every row table."""
    import hashlib

    text = hashlib.sha256()
    for name in ("contacts", "passengers", "cases", "staff", "ticks", "desk_ticks", "flights"):
        table = getattr(of.world, name)
        table = table[: of.world.clock[0].contacts] if name == "contacts" else table
        for column in table.dtype.names:
            text.update(column.encode() + np.ascontiguousarray(table[column]).tobytes())
    return text.hexdigest()
