"""What must hold between the parts of an experiment: names that refer to something, dates inside the run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from caresim.config.errors import BadInput, choice
from caresim.config.experiment import Experiment
from caresim.config.operators import FlightSeries
from caresim.config.population import MOST_LANGUAGES, Cohort
from caresim.config.staffing import Desk, Staffing
from caresim.model.media import Medium

MOST = {"channels": 64, "cohorts": 127, "desks": 127, "facts and notices": 62}
"""What the records of the model have room for."""


def check(experiment: Experiment) -> None:
    """BadInput for the first reference or date that does not hold."""
    check_numbers(experiment)
    check_operators(experiment)
    check_population(experiment)
    check_disruption(experiment)
    for name, staffing in experiment.staffing.items():
        check_staffing(experiment, staffing, f"staffing.{name}")
    check_paid_hours(experiment)
    check_observations(experiment)
    check_explained(experiment)
    if experiment.task == "dashboard":  # what another task leaves out need not be there to be shown
        check_dashboard(experiment)


def check_dashboard(experiment: Experiment) -> None:
    shown = experiment.dashboard
    for key, name in (("dashboard.left", shown.left), ("dashboard.right", shown.right)):
        if name is not None:
            known(name, experiment.staffing, key, "staffing model")
    if shown.opens_at.value > experiment.ends:
        allowed = f"must lie within the run, which ends after {experiment.ends / 60:.0f} h"
        raise BadInput("dashboard.opens_at", shown.opens_at.text, allowed)


def check_explained(experiment: Experiment) -> None:
    """The two models are there, whatever the task: a word that is not used now may be in a file for later."""
    told = experiment.explain
    for key, name in (("explain.one", told.one), ("explain.other", told.other)):
        if name is not None:
            known(name, experiment.staffing, key, "staffing model")


def check_observations(experiment: Experiment) -> None:
    """Observed are passengers with a name and operators of the journey."""
    cohorts = experiment.population.cohorts
    for name, observation in experiment.observations.items():
        key = f"observations.{name}"
        for word, operator in (("operator", observation.operator), ("than", observation.than)):
            if operator is not None:
                known(operator, experiment.operators, f"{key}.{word}", "operator")
        if observation.passenger is not None:
            named = [cohort for cohort, told in cohorts.items() if told.named]
            known(observation.passenger, named, f"{key}.passenger", "passenger with a name (a cohort with named: true)")


def check_numbers(experiment: Experiment) -> None:
    disruption = experiment.disruption
    found = {
        ("operators", "channels"): len(channels_of(experiment)),
        ("population.cohorts", "cohorts"): len(experiment.population.cohorts),
        ("disruption", "facts and notices"): len(disruption.facts) + len(disruption.notices),
    }
    found |= {(f"staffing.{name}.desks", "desks"): len(model.desks) for name, model in experiment.staffing.items()}
    for (key, what), count in found.items():
        if count > MOST[what]:
            raise BadInput(key, count, f"must be at most {MOST[what]} {what}")


def known(name: str, names: Iterable[str], key: str, what: str) -> None:
    names = list(names)
    if name not in names:
        raise BadInput(key, name, f"unknown {what}, {choice(names, name)}")


def channels_of(experiment: Experiment) -> dict[str, str]:
    """The operator of every channel."""
    return {channel: name for name, operator in experiment.operators.items() for channel in operator.channels}


def check_operators(experiment: Experiment) -> None:
    owner: dict[str, str] = {}
    for name, operator in experiment.operators.items():
        for channel, told in operator.channels.items():
            key = f"operators.{name}.channels.{channel}"
            if channel in owner:
                raise BadInput(key, channel, f"{owner[channel]} has a channel of this name; allowed: a name of its own")
            owner[channel] = name
            lacking = experiment.behaviour.lacks(Medium.of_word(told.medium))
            if lacking:
                allowed = f"is required: {key} has the medium {told.medium}"
                raise BadInput(f"behaviour.{lacking}", None, allowed)
        for flight, series in operator.flights.items():
            if not departures(experiment, series):
                allowed = "no departure lies within the run; allowed: dates that leave at least one"
                raise BadInput(f"operators.{name}.flights.{flight}.first", f"{series.first} to {series.last}", allowed)


def departures(experiment: Experiment, series: FlightSeries) -> list[datetime]:
    """Departures (aware, local) of a series between the start and the end of the run."""
    zone, found, times = ZoneInfo(series.timezone), [], series.within_a_day
    for ahead in range((series.last - series.first).days + 1):
        day: date = series.first + timedelta(days=ahead)
        moment = datetime.combine(day, time(*divmod(series.departs.minutes, 60)), zone)
        first = experiment.minutes(moment)
        if day.weekday() in series.days:
            found += [moment + timedelta(minutes=t) for t in times if 0 <= first + t <= experiment.ends]
    return found


def check_population(experiment: Experiment) -> None:
    spoken = {language: name for name, cohort in experiment.population.cohorts.items() for language in cohort.languages}
    if len(spoken) > MOST_LANGUAGES:
        raise BadInput(
            "population.cohorts", list(spoken), f"must speak at most {MOST_LANGUAGES} languages between them"
        )
    owner = channels_of(experiment)
    for name, cohort in experiment.population.cohorts.items():
        key = f"population.cohorts.{name}"
        for index, operator in enumerate(cohort.operators):
            known(operator, experiment.operators, f"{key}.operators[{index}]", "operator")
        own = [channel for channel, operator in owner.items() if operator in cohort.operators]
        for channel in cohort.preference:
            known(channel, own, f"{key}.preference.{channel}", "channel")
        series = [flight for operator in cohort.operators for flight in experiment.operators[operator].flights]
        for index, flight in enumerate(cohort.booked_on):
            known(flight, series, f"{key}.booked_on[{index}]", "flight series")
        check_leader(experiment, cohort, key)
        for index, pulse in enumerate(cohort.onset.pulses or ()):
            within(experiment, pulse.at.value, f"{key}.onset.pulses[{index}].at", pulse.at.text)
    check_scale(experiment)
    check_bookings(experiment)
    check_replay(experiment)


def check_leader(experiment: Experiment, cohort: Cohort, key: str) -> None:
    """A later matter follows from one that is nobody's later matter itself, and has a deadline."""
    name = cohort.onset.cohort
    if name is None:
        return
    cohorts = experiment.population.cohorts
    known(name, cohorts, f"{key}.onset.cohort", "cohort")
    leader = cohorts[name]
    if leader.onset.streams or leader.onset.kind == "after":
        raise BadInput(f"{key}.onset.cohort", name, "must be a cohort with a number of people of its own")
    if leader.deadline is None and not leader.booked_on:
        raise BadInput(f"{key}.onset.cohort", name, "must have a deadline, at which the later matter arises")


