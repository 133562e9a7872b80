"""The runs of every combination of factors, draw by draw, on common luck. Equal hybrids are run once."""

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
from caresim.tasks.explain.design import FactorialDesign, at_its_seats
from caresim.tasks.explain.hybrid import Sides, effect

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.run.store import Store

HYBRID = "explained"
"""The name of a hybrid while it runs."""


def combined(
    experiment: Experiment, design: FactorialDesign, store: Store, watch: Watch | None = None, before: int = 0
) -> pd.DataFrame:
    """One row for each combination and replication: its number, 0 or 1 for each factor, and every metric.

    Finished draws are kept in `store` and found there by the next attempt. `before`: runs that the watch has seen.
    """
    import pandas as pd

    watch = watch or Nobody()
    prepare(experiment, watch)
    count = 1 << len(design.factors)
    blocks = [
        Block(block.replications, 0, HYBRID)
        for block in cut(experiment, 0, experiment.replications)
        if block.place == 0
    ]
    watch.expect(before + count * experiment.replications)
    names = {block: _name(experiment, design, block) for block in blocks}
    finished = resumed_or(experiment, names, store, watch, partial(compute, design=design), runs=count)
    rows = [row for block in blocks for row in finished[block].rows]
    return pd.DataFrame(rows).astype({"combination": "int64", "replication": "int64", "draw": "int64"})


def compute(experiment: Experiment, block: Block, design: FactorialDesign) -> Finished:
    """Run every combination in the replications of a block."""
    from caresim.measure.metrics import measure
    from caresim.scenario.run import run

    shared = drawn(experiment, block.replications[0])
    sides = Sides(shared, design.one, design.other)
    whose = {number: _whose(sides, design, chosen) for number, chosen in design.combinations()}
    done: dict[Any, list[dict[str, float]]] = {}
    # The two given models first: where a hybrid does the same as one of them, the model itself is run.
    for number, chosen in sorted(design.combinations(), key=lambda combination: _mixed(design, combination[1])):
        if whose[number] not in done:
            world = at_its_seats(shared, design, chosen)
            world = world.model_copy(update={"staffing": {**world.staffing, HYBRID: design.model(sides, chosen)}})
            done[whose[number]] = [measure(run(world, HYBRID, replication)) for replication in block.replications]
    finished = Finished()
    for number, chosen in design.combinations():
        levels = {factor: int(factor in chosen) for factor in design.factors}
        for replication, metrics in zip(block.replications, done[whose[number]], strict=True):
            draw = draw_of(replication) if experiment.is_uncertain else replication
            key = {"combination": number, "replication": replication, "draw": draw}
            finished.rows.append({**key, **levels, **metrics})
    return finished


def _mixed(design: FactorialDesign, chosen: frozenset[str]) -> bool:
    return 0 < len(chosen & set(design.staffing)) < len(design.staffing)


def _whose(sides: Sides, design: FactorialDesign, chosen: frozenset[str]) -> Any:
    """Equal for combinations whose runs are the same."""
    staffing = chosen & set(design.staffing)
    return effect(sides.experiment, sides.hybrid(staffing)), chosen - staffing


def _name(experiment: Experiment, design: FactorialDesign, block: Block) -> str:
    """The name under which a block is kept."""
    parts = (
        content_hash(experiment),
        code_hash(),
        _own_code(),
        json.dumps(design.as_mapping()),
        repr(block.replications),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _own_code() -> str:
    """A hash of every source file that says what a hybrid is."""
    text = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()
