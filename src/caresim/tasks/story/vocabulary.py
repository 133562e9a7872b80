"""How a story calls the things of a run: companies, places, flights, spans of time and moments, as people say them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from caresim.config.display_names import place_name, title
from caresim.config.experiment import Experiment
from caresim.config.labels import labels_of
from caresim.config.shares import fact_of
from caresim.model.media import Medium
from caresim.scenario.names import Names

MEDIUM_WORDS = frozenset(word for medium in Medium for word in medium.row.name_words)
"""Parts of a channel's name that its medium says already."""
ABOUT = frozenset({"what", "whatever", "when", "where", "whether", "which", "who", "why", "how"})
"""A fact that begins with one of these says what it is about, and not what it is."""


def spoken(minutes: float) -> str:
    """0.7 -> "40 s"; 37 -> "37 min"; 200 -> "3 h 20 min"; 3000 -> "2 days 2 h"."""
    if minutes < 0.99:
        return f"{minutes * 60:.0f} s"
    whole = round(minutes)
    if whole < 60:
        return f"{whole} min"
    if whole < 36 * 60:
        hours, rest = divmod(whole, 60)
        return f"{hours} h" + (f" {rest} min" if rest and hours < 10 else "")
    days, rest = divmod(round(minutes / 60), 24)
    return f"{days} day{'s' if days > 1 else ''}" + (f" {rest} h" if rest else "")


def after(minutes: float) -> str:
    """ "after 4 min"; "at once" for less than a second."""
    return f"after {spoken(minutes)}" if minutes * 60 >= 1 else "at once"


def place_of(zone: str) -> str:
    """Europe/Paris -> "Paris"; UTC -> "UTC"."""
    return zone.rpartition("/")[2].replace("_", " ")


def day_of(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b}"


class Vocabulary:
    """What the rows of one run are called."""

    def __init__(self, experiment: Experiment, names: Names, world: Any) -> None:
        self.experiment, self.names, self.world = experiment, names, world
        self.labels = labels_of(experiment)
        self.zone = ZoneInfo(experiment.timezone)
        self.media = [Medium(int(medium)) for medium in world.channels["medium"][: len(names.channels)]]

    def moment(self, minutes: float) -> datetime:
        return self.experiment.moment(minutes).astimezone(self.zone)

    def clock(self, minutes: float) -> str:
        return f"{self.moment(minutes):%H:%M}"

    def day(self, minutes: float) -> str:
        return day_of(self.moment(minutes))

    def date(self, minutes: float) -> str:
        """ "Thu 17 Mar 02:10"; never for what never comes."""
        return f"{self.day(minutes)} {self.clock(minutes)}" if math.isfinite(minutes) else "never"

    @property
    def times(self) -> str:
        """ "Clock times of Paris (in Tokyo 8 h later)": of which place the times are, and how others differ."""
        operators = self.experiment.operators.values()
        zones = {series.timezone for operator in operators for series in operator.flights.values()}
        here = self.experiment.start.astimezone(self.zone)
        others = []
        for zone in sorted(zones):
            there = here.astimezone(ZoneInfo(zone))
            apart = ((there.utcoffset() or timedelta()) - (here.utcoffset() or timedelta())) / timedelta(minutes=1)
            if apart:
                others.append(f"in {place_of(zone)} {spoken(abs(apart))} {'later' if apart > 0 else 'earlier'}")
        return f"Clock times of {place_of(self.zone.key)}" + (f" ({', '.join(others)})" if others else "")

    @property
    def several(self) -> bool:
        """There is more than one company to turn to: every sentence says which one it is about."""
        return len(self.names.operators) > 1

    def owner(self, matter: int) -> int:
        """The operator that a matter is for: the first one of the journey."""
        return int(self.world.cohorts["first_operator"][int(self.world.passengers["cohort"][matter])])

    def company(self, o: int) -> str:
        return title(self.names.operators[o]) if o >= 0 else "the company"

    def desk(self, d: int) -> str:
        if d < 0:
            return "nobody"
        if label := self.labels.desks.get(self.names.desks[d]):
            return f"the desk “{label}”"
        return f"the {self.names.desks[d].replace('_', ' ').replace('center', 'centre')} desk"

    def own_name(self, channel: int) -> str:
        """What a channel's name says beside company and medium: "Tokyo" of phone_tokyo, "Twitter"; or ""."""
        o = int(self.world.channels["operator"][channel])
        said_already = MEDIUM_WORDS | set(self.names.operators[o].split("_"))
        return title("_".join(word for word in self.names.channels[channel].split("_") if word not in said_already))

    def place(self, channel: int) -> str:
        """ "the Tokyo line of Air France", "Air France on Twitter", "the website of SNCF": where a channel leads."""
        own, row = self.own_name(channel), self.media[channel].row
        company = self.company(int(self.world.channels["operator"][channel]))
        if label := self.labels.channels.get(self.names.channels[channel]):
            return f"“{label}” of {company}"
        return (row.place if own else row.place_unnamed).format(own=own, company=company)

    def lane(self, channel: int) -> str:
        """A channel in two or three words: "phone Tokyo", "Twitter"."""
        if label := self.labels.channels.get(self.names.channels[channel]):
            return label
        own, row = self.own_name(channel), self.media[channel].row
        return row.lane.format(own=own) if own else row.lane_unnamed

    def flight(self, f: int) -> str:
        """ "NRT-CDG, leaving Sun 13 Mar 11:00 Tokyo time": by the clock of the place it leaves."""
        o = int(self.world.flights["operator"][f])
        series = self.experiment.operators[self.names.operators[o]].flights[self.names.flights[f].split(" ")[0]]
        here = self.moment(float(self.world.flights["departure"][f]))
        there = here.astimezone(ZoneInfo(series.timezone))
        zone = f" {place_of(series.timezone)} time" if there.utcoffset() != here.utcoffset() else ""
        return f"{place_name(series.from_)}-{place_name(series.to)}, leaving {day_of(there)} {there:%H:%M}{zone}"

    def news(self, bits: int) -> str:
        """What a reply said that was new: the latest of the facts, and how many more; or "".

        A fact is quoted where its `what` says it, and named where it only says what it is about.
        """
        facts = self.experiment.disruption.facts
        new = [fact_of(name) for k, name in enumerate(self.names.facts) if bits >> k & 1]
        known = sorted((name for name in new if name in facts), key=lambda name: self._known_at(name))
        items = [facts[name].what for name in known]
        items += [f"what the {name.replace('_', ' ')} says" for name in new if name not in facts]
        if not items:
            return ""
        latest, more = items[-1], f" (and {len(items) - 1} more)" if len(items) > 1 else ""
        if latest.split(" ")[0].lower() in ABOUT:
            return f"tells {latest[:1].lower()}{latest[1:]}{more}"
        return f"“{latest}”{more}"

    def _known_at(self, fact: str) -> float:
        """Minutes since the start from which its operator knows it by itself."""
        return float(self.world.facts["time"][self.names.facts.index(fact)])

    def is_said(self, k: int) -> bool:
        """People hear the notice instead of reading it."""
        notice = self.experiment.disruption.notices.get(self.names.notices[k])
        return notice is not None and notice.media == ("station",)

    def is_fed(self, k: int) -> bool:
        """Nobody published it: it is what an operator has told others in public."""
        return self.names.notices[k] not in self.experiment.disruption.notices

    def notice(self, k: int) -> str:
        return self.names.notices[k].replace("_", " ")
