"""Contacts that are given, played again under what was fitted, and how well their waits are predicted."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from caresim.config.errors import BadInput
from caresim.inference.scores import crps
from caresim.run.progress import Watch
from caresim.tasks.calibrate import files
from caresim.tasks.calibrate.cells import cells_of, means
from caresim.tasks.calibrate.duty import Spell, spells_of
from caresim.tasks.calibrate.fit import Fit, fit
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.redials import Redials, without
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.calibrate.settings import Calibrate
from caresim.tasks.calibrate.simulated import Replicated, replicated

CANDIDATE = "candidate"


def score_of(early: History, late: History, rules: Rules, settings: Calibrate, watch: Watch) -> tuple[float, int]:
    """CRPS (seconds) of the mean wait by hour on later days, and how many hours that is."""
    return score(fit(early, rules, settings.seed), late, settings, watch)


def score(
    fitted: Fit, late: History, settings: Calibrate, watch: Watch, spells: Sequence[Spell] | None = None
) -> tuple[float, int]:
    """CRPS and hours, as above, of what was fitted, with these spells of the agents; None: those of the same days."""
    found = predicted(fitted, late, settings.draws, settings.choosing, settings.seed, settings.workers, watch, spells)
    cells = cells_of(late, 60)
    if not cells:
        raise BadInput(
            "train_to", str(settings.train_to), "no hour of the last third has 10 contacts; allowed: more days"
        )
    return float(crps(means(late.wait_s, cells), means(found.wait_s, cells)).mean()), len(cells)


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
    to_come = given if redials is None else without(given, redials)
    contacts = files.contacts_of(to_come)
    channels = sorted(set(contacts["channel"]))
    there = spells_of(given, fitted.rules.rest_min) if spells is None else spells
    staff = files.staff_of(given, there, fitted, channels)
    posterior = fitted.posterior(draws, np.random.default_rng([seed, 2]), given.agents)
    behaviour = {} if redials is None else redials.behaviour
    files.write(place, final, name, fitted, {"contacts": contacts, "staff": staff}, {}, posterior, "", behaviour)
