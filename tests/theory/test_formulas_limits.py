"""Where one formula becomes another, and thousands of servers."""

from __future__ import annotations

import math
import time
from fractions import Fraction

import pytest

from caresim import theory

ROUNDING = 1e-12
WAITS = ("probability_of_wait", "mean_wait", "asa", "occupancy", "queue_length")


@pytest.mark.parametrize(("load", "servers"), [(8, 10), (1000, 1016), (4990, 5000), (0.3, 1)])
def test_erlang_a_becomes_erlang_c_as_patience_grows(load, servers):
    """Of a patience of 1e12 mean services; what is left of it is below load^2 / (servers - load)^2 / 1e12."""
    patient, endless = theory.erlang_a(load, 1, servers, 1e12), theory.erlang_c(load, 1, servers)
    left = 10 * (servers / (servers - load)) ** 2 * 1e-12 + 1e-11
    for name in WAITS:
        assert getattr(patient, name) == pytest.approx(getattr(endless, name), rel=left), name
    assert patient.service_level(0.1) == pytest.approx(endless.service_level(0.1), rel=left)


@pytest.mark.parametrize(("load", "servers"), [(8, 10), (1000, 1016), (30, 10)])
def test_erlang_a_becomes_erlang_b_as_patience_shrinks(load, servers):
    """Those who find all servers busy hang up at once; what is left is of the order servers x patience."""
    hasty, lost = theory.erlang_a(load, 1, servers, 1e-13), theory.erlang_b(load, 1, servers)
    left = 10 * (servers + load) * 1e-13 + ROUNDING
    assert hasty.abandonment == pytest.approx(lost.blocking, rel=left)
    assert hasty.probability_of_wait == pytest.approx(lost.blocking, rel=left)
    assert hasty.occupancy == pytest.approx(lost.occupancy, rel=left)
    assert hasty.mean_wait < 1e-13


@pytest.mark.parametrize("patience", [math.inf, 2.0])
@pytest.mark.parametrize(("load", "servers"), [(8, 10), (30, 10), (1000, 1016), (0.5, 1)])
def test_lines_for_those_in_service_alone_are_erlang_b(load, servers, patience):
    lines, lost = theory.mmck(load, 1, servers, servers, patience), theory.erlang_b(load, 1, servers)
    assert lines.blocking == pytest.approx(lost.blocking, rel=ROUNDING)
    assert lines.occupancy == pytest.approx(lost.occupancy, rel=ROUNDING)
    assert (lines.mean_wait, lines.asa, lines.abandonment, lines.probability_of_wait) == (0, 0, 0, 0)
    assert lines.service_level(0) == 1


@pytest.mark.parametrize(("load", "servers", "capacity"), [(8, 10, 300), (1000, 1016, 6000), (4990, 5000, 40_000)])
def test_lines_without_end_are_erlang_c(load, servers, capacity):
    """The share of calls beyond the capacity is (load / servers)^(capacity - servers), below 1e-26 here."""
    lines, endless = theory.mmck(load, 1, servers, capacity), theory.erlang_c(load, 1, servers)
    for name in WAITS:
        assert getattr(lines, name) == pytest.approx(getattr(endless, name), rel=1e-11), name
    for within in (0, 0.03, 0.3):
        assert lines.service_level(within) == pytest.approx(endless.service_level(within), rel=1e-10)
    assert lines.blocking < 1e-26


def test_very_patient_callers_on_finite_lines_never_hang_up():
    endless, patient = theory.mmck(12, 1, 10, 25), theory.mmck(12, 1, 10, 25, 1e9)
    for name in ("blocking", "probability_of_wait", "mean_wait", "asa"):
        assert getattr(patient, name) == pytest.approx(getattr(endless, name), rel=1e-7), name
    assert patient.service_level(0.5) == pytest.approx(endless.service_level(0.5), rel=1e-7)


@pytest.mark.parametrize("load", [0.01, 0.5, 0.99])
def test_exponential_service_makes_mg1_erlang_c_of_one_server(load):
    """With one server C = load and the mean wait is load / (1 - load)."""
    single, line = theory.mg1(load, 1, cv=1), theory.erlang_c(load, 1, 1)
    for name in ("mean_wait", "probability_of_wait", "queue_length", "occupancy", "number_in_system"):
        assert getattr(single, name) == pytest.approx(getattr(line, name), rel=ROUNDING), name
    assert theory.mg1(load, 1, cv=0).mean_wait == pytest.approx(single.mean_wait / 2, rel=ROUNDING)


