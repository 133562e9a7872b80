"""The formulas agree with birth and death processes solved in whole numbers, and with waits followed state by state."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.linalg import expm
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import spsolve

from caresim import theory

ROUNDING = 1e-12
"""Relative: what a few thousand roundings of double precision may add up to."""

LINES = [
    # arrival rate, mean service, servers, capacity, mean patience (None: endless)
    ("2", "1", 3, 8, None),
    ("10/3", "3", 14, 20, "5"),
    ("5", "1", 3, 9, "1/2"),
    ("4", "1", 4, 10, None),
    ("1/2", "3", 1, 4, "20"),
    ("30", "1", 4, 4, "2"),
    ("7", "2", 3, 30, "1/50"),
]


def distribution(rate, mean, servers, capacity, patience) -> list[Fraction]:
    """Long-run probabilities of 0..capacity calls in the system, exactly."""
    hazard = 1 / patience if patience else Fraction(0)
    weights = [Fraction(1)]
    for number in range(1, capacity + 1):
        leaving = min(number, servers) / mean + max(0, number - servers) * hazard
        weights.append(weights[-1] * rate / leaving)
    return [weight / sum(weights) for weight in weights]


def exact(line):
    rate, mean, servers, capacity, patience = line
    numbers = Fraction(rate), Fraction(mean), servers, capacity, Fraction(patience) if patience else None
    return numbers, distribution(*numbers)


def formula(line) -> theory.FiniteLines:
    rate, mean, servers, capacity, patience = line
    return theory.mmck(
        float(Fraction(rate)),
        float(Fraction(mean)),
        servers,
        capacity,
        float(Fraction(patience)) if patience else math.inf,
    )


@pytest.mark.parametrize("line", LINES)
def test_finite_lines_balance(line):
    """Blocking, busy servers and queue of the exact distribution; Little's law; nobody gets lost on the way."""
    (rate, mean, servers, capacity, _), shares = exact(line)
    found = formula(line)
    busy = sum(min(number, servers) * share for number, share in enumerate(shares))
    queue = sum(max(0, number - servers) * share for number, share in enumerate(shares))
    admitted = 1 - shares[capacity]
    assert found.blocking == pytest.approx(float(shares[capacity]), rel=ROUNDING)
    assert found.probability_of_wait == pytest.approx(float(sum(shares[servers:capacity]) / admitted), rel=ROUNDING)
    assert found.occupancy == pytest.approx(float(busy / servers), rel=ROUNDING)
    assert found.queue_length == pytest.approx(float(queue), rel=ROUNDING)
    assert found.mean_wait == pytest.approx(float(queue / (rate * admitted)), rel=ROUNDING)
    assert found.number_in_system == pytest.approx(float(busy + queue), rel=ROUNDING)
    assert found.abandonment == pytest.approx(float(1 - busy / mean / (rate * admitted)), rel=ROUNDING, abs=ROUNDING)


def followed(line, time: float) -> tuple[float, float]:
    """Shares of the admitted who were answered by `time` and who still wait: the queue before a call as a Markov chain.

    States: 0..n-1 calls before it, then answered, then gone.
    """
    (_, mean, servers, capacity, patience), shares = exact(line)
    drain, hazard, places = float(servers / mean), float(1 / patience) if patience else 0.0, capacity - servers
    moves = np.zeros((places + 2, places + 2))
    for before in range(places):
        moves[before, before - 1 if before else places] += drain + before * hazard
        moves[before, places + 1] += hazard
        moves[before, before] = -(drain + (before + 1) * hazard)
    start = np.zeros(places + 2)
    start[:places] = [float(share) for share in shares[servers:capacity]]
    start[places] = float(sum(shares[:servers]))
    reached = start / start.sum() @ expm(moves * time)
    return float(reached[places]), float(reached[:places].sum())


