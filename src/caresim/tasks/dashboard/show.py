"""What one browser window watches: up to two staffing models at the same moment, and what it may ask of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caresim.config.display_names import as_it_reads, readable
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.labels import spoken_of
from caresim.model.media import Medium
from caresim.report.clock import moments
from caresim.tasks.dashboard.biography import Biographer
from caresim.tasks.dashboard.comparison import comparison, set_against
from caresim.tasks.dashboard.settings import Dashboard
from caresim.tasks.dashboard.side import LONGEST, Side

STEP = 10.0
"""Minutes of a single step."""
FURTHEST = 24 * 60.0
"""Minutes that one frame may advance at most, however fast the page plays."""
NIGHT = (22, 6)
LOOKS = ("hello", "story")
"""What may be asked of a model that somebody else runs."""


@dataclass(frozen=True)
class Message:
    """Something for the page: a `kind`, plain values, and bytes beside them."""

    kind: str
    values: dict[str, Any]
    buffers: list[bytes] = field(default_factory=list)


DONE = Message("done", {})
"""The answer is complete: the page may ask again."""


class Show:
    """The models of one window, for one thread at a time."""

    def __init__(self, experiment: Experiment, sides: Sequence[Side] = ()) -> None:
        """`sides`: models that others run, to look at only; left out: the models that the experiment names."""
        self.experiment = experiment
        settings: Dashboard = experiment.setting("dashboard")
        self.opens_at = settings.opens_at.value
        self.time = self.opens_at
        self.biographer = Biographer()
        self.sides = list(sides) or [Side(experiment, name) for name in first_models(experiment)]
        self.both = len(self.sides) > 1
        self.frames = 0
        self.asks: dict[str, Callable[[Mapping[str, Any]], list[Message]]] = {
            "hello": self.hello,
            "advance": self.advance,
            "step": self.step,
            "jump": self.jump,
            "reset": self.reset,
            "choose": self.choose,
            "levers": self.levers,
            "sides": self.show_sides,
            "story": self.story,
        }
        if sides:
            self.asks = {kind: self.asks[kind] for kind in LOOKS}

    def answer(self, ask: Mapping[str, Any]) -> list[Message]:
        """What the page gets for what it asks. Bad input changes nothing, and the page says what is wrong."""
        ask = ask if isinstance(ask, Mapping) else {}
        try:
            kind = ask.get("ask")
            if not isinstance(kind, str) or kind not in self.asks:
                raise BadInput("ask", kind, f"allowed: {', '.join(self.asks)}")
            with spoken_of(self.experiment):
                return self.asks[kind](ask)
        except BadInput as problem:
            return [Message("trouble", {"side": ask.get("side"), "text": str(problem)}), *self.drawn()]

    # --- what may be asked ---

    def hello(self, ask: Mapping[str, Any]) -> list[Message]:
        return self.everything()

    def advance(self, ask: Mapping[str, Any]) -> list[Message]:
        return self.to(self.time + min(number(ask, "minutes", 0.0), FURTHEST))

    def step(self, ask: Mapping[str, Any]) -> list[Message]:
        return self.to(self.time + STEP)

    def jump(self, ask: Mapping[str, Any]) -> list[Message]:
        return self.to(number(ask, "time", self.experiment.begins))

    def reset(self, ask: Mapping[str, Any]) -> list[Message]:
        """To the moment at which the page opened; the switches stay where they are."""
        return self.to(self.opens_at)

    def choose(self, ask: Mapping[str, Any]) -> list[Message]:
        """Another staffing model on one side, at the same moment."""
        place, name = self.place(ask), str(ask.get("staffing"))
        if name not in self.experiment.compared:
            raise BadInput("staffing", name, f"allowed: {', '.join(self.experiment.compared)}")
        self.sides[place] = Side(self.experiment, name)
        return self.everything()

    def levers(self, ask: Mapping[str, Any]) -> list[Message]:
        """Other switches on one side, at the same moment."""
        values = ask.get("values")
        if not isinstance(values, Mapping):
            raise BadInput("levers", values, "must be a mapping of switches")
        self.sides[self.place(ask)].change(values)
        return self.everything()

    def show_sides(self, ask: Mapping[str, Any]) -> list[Message]:
        """One staffing model, or two side by side."""
        self.both = ask.get("count") == 2
        if self.both and len(self.sides) < 2:
            self.sides.append(Side(self.experiment, self.sides[0].staffing))
        return self.everything()

    def story(self, ask: Mapping[str, Any]) -> list[Message]:
        """What has happened to a passenger so far, under every model that is shown."""
        place = ask.get("passenger")
        person = self.sides[self.place(ask)].person_at(place) if isinstance(place, int) else None
        if person is None:
            raise BadInput("passenger", place, "has not been reached by the disruption yet")
        tales = [
            {
                "name": readable(side.staffing),
                **self.biographer.tell(side, person, self.time),
            }
            for side in self.shown
        ]
        return [Message("story", {"passenger": place, "who": tales[0]["who"], "tales": tales})]

    # --- how it is answered ---

    @property
    def shown(self) -> list[Side]:
        return self.sides if self.both else self.sides[:1]

    def place(self, ask: Mapping[str, Any]) -> int:
        place = ask.get("side", 0)
        if place not in range(len(self.shown)) or isinstance(place, bool):
            raise BadInput("side", place, f"must be from 0 to {len(self.shown) - 1}")
        return int(place)

    def to(self, time: float) -> list[Message]:
        self.time = min(max(time, self.experiment.begins), self.experiment.ends)
        return self.drawn()

    def everything(self) -> list[Message]:
        return [Message("setup", self.setup()), *self.drawn()]

    def drawn(self) -> list[Message]:
        """A frame of all models shown, at the same moment."""
        started = time.thread_time()
        sides, buffers = [], []
        for side in self.shown:
            side.go(self.time)
            values, arrays = side.frame()
            sides.append(values)
            buffers += arrays
        for values, phrase in zip(sides, set_against(sides), strict=True):
            values["hours_against"] = phrase
        ended, margins = self.time >= self.experiment.ends, self.experiment.study.margins
        self.frames += 1
        local = self.sides[0].model.experiment.moment(self.time).astimezone(zone(self.experiment))
        values = {
            "number": self.frames,
            "time": self.time,
            "clock": f"{local:%H:%M}",
            "date": f"{local:%A} {local.day} {local:%B %Y}",
            "since": self.time,
            "ended": ended,
            "comparison": comparison(sides[0], sides[1], self.time, ended, margins) if len(sides) > 1 else "",
            "sides": sides,
            "processor_milliseconds": 1000 * (time.thread_time() - started),
        }
        return [Message("frame", values, buffers)]

    def setup(self) -> dict[str, Any]:
        """What the page needs to know once."""
        experiment = self.experiment
        return {
            "experiment": as_it_reads(experiment.name),
            "question": experiment.question,
            "timezone": experiment.timezone,
            "begins": experiment.begins,
            "ends": experiment.ends,
            "opens_at": self.opens_at,
            "longest_wait": LONGEST,
            "nights": nights(experiment),
            "days": [
                (minute, f"{moment:%a} {moment.day}")
                for minute, moment in moments(experiment, experiment.begins, experiment.ends, (0,))
            ],
            "news": news(experiment),
            "media": {
                medium.word: [medium.row.label_short, medium.row.colour, medium.row.colour_on_dark] for medium in Medium
            },
            "models": [(name, readable(name)) for name in experiment.compared],
            "sides": [side.setup() for side in self.shown],
        }


def first_models(experiment: Experiment) -> list[str]:
    """The staffing models that the view opens with."""
    settings: Dashboard = experiment.setting("dashboard")
    left, right = settings.left or experiment.baseline, settings.right
    if left not in experiment.compared:
        left = next((name for name in experiment.compared if name != right), experiment.baseline)
    if right not in experiment.compared:
        right = next((name for name in experiment.compared if name != left), None)
    return [left] if right is None else [left, right]


def zone(experiment: Experiment) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(experiment.timezone)


def number(ask: Mapping[str, Any], key: str, least: float) -> float:
    """A number that the page sends; BadInput where it is none."""
    value = ask.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < least:
        raise BadInput(key, value, f"must be a number of minutes, at least {least:g}")
    return float(value)


def nights(experiment: Experiment) -> list[tuple[float, float]]:
    """From 22:00 to 06:00 local time, cut to the run; minutes."""
    dusks, dawns = (
        [minute for minute, _ in moments(experiment, experiment.begins - 1440, experiment.ends + 1440, (hour,))]
        for hour in NIGHT
    )
    spans = [(dusk, min(dawn for dawn in dawns if dawn > dusk)) for dusk in dusks if dusk < dawns[-1]]
    clipped = [(max(dusk, experiment.begins), min(dawn, experiment.ends)) for dusk, dawn in spans]
    return [(dusk, dawn) for dusk, dawn in clipped if dusk < dawn]


def news(experiment: Experiment) -> list[tuple[float, str]]:
    """When and what becomes known: the facts and notices of the disruption, in order."""
    disruption = experiment.disruption
    items = [(experiment.minutes(fact.at), fact.what) for fact in disruption.facts.values() if fact.at]
    items += [
        (experiment.minutes(notice.at), as_it_reads(name)) for name, notice in disruption.notices.items() if notice.at
    ]
    return sorted((minute, text) for minute, text in items if experiment.begins <= minute <= experiment.ends)
