"""M/G/1: one server, and service times of any distribution."""

from __future__ import annotations

from dataclasses import dataclass

from caresim.theory.checks import not_negative, positive, stable


@dataclass(frozen=True)
class SingleServer:
    """M/G/1, first come first served. Waits are in the unit of time of `service_mean`."""

    arrival_rate: float
    service_mean: float
    cv: float
    """Standard deviation of the service time by its mean."""
    mean_wait: float

    @property
    def occupancy(self) -> float:
        """Share of the time that the server is busy."""
        return self.arrival_rate * self.service_mean

    @property
    def probability_of_wait(self) -> float:
        """Share that is not answered at once."""
        return self.occupancy

    @property
    def queue_length(self) -> float:
        """Mean number waiting (Little 1961)."""
        return self.arrival_rate * self.mean_wait

    @property
    def number_in_system(self) -> float:
        """Mean number waiting or being served."""
        return self.queue_length + self.occupancy


def mg1(arrival_rate: float, service_mean: float, cv: float = 1.0) -> SingleServer:
    """M/G/1 mean wait from the coefficient of variation `cv` of service times (Pollaczek 1930, Khinchine 1932).

    BadInput where the server cannot keep up.
    """
    rate, mean = positive("arrival_rate", arrival_rate), positive("service_mean", service_mean)
    spread, load = not_negative("cv", cv), rate * mean
    stable(1, load)
    return SingleServer(rate, mean, spread, load * mean * (1 + spread**2) / (2 * (1 - load)))
