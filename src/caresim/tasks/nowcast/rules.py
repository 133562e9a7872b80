"""The rules of the desk that a calibration has chosen, for a nowcast that is to take seconds."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pandas as pd

from caresim.config.errors import BadInput
from caresim.config.paths import is_file
from caresim.tasks.calibrate.rules import FIRST_COME, HEAD_START, HEAD_STARTS_MIN, RESTS_MIN, STRICT, Rules
from caresim.tasks.nowcast.settings import Nowcast


def rules_of(settings: Nowcast) -> Rules | None:
    """Those in the folder that `calibration` names; None where it names none. BadInput where it is no calibration."""
    if settings.calibration is None:
        return None
    file = str(Path(settings.calibration) / "candidates.csv")
    if not is_file(file):
        raise BadInput(
            "calibration", settings.calibration, "has no candidates.csv; allowed: a folder of task=calibrate"
        )
    table = pd.read_csv(file)
    if not {"rules", "chosen"} <= set(table):
        raise BadInput("calibration", settings.calibration, "is no folder of task=calibrate; allowed: one of it")
    texts = table.loc[table["chosen"].astype(bool), "rules"].tolist()
    if not texts:
        return Rules()  # that calibration kept the prior, and said so
    known = {rules.text: rules for rules in every()}
    if texts[0] not in known:
        raise BadInput("calibration", settings.calibration, f"has rules of another version: {texts[0]}")
    return known[texts[0]]


def every() -> list[Rules]:
    """All rules that a calibration can choose."""
    turns = [(FIRST_COME, 0.0), *((HEAD_START, minutes) for minutes in HEAD_STARTS_MIN), (STRICT, 0.0)]
    return [
        Rules(rest, away, shared, routing, worth)
        for rest, away, shared, (routing, worth) in product(RESTS_MIN, (True, False), (False, True), turns)
    ]
