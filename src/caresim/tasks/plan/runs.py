"""The runs of a plan's candidates, draw by draw, on common luck; what is finished is kept and used again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.run.block import Block, Finished, content_hash
from caresim.run.resume import prepare, resumed_or
from caresim.run.uncertain import draw_of, drawn
from caresim.tasks.plan.demand import Demand, offered
from caresim.tasks.plan.half_hours import counted
from caresim.tasks.plan.measures import measured
from caresim.tasks.plan.parts import of_parts

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.run.progress import Watch
    from caresim.run.store import Store
    from caresim.tasks.plan.template import People, Template

CODE = ("template", "demand", "measures", "half_hours", "parts", "runs")
"""Files beside this one that can change a candidate's runs, or what is measured of them."""
PLANNED = "planned"
"""Before the name of a candidate while it runs."""


@dataclass(frozen=True)
class Roster:
    """A candidate: a template, and the people in its slots."""

    template: Template
    people: People

    @property
    def told(self) -> list[Any]:
        """All that tells it from others, as text."""
        return [self.template.staffing, self.template.desk, self.template.rows(self.people)]


@dataclass(frozen=True)
class Runs:
    """Where candidates run: the experiment, what is kept, and who watches."""

    experiment: Experiment
    store: Store
    watch: Watch
    names: tuple[str, ...]
    """Of the measures."""
    parted: tuple[str, ...] = ()
    """Measures that are counted by half hour, too."""

    def compare(
        self, rosters: Mapping[str, Roster], replications: Sequence[int], by_half_hour: Sequence[str] = ()
    ) -> pd.DataFrame:
        """One row a candidate and replication: `staffing`, `replication`, `draw`, each measure, ordinary days.

        Of those that are counted `by_half_hour` there is `counts`, what half_hours.py counts; of the others None. Where
        measures are `parted` there is `parts`, what parts.py counts.
        """
        import pandas as pd

        way = partial(
            compute, rosters=dict(rosters), names=self.names, by_half_hour=tuple(by_half_hour), parted=self.parted
        )
        rows = self._rows(rosters, replications, way, by_half_hour)
        frame = pd.DataFrame(rows).astype({"replication": "int64", "draw": "int64"})
        order = {name: place for place, name in enumerate(rosters)}
        frame = frame.assign(place=frame["staffing"].map(order)).sort_values(["place", "replication"])
        return frame.drop(columns="place").reset_index(drop=True)

    def demand(self, roster: Roster, replications: Sequence[int]) -> Demand:
        """What comes to the desk with this roster, a mean over replications."""
        rows = self._rows({"demand": roster}, replications, partial(offer, roster=roster))
        return Demand.mean(self.experiment.window.value, sorted(rows, key=lambda row: row["replication"]))

    def _rows(
        self, rosters: Mapping[str, Roster], replications: Sequence[int], way: Any, by_half_hour: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        prepare(self.experiment, self.watch)
        by_draw: dict[int, list[int]] = {}
        for replication in replications:
            by_draw.setdefault(draw_of(replication), []).append(replication)
        blocks = [Block(tuple(pair), 0, PLANNED) for pair in by_draw.values()]
        told = json.dumps(
            [[name, roster.told] for name, roster in rosters.items()]
            + [list(self.names), *by_half_hour, list(self.parted)]
        )
        names = {block: self._name(way.func.__name__, told, block) for block in blocks}
        finished = resumed_or(self.experiment, names, self.store, self.watch, way, runs=len(rosters))
        return [row for block in blocks for row in finished[block].rows]

    def _name(self, what: str, told: str, block: Block) -> str:
        """The name under which a block is kept."""
        parts = content_hash(self.experiment), _own_code(), what, told, repr(block.replications)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def compute(
    experiment: Experiment,
    block: Block,
    rosters: Mapping[str, Roster],
    names: Sequence[str],
    by_half_hour: Sequence[str] = (),
    parted: Sequence[str] = (),
) -> Finished:
    """Run every candidate in the replications of a block, and measure it; some of them by half hour, too."""
    from caresim.measure.sample import Sample
    from caresim.scenario.run import run

    shared = drawn(experiment, block.replications[0])
    models = {f"{PLANNED}_{n}": roster for n, roster in enumerate(rosters.values())}
    world = with_rosters(shared, models)
    finished = Finished()
    for called, name in zip(models, rosters, strict=True):
        for replication in block.replications:
            done = run(world, called, replication)
            finished.events.append(done.events)
            key = {"staffing": name, "replication": replication, "draw": draw_number(experiment, replication)}
            sample = Sample(done)
            row = {**key, **measured(sample, names)}
            if by_half_hour:
                template = rosters[name].template
                d = list(experiment.staffing[template.staffing].desks).index(template.desk)
                row["counts"] = counted(sample, d) if name in by_half_hour else None
            if parted:
                row["parts"] = of_parts(sample, parted)
            finished.rows.append(row)
    return finished


def offer(experiment: Experiment, block: Block, roster: Roster) -> Finished:
    """Run a roster in the replications of a block, and count what comes to its desk."""
    from caresim.measure.sample import Sample
    from caresim.scenario.run import run

    world = with_rosters(drawn(experiment, block.replications[0]), {PLANNED: roster})
    d = list(experiment.staffing[roster.template.staffing].desks).index(roster.template.desk)
    finished = Finished()
    for replication in block.replications:
        done = run(world, PLANNED, replication)
        finished.events.append(done.events)
        finished.rows.append({"replication": replication, **offered(Sample(done), d)})
    return finished


def with_rosters(shared: Experiment, rosters: Mapping[str, Roster]) -> Experiment:
    """A drawn experiment with a staffing model for each roster: its own one as drawn, but for the people."""
    models = {
        name: roster.template.model(roster.people, shared.staffing[roster.template.staffing])
        for name, roster in rosters.items()
    }
    return shared.model_copy(update={"staffing": {**shared.staffing, **models}})


def draw_number(experiment: Experiment, replication: int) -> int:
    """The world that a replication lives in; where nothing is uncertain, one of its own."""
    return draw_of(replication) if experiment.is_uncertain else replication


@lru_cache(maxsize=1)
def _own_code() -> str:
    """A hash of CODE."""
    text = hashlib.sha256()
    for name in CODE:
        text.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return text.hexdigest()
