"""Where a model stands at this moment: its figures, and how it shows them in a console and in a notebook."""

from __future__ import annotations

from html import escape

from caresim.agents.people import People
from caresim.measure.sample import Sample
from caresim.measure.waiting import waiting_now
from caresim.scenario.run import Run, cost_of

REPORTED = (
    *("time", "mood", "posts", "answered", "resolved", "unresolved", "waiting", "backlog"),
    *("on_duty", "busy", "seats_free"),
)
"""Attributes of the model that its DataCollector keeps, step by step."""


class Gauges(People):
    """Figures of the whole world, read whenever somebody asks: attributes that a DataCollector takes by name."""

    @property
    def mood(self) -> float:
        """Anger visible in public, fading: that of all operators."""
        return float(sum(operator.mood for operator in self.operators.values()))

    @property
    def unresolved(self) -> int:
        """Passengers of the disruption who seek help."""
        return int(self.columns["operators"]["unresolved"].sum())

    @property
    def last_run(self) -> Run:
        """The run as it stands, as functions of measure want it."""
        events = int(self.columns["clock"]["events"].item(0))
        return Run(
            self.experiment, self.staffing, self.replication, self.world, self.names, cost_of(self.world), events
        )

    @property
    def waiting(self) -> int:
        """Passengers of the disruption who wait for a first reply, still care and can still be answered."""
        return self._waiting("waiting")

    @property
    def waiting_ordinary(self) -> int:
        """Ordinary customers who do."""
        return self._waiting("waiting_ordinary")

    @property
    def waiting_bystanders(self) -> int:
        """Bystanders' posts that can still be answered."""
        return self._waiting("waiting_bystanders")

    @property
    def expired(self) -> int:
        """Posts and messages without a reply that are too old for their desk."""
        return self._waiting("expired")

    def _waiting(self, name: str) -> int:
        return waiting_now(Sample(self.last_run), self.time)[name]

    @property
    def backlog(self) -> int:
        """Contacts in the queues of all desks: bystanders' posts, and those that have expired and are still there."""
        desks = self.columns["desks"]
        return int(desks["waiting_synchronous"].sum() + desks["waiting_deferred"].sum())

    @property
    def on_duty(self) -> int:
        """People on duty."""
        return int(self.columns["desks"]["on_duty"].sum())

    @property
    def busy(self) -> int:
        """People on duty or in overtime who have a contact in hand."""
        return int(self.columns["desks"]["busy"].sum())

    @property
    def seats_free(self) -> int:
        """Free seats on flights that have not left."""
        flights = self.columns["flights"]
        return int(flights["free"][flights["departed"] == 0].sum())

    @property
    def posts(self) -> int:
        """Public posts since the beginning."""
        return self._so_far("posts")

    @property
    def answered(self) -> int:
        """Contacts answered while the customer still waited, since the beginning."""
        return self._so_far("answered")

    @property
    def resolved(self) -> int:
        """Passengers of the disruption whose case has been resolved."""
        return self._so_far("resolved")

    def _so_far(self, name: str) -> int:
        return int(self.columns["ticks"][name].sum())

    def __repr__(self) -> str:
        state = "running" if self.running else "finished"
        return (
            f"<{type(self).__name__} {self.experiment.name}, {self.staffing}, replication {self.replication}: "
            f"{self.now:%a %d %b %Y %H:%M} ({self.time:g} min), {state}>"
        )

    def _repr_html_(self) -> str:
        """A table, for a notebook."""
        rows = {
            "staffing model": self.staffing,
            "replication": f"{self.replication}",
            "now": f"{self.now:%a %d %b %Y %H:%M %Z}",
            "passengers": f"{len(self.world.passengers):,}",
            "seek help": f"{self.unresolved:,}",
            "resolved": f"{self.resolved:,}",
            "waiting, and can be answered": f"{self.waiting:,}",
            "staff busy, of on duty": f"{self.busy} of {self.on_duty}",
            "public posts": f"{self.posts:,}",
            "mood (visible anger)": f"{self.mood:.1f}",
        }
        cells = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th><td>{escape(value)}</td></tr>"
            for name, value in rows.items()
        )
        return f"<table><caption>{escape(self.experiment.name)}</caption>{cells}</table>"
