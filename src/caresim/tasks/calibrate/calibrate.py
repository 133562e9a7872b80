"""A calibration: rules chosen on the last third of the training days, everything else fitted to all of them."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caresim.run.progress import Nobody, Watch
from caresim.tasks.calibrate.carried import AT_ONE_DESK, GIVEN, ROSTER, Carried, carried, thirds
from caresim.tasks.calibrate.carried import FEWEST_DAYS as FEWEST_CARRIED
from caresim.tasks.calibrate.desks import guessed, overflows
from caresim.tasks.calibrate.duty import roster_unknown
from caresim.tasks.calibrate.fit import Fit, fit
from caresim.tasks.calibrate.given import Score, score_of
from caresim.tasks.calibrate.history import History, period, read
from caresim.tasks.calibrate.layout import WHY_ONE_DESK
from caresim.tasks.calibrate.redials import Redials
from caresim.tasks.calibrate.rules import Rules, steps
from caresim.tasks.calibrate.settings import FILE, Calibrate

FEWEST_DAYS = 6
"""Training days from which rules are chosen by their score: two thirds are fitted to, one third is predicted."""


@dataclass(frozen=True)
class Calibrated:
    """What came out: the fit to all training days, the roster of other days, and a row for each candidate."""

    settings: Calibrate
    fit: Fit
    carried: Carried
    candidates: pd.DataFrame
    durations: dict[str, float]

    @property
    def notes(self) -> list[str]:
        """What keeps its prior, and what was left alone, in sentences."""
        history = self.fit.history
        notes = [*filter(None, [roster_unknown(history)])]
        if self.fit.handling is None:
            notes.append("Handling times keep their prior (exponential, 5 min): fewer than 30 are known.")
        elif not len(self.fit.handling.agents):
            notes.append("Agents keep one speed: no column agent.")
        if self.fit.patience is None:
            notes.append("Patience keeps its prior (nobody hangs up): fewer than 30 waits ended so.")
        if self.candidates.empty:
            why = f"fewer than {FEWEST_DAYS} training days, or no waits and agents"
            notes.append(f"The rules of the desk keep their prior ({self.fit.rules.text}): {why}.")
        elif not self.carried.chosen:
            why = f"fewer than {FEWEST_CARRIED} days of the last third have a same weekday in the first two thirds"
            notes.append(f"The roster that is carried to other days keeps the rest of the rules: {why}.")
        notes += at_one_desk_in_words(self.candidates) + guessed_in_words(history, self.fit.rules)
        notes.append(redials_in_words(history, self.fit.redials))
        if history.ignored:
            notes.append(f"Columns that are not read: {', '.join(history.ignored)}.")
        return notes


def calibrate(settings: Calibrate, watch: Watch | None = None, key: str = FILE) -> tuple[Calibrated, History]:
    """The calibration, and the whole history of the file; `key` names the file where it cannot be used (BadInput)."""
    watch, started = watch or Nobody(), time.perf_counter()
    whole = read(key, settings.contacts, settings.timezone, settings.format)
    train = period(whole, settings.train_from, settings.train_to, "train", 1)
    was_read = time.perf_counter()
    rules, candidates = chosen(train, settings, watch)
    roster, more = carried(train, rules, len(candidates), settings, watch)
    candidates.insert(1, ROSTER, GIVEN)
    if len(more):
        candidates = pd.concat([candidates, more], ignore_index=True)
        candidates[AT_ONE_DESK] = candidates[AT_ONE_DESK].eq(True)
        if not candidates[AT_ONE_DESK].any():
            del candidates[AT_ONE_DESK]
    was_chosen = time.perf_counter()
    found = fit(train, rules, settings.seed)
    durations = {
        "read_s": was_read - started,
        "choose_s": was_chosen - was_read,
        "fit_s": time.perf_counter() - was_chosen,
    }
    return Calibrated(settings, found, roster, candidates, durations), whole


def chosen(train: History, settings: Calibrate, watch: Watch) -> tuple[Rules, pd.DataFrame]:
    """The rules whose predictions of the last third have the smallest CRPS of the mean wait by hour, fitted to the
    first two thirds; and a row for each candidate. Without enough days, waits or agents: the prior, and no row.
    """
    columns = ["rules", "crps_wait_s", "hours", "chosen"]
    if len(train.days) < FEWEST_DAYS or not len(train.agents) or not {"wait_s", "service_s"} <= train.given:
        return Rules(), pd.DataFrame(columns=columns)
    early, late = thirds(train)
    scored: dict[Rules, Score] = {}
    priorities = bool(np.nan_to_num(train.priority).any())
    search = steps(Rules(), len(train.kinds), priorities, lambda desks: overflows(early, desks))
    group = next(search)
    while True:
        new = [rules for rules in group if rules not in scored]
        watch.expect((len(scored) + len(new)) * settings.choosing)
        for rules in new:
            scored[rules] = score_of(early, late, rules, settings, watch)
        best = min(group, key=lambda rules: scored[rules].crps_wait_s)
        try:
            group = search.send(best)
        except StopIteration:
            break
    rows = [(rules.text, score.crps_wait_s, score.hours, rules == best) for rules, score in scored.items()]
    table = pd.DataFrame(rows, columns=columns)
    if any(score.at_one_desk for score in scored.values()):
        table[AT_ONE_DESK] = [score.at_one_desk for score in scored.values()]
    return best, table


def guessed_in_words(train: History, rules: Rules) -> list[str]:
    """Which kinds are at a desk by guess."""
    kinds = guessed(thirds(train)[0], rules.desks) if rules.desks else []
    if not kinds:
        return []
    return [
        f"Desks are told from the first two thirds of the training days, in which no agent had {' and '.join(kinds)}: "
        f"at desk {rules.desks[0].name} by guess."
    ]


def at_one_desk_in_words(candidates: pd.DataFrame) -> list[str]:
    """How many candidates were scored without the overflow that their rules name."""
    count = int(candidates[AT_ONE_DESK].sum()) if AT_ONE_DESK in candidates else 0
    if not count:
        return []
    of = "1 candidate was" if count == 1 else f"{count} candidates were"
    return [
        f"{of} scored at one desk for all, without the overflow ({AT_ONE_DESK} in candidates.csv): on the days of the "
        f"score {WHY_ONE_DESK}."
    ]


def redials_in_words(history: History, found: Redials | None) -> str:
    """What is known of those who call again."""
    if found is None:
        return "Redials keep their prior (those of the file are in its arrivals): too few customers are known by name."
    return (
        f"Redials: of {found.hung_up:,} who hung up and are known by name, {found.share:.0%} ({found.low:.0%} to "
        f"{found.high:.0%}) call again because of it, after {found.gap_min:.0f} min on average ("
        f"{found.gap_low:.0f} to {found.gap_high:.0f}); {len(found.rows):,} "
        f"contacts of the file are taken for such calls and drawn instead."
    )
