"""The desks that a calibration has chosen, as a table."""

from __future__ import annotations

import pandas as pd

from caresim.tasks.calibrate.desks import AFTERS_MIN, ALONE, Desk, Desks

DESKS = "desks.csv"
"""The file in a calibration's folder; there is none where all kinds are at one desk."""
COLUMNS = ("kind", "desk", "overflows_to", "after_min")


def table_of(desks: Desks) -> pd.DataFrame:
    """A row a kind: its desk, and to which desk its contacts move after how many minutes."""
    rows = [
        (kind, desk.name, *(("", "") if desk.to == ALONE else (desks[desk.to].name, f"{desk.after_min:g}")))
        for desk in desks
        for kind in desk.kinds
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def desks_in(table: pd.DataFrame) -> Desks | None:
    """The desks of such a table, read as text; None where it is no such table."""
    groups = [rows for _, rows in table.groupby("desk", sort=False)]
    names = [str(rows["desk"].iloc[0]) for rows in groups]
    afters = {"": 0.0, **{f"{after:g}": after for after in AFTERS_MIN}}
    found: list[Desk] = []
    for rows in groups:
        to, after = str(rows["overflows_to"].iloc[0]), str(rows["after_min"].iloc[0])
        if (to and to not in names) or after not in afters:
            return None
        kinds = tuple(str(kind) for kind in rows["kind"])
        found.append(Desk(kinds, names.index(to) if to else ALONE, afters[after]))
    if len(found) < 2 or any(found[desk.to].to != ALONE for desk in found if desk.to != ALONE):
        return None
    desks = tuple(found)
    written = table_of(desks).astype(str)
    return desks if written.equals(table[list(COLUMNS)].astype(str)) else None
