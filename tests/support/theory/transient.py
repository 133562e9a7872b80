"""A day of M/M/c or M/M/c+M that begins empty: exact, by the Kolmogorov forward equations on so many states.

What arrivals of [0, T) find is the time average of the state probabilities (Poisson arrivals, Wolff 1982).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.linalg import expm
from scipy.special import betainc, gammainc

from tests.support.theory.rows import WITHIN


def day(rate: float, service_mean: float, servers: int, patience_mean: float, length: float) -> dict[str, float]:
    """Performance of all calls that come within `length` minutes of an empty start; `patience_mean` may be infinite."""
    hazard, drain = 1 / patience_mean, servers / service_mean
    seen = _found(rate, service_mean, servers, hazard, length)
    joining = seen[servers:]
    turns = np.arange(1, len(joining) + 1)
    answered = joining * drain / (drain + turns * hazard)
    served = seen[:servers].sum() + answered.sum()
    if hazard:
        gone = -math.expm1(-WITHIN * hazard)
        in_time = answered @ betainc(turns, drain / hazard + 1, gone)
    else:
        in_time = answered @ gammainc(turns, drain * WITHIN)
    busy = np.minimum(np.arange(len(seen)), servers)
    return {
        "P(wait)": float(joining.sum()),
        "abandonment": float(1 - served) if hazard else 0.0,
        "ASA": float(answered @ np.cumsum(1 / (drain + turns * hazard)) / served),
        "service level": float(seen[:servers].sum() + in_time),
        "occupancy": float(seen @ busy / servers),
    }


def _found(rate: float, service_mean: float, servers: int, hazard: float, length: float) -> np.ndarray:
    """Time average over [0, length) of the probabilities of 0, 1, 2, ... calls in the system."""
    number = np.arange(servers + 150)
    down = np.minimum(number, servers) / service_mean + np.maximum(number - servers, 0) * hazard
    generator = np.diag(np.full(len(number) - 1, rate), 1) + np.diag(down[1:], -1)
    generator -= np.diag(generator.sum(axis=1))
    # exp of ((Q, I), (0, 0)) holds the integral of exp(Q s) in its upper right (Van Loan 1978).
    block = np.zeros((2 * len(number), 2 * len(number)))
    block[: len(number), : len(number)] = generator
    block[: len(number), len(number) :] = np.eye(len(number))
    found = expm(block * length)[0, len(number) :] / length
    assert found[-1] < 1e-15, "too few states"
    return found
