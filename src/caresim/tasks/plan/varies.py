"""What differs between the runs of which a share is told, and what does not: how far that share can be trusted."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.config.values import numbers_drawn
from caresim.report.wording import joined
from caresim.tasks.plan.judging import PLAN

TEN_PERCENT_MORE = "replay.volume='1.1 x'"
"""Of the command line: ten percent more contacts of an interval report."""


def varies(plan: Any) -> str:
    """What the share of runs, in which something holds, is about, and what is not in it."""
    experiment = plan.experiment
    runs = plan.judged.loc[plan.judged["staffing"] == PLAN, "replication"].nunique()
    drawn = numbers_drawn(experiment.uncertain())
    if experiment.replay is None:
        what = f"luck, and the {drawn} numbers that have a range" if drawn else "luck alone: no number has a range"
        return f"What differs between these {runs} runs is {what}. Whatever has no range is the same in all of them."
    replay, contacts = experiment.replay, experiment.replay.traffic.contacts
    known = [*by_luck(replay), *([f"the {drawn} numbers that have a range"] if drawn else [])]
    what = joined(known) if known else "nothing"
    if replay.days is not None:
        return (
            f"What differs between these {runs} runs is which days of the file are played, and {what}. A day that is"
            " busier than all days of the file is not in it."
        )
    return (
        f"What differs between these {runs} runs is {what}. The same {len(contacts):,} contacts"
        f"{of_file(replay)} come in every run: busier days are not in it. {another_demand(replay)}"
    )


def of_file(replay: Any) -> str:
    """Whose contacts they are: the file's, or so many times those."""
    return " of the file" if replay.volume.value == 1 else f" ({replay.volume.text} those of the file)"


def another_demand(replay: Any) -> str:
    """What to type for another demand than that of the file."""
    if replay.contacts is not None:
        return "replay.resample=days plays its days in another mix."
    return f"{TEN_PERCENT_MORE} plays ten percent more than the file has."


def by_luck(replay: Any) -> list[str]:
    """What of a replayed file is drawn anew in each run."""
    contacts = replay.traffic.contacts
    found = []
    if (contacts.width > 0).any():
        found.append("at which moment of its interval each comes")
    if (np.isnan(contacts.service) | contacts.service_is_mean).any() and replay.service != "deterministic":
        found.append("how long each takes")
    is_drawn = replay.patience_mean is not None or replay.patience in ("empirical", "of_behaviour")
    if np.isnan(contacts.patience).any() and is_drawn and replay.patience != "deterministic":
        found.append("how long each is ready to wait")
    return found
