"""`task=dashboard`: what the live view shows first, and where it is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StrictBool, StrictInt

from caresim.config.base import Frozen, Text
from caresim.config.errors import BadInput, known
from caresim.config.quantity import Duration, exactly
from caresim.tasks.task import Key, Task

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment


class Dashboard(Frozen):
    """Which staffing models stand side by side, at what moment the view opens, and where it is served."""

    left: Text | None = None
    """None: the baseline. Left out by `only`: the first of those that are run."""
    right: Text | None = None
    """None, or left out by `only`: the first of the others. Where there is none, one model is shown."""
    opens_at: Duration = exactly(0, "duration")
    """After the start of the disruption."""
    port: Annotated[StrictInt, Field(ge=0, le=65535)] = 8765
    """0: any that is free."""
    host: Text = "localhost"
    """localhost: this machine alone. 0.0.0.0: everybody who can reach this machine."""
    proxy: Text | None = None
    """The address at which the browser finds the view where a proxy passes it on; None: there is no proxy."""
    open_browser: StrictBool = True


def check(experiment: Experiment) -> None:
    """The models can be shown and the moment lies within the run. Another task may leave out what is shown here."""
    if experiment.task != "dashboard":
        return
    settings: Dashboard = experiment.setting("dashboard")
    for key, name in (("dashboard.left", settings.left), ("dashboard.right", settings.right)):
        if name is not None:
            known(name, experiment.staffing, key, "staffing model")
    if settings.opens_at.value > experiment.ends:
        allowed = f"must lie within the run, which ends after {experiment.ends / 60:.0f} h"
        raise BadInput("dashboard.opens_at", settings.opens_at.text, allowed)


TASK = Task(
    meaning="show the crisis live in the browser, one staffing model or two side by side",
    example="task=dashboard experiment=tokyo",
    keys=(
        Key("dashboard.left", "this staffing model on the left", "the experiment's, or the baseline"),
        Key("dashboard.right", "this one on the right", "the experiment's, or the first of the others"),
    ),
    fields={"dashboard": (Dashboard, Field(default_factory=Dashboard))},
    check=check,
    one_replication=True,
    no_folder="is of tasks that leave a folder, and the live view leaves none; leave it out",
    no_sweep="shows one experiment: leave out -m and give every key one value",
)
