"""Hybrids: staffing models that have some factors of one model and the others of another.

The organisation says which desks there are. A desk takes hours, access and skills from its own model or from its
counterparts in the other one: the desks that serve any of its channels (merge.py says how several become one). Heads
are paid hours: those of a group of desks that share channels between the two models, divided as the organisation's own
model divides them. A desk whose channels nobody serves in the other model comes whole with the organisation.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from caresim.config.desk import Desk
from caresim.config.experiment import Experiment
from caresim.config.on_call import Reserve
from caresim.config.operators import FlightSeries
from caresim.config.quantity import Quantity
from caresim.config.shares import sharing
from caresim.config.staffing import Assistant, NoticeChange, Staffing
from caresim.scenario import notices, openings, patterns, powers, roster
from caresim.tasks.explain.factors import ACCESS, ASSISTANT, DATES, HEADS, HOURS, NOTICE, OF_DESK, ORGANISATION, SKILLS
from caresim.tasks.explain.merge import Counterpart, counted, own_hours, taken

EQUAL = 1e-9
"""Paid hours that differ by less than this share differ by rounding."""


class Sides:
    """Two staffing models of an experiment whose values are set (as configured, or as drawn)."""

    def __init__(self, experiment: Experiment, one: str, other: str) -> None:
        self.experiment, self.one, self.other = experiment, one, other

    @cached_property
    def hours(self) -> dict[str, dict[str, float]]:
        """Paid hours by model and desk."""
        return {name: self._hours(name) for name in (self.one, self.other)}

    def hybrid(self, chosen: Collection[str]) -> Staffing:
        """The model that has the `chosen` factors of the other model and the rest of the first."""
        frame, opposite = self._of(ORGANISATION, chosen), self._opposite(ORGANISATION, chosen)
        model = self.experiment.staffing[frame]
        desks = {}
        for name, desk in model.desks.items():
            peers = self._peers(desk, opposite)
            if peers:
                desk = self._taken_over(
                    desk, peers, [self._of(factor, chosen) != frame for factor in (HOURS, ACCESS, SKILLS)]
                )
            heads = opposite if peers and self._of(HEADS, chosen) != frame else frame
            desks[name] = self._scaled(desk, self._paid(name, frame, heads))
        if self._of(HEADS, chosen) != frame:
            desks = self._on_call(desks, frame, opposite)
        return Staffing.model_construct(
            differs=f"{self.one} with {', '.join(chosen) or 'nothing'} of {self.other}",
            desks=desks,
            unanswered=model.unanswered,
            closed=model.closed,
            notices=self._notices(self._of(NOTICE, chosen), self._of(DATES, chosen)),
            instructions=self.experiment.staffing[self._of(DATES, chosen)].instructions,
            shares=self.experiment.staffing[self._of(NOTICE, chosen)].shares,
            assistant=_within(self.experiment.staffing[self._of(ASSISTANT, chosen)].assistant, model.closed),
            paid_hours=None,
        )

    def _notices(self, what: str, when: str) -> dict[str, NoticeChange]:
        """The notices of the model `what`, at the dates of the model `when`."""
        said, dated = (self.experiment.staffing[name].notices for name in (what, when))
        return {
            name: said.get(name, NoticeChange()).model_copy(update={"at": dated[name].at if name in dated else None})
            for name in {**said, **dated}
        }

    def _of(self, factor: str, chosen: Collection[str]) -> str:
        return self.other if factor in chosen else self.one

    def _opposite(self, factor: str, chosen: Collection[str]) -> str:
        return self.one if factor in chosen else self.other

    def _hours(self, name: str) -> dict[str, float]:
        planned = roster.build(self.experiment, name)
        desks = self.experiment.staffing[name].desks
        return {desk: counted(self.experiment, shifts) for desk, shifts in zip(desks, planned, strict=True)}

    def _peers(self, desk: Desk, model: str) -> list[Counterpart]:
        desks = self.experiment.staffing[model].desks
        return [Counterpart(desks[name], self.hours[model][name]) for name in meeting(desk, desks)]

    def _taken_over(self, desk: Desk, peers: list[Counterpart], wanted: list[bool]) -> Desk:
        update: dict[str, Any] = {}
        for factor, crosses in zip((HOURS, ACCESS, SKILLS), wanted, strict=True):
            if crosses:
                update |= taken(self.experiment, factor, peers)
        return desk.model_copy(update=update)

    def _paid(self, name: str, frame: str, heads: str) -> float:
        """Paid hours of a desk of `frame` with the heads of the model `heads`."""
        own = self.hours[frame]
        if heads == frame:
            return own[name]
        ours, theirs = self._group(name, frame, heads)
        before = math.fsum(own[desk] for desk in ours)
        return math.fsum(self.hours[heads][desk] for desk in theirs) * own[name] / before if before else own[name]

    def _group(self, name: str, frame: str, heads: str) -> tuple[list[str], list[str]]:
        """The desks of both models that share channels with this one, directly or by way of each other."""
        ours, theirs = self.experiment.staffing[frame].desks, self.experiment.staffing[heads].desks
        mine, other = {name}, set[str]()
        while True:
            met = {peer for desk in mine for peer in meeting(ours[desk], theirs)}
            back = {peer for desk in met for peer in meeting(theirs[desk], ours)} | mine
            if (back, met) == (mine, other):
                return [desk for desk in ours if desk in mine], [desk for desk in theirs if desk in other]
            mine, other = back, met

    def _scaled(self, desk: Desk, paid: float) -> Desk:
        """The desk with shares such that its people are paid for so many hours."""
        own = own_hours(self.experiment, desk)
        if not own or not paid or abs(paid / own - 1) < EQUAL:
            return desk
        shifts = [
            shift.model_copy(update={"share": shift.share.at(shift.share.value * (paid / own))})
            for shift in desk.shifts
        ]
        return desk.model_copy(update={"shifts": tuple(shifts)})

    def _on_call(self, desks: dict[str, Desk], frame: str, heads: str) -> dict[str, Desk]:
        """Those on call in the model `heads`, each at the desk that has most paid hours of those that do its work."""
        called: dict[str, Reserve | None] = {
            name: None if self._peers(desk, heads) else desk.reserve for name, desk in desks.items()
        }
        for desk in self.experiment.staffing[heads].desks.values():
            homes = meeting(desk, desks)
            if desk.reserve is None or not homes:
                continue
            home = max(homes, key=self.hours[frame].__getitem__)
            called[home] = _together(called[home], desk.reserve)
        return {name: desk.model_copy(update={"reserve": called[name]}) for name, desk in desks.items()}


def meeting(desk: Desk, desks: dict[str, Desk]) -> list[str]:
    """The desks that serve any of the channels of this one."""
    return [name for name, peer in desks.items() if set(peer.serves) & set(desk.serves)]


def _together(one: Reserve | None, other: Reserve) -> Reserve:
    """People on call of two desks at one: all of them, on the terms of the larger group."""
    if one is None:
        return other
    larger = max(one, other, key=lambda reserve: reserve.headcount.value)
    count = one.headcount.value + other.headcount.value
    return larger.model_copy(update={"headcount": larger.headcount.at(count)})


def _within(assistant: Assistant | None, closed: Collection[str]) -> Assistant | None:
    """The assistant on the channels that exist."""
    if assistant is None or not set(assistant.channels) & set(closed):
        return assistant
    left = tuple(channel for channel in assistant.channels if channel not in closed)
    return assistant.model_copy(update={"channels": left}) if left else None


def with_seats(experiment: Experiment, times: float) -> Experiment:
    """The experiment with so many times the free seats on every flight; the seats that were sold stay."""
    operators = {
        name: operator.model_copy(
            update={"flights": {key: _roomier(series, times) for key, series in operator.flights.items()}}
        )
        for name, operator in experiment.operators.items()
    }
    return experiment.model_copy(update={"operators": operators})


def _roomier(series: FlightSeries, times: float) -> FlightSeries:
    """The flights with whole seats, rounded as the model rounds free seats."""
    free = int(series.capacity.value * series.free.value + 0.5)
    more = int(times * free + 0.5)
    capacity = round(series.capacity.value) - free + more
    if capacity < 1:
        return series
    return series.model_copy(update={"capacity": series.capacity.at(capacity), "free": series.free.at(more / capacity)})


def effect(experiment: Experiment, model: Staffing) -> tuple[Any, ...]:
    """All of a staffing model that a run depends on: equal for models that are written differently and run alike.

    A model's own `paid_hours` is not looked at.
    """
    desks = []
    for name, desk in model.desks.items():
        shifts = roster.shift_instances(experiment, 0, name, desk)
        hours = patterns.names_at(desk)
        spells = tuple(
            (hours.get(shift.pattern), shift.day, shift.start, shift.end, round(shift.heads, 9))
            for shift in shifts
            if shift.heads > 0
        )
        aside = {*OF_DESK[HOURS], "scale_with_hours", "label"} - {"replans"}
        rest = {key: value for key, value in desk if key not in aside}
        desks.append((name, plain(rest), spells, tuple(openings.hours_of(experiment, desk, shifts))))
    said = notices.published(experiment, model), powers.instructed(experiment, model), sharing(experiment, model)
    return tuple(desks), plain((tuple(sorted(model.unanswered)), tuple(sorted(model.closed)), *said, model.assistant))


def plain(node: Any) -> Any:
    """A configuration object as plain tuples of its values, without sources and wording."""
    if isinstance(node, Quantity):
        return node.value
    if isinstance(node, BaseModel):
        return tuple((key, plain(value)) for key, value in node)
    if isinstance(node, dict):
        return tuple((key, plain(value)) for key, value in node.items())
    return tuple(plain(value) for value in node) if isinstance(node, tuple | list) else node


def rebuilt(node: Any) -> Any:
    """The same configuration object, with every check of its schema made again."""
    if isinstance(node, BaseModel):
        names = type(node).model_fields
        return type(node)(**{names[key].alias or key: rebuilt(value) for key, value in node})
    if isinstance(node, dict):
        return {key: rebuilt(value) for key, value in node.items()}
    return tuple(rebuilt(value) for value in node) if isinstance(node, tuple) else node
