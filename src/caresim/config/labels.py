"""`label:` of cohorts, channels, desks and staffing models: what people read instead of the key; files keep the key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Annotated, Any

from pydantic import BeforeValidator

from caresim.config.base import NO_EFFECT, SWALLOWED
from caresim.config.display_names import Labels, as_it_reads, called_by
from caresim.config.errors import complaint

LONGEST = 40
"""Characters: more fits no column, and no margin of a figure."""


def _label(raw: Any) -> str | None:
    """One line of text with single spaces; None: the key as it reads."""
    if raw is None:
        return None
    if isinstance(raw, bool):
        raise complaint(SWALLOWED)
    text = re.sub(" +", " ", raw).strip() if isinstance(raw, str) else ""
    if not text or not text.isprintable() or len(text) > LONGEST:
        raise complaint(f"must be one line of text, at most {LONGEST} characters; left out, the name is shown")
    return text


Label = Annotated[str | None, BeforeValidator(_label), NO_EFFECT]
"""What people read instead of the key; it changes no run."""


def spoken_of(experiment: Any) -> AbstractContextManager[None]:
    """For the length of a block, names are those that the experiment gives."""
    return called_by(labels_of(experiment))


def labels_of(experiment: Any) -> Labels:
    """The labels that an experiment gives, by kind and key."""
    models = getattr(experiment, "staffing", {})
    desks = [item for model in models.values() for item in getattr(model, "desks", {}).items()]
    operators = getattr(experiment, "operators", {}).values()
    channels = [item for operator in operators for item in operator.channels.items()]
    cohorts = getattr(getattr(experiment, "population", None), "cohorts", {})
    return Labels(*(_given(items) for items in (models.items(), desks, channels, cohorts.items())))


def _given(items: Iterable[tuple[str, Any]]) -> dict[str, str]:
    return {key: label for key, thing in items if (label := getattr(thing, "label", None))}


def check_labels(experiment: Any) -> None:
    """Complain of a label that another thing of its kind is shown by, and of a desk that is called two things."""
    channels = {
        name: (channel, f"operators.{owner}.channels.{name}")
        for owner, operator in experiment.operators.items()
        for name, channel in operator.channels.items()
    }
    cohorts = experiment.population.cohorts
    _apart({name: (model, f"staffing.{name}") for name, model in experiment.staffing.items()})
    _apart(channels)
    _apart({name: (cohort, f"population.cohorts.{name}") for name, cohort in cohorts.items()})
    desks: dict[str, tuple[Any, str]] = {}
    for model, staffing in experiment.staffing.items():
        for name, desk in staffing.desks.items():
            place = f"staffing.{model}.desks.{name}"
            known = desks.get(name)
            if known is None or (desk.label and not known[0].label):
                desks[name] = desk, place
            elif desk.label and desk.label != known[0].label:
                raise complaint(
                    f"must be {known[0].label!r} as in {known[1]}: a desk of one name has one label",
                    desk.label,
                    f"{place}.label",
                )
    _apart(desks)


def _apart(things: Mapping[str, tuple[Any, str]]) -> None:
    shown: dict[str, str] = {}
    for name, (thing, place) in things.items():
        other = shown.setdefault((thing.label or as_it_reads(name)).casefold(), name)
        earlier, elsewhere = things[other]
        if other != name and (thing.label or earlier.label):
            label, where, taken = (thing.label, place, other) if thing.label else (earlier.label, elsewhere, name)
            raise complaint(f"must be another than what {taken} is shown as", label, f"{where}.label")
