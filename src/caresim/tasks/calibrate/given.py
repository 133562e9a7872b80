"""Contacts that are given, played again under what was fitted, and how well their waits are predicted."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from caresim.config.errors import BadInput
from caresim.inference.scores import crps
from caresim.run.progress import Watch
from caresim.tasks.calibrate import files
from caresim.tasks.calibrate.cells import cells_of, means
from caresim.tasks.calibrate.duty import Spell, spells_of
from caresim.tasks.calibrate.fit import Fit, fit
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.layout import laid_out
from caresim.tasks.calibrate.redials import Redials, without
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.calibrate.settings import Calibrate
from caresim.tasks.calibrate.simulated import Replicated, replicated

CANDIDATE = "candidate"


class Score(NamedTuple):
    """Of a candidate for the rules, on the hours of days that it was not fitted to."""

    crps_wait_s: float
    """Of the mean wait by hour."""
    hours: int
    at_one_desk: bool
    """Its desks with an overflow could not be played on these days."""


def score_of(early: History, late: History, rules: Rules, settings: Calibrate, watch: Watch) -> Score:
    """The score on later days of a fit to earlier ones."""
    return score(fit(early, rules, settings.seed), late, settings, watch)


def score(
    fitted: Fit, late: History, settings: Calibrate, watch: Watch, spells: Sequence[Spell] | None = None
) -> Score:
    """The score of what was fitted, with these spells of the agents; None: those of the same days."""
    found = predicted(fitted, late, settings.draws, settings.choosing, settings.seed, settings.workers, watch, spells)
    cells = cells_of(late, 60)
    if not cells:
        raise BadInput(
            "train_to", str(settings.train_to), "no hour of the last third has 10 contacts; allowed: more days"
        )
    crps_wait_s = float(crps(means(late.wait_s, cells), means(found.wait_s, cells)).mean())
    played = to_play(fitted, late, spells=spells) if fitted.rules.desks else None
    return Score(crps_wait_s, len(cells), played is not None and laid_out(played, fitted).falls_back(fitted.rules))


def predicted(
    fitted: Fit, given: History, draws: int, replications: int, seed: int, workers: int | None, watch: Watch,
    spells: Sequence[Spell] | None = None,
) -> Replicated:  # fmt: skip
    """Replications of the contacts of `given`, who come when they came, with these spells of the agents; None: those of
    the same days.
    """
    with tempfile.TemporaryDirectory(prefix="caresim_") as folder:
        place = Path(folder)
        write_given(place, place, CANDIDATE, fitted, given, draws, seed, spells=spells)
        return replicated(place, CANDIDATE, seed, replications, workers, watch)


def write_given(
    place: Path, final: Path, name: str, fitted: Fit, given: History, draws: int, seed: int,
    redials: Redials | None = None, spells: Sequence[Spell] | None = None,
) -> None:  # fmt: skip
    """Write the experiment that plays the contacts of `given`, and what it reads. With `redials` those of `given` that
    are taken for redials are left out, and as many are drawn. On duty are `spells`; None: those of `given`.
    """
    posterior = fitted.posterior(draws, np.random.default_rng([seed, 2]), given.agents)
    behaviour = {} if redials is None else redials.behaviour
    played = to_play(fitted, given, redials, spells)
    files.write(place, final, name, fitted, played, {}, posterior, "", behaviour)


def to_play(
    fitted: Fit, given: History, redials: Redials | None = None, spells: Sequence[Spell] | None = None
) -> dict[str, pd.DataFrame]:
    """The contacts of `given` without those that are taken for redials, and these spells of the agents; None: those of
    the same days.
    """
    contacts = files.contacts_of(given if redials is None else without(given, redials))
    there = spells_of(given, fitted.rules.rest_min) if spells is None else spells
    return {"contacts": contacts, "staff": files.staff_of(given, there, fitted, sorted(set(contacts["channel"])))}
