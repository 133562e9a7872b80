"""How many people desks need, by simulation: whole people by interval, tried in runs on the same luck.

The people of an interval are a part of its work R, or R and some square roots of it, rounded up. R is the work of the
attempts that come in it, as the people whom it keeps busy, on as busy a run as the probability asks for. What is
searched for is the lowest such rung of every block of some hours on which enough runs meet the target.

All blocks of all desks are tried in the same runs. First all have at least the people whom their work keeps busy, so
that no block suffers from what another one left over, and are halved towards the lowest rung. Then every other block is
tried with fewer, and stays there where the one behind it does not suffer either: what waits for hours is no work saved.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from caresim.config.experiment import Experiment
from caresim.run.block import Block, Finished, content_hash
from caresim.run.progress import Nobody, Watch
from caresim.run.resume import resumed_or
from caresim.run.uncertain import drawn
from caresim.tasks.require.grid import Floats, Grid, Truths
from caresim.tasks.require.reading import Listed, Reading, read
from caresim.tasks.require.settings import ABANDONMENT, WAIT, Requirement
from caresim.tasks.require.staffed import Whole, with_people

if TYPE_CHECKING:
    from caresim.run.store import Store

CODE = ("grid", "reading", "staffed", "search")
"""Files beside this one that can change what a run is read as."""
PARTS = np.concatenate((np.arange(0.0, 1.0, 0.1), np.ones(25)))
ROOTS = np.concatenate((np.zeros(10), np.arange(0.0, 12.01, 0.5)))
REST = (np.maximum(np.arange(35) - 10, 0) / 24.0) ** 2
"""The ladder of what is tried: parts of the work; then all of it, square roots on top, and more and more of the work
that came while the desk was closed.
"""
COVERS, FIRST, TOP = 10, 14, len(PARTS) - 1
"""The rung of just the work, and that which is tried first: two roots, the convention of square-root staffing."""
STEP = 4
"""Rungs that a block goes down at a time in the first part of the search."""
TRIMS = (4, 2, 1, 1)
"""Rungs that every other block is lowered by in the second part."""
ROUNDS, REPAIRS = 6, 2
"""Of the first part, and of raising what fails in the end; each is as many runs as there are replications."""
HARDLY = 0.01
"""A level that is worse by less than a point, or a hundredth of a wait, is hardly worse."""
MOST_SPREAD = 240.0
"""Minutes over which work that may wait is spread at most."""


@dataclass(frozen=True)
class Problem:
    """Whose people are searched for, and on which runs."""

    experiment: Experiment
    staffing: str
    settings: Requirement
    grid: Grid
    listed: Listed
    open: Truths
    """When each desk may be worked, within the window; shape (desks, intervals)."""
    base: Floats
    """People as configured, for the intervals that are not planned; shape (desks, intervals)."""

    @cached_property
    def told(self) -> str:
        """What tells its runs from others of the same experiment."""
        return repr((self.staffing, self.listed, self.grid.edges.tolist(), self.settings.model_dump(mode="json")))

    @property
    def runs(self) -> int:
        """Runs of a search at most."""
        return self.experiment.replications * (3 + ROUNDS + 2 * len(TRIMS) + REPAIRS)


@dataclass(frozen=True)
class Searched:
    """What was found, shape (desks, intervals)."""

    people: Whole
    attempts: Floats
    """Mean over the runs."""
    fresh: Floats
    work: Floats
    """Minutes, shape (desks, channels, intervals)."""
    level: Floats
    """Of each interval's block, over all fresh runs; NaN where nothing came."""
    probability: Floats
    """Share of fresh runs in which the block met the target."""
    reached: Truths
    """Enough of the runs of the search met the target."""


