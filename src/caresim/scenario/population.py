"""Who comes: the passengers drawn from their cohorts, and when bystanders post."""

from __future__ import annotations

import math
from itertools import accumulate

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.pace import announce
from caresim.model import traits
from caresim.model.arrivals import TIES, draw_stretch
from caresim.model.codes import LAWS, MISSING, NOBODY, ReplayInput, ReplayPatience
from caresim.model.records import copied, rows
from caresim.model.world import World
from caresim.scenario.cohorts import size_of
from caresim.scenario.empirical import draw_what_is_not_given
from caresim.scenario.names import Names
from caresim.scenario.played import played_in
from caresim.scenario.recent import Recent

MANY = 300_000
"""Passengers of a world that takes a while: whoever waits for it is told so."""
MOST_SHARED = 200_000
"""Passengers: a population beyond is drawn for each run, because a second copy would take more memory than is due."""
_populations: Recent[dict[str, np.recarray]] = Recent(4, alone=2)
"""Of the two replications of a draw, and of the draw before."""


def draw_population(world: World, experiment: Experiment, names: Names) -> None:
    """Fill `passengers` (sorted by when they are affected), `cases`, `replay_inputs` and `spontaneous_posts`.

    The same people come whatever the staffing model: several that are compared have them drawn once.
    """
    if len(experiment.compared) > 1 and expected(world, experiment) <= MOST_SHARED:
        which = int(world.clock[0].luck), *names.languages
        drawn = _populations.of(experiment, which, lambda: _drawn(world, experiment, names))
        for name, table in drawn.items():
            world.set_table(name, copied(table, name))
    else:
        _drawn(world, experiment, names)
    blank_cases(world, experiment)


def expected(world: World, experiment: Experiment) -> float:
    """Passengers to come, about."""
    streams = [k for k, cohort in enumerate(experiment.population.cohorts.values()) if cohort.onset.streams]
    replayed = len(experiment.replay.traffic.contacts) if experiment.replay else 0
    return experiment.population.passengers + replayed + math.fsum(room(world, experiment, k) for k in streams)


def _drawn(world: World, experiment: Experiment, names: Names) -> dict[str, np.recarray]:
    """Who comes and when, as tables that the world has now."""
    cohorts = list(experiment.population.cohorts.values())
    arrivals = {k: stream(world, experiment, k) for k, cohort in enumerate(cohorts) if cohort.onset.streams}
    counts = [len(arrivals[k][0]) if k in arrivals else size_of(experiment, cohort) for k, cohort in enumerate(cohorts)]
    total = sum(int(count) for count in counts)
    if total >= MANY:
        announce(f"drawing {total:,} passengers")
    passengers = rows(total, "passengers")
    world.set_table("passengers", passengers)
    firsts = dict(zip(experiment.population.cohorts, accumulate(counts, initial=0), strict=False))
    for k, (name, cohort) in enumerate(experiment.population.cohorts.items()):
        if k in arrivals:
            traits.draw_stream(world, k, firsts[name], *arrivals[k], counts[k])
        elif not cohort.onset.cohort:
            traits.draw_cohort(world, k, firsts[name], counts[k])
    for k, (name, cohort) in enumerate(experiment.population.cohorts.items()):
        if cohort.onset.cohort:
            traits.draw_followers(world, k, firsts[name], firsts[cohort.onset.cohort], counts[k])
    inputs = replay_inputs_of(world, experiment, total)
    ties = inputs["row"] if len(inputs) else passengers["key"]
    world.set_table("replay_inputs", inputs)
    if not in_order(passengers["affected"]):
        rearrange(world, by_time(passengers["affected"], ties))
    draw_bystanders(world, experiment, names)
    return {name: getattr(world, name) for name in ("passengers", "replay_inputs", "spontaneous_posts")}


def begin_streams(world: World, experiment: Experiment, names: Names, rows_of_passengers: int, stretch: int) -> None:
    """Nobody is there yet: who comes is drawn while the run goes on, `stretch` at a time, into rows used again.

    The same people as `draw_population` draws, at the same times.
    """
    cohorts = len(experiment.population.cohorts)
    streams = rows(cohorts, "streams")
    streams["cohort"], streams["time"] = np.arange(cohorts), experiment.begins
    world.set_table("streams", streams)
    world.set_table("arrivals", rows(stretch + cohorts + TIES, "arrivals"))
    world.clock[0].free_passenger = NOBODY
    for name in ("passenger_rows", "passengers", "medium_experience"):
        world.set_table(name, rows(rows_of_passengers, name))
    world.set_table("cases", rows(rows_of_passengers * len(world.operators), "cases"))
    world.release_tables("amends", "last_replies", "replay_inputs")
    draw_bystanders(world, experiment, names)
    draw_stretch(world)