def check_replay(experiment: Experiment) -> None:
    """Given contacts cannot be fewer or more than they are, and nobody else can be given."""
    scale = experiment.population.scale
    if experiment.replay is not None and scale.value != 1:
        raise BadInput("population.scale", scale.text, "must be 1 in a replay: its contacts are those of the file")
    for name, cohort in experiment.population.cohorts.items():
        if cohort.onset.kind == "given" and experiment.replay is None:
            raise BadInput(f"population.cohorts.{name}.onset.kind", "given", "needs a replay, whose file says when")
    for name, staffing in experiment.staffing.items():
        for desk, told in staffing.desks.items():
            if told.roster == "given" and not (experiment.replay and experiment.replay.seats(desk)):
                raise BadInput(
                    f"staffing.{name}.desks.{desk}.roster", "given", "needs a replay whose files say who worked there"
                )


def check_scale(experiment: Experiment) -> None:
    """Somebody is left whose case counts."""
    scale = experiment.population.scale
    found = [nobody_at(experiment, cohort) for cohort in experiment.population.cohorts.values()]
    least = min((each for each in found if each is not None), default=-1.0)
    if scale.value <= least:
        raise BadInput(
            "population.scale", scale.text, f"leaves no passenger; allowed: more than {rounded(least, 2, math.ceil)}"
        )


