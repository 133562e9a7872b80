"""The long-run performance of a queue: what every formula with waiting answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from caresim.theory.checks import not_negative


@dataclass(frozen=True)
class Line(ABC):
    """Long-run performance of one queue, first come first served. Waits are in the unit of time of `service_mean`.

    `blocking` is a share of all calls. All other shares and means are of the calls that were admitted, as a contact
    centre reports them: blocked calls never waited.
    """

    arrival_rate: float
    service_mean: float
    servers: int
    blocking: float
    """Share of calls that find no line free."""
    probability_of_wait: float
    """Share that is not answered at once."""
    abandonment: float
    """Share that hangs up before being answered."""
    mean_wait: float
    """Mean wait of all, until the answer or until they hang up."""
    asa: float
    """Average speed of answer: mean wait of those who are answered."""

    @property
    def load(self) -> float:
        """Offered load, Erlang."""
        return self.arrival_rate * self.service_mean

    @property
    def admitted_rate(self) -> float:
        """Calls per unit of time that find a line."""
        return self.arrival_rate * (1 - self.blocking)

    @property
    def served_rate(self) -> float:
        """Calls answered per unit of time."""
        return self.admitted_rate * (1 - self.abandonment)

    @property
    def occupancy(self) -> float:
        """Share of their time that servers are busy."""
        return self.served_rate * self.service_mean / self.servers

    @property
    def queue_length(self) -> float:
        """Mean number waiting (Little 1961)."""
        return self.admitted_rate * self.mean_wait

    @property
    def number_in_system(self) -> float:
        """Mean number waiting or being served."""
        return self.queue_length + self.served_rate * self.service_mean

    @abstractmethod
    def waits_beyond(self, time: float) -> float:
        """Share that still waits after `time`, neither answered nor gone."""

    @abstractmethod
    def served_within(self, time: float) -> float:
        """Share that is answered after a wait of at most `time`."""

    def abandoned_within(self, time: float) -> float:
        """Share that hangs up after a wait of at most `time`."""
        return max(0.0, 1 - self.waits_beyond(time) - self.served_within(time))

    def service_level(self, within: float, short_abandonment: float = 0.0) -> float:
        """Answered `within` that time, divided by answered or abandoned.

        Those who hang up before `short_abandonment` are left out of the count: many centres forgive the first seconds.
        """
        forgiven = self.abandoned_within(not_negative("short_abandonment", short_abandonment))
        return self.served_within(within) / (1 - forgiven)
