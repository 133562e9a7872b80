"""The figures, one function each: takes Results, returns a matplotlib Figure that belongs to nobody else."""

from __future__ import annotations

from caresim.view.plots.backlog import backlog
from caresim.view.plots.boundary import boundary
from caresim.view.plots.cost import cost
from caresim.view.plots.differences import differences
from caresim.view.plots.latency import latency
from caresim.view.plots.mood import mood
from caresim.view.plots.resolution import resolution
from caresim.view.plots.satisfaction import satisfaction
from caresim.view.plots.sweep import sweep

FIGURES = {draw.__name__: draw for draw in (differences, latency, satisfaction, backlog, mood, resolution, cost)}
"""Every figure of one comparison, the most telling first."""

__all__ = [
    "FIGURES",
    "backlog",
    "boundary",
    "cost",
    "differences",
    "latency",
    "mood",
    "resolution",
    "satisfaction",
    "sweep",
]