def test_without_redials_the_line_is_erlang_a():
    alone, line = theory.redials(60, 1, 50, 2, redial_share=0), theory.erlang_a(60, 1, 50, 2)
    assert alone.calls_per_fresh_call == pytest.approx(1, rel=ROUNDING)
    for name in (*WAITS, "abandonment"):
        assert getattr(alone.line, name) == pytest.approx(getattr(line, name), rel=1e-11), name
    assert alone.given_up == pytest.approx(line.abandonment, rel=1e-11)


def test_many_servers_make_redials_the_fluid():
    """Chance matters less and less: at 50, 500 and 5,000 servers the gap falls at least as fast as servers^-1/2."""
    gaps = []
    for scale in (1, 10, 100):
        chance = theory.redials(60 * scale, 1, 50 * scale, 2, 0.5, 0.1)
        fluid = theory.redials_fluid(60 * scale, 1, 50 * scale, 2, 0.5, 0.1)
        gaps.append(abs(chance.calls_per_fresh_call - fluid.calls_per_fresh_call))
    assert gaps[1] <= gaps[0] / math.sqrt(10)
    assert gaps[2] <= max(gaps[1] / math.sqrt(10), ROUNDING)


def test_every_caller_redials_until_served():
    """Nobody gives up, so that every fresh call is served in the end."""
    persistent = theory.redials(45, 1, 50, 2, redial_share=1)
    assert persistent.given_up == 0
    assert persistent.line.served_rate == pytest.approx(45, rel=1e-11)
    assert persistent.calls_per_fresh_call > 1


def test_profile_of_one_rate_settles_at_its_load():
    assert theory.profile_load([0, 1000], [3], service_mean=5).at(1000) == pytest.approx(15, rel=ROUNDING)


@pytest.mark.parametrize(("load", "servers"), [(Fraction(1000), 1016), (Fraction(4990), 5000), (Fraction(1, 3), 40)])
def test_erlang_b_of_many_servers(load, servers):
    """Against the recursion of its inverse with 60 digits to spare: whole numbers over 10^60."""
    scale = 10**60
    inverse = scale
    for number in range(1, servers + 1):
        inverse = scale + inverse * number * load.denominator // load.numerator
    assert theory.erlang_b(float(load), 1, servers).blocking == pytest.approx(
        float(Fraction(scale, inverse)), rel=ROUNDING
    )


@pytest.mark.parametrize("servers", [1, 16, 1016, 100_000])
@pytest.mark.parametrize("ratio", [1e-6, 0.5, 0.999999, 1.0, 1.02, 3.0])
@pytest.mark.parametrize("patience", [1e-12, 1e-3, 1.0, 1e3, 1e12])
def test_erlang_a_is_sound_at_any_patience(servers, ratio, patience):
    """Shares are shares, calls are conserved, waits are in order, and the servers of an overloaded line are busy."""
    rate = ratio * servers
    line = theory.erlang_a(rate, 1, servers, patience)
    assert 0 <= line.abandonment <= line.probability_of_wait <= 1
    assert 0 <= line.occupancy <= 1 + ROUNDING
    assert rate * line.abandonment + line.occupancy * servers == pytest.approx(rate, rel=1e-11)
    assert line.queue_length == pytest.approx(rate * line.abandonment * patience, rel=1e-11)
    assert line.abandonment >= 1 - 1 / ratio - ROUNDING
    assert line.served_within(1e15) == pytest.approx(1 - line.abandonment, abs=1e-10)
    assert line.waits_beyond(0) == pytest.approx(line.probability_of_wait, rel=ROUNDING)
    assert line.served_within(0) == pytest.approx(1 - line.probability_of_wait, abs=ROUNDING)


def test_thousands_of_servers_take_no_time():
    """A second is a thousand times what it takes to evaluate, and far less than a loop of 1e8."""
    start = time.process_time()
    theory.erlang_a(1016, 1, 1016, 1e12)
    theory.erlang_a(20_000, 1, 10_000, 1e9)
    theory.mmck(4990, 1, 5000, 100_000, 10)
    assert time.process_time() - start < 1