def blank_cases(world: World, experiment: Experiment) -> None:
    """Nothing has passed yet between anybody and any operator."""
    cases = len(world.passengers) * len(world.operators)
    world.set_table("cases", rows(cases, "cases"))
    world.set_table("amends", rows(cases if experiment.disruption.gestures else 0, "amends"))
    for law in LAWS:
        world.amends[law] = MISSING
    wanted = any(observation.measure == "last_reply" for observation in experiment.observations.values())
    world.set_table("last_replies", rows(cases if wanted else 0, "last_replies"))
    world.last_replies["time"] = MISSING
    world.set_table("medium_experience", rows(len(world.passengers), "medium_experience"))
    traits.blank_cases(world)


def in_order(times: np.ndarray) -> bool:
    """Whether the times rise as they are, as those of a single stream do."""
    return bool((times[1:] > times[:-1]).all())


def rearrange(world: World, order: np.ndarray) -> None:
    """Put passengers, and what a replay says of them, in another order."""
    passengers = world.passengers
    traits.rearrange(passengers.view(np.ndarray).view(np.uint64).reshape(len(order), -1), order)
    led = np.flatnonzero(passengers["leader"] >= 0)
    if len(led):
        passengers["leader"][led] = np.argsort(order, kind="stable")[passengers["leader"][led]]
    if len(world.replay_inputs):
        world.set_table("replay_inputs", world.replay_inputs[order])


def by_time(times: np.ndarray, ties: np.ndarray) -> np.ndarray:
    """The order of the times, equal ones by `ties`. (A sort by both keys takes three times as long.)"""
    order = np.argsort(times, kind="stable")
    ranked = times[order]
    same = ranked[1:] == ranked[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    members = order[tied]
    order[tied] = members[np.lexsort((ties[members], ranked[tied]))]
    return order


def stream(world: World, experiment: Experiment, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Times (minutes) and keys of those who arrive one by one: given ones, or a Poisson stream."""
    name, cohort = list(experiment.population.cohorts.items())[k]
    if cohort.onset.kind != "given":
        return _arrivals(world, experiment, k)
    played = played_in(world, experiment)
    if (here := played.members.get(name)) is None:
        return np.zeros(0), np.zeros(0, np.uint64)
    times, widths, keys = played.contacts.arrival[here], played.contacts.width[here], played.keys[here]
    traits.scatter(world, widths, times, keys)
    return times, keys


def replay_inputs_of(world: World, experiment: Experiment, total: int) -> np.recarray:
    """What a replay says of each passenger, cohort by cohort; no rows in all other runs."""
    if experiment.replay is None:
        return rows(0, "replay_inputs")
    table, first = rows(total, "replay_inputs"), 0
    played, order = played_in(world, experiment), []
    contacts = played.contacts
    for name, cohort in experiment.population.cohorts.items():
        these = played.members.get(name, np.zeros(0, np.intp))
        part, first = table[first : first + len(these)], first + len(these)
        part["service"], part["patience"] = contacts.service[these], contacts.patience[these]
        priority = contacts.priority[these]
        part["priority"] = np.where(np.isnan(priority), cohort.priority.value, priority)
        part["row"] = contacts.line[these]
        itself = np.where(contacts.service_is_mean[these], ReplayInput.ITS_MEAN, ReplayInput.ITSELF)
        part["about_service"] = np.where(np.isnan(part["service"]), ReplayInput.NOTHING, itself)
        known = np.where(contacts.patience_is_least[these], ReplayPatience.AT_LEAST, ReplayPatience.ITSELF)
        part["about_patience"] = np.where(np.isnan(part["patience"]), ReplayPatience.NOTHING, known)
        order.append(played.sources[these])
    draw_what_is_not_given(world, experiment, table, np.concatenate(order))
    return table


def draw_bystanders(world: World, experiment: Experiment, names: Names) -> None:
    """Fill `spontaneous_posts`: when bystanders may post unprompted."""
    bystanders = experiment.disruption.bystanders
    times, keys = _arrivals(world, experiment, len(experiment.population.cohorts))
    posts = rows(len(times), "spontaneous_posts")
    posts["time"], posts["key"] = times, keys
    if bystanders:
        posts["operator"] = names.operators.index(bystanders.operator)
    world.set_table("spontaneous_posts", posts)


def room(world: World, experiment: Experiment, k: int) -> int:
    """Rows that the candidates of cohort `k` will hardly ever exceed: ten standard deviations above the mean."""
    mean = float(world.cohort_parameters[k].highest) * (experiment.ends - experiment.begins)
    return int(mean + 10.0 * math.sqrt(mean) + 64)


def _arrivals(world: World, experiment: Experiment, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Times (minutes) and keys of a cohort's Poisson stream until the end of the run."""
    most = room(world, experiment, k)
    times, keys = np.zeros(most), np.zeros(most, np.uint64)
    kept = traits.draw_arrivals(world, k, experiment.ends, times, keys)
    return times[:kept], keys[:kept]
