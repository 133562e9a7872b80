"""The drawn values of a study as a table: one row a world, one column an assumption, each with its unit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.config.errors import BadInput
from caresim.config.quantity import CANONICAL
from caresim.run.uncertain import values

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment

FILE = "draws.parquet"
"""What the table is called in a run's folder."""
DRAW = "draw"
"""The column with the number of the world, as in the table of replications."""
UNIT = "unit"
"""The word under which a unit stands among what the file says of a column."""


def of(experiment: Experiment, draws: Sequence[int]) -> pd.DataFrame:
    """The values of each of these draws, in their order: `draw`, then a column for each key with a range.

    Values are in the units of `units`. Without assumptions `draw` is the only column.
    """
    import pandas as pd

    keys = [key for key, _ in experiment.uncertain()]
    rows = [values(experiment, draw) for draw in draws] if keys else []
    columns = {key: [row[key] for row in rows] for key in keys}
    frame = pd.DataFrame({DRAW: list(draws), **columns})
    return frame.astype({DRAW: "int64", **dict.fromkeys(keys, "float64")})


def units(experiment: Experiment) -> dict[str, str]:
    """The unit of each assumption by its key: `min`, `share`, `/min`, `EUR`, `EUR/h`; empty for numbers and counts."""
    return {key: CANONICAL[quantity.dimension] for key, quantity in experiment.uncertain()}


def write(table: pd.DataFrame, experiment: Experiment, path: Path) -> None:
    """Write the table; the file says the unit of each column (Arrow's metadata of the field)."""
    import pyarrow as pa

    from caresim.run import arrow_form  # late: it loads pandas

    plain = arrow_form.as_table(table)
    told = units(experiment)
    fields = [field.with_metadata({UNIT: told[field.name]}) if field.name in told else field for field in plain.schema]
    arrow_form.write(plain.cast(pa.schema(fields, plain.schema.metadata)), path)


def read(folder: Path) -> pd.DataFrame | None:
    """The table in a run's folder; None where there is none. BadInput for a damaged one."""
    import pandas as pd

    try:
        return pd.read_parquet(folder / FILE)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BadInput("folder", str(folder), f"its {FILE} cannot be read ({error})") from error
