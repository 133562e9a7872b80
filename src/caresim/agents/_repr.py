"""How a model shows itself: in a console, in a notebook, and in the data collected by default."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caresim.agents.model import CareModel

REPORTED = (
    *("time", "mood", "posts", "answered", "resolved", "unresolved", "backlog"),
    *("on_duty", "busy", "seats_free"),
)
"""Attributes of the model that its DataCollector keeps, step by step."""


def line(model: CareModel) -> str:
    state = "running" if model.running else "finished"
    return (
        f"<{type(model).__name__} {model.experiment.name}, {model.staffing}, replication {model.replication}: "
        f"{model.now:%a %d %b %Y %H:%M} ({model.time:g} min), {state}>"
    )


def table(model: CareModel) -> str:
    """For a notebook."""
    rows = {
        "staffing model": model.staffing,
        "replication": f"{model.replication}",
        "now": f"{model.now:%a %d %b %Y %H:%M %Z}",
        "passengers": f"{len(model.world.passengers):,}",
        "seek help": f"{model.unresolved:,}",
        "resolved": f"{model.resolved:,}",
        "contacts waiting": f"{model.backlog:,}",
        "staff busy, of on duty": f"{model.busy} of {model.on_duty}",
        "public posts": f"{model.posts:,}",
        "mood (visible anger)": f"{model.mood:.1f}",
    }
    cells = "".join(
        f"<tr><th style='text-align:left'>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in rows.items()
    )
    return f"<table><caption>{escape(model.experiment.name)}</caption>{cells}</table>"
