"""The staffed hours of the roster that is told from contacts, and that they are no more than told from contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caresim.tasks.calibrate.coming import WEEK, last_week, next_week
from caresim.tasks.calibrate.duty import hours_of, spells_of

if TYPE_CHECKING:
    from caresim.tasks.calibrate.calibrate import Calibrated


@dataclass(frozen=True)
class StaffedHours:
    """Of the training days, by the week, and of the week after them; `experiment` plays that week at `desks`."""

    training: float
    next_week: float
    experiment: str
    desks: tuple[str, ...]

    @property
    def said(self) -> list[str]:
        """One line; none where nobody is known to have been there."""
        if not self.training:
            return []
        desks = f"the desk is {self.desks[0]}" if len(self.desks) == 1 else f"desks are {' and '.join(self.desks)}"
        return [
            f"Staffed hours a week, told from contacts: {self.training:.0f} on the training days, {self.next_week:.0f} "
            "in the week after them. Contacts do not tell who is idle from who has gone; where you know the roster, "
            f"give it: experiment={self.experiment} replay.staff=FILE.csv (columns start, end, desk, agent; {desks})."
        ]

    @property
    def written(self) -> dict[str, Any]:
        """The entry of the manifest; none where nobody is known to have been there."""
        if not self.training:
            return {}
        return {"staffed_hours_a_week": {"training": round(self.training, 1), "next_week": round(self.next_week, 1)}}


def staffed(found: Calibrated) -> StaffedHours:
    """Those of a calibration; training days that do not last a week count as they would go on."""
    history, rules = found.fit.history, found.fit.rules
    days = history.days
    weeks = ((days[-1] - days[0]).days + 1) / WEEK
    training = hours_of(spells_of(history, rules.rest_min)) / weeks
    coming = hours_of(last_week(history, next_week(history), found.carried.rest_min))
    return StaffedHours(training, coming, f"{found.settings.name}_next_week", tuple(rules.staffing))
