"""The runs of every combination of factors, draw by draw: on common luck, each hybrid once however often it is met."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.run.block import Block, Finished, code_hash, content_hash, cut
from caresim.run.progress import Nobody, Watch
from caresim.run.resume import prepare, resumed_or
from caresim.run.uncertain import draw_of, drawn
from caresim.tasks.explain.hybrid import Sides, effect
from caresim.tasks.explain.plan import Plan, at_its_seats

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.run.store import Store

HYBRID = "explained"
"""What a hybrid is called while it runs."""


def combined(
    experiment: Experiment, plan: Plan, store: Store, watch: Watch | None = None, before: int = 0
) -> pd.DataFrame:
    """One row a combination and replication: its number, 0 or 1 for each factor, and every metric.

    Finished draws are kept in `store` and found there by the next attempt. `before`: runs that the watch has seen.
    """
    import pandas as pd

    watch = watch or Nobody()
    prepare(experiment, watch)
    count = 1 << len(plan.factors)
    blocks = [
        Block(block.replications, 0, HYBRID)
        for block in cut(experiment, 0, experiment.replications)
        if block.place == 0
    ]
    watch.expect(before + count * experiment.replications)
    names = {block: _name(experiment, plan, block) for block in blocks}
    finished = resumed_or(experiment, names, store, watch, partial(compute, plan=plan), runs=count)
    rows = [row for block in blocks for row in finished[block].rows]
    return pd.DataFrame(rows).astype({"combination": "int64", "replication": "int64", "draw": "int64"})


def compute(experiment: Experiment, block: Block, plan: Plan) -> Finished:
    """Run every combination in the replications of a block."""
    from caresim.measure.metrics import measure
    from caresim.scenario.run import run

    shared = drawn(experiment, block.replications[0])
    sides = Sides(shared, plan.one, plan.other)
    whose = {number: _whose(sides, plan, chosen) for number, chosen in plan.every()}
    done: dict[Any, list[dict[str, float]]] = {}
    # The two given models first: where a hybrid does the same as one of them, the model itself is run.
    for number, chosen in sorted(plan.every(), key=lambda each: _mixed(plan, each[1])):
        if whose[number] not in done:
            world = at_its_seats(shared, plan, chosen)
            world = world.model_copy(update={"staffing": {**world.staffing, HYBRID: plan.model(sides, chosen)}})
            done[whose[number]] = [measure(run(world, HYBRID, replication)) for replication in block.replications]
    finished = Finished()
    for number, chosen in plan.every():
        levels = {factor: int(factor in chosen) for factor in plan.factors}
        for replication, metrics in zip(block.replications, done[whose[number]], strict=True):
            draw = draw_of(replication) if experiment.is_uncertain else replication
            key = {"combination": number, "replication": replication, "draw": draw}
            finished.rows.append({**key, **levels, **metrics})
    return finished


def _mixed(plan: Plan, chosen: frozenset[str]) -> bool:
    return 0 < len(chosen & set(plan.staffing)) < len(plan.staffing)


def _whose(sides: Sides, plan: Plan, chosen: frozenset[str]) -> Any:
    """Equal for combinations whose runs are the same."""
    staffing = chosen & set(plan.staffing)
    return effect(sides.experiment, sides.hybrid(staffing)), chosen - staffing


def _name(experiment: Experiment, plan: Plan, block: Block) -> str:
    """What a block is kept under."""
    parts = (content_hash(experiment), code_hash(), _own_code(), json.dumps(plan.told()), repr(block.replications))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _own_code() -> str:
    """Of every source file that says what a hybrid is."""
    text = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()
