"""What a requirement is asked of from Python: an experiment with other settings, or a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from caresim.config.errors import BadInput, from_validation
from caresim.config.experiment import Experiment
from caresim.config.exports.file_format import Format
from caresim.config.exports.proposal import propose
from caresim.config.paths import is_file
from caresim.config.replay_files import COLUMNS
from caresim.tasks.require.settings import Requirement, check

KINDS = ("intervals", "contacts")
"""Files that say what comes; an interval report has the columns of its own."""


def opened(path: str | Path) -> Experiment:
    """The replay of an interval report or a list of contacts, whichever the file is.

    BadInput where it is neither; its columns have the names that docs/configuration.md lists.
    """
    from caresim.config.compose import compose

    if not is_file(str(path)):
        raise BadInput("source", str(path), "no such file; allowed: an experiment, or the path of a CSV file")
    for kind in KINDS:
        columns, needed = COLUMNS[kind]
        proposal = propose(kind, str(path), Format())
        if proposal is not None and set(columns[:needed]) <= set(proposal.takes.values()):
            return compose(["experiment=replay", f"replay.{kind}={path}"])
    allowed = "is no interval report (interval_start, offered) and no list of contacts (arrival); try task=import"
    raise BadInput("source", str(path), allowed)


def asked(experiment: Experiment, wanted: Mapping[str, Any]) -> Experiment:
    """The experiment with other settings of `require`; None: its own. BadInput as on the command line."""
    settings: Requirement = experiment.setting("require")
    given = {key: value for key, value in wanted.items() if value is not None}
    plain = {name: value for name, value in settings if value is not None and name not in given}
    if "target" in given:
        plain = {name: value for name, value in plain.items() if name not in ("level", "within")}
    try:
        changed = Requirement.model_validate({**plain, **given})
    except ValidationError as error:
        problem = from_validation(error)
        raise BadInput(f"require.{problem.key}", problem.value, problem.allowed) from None
    overruled = experiment.model_copy(update={"require": changed})
    check(overruled)
    return overruled
