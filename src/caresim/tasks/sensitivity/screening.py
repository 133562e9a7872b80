"""The screening of all assumptions: which of them move anything, and which are passed on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from caresim.inference.elementary_effects import effects_of
from caresim.tasks.sensitivity.outputs import DIFFERENCE, Measured, Output

if TYPE_CHECKING:
    import pandas as pd

    from caresim.tasks.sensitivity.assumptions import Assumption
    from caresim.tasks.sensitivity.design import Points

Floats = NDArray[np.float64]
COLUMNS = (
    "assumption", "metric", "of", "staffing", "mean", "size", "size_low", "size_high", "spread", "in_margins", "chosen",
)  # fmt: skip


def screened(
    measured: Measured,
    points: Points,
    assumptions: Sequence[Assumption],
    outputs: Sequence[Output],
    most: int,
    confidence: float,
    seed: int,
) -> tuple[list[int], pd.DataFrame]:
    """Places of the assumptions that are passed on, those that matter most first; and the table of all effects.

    Half of them, rounded up, are those that move the differences in the metric of the first output most; the others
    are those that move any output most, each counted in the smallest differences that matter.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    decide, any_output = np.zeros(len(assumptions)), np.zeros(len(assumptions))
    for output in outputs:
        margin = measured.estimands[output.metric].effect_margin
        effects = [effects_of(points.places, values.ravel(), confidence, seed) for values in measured.of_all(output)]
        sizes = np.nan_to_num(np.max([one.size for one in effects], axis=0)) / margin
        any_output = np.maximum(any_output, sizes)
        if output.of == DIFFERENCE and output.metric == outputs[0].metric:
            decide = np.maximum(decide, sizes)
        mean, size, spread, error = (
            np.mean([getattr(one, key) for one in effects], axis=0) for key in ("mean", "size", "spread", "error")
        )
        rows += [
            (
                one.name, output.metric, output.of, output.staffing, mean[place], size[place],
                max(size[place] - error[place], 0.0), size[place] + error[place], spread[place], size[place] / margin,
            )
            for place, one in enumerate(assumptions)
        ]  # fmt: skip
    chosen = passed_on(decide, any_output, most)
    names = {assumptions[place].name for place in chosen}
    table = pd.DataFrame([(*row, row[0] in names) for row in rows], columns=list(COLUMNS))
    return chosen, table


def passed_on(decide: Floats, any_output: Floats, most: int) -> list[int]:
    """Half by the one score, then by the other; nothing that moves nothing. Of equals the first."""
    first = [int(place) for place in np.argsort(-decide, kind="stable") if decide[place] > 0][: -(-most // 2)]
    then = [int(place) for place in np.argsort(-any_output, kind="stable") if any_output[place] > 0]
    return [*first, *(place for place in then if place not in first)][:most]


def largest(table: pd.DataFrame, output: Output, count: int) -> pd.DataFrame:
    """The rows of an output with the largest effects."""
    here = (table["metric"] == output.metric) & (table["of"] == output.of) & (table["staffing"] == output.staffing)
    return table[here].sort_values("size", ascending=False, kind="stable").head(count)
