"""Textbook formulas of queues and staffing, each with its source: what runs are checked by, and a planner asks first.

`arrival_rate` is calls per unit of time; `service_mean`, `patience_mean` and every wait are in that same unit of time,
whichever it is (calls per minute and minutes, say). Shares are between 0 and 1. Bad input raises BadInput, which is a
ValueError.

    caresim.theory.erlang_c(arrival_rate=100 / 30, service_mean=3, servers=14).service_level(within=20 / 60)
"""

from __future__ import annotations

from caresim.theory.erlang_a import Impatience, erlang_a
from caresim.theory.erlang_b import Loss, erlang_b, servers_for_blocking
from caresim.theory.erlang_c import Delay, erlang_c
from caresim.theory.halfin_whitt import halfin_whitt, square_root_beta, square_root_staffing
from caresim.theory.infinite_servers import ProfileLoad, SinusoidalLoad, profile_load, sinusoidal_load
from caresim.theory.mg1 import SingleServer, mg1
from caresim.theory.mmck import FiniteLines, mmck
from caresim.theory.performance import Line
from caresim.theory.redial import FluidRedials, Redials, redials, redials_fluid
from caresim.theory.staffing import servers_for
from caresim.theory.time_varying import TimeVarying, time_varying

__all__ = [
    "Delay",
    "FiniteLines",
    "FluidRedials",
    "Impatience",
    "Line",
    "Loss",
    "ProfileLoad",
    "Redials",
    "SingleServer",
    "SinusoidalLoad",
    "TimeVarying",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "halfin_whitt",
    "mg1",
    "mmck",
    "profile_load",
    "redials",
    "redials_fluid",
    "servers_for",
    "servers_for_blocking",
    "sinusoidal_load",
    "square_root_beta",
    "square_root_staffing",
    "time_varying",
]