@pytest.mark.parametrize("line", [line for line in LINES if line[3] > line[2]])
@pytest.mark.parametrize("time", [0.0, 0.05, 0.4, 3.0])
def test_finite_lines_wait(line, time):
    """Answered within, still waiting and hung up, against the chain (whose matrix exponential is good to 1e-10)."""
    answered, waiting = followed(line, time)
    found = formula(line)
    assert found.served_within(time) == pytest.approx(answered, abs=1e-10)
    assert found.waits_beyond(time) == pytest.approx(waiting, abs=1e-10)
    assert found.abandoned_within(time) == pytest.approx(1 - answered - waiting, abs=1e-10)


@pytest.mark.parametrize(
    "line",
    [
        theory.erlang_c(48, 1, 50),
        theory.erlang_a(48, 1, 50, 2),
        theory.erlang_a(70, 1, 50, 0.3),
        theory.mmck(48, 1, 50, 60),
        theory.mmck(60, 1, 50, 65, 2),
    ],
    ids=["C", "A", "A overloaded", "K", "K with abandonment"],
)
def test_means_are_those_of_the_distribution(line):
    """The mean wait is the area under P(wait > t), and ASA the area under P(answered after t | answered)."""
    far = 60 * line.mean_wait + 3
    wait = quad(line.waits_beyond, 0, far, limit=400, epsrel=1e-11)[0]
    served = 1 - line.abandonment
    slow = quad(lambda time: (served - line.served_within(time)) / served, 0, far, limit=400, epsrel=1e-11)[0]
    assert wait == pytest.approx(line.mean_wait, rel=1e-9)
    assert slow == pytest.approx(line.asa, rel=1e-9)


@pytest.mark.parametrize(("rate", "servers", "patience"), [(48, 50, 2), (3, 5, 0.1), (80, 50, 5), (1000, 1016, 3)])
def test_erlang_a_is_its_birth_and_death_process(rate, servers, patience):
    """Erlang A is computed from integrals; M/M/c/K+M from states. With room for all they are the same."""
    integrals = theory.erlang_a(rate, 1, servers, patience)
    states = theory.mmck(rate, 1, servers, servers + 3000, patience)
    for name in ("probability_of_wait", "abandonment", "mean_wait", "asa", "occupancy", "queue_length"):
        assert getattr(integrals, name) == pytest.approx(getattr(states, name), rel=1e-11), name
    for time in (0, 0.01, 0.2, 2):
        assert integrals.waits_beyond(time) == pytest.approx(states.waits_beyond(time), abs=1e-11)
        assert integrals.served_within(time) == pytest.approx(states.served_within(time), abs=1e-11)


def test_short_abandonment_is_left_out_of_the_service_level():
    line = theory.erlang_a(60, 1, 50, 2)
    answered, forgiven = line.served_within(1 / 3), line.abandoned_within(1 / 12)
    assert 0 < forgiven < line.abandonment
    assert line.service_level(1 / 3, short_abandonment=1 / 12) == pytest.approx(answered / (1 - forgiven), rel=ROUNDING)
    assert line.service_level(1 / 3) == answered


def test_redials_balance():
    """Calls offered are fresh ones, redials and reconnects, by the rates at which the line itself loses and serves."""
    found = theory.redials(60, 1, 50, 2, redial_share=0.6, reconnect_share=0.1)
    hung_up = found.line.queue_length / found.line.patience_mean
    assert found.offered_rate == pytest.approx(60 + 0.6 * hung_up + 0.1 * found.line.served_rate, rel=ROUNDING)
    assert found.given_up * 60 + 0.9 * found.line.served_rate == pytest.approx(60, rel=ROUNDING)


