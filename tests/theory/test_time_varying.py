"""A line through a day: where nothing changes it is Erlang A, and where something does it is the exact one."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pytest
from tests.support.theory.transient import day

from caresim import theory
from caresim.config.errors import BadInput

WITHIN, SHORT = 1 / 3, 1 / 12
LINES = [(9.5, 1, 10, 5), (100 / 30, 3, 14, math.inf), (4.2, 2, 12, 1), (30, 1, 20, 2)]


def settled(rate, mean, servers, patience, **redials):
    line = theory.time_varying(1, servers + 150, patience, **redials)
    for _ in range(120):
        line, seen = line.after(np.array([float(rate)]), mean, servers, 30 * mean)
    return seen


def wave(steps=48, swing=0.6):
    """Calls per minute in each half hour of a day that begins with the mean rate."""
    return 5 * (1 + swing * np.sin(2 * np.pi * (np.arange(steps) + 0.5) / steps))


@pytest.mark.parametrize(("rate", "mean", "servers", "patience"), LINES)
def test_what_does_not_change_settles_to_erlang_a_or_c(rate, mean, servers, patience):
    """1e-9: after 3,600 handling times nothing is left of the empty beginning; the steps end at the balance itself."""
    seen = settled(rate, mean, servers, patience)
    line = (
        theory.erlang_c(rate, mean, servers) if patience == math.inf else theory.erlang_a(rate, mean, servers, patience)
    )
    assert seen.service_level(WITHIN)[0] == pytest.approx(line.service_level(WITHIN), abs=1e-9)
    assert seen.service_level(WITHIN, SHORT)[0] == pytest.approx(line.service_level(WITHIN, SHORT), abs=1e-9)
    assert seen.abandonment[0] == pytest.approx(line.abandonment, abs=1e-9)
    assert seen.mean_wait[0] == pytest.approx(line.mean_wait, abs=1e-9)


@pytest.mark.parametrize("patience", [1, math.inf])
def test_a_day_from_empty_is_the_exact_one(patience):
    """16 half hours against the exponential of the whole generator: all calls of the day together."""
    exact = day(4.2, 2, 12, patience, 480)
    line, levels, lost = theory.time_varying(1, 162, patience), [], []
    for _ in range(16):
        line, seen = line.after(np.array([4.2]), 2, 12, 30)
        levels.append(seen.service_level(WITHIN)[0])
        lost.append(seen.abandonment[0])
    assert np.mean(levels) == pytest.approx(exact["service level"], abs=1e-4)
    assert np.mean(lost) == pytest.approx(exact["abandonment"], abs=1e-4)


def test_twice_as_many_steps_move_no_level_by_a_thousandth(monkeypatch):
    def levels():
        line, found = theory.time_varying(1, 150, 5.0, 0.4, 20.0), []
        for rate in wave():
            line, seen = line.after(np.array([rate]), 4, int(rate * 4), 30)
            found.append(seen.service_level(WITHIN)[0])
        return np.array(found)

    usual, module = levels(), importlib.import_module("caresim.theory.time_varying")
    monkeypatch.setattr(module, "STEPS_A_SERVICE", 2 * module.STEPS_A_SERVICE)
    monkeypatch.setattr(module, "REDIAL_STEP", 2 * module.REDIAL_STEP)
    assert np.abs(levels() - usual).max() < 1e-3


def test_redials_settle_to_the_fixed_point():
    seen = settled(10.5, 1, 10, 5, redial_share=0.4, redial_gap=20)
    again = theory.redials(10.5, 1, 10, 5, 0.4)
    assert seen.calls[0] / 30 == pytest.approx(again.offered_rate, rel=1e-6)
    assert seen.abandonment[0] == pytest.approx(again.abandonment, abs=1e-6)


def test_lines_side_by_side_are_what_each_is_alone():
    rates = np.array([3.0, 5.0, 8.0])
    _, together = theory.time_varying(3, 90, 4.0).after(rates, 4, 20, 30)
    for place, rate in enumerate(rates):
        _, alone = theory.time_varying(1, 90, 4.0).after(np.array([rate]), 4, 20, 30)
        assert alone.mean_wait[0] == pytest.approx(together.mean_wait[place], rel=1e-9)


def test_what_a_half_hour_leaves_waiting_is_there_in_the_next():
    line = theory.time_varying(1, 200)
    (quiet, _), (crowded, _) = (line.after(np.array([rate]), 3, 9, 30) for rate in (1.0, 4.0))
    after_quiet, after_crowd = (state.after(np.array([2.0]), 3, 9, 30)[1] for state in (quiet, crowded))
    assert after_crowd.service_level(WITHIN)[0] < after_quiet.service_level(WITHIN)[0] - 0.3


def test_one_more_server_is_never_worse():
    levels = [theory.time_varying(1, 120, 5.0).after(np.array([5.0]), 4, c, 30)[1] for c in range(10, 30)]
    assert (np.diff([seen.service_level(WITHIN)[0] for seen in levels]) >= 0).all()
    assert (np.diff([seen.abandonment[0] for seen in levels]) <= 0).all()


@pytest.mark.parametrize(
    "arguments",
    [
        {"lines": 0, "places": 9},
        {"lines": 1, "places": 9, "redial_share": 2},
        {"lines": 1, "places": 9, "patience_mean": -1},
    ],
)
def test_nonsense_is_refused(arguments):
    with pytest.raises(BadInput):
        theory.time_varying(**arguments)
