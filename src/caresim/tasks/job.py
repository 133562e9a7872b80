"""One run of those that a command line asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.tasks import placement
from caresim.tasks.placement import NOWHERE, Placement, check_free

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


@dataclass(frozen=True)
class Job:
    """One run: the experiment, and what makes it differ from the other runs of a sweep."""

    number: int
    source: Experiment | Callable[[], Experiment]
    """The experiment, or what composes it when it is first asked for."""
    overrides: Mapping[str, str]
    placement: Placement = NOWHERE

    @cached_property
    def experiment(self) -> Experiment:
        """BadInput where its values do not fit each other."""
        return self.source() if callable(self.source) else self.source

    def within(self, sweep: Path) -> Path | None:
        """Where its folder goes within that of a sweep; None: it has a name of its own. BadInput where one is there."""
        name = self.placement.name_of_job(self.number, self.overrides, self.experiment)
        if name is not None:
            check_free(sweep / name, placement.SUBDIR)
        return None if name is None else sweep / name

    def manifest_entry(self) -> dict[str, Any]:
        """What the manifest of its run says about it."""
        return {"number": self.number, "overrides": dict(self.overrides)}

    def __str__(self) -> str:
        return ", ".join(f"{key}={value}" for key, value in self.overrides.items()) or "as configured"
