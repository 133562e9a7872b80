"""The input of a queue or a replay in a few lines, and what theory or the file itself says about it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from caresim.config.errors import BadInput
from caresim.config.replay import STAFFING
from caresim.config.warnings.patience import counted, waited_and_lost
from caresim.measure.beside_file import at_stated_speed, contradictions
from caresim.report.wording import quantity

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.config.quantity import Quantity
    from caresim.config.queue import Queue
    from caresim.config.replay import Replay
    from caresim.config.resampling import Days
    from caresim.config.traffic import Traffic

SECONDS = "s"
WORDS = {
    "answered": "answered",
    "abandoned": "abandoned",
    "asa_s": "speed of answer",
    "service_level": "service level",
    "aht_s": "handling time",
    "staffed_hours": "staffed",
}
"""What the measures of the file and of its replay are called."""


def input_lines(results: Any) -> list[str]:
    """What a queue or a replay was given, in sentences; none for any other experiment."""
    experiment: Experiment = results.experiment
    if getattr(experiment, "queue", None) is not None:
        return queue_lines(experiment)
    if getattr(experiment, "replay", None) is not None:
        return [*replay_lines(experiment), *file_lines(results)]
    return []


def queue_lines(experiment: Experiment) -> list[str]:
    """The inputs of a queue, and what theory says about it."""
    queue = experiment.queue
    assert queue is not None
    rate, mean, servers = queue.arrival_rate.value, queue.service_mean.value, queue.servers.value
    patience = "endless" if queue.patience_mean is None else f"{queue.patience_mean.value:g} min ({queue.patience})"
    load = rate * mean
    inputs = (
        f"Given: {rate:.4g} arrivals/min, handling {mean:.4g} min ({queue.service}), {servers:g} people, "
        f"patience {patience}; {load:.4g} Erlang, {load / servers:.3g} per person."
    )
    return [inputs, theory_line(queue, experiment)]


def theory_line(queue: Queue, experiment: Experiment) -> str:
    """What the formula of this queue says, or why there is none."""
    try:
        name, line = formula(queue)
    except BadInput as error:
        return f"Theory: no steady state, and the results depend on the length of the run ({error.allowed})."
    if line is None:
        return "Theory: no formula for this queue."
    study = experiment.study
    level = line.service_level(study.service_level_within.value, study.short_abandonment.value)
    values = {
        "speed of answer": quantity(line.asa * 60.0, SECONDS),
        "abandonment": f"{100 * line.abandonment:.2f} %",
        "service level": f"{100 * level:.1f} %",
        "occupancy": f"{100 * line.occupancy:.1f} %",
    }
    if line.blocking > 0:
        values["blocked"] = f"{100 * line.blocking:.2f} %"
    return f"Theory ({name}): " + ", ".join(f"{word} {value}" for word, value in values.items()) + "."


def formula(queue: Queue) -> tuple[str, Any]:
    """The name of the formula and its line; None where textbooks have none."""
    from caresim import theory

    rate, mean, servers = queue.arrival_rate.value, queue.service_mean.value, int(queue.servers.value)
    patience = math.inf if queue.patience_mean is None else queue.patience_mean.value
    textbook = queue.service == "exponential" and queue.patience == "exponential"
    if not textbook or queue.arrival_swing.value > 0 or queue.redial_share.value > 0:
        return "", None
    if queue.capacity is not None:
        named = "M/M/c/K" if math.isinf(patience) else "M/M/c/K+M"
        return named, theory.mmck(rate, mean, servers, int(queue.capacity.value), patience)
    if math.isinf(patience):
        return "Erlang C", theory.erlang_c(rate, mean, servers)
    return "Erlang A", theory.erlang_a(rate, mean, servers, patience)


def replay_lines(experiment: Experiment) -> list[str]:
    """What was read from the file, how, and what was not."""
    replay = experiment.replay
    assert replay is not None
    contacts = replay.traffic.contacts
    name = Path(str(replay.contacts or replay.intervals)).name
    arrivals = float(contacts.arrival.min()), float(contacts.arrival.max())
    zone = ZoneInfo(replay.timezone)
    first, last = (f"{experiment.moment(arrival).astimezone(zone):%Y-%m-%d %H:%M}" for arrival in arrivals)
    last += f" {replay.timezone}"
    if replay.traffic.start is None:
        first, last = (f"minute {arrival:g}" for arrival in arrivals)
    lines = [
        f"{name}: {len(contacts):,} contacts ({', '.join(contacts.channels)}), {first} to {last}. {times_line(replay)}"
    ]
    if replay.traffic.ignored:
        lines.append(f"Columns that say nothing here: {', '.join(replay.traffic.ignored)}.")
    if replay.traffic.notes:
        lines.append(f"Read so: {'; '.join(replay.traffic.notes)}.")
    if replay.days is not None:
        lines.append(_days_line(experiment, replay.days))
    laws = [found for key in ("service", "patience") if (found := replay.laws(key))]
    lines += [f"{note}." for found in laws for note in found.notes]
    return lines


def times_line(replay: Replay) -> str:
    """How many handling times and patiences the file gives, and where the others come from."""
    contacts = replay.traffic.contacts
    means, least = np.count_nonzero(contacts.service_is_mean), np.count_nonzero(contacts.patience_is_least)
    handling = np.count_nonzero(~np.isnan(contacts.service) & ~contacts.service_is_mean)
    patience = np.count_nonzero(~np.isnan(contacts.patience)) - least
    drawn, limit = _law_of(replay, "service", replay.service_mean), _law_of(replay, "patience", replay.patience_mean)
    text = f"Handling times given: {handling:,}"
    text += f", means given: {means:,}" if means else ""
    text += f", others: {len(contacts) - handling - means:,} ({drawn})" if handling + means < len(contacts) else ""
    text += f". Patience given: {patience:,}"
    text += f", at least the wait: {least:,} ({limit})" if least else ""
    drawn_freely = len(contacts) - patience - least
    return text + (f", others: {drawn_freely:,} ({limit})." if drawn_freely else ".")


def _days_line(experiment: Experiment, days: Days) -> str:
    """Which days the replications play."""
    among = " of the same weekday" if days.by_weekday else ""
    text = "The first replication plays the file; in the others, one of its days"
    text += f"{among} is drawn in place of each of the {len(days.pools):,}"
    more = "" if experiment.replications > 1 else " (replications=32 would show how much that matters)"
    return f"{text}{more}."


def _law_of(replay: Replay, key: str, mean: Quantity | None) -> str:
    """What times that are not given are drawn from."""
    law = getattr(replay, key)
    if laws := replay.laws(key):
        return f"resampled from {laws.source}, mean {laws.mean(range(len(replay.traffic.contacts))):.3g} min"
    if law == "of_behaviour":
        return "of the behaviour"
    return "endless" if mean is None else f"{law}, mean {mean.value:g} min"


def file_lines(results: Any) -> list[str]:
    """What the file itself says beside what its replay gives, and where the two contradict each other.

    Empty where the staff of the file are not played (`only=`).
    """
    if STAFFING not in set(results.replications["staffing"]):
        return []
    table = results.beside_file()
    said = table[table["file"].notna() & ~table["measure"].isin(["offered"])]
    which = ", first replication" if results.replications["replication"].nunique() > 1 else ""
    lines = []
    for channel, rows in said.groupby("channel", sort=False):
        pairs = [
            f"{WORDS[m]} {_shown(m, file)} | {_shown(m, ours)}" for _, m, file, ours in rows.itertuples(index=False)
        ]
        where = "" if table["channel"].nunique() == 1 else f" ({channel})"
        lines.append(f"The file itself | its replay{which}{where}: {', '.join(pairs)}.")
    found = contradictions(table, at_stated_speed(results.experiment.replay.traffic))
    lines += [f"They contradict each other: {sentence}." for sentence in found]
    if found and not results.experiment.replay.traffic.crews:
        lines.append("The file does not say who worked: with other people than those waits and hang-ups differ.")
    if nobody_hangs_up(results.experiment.replay, table):
        lines.append(
            "Nobody hangs up whose patience is not given; a mean patience would give them one: "
            f"{suggested_patience(results.experiment.replay.traffic)}."
        )
    return lines


def suggested_patience(traffic: Traffic) -> str:
    """What to type: the time that all have waited, for each who hung up, where the file says both.

    That is the maximum likelihood of an exponential patience, or less than it where the waits are of the answered
    alone.
    """
    waited, lost, of_all = waited_and_lost(traffic)
    if not lost or not waited:
        return 'replay.patience_mean="4 min", say'
    return f'replay.patience_mean="{waited / lost:.0f} s" is what the file suggests ({counted(of_all)} / who hung up)'


def nobody_hangs_up(replay: Replay, table: Any) -> bool:
    """Does the file tell of more abandonment than its replay, in which patience that is not given is endless?"""
    lost = table[(table["measure"] == "abandoned") & (table["channel"] != "all")]
    endless = replay.patience_mean is None and replay.patience not in ("of_behaviour", "empirical")
    return endless and bool((lost["file"] > lost["replay"]).any())


def _shown(measure: str, value: float) -> str:
    """A value of the file or of the replay."""
    if math.isnan(value):
        return "none"
    if measure in ("asa_s", "aht_s"):
        return str(quantity(value, SECONDS))
    if measure == "service_level":
        return f"{100 * value:.1f} %"
    return f"{value:,.1f} h" if measure == "staffed_hours" else f"{value:,.0f}"
