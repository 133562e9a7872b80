"""Small worlds made by hand: the records of a run, without the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from caresim.model.codes import LAWS, Outcome, Result, Status
from caresim.model.media import Medium
from caresim.model.records import DTYPES, rows

START = datetime(2011, 3, 11, 5, 46, tzinfo=UTC)
CHANNELS = (Medium.PHONE, Medium.COUNTER, Medium.PUBLIC, Medium.PRIVATE, Medium.WEB)
"""Channel c has this medium; phone and counter have desk 0 and 1, the social ones desk 2, the web none."""
HAND_MADE = ("passengers", "cases", "staff", "duty_periods", "ticks", "flights")
DESK_OF = (0, 1, 2, 2, -1)


def quantity(value: float) -> SimpleNamespace:
    return SimpleNamespace(value=value)


@dataclass
class SmallWorld:
    """Records added one by one; `run()` wraps them up as a run of a window of 1,000 minutes, a day of drain."""

    window: float = 1000.0
    warm_up: float = 60.0
    end: float = 2440.0
    passengers: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    staff: list[dict[str, Any]] = field(default_factory=list)
    duty_periods: list[dict[str, Any]] = field(default_factory=list)
    ticks: list[dict[str, Any]] = field(default_factory=list)
    flights: list[dict[str, Any]] = field(default_factory=list)

    def passenger(self, ordinary: bool = False, **fields: Any) -> int:
        own = rows(1, "passengers").dtype.names
        dealt = {name: fields.pop(name) for name in list(fields) if name not in own}
        if "satisfaction" in dealt:
            dealt |= dict.fromkeys(LAWS, dealt.pop("satisfaction"))
        status = fields.pop("status", Status.SEEKING)
        base = {"affected": 0.0, "deadline": np.inf, "flight": -1, "seat": -1, "leader": -1}
        self.passengers.append(base | {"status": status, "ordinary": ordinary, "cohort": int(ordinary)} | fields)
        times = ("first_request", "first_response", "first_useful", "resolved", *LAWS)
        missing = dict.fromkeys(times, np.nan) | {"first_contact": -1}
        self.cases.append(missing | {name: fields[name] for name in ("contacts", "resolved") if name in fields} | dealt)
        return len(self.passengers) - 1

    def contact(self, passenger: int, arrival: float, medium: Medium = Medium.PUBLIC, **fields: Any) -> int:
        """One contact; `reply` alone makes it answered at that time."""
        row = len(self.contacts)
        if passenger >= 0 and self.cases[passenger]["first_contact"] < 0:
            self.cases[passenger]["first_contact"] = row
        if passenger >= 0 and medium != Medium.WEB:
            case = self.cases[passenger]
            case["first_request"] = float(np.fmin(case["first_request"], arrival))
        first = next((k for k, other in enumerate(self.contacts) if other["passenger"] == passenger >= 0), row)
        channel = CHANNELS.index(medium)
        outcome = Outcome.ANSWERED if "reply" in fields else Outcome.WAITING
        unknown = {
            name: np.nan for name in ("reply", "closed", "abandoned_silently_at") if name in DTYPES["contacts"].names
        }
        base = unknown | {
            "arrival": arrival,
            "staff": -1,
            "staff_before": -1,
            "posts": 1,
            "author_waiting": 1,
        }
        place = {
            "passenger": passenger,
            "first_contact": first,
            "channel": channel,
            "medium": medium,
            "desk": DESK_OF[channel],
        }
        self.contacts.append(base | place | {"outcome": outcome, "result": Result.NONE} | fields)
        return row

    def person(self, desk: int, start: float, end: float, **fields: Any) -> int:
        """Somebody on duty at a desk from `start` to `end`."""
        self.staff.append({"desk": desk} | fields)
        self.duty_periods.append({"start": start, "end": end, "staff": len(self.staff) - 1})
        return len(self.staff) - 1

    def run(self) -> SimpleNamespace:
        channels = rows(len(CHANNELS), "channels")
        channels["medium"], channels["desk"], channels["expected_wait"] = CHANNELS, DESK_OF, 60.0
        cohorts = rows(2, "cohorts")
        cohorts["ordinary"] = (0, 1)
        behaviour = rows(1, "behaviour")
        behaviour["noise"] = 0.8
        clock = rows(1, "clock")
        clock["origin"], clock["end"] = -self.warm_up, self.end
        clock["contacts"], clock["ticks"] = len(self.contacts), len(self.ticks)
        world = SimpleNamespace(
            clock=clock, channels=channels, cohorts=cohorts, operators=rows(1, "operators"), desks=rows(3, "desks"),
            behaviour=behaviour, replay_inputs=rows(0, "replay_inputs"), amends=rows(0, "amends"),
            last_replies=rows(0, "last_replies"),
            desk_ticks=rows(3 * len(self.ticks), "desk_ticks"),
            **{name: _table(name, getattr(self, name)) for name in HAND_MADE},
            contacts=np.concatenate([_table("contacts", self.contacts), rows(5, "contacts")]).view(np.recarray),
        )  # fmt: skip
        experiment = SimpleNamespace(
            start=START, timezone="Europe/Paris", window=quantity(self.window), bin=quantity(30.0),
            study=study(), replay=None, satisfaction="additive",
        )  # fmt: skip
        names = SimpleNamespace(
            operators=["airline"],
            channels=["phone", "counter", "twitter", "messages", "web"],
            desks=["phone", "counter", "social"],
            cohorts=["seekers", "ordinary"],
            flights=["first"],
            languages=["fr"],
            staff=[f"seat {k}" for k in range(len(self.staff))],
        )
        return SimpleNamespace(
            experiment=experiment,
            staffing="as_it_was",
            replication=3,
            world=world,
            names=names,
            cost=500.0,
        )


def study(**changes: Any) -> SimpleNamespace:
    """The part of the configuration that says how results are judged."""
    margins = SimpleNamespace(csat=quantity(0.1), share=quantity(0.05), ratio=quantity(1.15), cost=quantity(1.03))
    base = {
        "headline": ("csat", "answered_60", "resolved", "mood_area"),
        "margins": margins,
        "confidence": quantity(0.95),
        "service_level_within": quantity(20 / 60),
        "short_abandonment": quantity(5 / 60),
        "survey_base": quantity(0.1),
        "survey_extreme": quantity(0.2),
    }
    return SimpleNamespace(**base | changes)


def _table(name: str, records: list[dict[str, Any]]) -> np.recarray:
    table = rows(len(records), name)
    for row, record in enumerate(records):
        for key, value in record.items():
            table[key][row] = value
    return table


@pytest.fixture
def small() -> SmallWorld:
    return SmallWorld()


@pytest.fixture
def judging() -> Any:
    return study