def with_an_orbit(pause: float) -> tuple[float, float]:
    """Calls per fresh call and abandonment of 3 servers, load 3, patience 1/2, half redialling after a mean `pause`.

    The Markov chain of calls in the system (at most 24) and callers between two tries, solved as linear equations.
    """
    present, away = np.meshgrid(np.arange(25), np.arange(int(8 * pause**0.5 + pause) + 12), indexing="ij")
    states = present.size
    index = np.arange(states).reshape(present.shape)
    busy, hanging_up, back = np.minimum(present, 3), np.maximum(present - 3, 0) / 0.5, away / pause
    moves = [(1, 0, 3.0 + 0 * present), (-1, 0, busy + 0.5 * hanging_up), (-1, 1, 0.5 * hanging_up), (1, -1, back)]
    flow = lil_matrix((states, states))
    for up, out, rates in moves:
        to_present, to_away = present + up, away + out
        fits = (to_present >= 0) & (to_present < 25) & (to_away >= 0) & (to_away < present.shape[1]) & (rates > 0)
        start, end, rate = index[fits], index[to_present[fits], to_away[fits]], rates[fits]
        flow[start, end] = rate
        flow[start, start] -= np.asarray(rate)
    balance = flow.T.tolil()
    balance[0, :] = 1.0
    shares = spsolve(balance.tocsc(), np.eye(1, states)[0]).reshape(present.shape)
    offered = 3 + np.sum(shares * back)
    return float(offered / 3), float(np.sum(shares * hanging_up) / offered)


def test_redials_are_the_limit_of_long_pauses():
    """Callers who return after 10, then 100 mean services: the gap falls tenfold, within a fifth of that."""
    line = theory.redials(3, 1, 3, 0.5, redial_share=0.5)
    (short, short_loss), (long, long_loss) = with_an_orbit(10), with_an_orbit(100)
    assert (short - line.calls_per_fresh_call) / (long - line.calls_per_fresh_call) == pytest.approx(10, rel=0.2)
    assert (short_loss - line.abandonment) / (long_loss - line.abandonment) == pytest.approx(10, rel=0.2)
    assert long == pytest.approx(line.calls_per_fresh_call, rel=1e-3)


@pytest.mark.parametrize(("rate", "redial", "reconnect"), [(60, 0.6, 0.1), (40, 0.6, 0.1), (50, 0.0, 0.0)])
def test_fluid_redials_rest(rate, redial, reconnect):
    """The steady state is where the fluid's own equations come to rest, whatever the time until the redial."""
    found = theory.redials_fluid(rate, 1, 50, 2, redial, reconnect)

    def flow(_, state):
        present, away, later = state
        lost, served = max(0, present - 50) / 2, min(present, 50)
        back = away / 3 + later / 7
        return [rate + back - lost - served, redial * lost - away / 3, reconnect * served - later / 7]

    at_rest = solve_ivp(flow, (0, 600), [0, 0, 0], method="LSODA", rtol=1e-10, atol=1e-10).y[:, -1]
    assert found.queue_length + found.busy == pytest.approx(at_rest[0], rel=1e-6)
    assert found.offered_rate == pytest.approx(rate + at_rest[1] / 3 + at_rest[2] / 7, rel=1e-6)
    assert found.mean_wait == pytest.approx(found.abandonment * 2, rel=ROUNDING, abs=ROUNDING)


def test_sinusoidal_load_solves_its_equation():
    """m' = rate - m / service_mean, from an empty system, against a solver with a tolerance of 1e-10."""
    load = theory.sinusoidal_load(mean_rate=10, amplitude=5, period=24, service_mean=2)
    times = np.linspace(3, 50, 40)

    def flow(time, number):
        return 10 + 5 * np.sin(2 * np.pi * time / 24) - number / 2

    solved = solve_ivp(flow, (3, 50), [0.0], t_eval=times, rtol=1e-10, atol=1e-10, method="DOP853").y[0]
    assert load.at(times, start=3) == pytest.approx(solved, abs=1e-7)
    assert load.at(3 + 24 * 10, start=3) == pytest.approx(float(load.at(3)), rel=1e-12)
    assert load.at(6 + load.lag) == pytest.approx(load.peak, rel=ROUNDING)


