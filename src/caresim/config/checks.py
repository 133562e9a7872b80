"""What must hold between the parts of an experiment: names that refer to something, dates inside the run."""

from __future__ import annotations

from caresim.config.directions import check_directions
from caresim.config.errors import BadInput, known
from caresim.config.experiment import Experiment
from caresim.config.facts_checks import check_facts, check_notices, check_questions
from caresim.config.instruction_checks import check_instructions, check_powers
from caresim.config.overflow_checks import check_overflows
from caresim.config.population_checks import check_population, departures
from caresim.config.references import channels_of, check_moment, check_reach, within
from caresim.config.shares import check_shares, told_of
from caresim.config.staffing_checks import check_paid_hours, check_rosters, check_routing, check_staffing
from caresim.config.study import check_headline
from caresim.model.media import Medium
from caresim.tasks.registry import TASKS

MOST = {"channels": 64, "cohorts": 127, "desks": 127, "facts and notices": 62, "instructions": 62}
"""What the records of the model have room for."""
LONGEST = 36_525 * 1440.0
"""Minutes of the warm-up, the window or the drain: no date before 1700 or after 2500 is ever asked for."""


def check(experiment: Experiment) -> None:
    """BadInput for the first reference or date that does not hold."""
    check_length(experiment)
    check_numbers(experiment)
    check_operators(experiment)
    check_population(experiment)
    check_directions(experiment)
    check_rosters(experiment)
    check_disruption(experiment)
    for name, staffing in experiment.staffing.items():
        check_staffing(experiment, staffing, f"staffing.{name}")
        check_powers(experiment, staffing, f"staffing.{name}")
    check_overflows(experiment)
    check_paid_hours(experiment)
    check_observations(experiment)
    check_headline(experiment.study)
    check_precision(experiment)
    check_routing(experiment.staffing)
    for task in TASKS.values():
        if task.check is not None:
            task.check(experiment)


def check_precision(experiment: Experiment) -> None:
    """Intervals are wanted of headline metrics, which all others are told beside."""
    if isinstance(experiment.precision, dict):
        for name in experiment.precision:
            known(name, experiment.study.headline, f"precision.{name}", "headline metric (study.headline)")


def check_length(experiment: Experiment) -> None:
    """The run lies within the calendar."""
    for key in ("warm_up", "window", "drain"):
        length = getattr(experiment, key)
        if max(length.value, length.high or 0.0) > LONGEST:
            raise BadInput(key, length.text, f"must be at most {LONGEST / 1440:g} d (a hundred years)")


def check_observations(experiment: Experiment) -> None:
    """Observed are passengers with a name and operators of the journey."""
    for name, observation in experiment.observations.items():
        key = f"observations.{name}"
        for word, operator in (("operator", observation.operator), ("than", observation.than)):
            if operator is not None:
                known(operator, experiment.operators, f"{key}.{word}", "operator")
        if observation.passenger is not None:
            what = "passenger with a name (a cohort with named: true)"
            known(observation.passenger, experiment.named, f"{key}.passenger", what)


def check_numbers(experiment: Experiment) -> None:
    """The records of the model have room for so many."""
    disruption = experiment.disruption
    counts = {
        ("operators", "channels"): len(channels_of(experiment)),
        ("population.cohorts", "cohorts"): len(experiment.population.cohorts),
        ("disruption", "facts and notices"): len(disruption.facts) + len(disruption.notices),
        ("disruption.instructions", "instructions"): len(disruption.instructions),
    }
    counts |= {(f"staffing.{name}.desks", "desks"): len(model.desks) for name, model in experiment.staffing.items()}
    facts = counts["disruption", "facts and notices"]
    for name, model in experiment.staffing.items():
        if told := told_of(experiment, model):
            counts[f"staffing.{name}.shares", "facts and notices"] = facts + len(told)
    for (key, what), count in counts.items():
        if count > MOST[what]:
            raise BadInput(key, count, f"must be at most {MOST[what]} {what}")


def check_operators(experiment: Experiment) -> None:
    """Names of channels stand for one channel, behaviour knows their media, and every flight series has a departure."""
    shares = {name: operator.shares for name, operator in experiment.operators.items() if operator.shares is not None}
    check_shares(experiment, shares, "operators.*.shares")
    owner: dict[str, str] = {}
    for name, operator in experiment.operators.items():
        for channel_name, channel in operator.channels.items():
            key = f"operators.{name}.channels.{channel_name}"
            if channel_name in owner:
                allowed = f"{owner[channel_name]} has a channel of this name; allowed: a name of its own"
                raise BadInput(key, channel_name, allowed)
            owner[channel_name] = name
            lacking = experiment.behaviour.lacks(Medium.of_word(channel.medium))
            if lacking:
                allowed = f"is required: {key} has the medium {channel.medium}"
                raise BadInput(f"behaviour.{lacking}", None, allowed)
        for flight, series in operator.flights.items():
            if not departures(experiment, series):
                allowed = "no departure lies within the run; allowed: dates that leave at least one"
                raise BadInput(f"operators.{name}.flights.{flight}.first", f"{series.first} to {series.last}", allowed)


def check_disruption(experiment: Experiment) -> None:
    """Facts, notices, instructions, gestures and bystanders refer to what is there, at dates within the run."""
    disruption = experiment.disruption
    check_moment(experiment, disruption.over, "disruption.over")
    check_questions(experiment)
    check_facts(experiment)
    check_notices(experiment)
    check_instructions(experiment)
    for name, gesture in disruption.gestures.items():
        key = f"disruption.gestures.{name}"
        known(gesture.operator, experiment.operators, f"{key}.operator", "operator")
        check_reach(experiment, gesture.reach, key)
    bystanders = disruption.bystanders
    if bystanders is not None:
        known(bystanders.operator, experiment.operators, "disruption.bystanders.operator", "operator")
        channels = experiment.operators[bystanders.operator].channels
        public = [name for name, channel in channels.items() if channel.traits.public]
        known(bystanders.channel, public, "disruption.bystanders.channel", "public channel")
        for index, pulse in enumerate(bystanders.pulses):
            within(experiment, pulse.at.value, f"disruption.bystanders.pulses[{index}].at", pulse.at.text)