def nobody_at(experiment: Experiment, cohort: Cohort) -> float | None:
    """The largest scale with which half a contact person is expected, or less, which rounds to none.

    Negative where no scale does that; None of a cohort that follows from another, and of ordinary traffic.
    """
    if cohort.ordinary or cohort.onset.kind == "after":
        return None
    if cohort.named or cohort.onset.kind == "given":
        return -1.0
    if cohort.people is not None:
        return 0.5 * math.fsum(size * share.value for size, share in cohort.party.items()) / cohort.people.value
    rate = cohort.onset.per_hour.value if cohort.onset.per_hour else 0.0
    return 0.5 / (rate * experiment.window.value) if rate > 0 else None


def rounded(value: float, digits: int, whole: Callable[[float], int]) -> str:
    """To so many digits: not below the value where `whole` is math.ceil, not above it where it is math.floor."""
    step = 10.0 ** (math.floor(math.log10(value)) + 1 - digits)
    return f"{whole(value / step) * step:.{digits}g}"


def check_bookings(experiment: Experiment) -> None:
    """Nobody holds a seat that was never sold."""
    flights = {name: series for operator in experiment.operators.values() for name, series in operator.flights.items()}
    cohorts = experiment.population.cohorts.items()
    booked = {name: cohort.people for name, cohort in cohorts if cohort.booked_on and cohort.people is not None}
    series = {flight for name, cohort in cohorts if name in booked for flight in cohort.booked_on}
    sold = math.fsum(seats_sold(experiment, flights[name]) for name in series)
    people = math.fsum(number.value for number in booked.values())
    scale = experiment.population.scale
    if people * scale.value <= sold:
        return
    largest = max(booked, key=lambda name: booked[name].value)
    key, too_many = f"population.cohorts.{largest}.people", f"{people * scale.value:,.0f} people booked"
    if scale.value == 1:
        allowed = f"makes {too_many}, with other cohorts, on {sold:,.0f} seats sold; allowed: no more"
        raise BadInput(key, booked[largest].text, allowed)
    allowed = f"makes {too_many} on {sold:,.0f} seats sold; allowed: at most {rounded(sold / people, 3, math.floor)}"
    raise BadInput("population.scale", scale.text, f"{allowed}, or fewer people ({key} says most) or more seats")


def seats_sold(experiment: Experiment, series: FlightSeries) -> float:
    """On all departures within the run, before the start."""
    return len(departures(experiment, series)) * series.capacity.value * (1 - series.free.value)


def within(experiment: Experiment, minutes: float, key: str, value: object) -> None:
    if not experiment.begins <= minutes <= experiment.ends:
        first, last = experiment.moment(experiment.begins), experiment.moment(experiment.ends)
        raise BadInput(key, value, f"must lie within the run, {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC")


def check_moment(experiment: Experiment, moment: datetime | None, key: str) -> None:
    if moment is not None:
        within(experiment, experiment.minutes(moment), key, f"{moment:%Y-%m-%d %H:%M} UTC")


def check_reach(experiment: Experiment, reach: Mapping[str, object], key: str) -> None:
    for cohort in reach:
        known(cohort, experiment.population.cohorts, f"{key}.reach.{cohort}", "cohort")


def check_disruption(experiment: Experiment) -> None:
    disruption = experiment.disruption
    for name, fact in disruption.facts.items():
        known(fact.operator, experiment.operators, f"disruption.facts.{name}.operator", "operator")
        check_moment(experiment, fact.at, f"disruption.facts.{name}.at")
    for name, notice in disruption.notices.items():
        key = f"disruption.notices.{name}"
        known(notice.operator, experiment.operators, f"{key}.operator", "operator")
        check_moment(experiment, notice.at, f"{key}.at")
        check_reach(experiment, notice.reach, key)
    for name, gesture in disruption.gestures.items():
        key = f"disruption.gestures.{name}"
        known(gesture.operator, experiment.operators, f"{key}.operator", "operator")
        check_reach(experiment, gesture.reach, key)
    bystanders = disruption.bystanders
    if bystanders is not None:
        known(bystanders.operator, experiment.operators, "disruption.bystanders.operator", "operator")
        channels = experiment.operators[bystanders.operator].channels
        public = [name for name, channel in channels.items() if channel.medium == "public"]
        known(bystanders.channel, public, "disruption.bystanders.channel", "public channel")
        for index, pulse in enumerate(bystanders.pulses):
            within(experiment, pulse.at.value, f"disruption.bystanders.pulses[{index}].at", pulse.at.text)


