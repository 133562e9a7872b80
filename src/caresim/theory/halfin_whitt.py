"""Many servers: the square-root rule, and the share that waits under it."""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.special import expit, log_ndtr, logit

from caresim.theory.checks import between, positive


def halfin_whitt(beta: float) -> float:
    """Share of calls that wait in M/M/c with c = a + beta sqrt(a) servers, a the load, as a grows (Halfin, Whitt 1981).

    1 / (1 + beta Phi(beta) / phi(beta)), Phi and phi of the standard normal; `beta` is above 0.
    """
    return float(expit(_log_odds(positive("beta", beta))))


def square_root_beta(probability_of_wait: float) -> float:
    """The beta for which `halfin_whitt` gives that share."""
    target = float(logit(between("probability_of_wait", probability_of_wait)))
    # The odds are below 1.26 / beta, and below exp(-beta^2 / 2) from beta = 1 on.
    low, high = 0.5 * math.exp(-max(target, 0.0)), 2 + math.sqrt(2 * max(-target, 0.0))
    return float(brentq(lambda beta: _log_odds(beta) - target, low, high, xtol=1e-300, rtol=1e-14))


def square_root_staffing(load: float, probability_of_wait: float) -> int:
    """Servers for a `load` in Erlang by the square-root rule a + beta sqrt(a), rounded up (Halfin, Whitt 1981).

    The limit of a large load: from 10 Erlang on, what `servers_for` finds or one server short of it.
    """
    offered = positive("load", load)
    return math.ceil(offered + square_root_beta(probability_of_wait) * math.sqrt(offered))


def _log_odds(beta: float) -> float:
    """Logarithm of phi(beta) / (beta Phi(beta)): beyond beta = 38 phi itself is below the smallest number."""
    return -(beta**2) / 2 - math.log(2 * math.pi) / 2 - math.log(beta) - float(log_ndtr(beta))
