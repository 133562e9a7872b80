"""Nonsense is refused, with one error that names what is wrong."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from caresim import BadInput, theory


@pytest.mark.parametrize("wrong", [-1, 0, math.nan, math.inf, "3", None, True])
@pytest.mark.parametrize("key", ["arrival_rate", "service_mean", "patience_mean"])
def test_rates_and_means_are_positive(key, wrong):
    given = {"arrival_rate": 1.0, "service_mean": 1.0, "servers": 3, "patience_mean": 1.0} | {key: wrong}
    for formula in (theory.erlang_a, lambda **given: theory.redials(redial_share=0.1, **given)):
        with pytest.raises(BadInput) as refused:
            formula(**given)
        assert refused.value.key == key


@pytest.mark.parametrize("wrong", [0, -2, 2.5, math.nan, "4", 10**9])
def test_servers_are_whole(wrong):
    for formula in (theory.erlang_b, theory.erlang_c):
        with pytest.raises(BadInput, match="servers"):
            formula(1, 1, wrong)


def test_a_whole_float_is_a_whole_number():
    assert theory.erlang_b(1, 1, 2.0).blocking == pytest.approx(0.2)


@pytest.mark.parametrize("load", [5, 5.0001, 80])
def test_erlang_c_needs_more_servers_than_load(load):
    with pytest.raises(BadInput, match=r"servers = 5: must be more than the load"):
        theory.erlang_c(load, 1, 5)


REFUSED = {
    "cv": lambda: theory.mg1(0.5, 1, cv=-1),
    "servers": lambda: theory.mg1(1, 1),
    "capacity": lambda: theory.mmck(1, 1, 5, 4),
    "patience_mean": lambda: theory.mmck(1, 1, 5, 6, patience_mean=-3),
    "time": lambda: theory.erlang_c(1, 1, 2).waits_beyond(-1),
    "short_abandonment": lambda: theory.erlang_a(1, 1, 2, 1).service_level(1, short_abandonment=-1),
    "amplitude": lambda: theory.sinusoidal_load(5, 6, 24, 1),
    "rates": lambda: theory.profile_load([0, 1], [-1], 1),
    "edges": lambda: theory.profile_load([0, 1, 1], [1, 2], 1),
    "beta": lambda: theory.halfin_whitt(0),
    "probability_of_wait": lambda: theory.square_root_staffing(10, 1),
    "blocking": lambda: theory.servers_for_blocking(10, 0),
    "load": lambda: theory.servers_for_blocking(1e9, 0.1),
    "redial_share": lambda: theory.redials(60, 1, 50, 2, redial_share=1),
    "reconnect_share": lambda: theory.redials_fluid(60, 1, 50, 2, 0.5, reconnect_share=1),
    "targets": lambda: theory.servers_for(10, 1),
    "within": lambda: theory.servers_for(10, 1, service_level=0.8),
    "asa": lambda: theory.servers_for(10, 1, asa=0),
}


@pytest.mark.parametrize("key", REFUSED)
def test_what_else_is_refused(key):
    with pytest.raises(BadInput) as refused:
        REFUSED[key]()
    assert refused.value.key == key


def test_edges_are_one_more_than_rates():
    with pytest.raises(BadInput, match="must be 3 finite times"):
        theory.profile_load([0, 1], [1, 2], 1)


def test_times_before_the_first_edge_are_refused():
    with pytest.raises(BadInput, match="first edge"):
        theory.profile_load([0, 1], [1], 1).at([-0.1, 0.5])
    with pytest.raises(BadInput, match="start"):
        theory.sinusoidal_load(5, 1, 24, 1).at(1, start=2)


def test_theory_comes_when_it_is_asked_for():
    """`import caresim` alone takes no SciPy, and no import of `caresim.theory` is needed."""
    code = (
        "import sys, caresim; assert 'scipy' not in sys.modules; "
        "print(caresim.theory.erlang_b(1, 1, 2).blocking); assert 'scipy' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert float(done.stdout) == pytest.approx(0.2)
