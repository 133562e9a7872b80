"""The rules of the desk that a calibration has chosen, for a nowcast that is to take seconds."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from caresim.config.errors import BadInput
from caresim.config.paths import is_file
from caresim.tasks.calibrate.desk_table import COLUMNS, DESKS, desks_in
from caresim.tasks.calibrate.desks import Desks
from caresim.tasks.calibrate.rules import FIRST_COME, HEAD_START, HEAD_STARTS_MIN, RESTS_MIN, STRICT, Rules
from caresim.tasks.nowcast.settings import Nowcast


def rules_of(settings: Nowcast) -> Rules | None:
    """Those in the folder that `calibration` names; None where it names none. BadInput where it is no calibration, or
    has looked at the day of now or later.
    """
    folder = settings.calibration
    if folder is None:
        return None
    table = columns_of(folder, "candidates.csv", ("rules", "chosen"))
    last = str(columns_of(folder, "contacts.csv", ("arrival",))["arrival"].astype(str).str[:10].max())
    day = settings.moment.astimezone(ZoneInfo(settings.timezone)).date()
    if last >= day.isoformat():
        allowed = (
            f"was fitted to days until {last}, and the day of now is {day}: its rules know what comes later; allowed: "
            f"a folder of task=calibrate with train_to={day - timedelta(days=1)} or earlier"
        )
        raise BadInput("calibration", folder, allowed)
    texts = table.loc[table["chosen"] == "True", "rules"].tolist()
    if not texts:
        return Rules()  # that calibration kept the prior, and said so
    desks = desks_of(folder)
    known = {rules.text: rules for rules in every(desks)}
    if texts[0] not in known:
        raise BadInput("calibration", folder, f"has rules of another version: {texts[0]}")
    return known[texts[0]]


def columns_of(folder: str, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """These columns of a file of a calibration's folder, as text. BadInput where they cannot be read."""
    file = str(Path(folder) / name)
    if not is_file(file):
        raise BadInput("calibration", folder, f"has no {name}; allowed: a folder of task=calibrate")
    try:
        table = pd.read_csv(
            file, dtype=str, usecols=lambda column: column in columns, encoding="utf-8", keep_default_na=False
        )
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError):
        allowed = f"has a {name} that is empty or no CSV file in UTF-8; allowed: a folder of task=calibrate as written"
        raise BadInput("calibration", folder, allowed) from None
    if not set(columns) <= set(table):
        raise BadInput("calibration", folder, "is no folder of task=calibrate; allowed: one of it")
    return table


def desks_of(folder: str) -> Desks:
    """The desks with an overflow that the calibration has chosen; none: all kinds are at one. BadInput where the file
    cannot be read.
    """
    if not is_file(str(Path(folder) / DESKS)):
        return ()
    desks = desks_in(columns_of(folder, DESKS, COLUMNS))
    if desks is None:
        allowed = f"has a {DESKS} that was changed; allowed: a folder of task=calibrate as written"
        raise BadInput("calibration", folder, allowed)
    return desks


def every(desks: Desks = ()) -> list[Rules]:
    """All rules that a calibration can choose, with these desks."""
    turns = [(FIRST_COME, 0.0), *((HEAD_START, minutes) for minutes in HEAD_STARTS_MIN), (STRICT, 0.0)]
    return [
        Rules(rest, away, shared, desks, routing, worth)
        for rest, away, shared, (routing, worth) in product(
            RESTS_MIN, (True, False), (False,) if desks else (False, True), turns
        )
    ]
