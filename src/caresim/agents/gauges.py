"""Where a model stands at this moment, in figures; read from the world whenever somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caresim.agents.company import Operator
    from caresim.agents.view import Columns


class Levels:
    """Figures of the whole world, as attributes that a DataCollector can be told by name."""

    if TYPE_CHECKING:
        columns: Columns

        @property
        def operators(self) -> dict[str, Operator]: ...

    @property
    def mood(self) -> float:
        """Anger visible in public, fading: all operators'."""
        return float(sum(operator.mood for operator in self.operators.values()))

    @property
    def unresolved(self) -> int:
        """Passengers of the disruption who seek help."""
        return int(self.columns["operators"]["unresolved"].sum())

    @property
    def backlog(self) -> int:
        """Contacts that wait at all desks."""
        desks = self.columns["desks"]
        return int(desks["waiting_synchronous"].sum() + desks["waiting_deferred"].sum())

    @property
    def on_duty(self) -> int:
        """People at their desks."""
        return int(self.columns["desks"]["on_duty"].sum())

    @property
    def busy(self) -> int:
        """Of those, and of those in overtime, who have a contact in hand."""
        return int(self.columns["desks"]["busy"].sum())

    @property
    def seats_free(self) -> int:
        """On flights that have not left."""
        flights = self.columns["flights"]
        return int(flights["free"][flights["departed"] == 0].sum())

    @property
    def posts(self) -> int:
        """Public posts since the beginning."""
        return self._so_far("posts")

    @property
    def answered(self) -> int:
        """Contacts answered while the customer still cared, since the beginning."""
        return self._so_far("answered")

    @property
    def resolved(self) -> int:
        """Passengers of the disruption whose matter has been settled."""
        return self._so_far("resolved")

    def _so_far(self, name: str) -> int:
        return int(self.columns["ticks"][name].sum())