@dataclass
class Blocks:
    """How far the search is: for each block of each desk the lowest rung that was enough, the highest that was not."""

    count: int
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    now: NDArray[np.int64]
    seen: list[dict[int, tuple[float, float]]] = field(default_factory=list)
    """By block, of each rung that was tried: the share of runs that met the target, and how good all together were."""

    @classmethod
    def of(cls, count: int) -> Blocks:
        """Before the first run."""
        low, high, now = (np.full(count, rung) for rung in (COVERS - 1, TOP, FIRST))
        return cls(count, low, high, now, [{} for _ in range(count)])

    def note(self, shares: Floats, goodness: Floats, those: Truths) -> None:
        """What a round says of the rungs of some blocks."""
        for block in np.flatnonzero(those):
            self.seen[block][int(self.now[block])] = float(shares[block]), float(goodness[block])

    def learn(self, shares: Floats, enough: float) -> None:
        """What is tried next."""
        for block, share in enumerate(shares):
            rung = int(self.now[block])
            if share >= enough:
                self.high[block] = min(self.high[block], rung)
            else:
                self.low[block] = max(self.low[block], rung)
                self.high[block] = max(self.high[block], min(rung + 1, TOP))
        halved = np.maximum((self.low + self.high) // 2, self.high - STEP)
        self.now = np.where(self.high - self.low > 1, halved, self.high)

    def lower(self, step: int, those: Truths, enough: float) -> Truths:
        """Try some blocks `step` rungs lower, but for those of which it is known that it is not enough."""
        rungs = np.maximum(self.high - step, 0)
        known = np.array([seen.get(int(rung), (1.0, 0.0))[0] for seen, rung in zip(self.seen, rungs, strict=True)])
        tried = those & (rungs < self.high) & (known >= enough)
        self.now = np.where(tried, rungs, self.high)
        return tried

    def trim(self, shares: Floats, enough: float, tried: Truths, behind: NDArray[np.int64], reached: Truths) -> None:
        """Stay lower where the block that was tried so, and the one behind it (-1: none), still meet the target.

        Those that are not `reached` on any rung hold nobody back.
        """
        met = (shares >= enough) | ~reached
        for block in np.flatnonzero(tried):
            if met[block] and (behind[block] < 0 or met[behind[block]]):
                self.high[block] = self.now[block]

    @property
    def settled(self) -> bool:
        """Nothing is left to be halved."""
        return bool((self.high - self.low <= 1).all())


def searched(problem: Problem, store: Store, watch: Watch | None = None) -> Searched:
    """The fewest people in each interval with which the target is met in enough of the runs.

    Finished runs are kept in `store`: an interrupted search goes on where it was.
    """
    watch = watch or Nobody()
    experiment, settings, grid = problem.experiment, problem.settings, problem.grid
    watch.expect(problem.runs, (), experiment.population.passengers)
    count, enough = experiment.replications, settings.probability.value
    number = np.array([grid.blocks(settings.block.value)] * len(problem.open))
    each_desk = number.max() + 1 if number.size else 0
    block = number + each_desk * np.arange(len(number))[:, None]
    ids, place = np.unique(block[problem.open], return_inverse=True)
    blocks = Blocks.of(len(ids))
    known = {int(one): k for k, one in enumerate(ids)}
    behind = np.array([known.get(int(one) + 1, -1) if (one + 1) % each_desk else -1 for one in ids])

    def heads(rungs: NDArray[np.int64], load: Floats) -> Whole:
        people = np.where(problem.base > 0.0, np.maximum(np.rint(problem.base), 1.0), 0.0).astype(np.int64)
        people[:, grid.planned] = 0
        (work, rest), rung = load[:, problem.open], rungs[place]
        wanted = np.ceil(PARTS[rung] * work + ROOTS[rung] * np.sqrt(work) + REST[rung] * rest - 1e-9)
        people[problem.open] = np.maximum(wanted, settings.least.value).astype(np.int64)
        return people

    def judged(readings: Sequence[Reading]) -> tuple[Floats, Floats]:
        return by_block(readings, problem.open, place, len(ids), settings)

    def tried_now(those: Truths) -> Floats:
        shares, levels = judged(played(problem, heads(blocks.now, load), range(count), watch, store))
        better = -levels if settings.target in (ABANDONMENT, WAIT) else levels
        blocks.note(shares, np.nan_to_num(better, nan=1.0), those)
        return shares

    readings = played(problem, None, range(count), watch, store)
    load = covering(problem, readings)
    # Attempts depend on the people: those that the first guess brings about are what is covered from here on.
    readings = played(problem, heads(blocks.now, load), range(count), watch, store)
    load = covering(problem, readings)
    everywhere = np.ones(len(ids), dtype=bool)
    for _ in range(ROUNDS):
        blocks.learn(tried_now(everywhere), enough)
        if blocks.settled:
            break
    blocks.high, reached = chosen(blocks, enough)
    for step in TRIMS:
        for half in (0, 1):
            tried = blocks.lower(step, (ids % 2 == half) & reached, enough)
            if tried.any():
                blocks.trim(tried_now(tried), enough, tried, behind, reached)
    for _ in range(REPAIRS):
        blocks.now = blocks.high.copy()
        short = (tried_now(everywhere) < enough) & reached & (blocks.high < TOP)
        if not short.any():
            break
        blocks.high[short] += 1
    rungs, reached = chosen(blocks, enough)
    people = heads(rungs, load)
    fresh = played(problem, people, range(count, 2 * count), watch, store)
    shares, levels = judged(fresh)
    return Searched(
        people=people,
        attempts=np.mean([one.attempts for one in fresh], axis=0),
        fresh=np.mean([one.fresh for one in fresh], axis=0),
        work=np.mean([one.work for one in fresh], axis=0),
        level=_everywhere(levels, problem.open, place),
        probability=_everywhere(shares, problem.open, place),
        reached=_everywhere(reached.astype(float), problem.open, place) == 1.0,
    )


def chosen(blocks: Blocks, enough: float) -> tuple[NDArray[np.int64], Truths]:
    """The rung of each block, and whether it is enough; where none was, the lowest that was hardly worse than any."""
    rungs = blocks.high.copy()
    reached = np.ones(blocks.count, dtype=bool)
    for block, seen in enumerate(blocks.seen):
        rung = int(rungs[block])
        if seen.get(rung, (0.0, 0.0))[0] >= enough:
            continue
        fine = [rung for rung, (share, _) in seen.items() if share >= enough and rung > rungs[block]]
        best = max(goodness for _, goodness in seen.values())
        alike = [rung for rung, (_, goodness) in seen.items() if goodness >= best - HARDLY * max(abs(best), 1.0)]
        rungs[block] = min(fine or alike)
        reached[block] = bool(fine)
    return rungs, reached


def _everywhere(of_blocks: Floats, opened: Truths, place: NDArray[np.intp]) -> Floats:
    """What blocks have, at each of their intervals; NaN elsewhere."""
    whole = np.full(opened.shape, np.nan)
    whole[opened] = of_blocks[place]
    return whole


def by_block(
    readings: Sequence[Reading], opened: Truths, place: NDArray[np.intp], count: int, settings: Requirement
) -> tuple[Floats, Floats]:
    """Share of the runs in which each block met the target, and its level over all of them; shape (blocks,)."""
    good = np.stack([np.bincount(place, one.good[opened], minlength=count) for one in readings])
    counted = np.stack([np.bincount(place, one.counted[opened], minlength=count) for one in readings])
    with np.errstate(invalid="ignore", divide="ignore"):
        levels, level = good / counted, good.sum(axis=0) / counted.sum(axis=0)
    if settings.target == WAIT:
        met = levels <= (settings.within.value if settings.within else 0.0) + 1e-12
    else:
        met = levels <= settings.share + 1e-12 if settings.target == ABANDONMENT else levels >= settings.share - 1e-12
    return (met | (counted == 0)).mean(axis=0), level


def covering(problem: Problem, readings: Sequence[Reading]) -> Floats:
    """People that the work of each interval keeps busy, on a run as busy as the probability asks for, and those that
    the work keeps busy which came while the desk was closed; shape (2, desks, intervals).

    Work that came while the desk was closed is there in the block in which it opens, and only a desk that serves the
    oldest first has to do it before the rest. Written work is spread over the time it may wait.
    """
    grid, listed = problem.grid, problem.listed
    experiment = problem.experiment
    patient = spread_of(experiment, listed, problem.settings)
    runs = np.stack([one.work for one in readings])
    for channel, minutes in enumerate(patient):
        wide = max(1, math.ceil(minutes / grid.width))
        if wide > 1:
            padded = np.concatenate((np.zeros((*runs.shape[:2], wide - 1)), runs[:, :, channel]), axis=-1)
            sums = np.cumsum(np.concatenate((np.zeros((*runs.shape[:2], 1)), padded), axis=-1), axis=-1)
            runs[:, :, channel] = (sums[..., wide:] - sums[..., :-wide]) / wide
    total = runs.sum(axis=2) / grid.width
    number = grid.blocks(problem.settings.block.value)
    load = total.mean(axis=0)
    for block in range(number[-1] + 1):
        # The course within a block is that of the mean: single intervals of a few runs are mere luck.
        of_runs = total[:, :, number == block].sum(axis=2)
        busy = np.quantile(of_runs, problem.settings.probability.value, axis=0)
        load[:, number == block] *= (busy / np.maximum(of_runs.mean(axis=0), 1e-12))[:, None]
    rest = np.zeros_like(load)
    for desk, opened in enumerate(problem.open):
        left = 0.0
        for place in range(len(grid)):
            if not opened[place]:
                left += load[desk, place] if grid.planned[place] else 0.0
            elif left:
                same = np.flatnonzero(opened & (number == number[place]))
                rest[desk, same] += left / len(same)
                left = 0.0
    return np.stack((load, rest))


def spread_of(experiment: Experiment, listed: Listed, settings: Requirement) -> list[float]:
    """Minutes over which the work of each channel may be spread: calls none, what is written the time it may wait."""
    from caresim.model.media import WRITTEN

    written = {medium.word for medium in WRITTEN}
    found = []
    for name in listed.channels:
        medium = next(o.channels[name].medium for o in experiment.operators.values() if name in o.channels)
        if medium not in written:
            found.append(0.0)
        elif settings.within is not None:
            found.append(min(settings.within.value, MOST_SPREAD))
        else:
            found.append(60.0)
    return found


def played(problem: Problem, people: Whole | None, replications: range, watch: Watch, store: Store) -> list[Reading]:
    """The readings of some replications with these people (None: as configured), in their order.

    Each is kept in `store` when it is finished, and found there by a search that goes on.
    """
    told = content_hash(problem.experiment), _own_code(), problem.told, "" if people is None else repr(people.tolist())
    names = {}
    for replication in replications:
        text = "\0".join((*told, str(replication)))
        names[Block((replication,), 0, problem.staffing)] = hashlib.sha256(text.encode()).hexdigest()[:32]
    way = partial(reading_of, problem=problem, people=people)
    finished = resumed_or(problem.experiment, names, store, watch, way)
    return [as_reading(finished[block].rows[0]) for block in names]


def reading_of(experiment: Experiment, block: Block, problem: Problem, people: Whole | None) -> Finished:
    """Run the replication of a block with these people, and read it."""
    from caresim.scenario.run import run

    changed = problem.experiment
    if people is not None:
        by_name = dict(zip(problem.listed.desks, people, strict=True))
        changed = with_people(changed, problem.staffing, by_name, problem.grid)
    (replication,) = block.replications
    done = run(drawn(changed, replication), problem.staffing, replication)
    reading = read(done, problem.listed, problem.grid, problem.settings)
    row = {part.name: getattr(reading, part.name).tolist() for part in fields(Reading)}
    return Finished(rows=[row], events=[done.events])


def as_reading(row: Mapping[str, Any]) -> Reading:
    """A reading as it was kept."""
    return Reading(**{part.name: np.array(row[part.name], dtype=np.float64) for part in fields(Reading)})


@lru_cache(maxsize=1)
def _own_code() -> str:
    """A hash of CODE."""
    text = hashlib.sha256()
    for name in CODE:
        text.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return text.hexdigest()