def check_staffing(experiment: Experiment, staffing: Staffing, key: str) -> None:
    check_channels(experiment, staffing, key)
    for name, desk in staffing.desks.items():
        check_desk(experiment, staffing, desk, f"{key}.desks.{name}")
    for name, change in staffing.notices.items():
        known(name, experiment.disruption.notices, f"{key}.notices.{name}", "notice")
        check_moment(experiment, change.at, f"{key}.notices.{name}.at")
        check_reach(experiment, change.reach or {}, f"{key}.notices.{name}")
    if staffing.assistant is not None:
        check_assistant(experiment, staffing, f"{key}.assistant")


def check_assistant(experiment: Experiment, staffing: Staffing, key: str) -> None:
    """It stands before channels on which people could answer; a website answers by itself."""
    assert staffing.assistant is not None
    owner = channels_of(experiment)
    for index, channel in enumerate(staffing.assistant.channels):
        known(channel, [name for name in owner if name not in staffing.closed], f"{key}.channels[{index}]", "channel")
        if experiment.operators[owner[channel]].channels[channel].medium == "web":
            allowed = "is self-service, where nobody waits for an answer; say in the channel's solves what it can do"
            raise BadInput(f"{key}.channels[{index}]", channel, allowed)


def check_channels(experiment: Experiment, staffing: Staffing, key: str) -> None:
    """Every channel has exactly one desk, or is said to have none."""
    owner = channels_of(experiment)
    places: dict[str, str] = {}
    served = [(f"desks.{name}.serves", desk.serves) for name, desk in staffing.desks.items()]
    for where, channels in (*served, ("unanswered", staffing.unanswered), ("closed", staffing.closed)):
        for index, channel in enumerate(channels):
            known(channel, owner, f"{key}.{where}[{index}]", "channel")
            if channel in places:
                raise BadInput(
                    f"{key}.{where}[{index}]", channel, f"is named in {places[channel]} already; allowed: once"
                )
            places[channel] = where
    for channel, operator in owner.items():
        medium = experiment.operators[operator].channels[channel].medium
        if medium == "web" and channel in places and places[channel] != "closed":
            raise BadInput(
                f"{key}.{places[channel]}", channel, "is self-service and has no desk; allowed: closed, or nothing"
            )
        if medium != "web" and channel not in places:
            remedy = "a desk with it in serves, or its name in unanswered or closed"
            allowed = f"no desk serves channel {channel}; allowed: {remedy}"
            raise BadInput(f"{key}.desks", list(staffing.desks), allowed)


def check_desk(experiment: Experiment, staffing: Staffing, desk: Desk, key: str) -> None:
    known(desk.operator, experiment.operators, f"{key}.operator", "operator")
    for index, channel in enumerate(desk.serves):
        known(
            channel, experiment.operators[desk.operator].channels, f"{key}.serves[{index}]", "channel of its operator"
        )
    if desk.hand_over is not None:
        known(desk.hand_over, staffing.desks, f"{key}.hand_over", "desk")
    check_moment(experiment, desk.reinforced_from, f"{key}.reinforced_from")
    first = experiment.moment(experiment.begins).astimezone(ZoneInfo(desk.timezone)).date()
    last = experiment.moment(experiment.ends).astimezone(ZoneInfo(desk.timezone)).date()
    for index, shift in enumerate(desk.shifts):
        for name, day, outside in (("first", shift.first, "after"), ("last", shift.last, "before")):
            if day is not None and (day > last if outside == "after" else day < first):
                allowed = f"the shift lies outside the run, {first} to {last}"
                raise BadInput(f"{key}.shifts[{index}].{name}", str(day), allowed)


def check_paid_hours(experiment: Experiment) -> None:
    for name, staffing in experiment.staffing.items():
        way, told = [name], staffing.paid_hours
        while told is not None:
            key = f"staffing.{way[-1]}.paid_hours.as"
            known(told.as_, experiment.staffing, key, "staffing model")
            if told.as_ in way:
                raise BadInput(
                    key,
                    told.as_,
                    f"goes round in a circle, {' -> '.join([*way, told.as_])}; allowed: a model with hours of its own",
                )
            way.append(told.as_)
            told = experiment.staffing[told.as_].paid_hours
