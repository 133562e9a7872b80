"""Passengers who can do nothing, or are more than was meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from caresim.config.references import channel_of

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.config.population import Cohort
    from caresim.config.staffing import Staffing


def scaled(experiment: Experiment) -> Iterator[str]:
    """A larger crowd, of which part is no crisis."""
    scale = experiment.population.scale
    ordinary = [name for name, cohort in experiment.population.cohorts.items() if cohort.ordinary]
    if scale.value != 1 and ordinary:
        kind = "larger" if scale.value > 1 else "smaller"
        yield (
            f"population.scale = {scale.text} multiplies ordinary traffic, too ({', '.join(ordinary)}); for a {kind} "
            "crisis on ordinary days write population.crisis_scale"
        )


def open_to(experiment: Experiment, cohort: Cohort, staffing: Staffing) -> dict[str, set[str]]:
    """The channels of a cohort that a staffing model leaves open, and the languages in which each is answered there."""
    found: dict[str, set[str]] = {}
    for name in cohort.preference:
        if name not in staffing.closed:
            found[name] = set(channel_of(experiment, name).languages)
            for desk in staffing.desks.values():
                if name in desk.serves:
                    found[name] &= set(desk.languages)
    return found


def idle(experiment: Experiment) -> Iterator[str]:
    """People who have no channel left, or want nothing that anybody would notice."""
    for name, cohort in experiment.population.cohorts.items():
        key = f"population.cohorts.{name}"
        # The contacts of a replay come where its file says.
        chosen = experiment.replay is None
        if chosen and not any(open_to(experiment, cohort, experiment.staffing[model]) for model in experiment.compared):
            yield f"{key}.preference: all these channels are closed in every staffing model: they can turn to nobody"
        contacting = cohort.contacting
        if contacting.value == 0 and not contacting.uncertain and (cohort.ordinary or not experiment.behaviour.rates):
            yield f"{key}.contacting = {contacting.text}: they need nobody and rate nobody, so that nothing changes"


def unheard(experiment: Experiment) -> Iterator[str]:
    """A language in which none of a cohort's channels is answered."""
    for name, cohort in experiment.population.cohorts.items():
        for language, share in cohort.languages.items():
            if share.value == 0:
                continue
            deaf = [
                model
                for model in experiment.compared
                if (channels := open_to(experiment, cohort, experiment.staffing[model]))
                and not any(language in spoken for spoken in channels.values())
            ]
            if deaf:
                where = "any staffing model" if len(deaf) == len(experiment.compared) else ", ".join(deaf)
                yield (
                    f"population.cohorts.{name}.languages.{language} = {share.text}: none of their channels is in "
                    f"{language} in {where}, so that they turn to nobody"
                )