def test_profile_load_solves_its_equation():
    """At the edges, between them and after the last, where nobody arrives any more."""
    load = theory.profile_load([0, 30, 60, 120], [2, 5, 0.5], service_mean=12, initial=4)
    assert load.at(0) == 4
    half_way = 4 * math.exp(-15 / 12) + 24 * (1 - math.exp(-15 / 12))
    assert load.at(15) == pytest.approx(half_way, rel=ROUNDING)
    end = 60 + (float(load.at(30)) - 60) * math.exp(-30 / 12)
    assert load.at([60, 60]) == pytest.approx([end, end], rel=ROUNDING)
    assert load.at(150) == pytest.approx(float(load.at(120)) * math.exp(-30 / 12), rel=ROUNDING)


def test_a_fine_profile_is_the_sinusoid():
    """Steps of 1/400 of a day with the mean rate of each: the error of such steps falls with their square."""
    smooth = theory.sinusoidal_load(10, 5, 24, 2)
    edges = np.linspace(0, 48, 801)
    rates = 10 - 5 * np.diff(np.cos(2 * np.pi * edges / 24)) / (2 * np.pi / 24) / np.diff(edges)
    steps = theory.profile_load(edges, rates, service_mean=2)
    assert steps.at(edges) == pytest.approx(smooth.at(edges, start=0), abs=10 * (48 / 800) ** 2)


@pytest.mark.parametrize("beta", [0.1, 0.5, 1, 2])
def test_halfin_whitt_is_the_limit_of_erlang_c(beta):
    """At loads of 10^2, 10^4 and 10^6 the gap falls tenfold with each, like 1 / sqrt(load), within a tenth of that."""
    gaps = []
    for root in (10, 100, 1000):
        servers = root**2 + beta * root
        gaps.append(theory.erlang_c(root**2, 1, servers).probability_of_wait - theory.halfin_whitt(beta))
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.1)
    assert gaps[1] / gaps[2] == pytest.approx(10, rel=0.1)


@pytest.mark.parametrize("load", [10, 100, 1000, 10_000])
@pytest.mark.parametrize("target", [0.02, 0.1, 0.3, 0.5, 0.9])
def test_square_root_staffing_is_right_or_one_short(load, target):
    needed = theory.servers_for(load, 1, probability_of_wait=target)
    assert theory.square_root_staffing(load, target) in (needed - 1, needed)


@pytest.mark.parametrize("share", [1e-200, 0.01, 0.5, 1 - 1e-9])
def test_the_beta_of_a_share_gives_that_share(share):
    """Within 1e-11 of it: the logarithm of 1e-200 has lost three of its 16 digits."""
    assert theory.halfin_whitt(theory.square_root_beta(share)) == pytest.approx(share, rel=1e-11)


@pytest.mark.parametrize("patience", [math.inf, 3.0])
@pytest.mark.parametrize(
    "target",
    [
        {"service_level": 0.8, "within": 1 / 3},
        {"asa": 0.25},
        {"abandonment": 0.03},
        {"probability_of_wait": 0.2},
        {"service_level": 0.9, "within": 0.2, "asa": 0.02},
    ],
    ids=str,
)
def test_servers_for_is_the_smallest(patience, target):
    """Counted upwards one by one, the first number that reaches the target."""

    def reached(servers):
        if patience == math.inf:
            if servers <= 30:
                return False
            line = theory.erlang_c(10, 3, servers)
        else:
            line = theory.erlang_a(10, 3, servers, patience)
        level = line.service_level(target.get("within", 0)) >= target.get("service_level", 0)
        return level and all(
            getattr(line, name) <= target[name]
            for name in ("asa", "abandonment", "probability_of_wait")
            if name in target
        )

    first = next(servers for servers in range(1, 200) if reached(servers))
    assert theory.servers_for(10, 3, patience, **target) == first


def test_servers_for_blocking_is_the_smallest():
    for load in (0.3, 10, 987.6):
        servers = theory.servers_for_blocking(load, 0.01)
        assert theory.erlang_b(load, 1, servers).blocking <= 0.01
        assert servers == 1 or theory.erlang_b(load, 1, servers - 1).blocking > 0.01
