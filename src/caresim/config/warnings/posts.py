"""Desks that answer public posts in order of arrival, however old."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from caresim.config.feeds import is_feed

if TYPE_CHECKING:
    from caresim.config.desk import Desk
    from caresim.config.experiment import Experiment


def answers_old_posts(experiment: Experiment, desk: Desk) -> bool:
    """Does a desk work a feed in order of arrival, however old?"""
    channels = experiment.operators[desk.operator].channels
    first_come = (desk.routing_in_writing or desk.routing) == "first_come"
    return first_come and desk.expires is None and is_feed(channels[name].medium for name in desk.serves)


def old(experiment: Experiment) -> Iterator[str]:
    """Desks that answer posts in order of arrival, however old, in one line."""
    places = [
        f"staffing.{name}.desks.{desk_name}"
        for name in experiment.compared
        for desk_name, desk in experiment.staffing[name].desks.items()
        if answers_old_posts(experiment, desk)
    ]
    if places:
        yield (
            f"{' and '.join(places)} answer{'s' if len(places) == 1 else ''} public posts first come, first served, "
            "and none expires: with a backlog, old posts are answered whose authors have stopped caring (in "
            "experiment=desks, open 09:00-17:00, 4 % are then helped within the hour, and 46 % otherwise); leave out "
            "routing and expires for newest first"
        )
