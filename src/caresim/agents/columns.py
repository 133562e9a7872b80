"""The columns of a world's tables as plain arrays: how Python reads and writes the records of the compiled model."""

from __future__ import annotations

import numpy as np

from caresim.model.world import World


class Columns(dict[str, dict[str, np.ndarray]]):
    """Arrays by table and name, looked up once until a table is replaced (`pop` it then)."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __missing__(self, table: str) -> dict[str, np.ndarray]:
        plain = getattr(self.world, table).view(np.ndarray)
        columns = {name: plain[name] for name in plain.dtype.names}
        self[table] = columns
        return columns
