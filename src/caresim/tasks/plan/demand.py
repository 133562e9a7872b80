"""What a desk is asked for: minutes of handling by when they come, from runs of a roster, and what an answer is worth.

Every attempt counts, a call again after a busy tone included: who is not reached comes back, and the next hours must
have room for them. Written work counts when it comes. Bystanders' posts do not: nobody waits for an answer to them.
An answer to a customer of the disruption is worth what answers of these hours turned out to be: before anything is
known, few of them help.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from caresim.model.codes import NOBODY, ReplayInput
from caresim.model.records import NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from caresim.measure.sample import Sample

    Floats = NDArray[np.float64]

DAY = 1440.0
BIN = 30.0
"""Minutes: the interval of a contact centre's own reports."""
AROUND = 4
"""Half hours before and after, whose answers say what an answer is worth: fewer would be noise."""
PARTS = ("ordinary", "crisis", "answered", "useful", "known")
"""Minutes of ordinary customers and of others; of the latter those of answered attempts, and of useful answers; and of
ordinary customers their first attempts, which any other week has, too.
"""


def edges_of(window: float) -> Floats:
    """The half hours of a window of so many minutes, from its start; the last may be shorter."""
    return np.append(np.arange(0.0, window, BIN), window)


@dataclass(frozen=True)
class Demand:
    """Minutes of handling a half hour, a mean over runs."""

    edges: Floats
    """Minutes since the start."""
    ordinary: Floats
    crisis: Floats
    answered: Floats
    useful: Floats
    known: Floats
    emphasis: Floats | None = None
    """How much more what is met counts, by half hour; None: alike."""

    @classmethod
    def mean(cls, window: float, rows: Iterable[Mapping[str, list[float]]]) -> Demand:
        """Of several runs, each a row with PARTS."""
        runs = list(rows)
        return cls(edges_of(window), *(np.mean([np.asarray(run[part]) for run in runs], axis=0) for part in PARTS))

    def load(self) -> Floats:
        """People who would be busy all the time (erlangs)."""
        return (self.ordinary + self.crisis) / np.diff(self.edges)

    def worth(self, least: float) -> Floats:
        """What a minute of handling is worth, from 0 to 1 times the emphasis, by half hour.

        1 for an ordinary customer; for another one the share of answers about this time that were useful, or `least`
        where that is more: with `least` 1 all minutes are alike.
        """
        useful, answered = around(self.useful), around(self.answered)
        share = np.divide(useful, answered, out=np.zeros_like(useful), where=answered > 0)
        both = self.ordinary + self.crisis
        of_crisis = least + (1.0 - least) * share
        found: Floats = np.divide(self.ordinary + of_crisis * self.crisis, both, out=np.ones_like(both), where=both > 0)
        return found if self.emphasis is None else found * self.emphasis

    def emphasised(self, emphasis: Floats) -> Demand:
        """The same, of which some half hours count for more."""
        return replace(self, emphasis=emphasis)

    def foreseen(self, now: float, fades: float) -> Demand:
        """What is expected at the moment `now` (minutes): what was seen so far, and ordinary days after it.

        What came beyond first attempts of ordinary customers comes again at the same hour of each day, less the share
        `fades` every day. Hours that have not been seen since the start are taken to be like the mean of those seen.
        """
        excess = self.ordinary + self.crisis - self.known
        seen = self.edges[1:] <= now
        day = round(DAY / BIN)
        level = float(excess[seen].mean()) if seen.any() else 0.0
        come, last = excess.copy(), int(np.count_nonzero(seen))
        for place in range(last, len(excess)):
            come[place] = (1.0 - fades) * (come[place - day] if place >= day else level)
        nothing = np.zeros_like(excess)
        return Demand(self.edges, self.known, come, nothing, nothing, self.known)


def around(values: Floats) -> Floats:
    """The sum of each half hour and its neighbours."""
    return np.convolve(values, np.ones(2 * AROUND + 1), mode="same") if len(values) > 2 * AROUND else values


def offered(sample: Sample, d: int) -> dict[str, list[float]]:
    """PARTS of what comes to desk `d` by half hour of the window, each attempt at the mean that is known of it."""
    contacts = sample.contacts
    wanted = sample.having("LANDED") & ~sample.by_assistant & ~sample.self_service & sample.in_window
    wanted &= (sample.channels["desk"][contacts["channel"]] == d) & (contacts["passenger"] != NOBODY)
    minutes = mean_handling(sample, d, np.flatnonzero(wanted))
    bins = len(edges_of(sample.window)) - 1
    place = np.minimum((contacts["arrival"][wanted] / BIN).astype(np.int64), bins - 1)
    crisis, replied = sample.of_disruption[wanted], sample.replied[wanted]
    useful = sample.having("IS_USEFUL")[wanted]
    first = contacts["first_contact"][wanted] == np.flatnonzero(wanted) + sample.first
    masks = (~crisis, crisis, crisis & replied, crisis & replied & useful, ~crisis & first)
    return {
        part: np.bincount(place, weights=minutes * mask, minlength=bins).tolist()
        for part, mask in zip(PARTS, masks, strict=True)
    }


def mean_handling(sample: Sample, d: int, which: NDArray[np.intp]) -> Floats:
    """Mean minutes of handling of contacts at desk `d`: of their medium and need, or what a replay says of them.

    As the model has it: what the file says of somebody holds until they have had an answer.
    """
    contacts, inputs = sample.contacts[which], np.asarray(sample.world.replay_inputs)
    by_need = np.asarray(sample.world.desks["handle"][d]).reshape(-1, NEEDS)
    minutes: Floats = by_need[contacts["medium"].astype(np.int64), contacts["need"].astype(np.int64)]
    who = contacts["passenger"].astype(np.int64)
    told = np.flatnonzero((who >= 0) & (who < len(inputs)))
    operators = contacts["operator"][told].astype(np.int64)
    cases = sample.cases[who[told] * len(sample.world.operators) + operators]
    told = told[~(contacts["arrival"][told] > cases["first_response"])]
    told = told[inputs["about_service"][who[told]] != ReplayInput.NOTHING]
    minutes[told] = inputs["service"][who[told]]
    return minutes
