"""The live view that `task=dashboard` opens: what it shows first, and where it is served."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from caresim.config.base import Frozen, Text
from caresim.config.quantity import Duration, exactly


class Dashboard(Frozen):
    """Which staffing models stand side by side, at what moment the view opens, and at which port of this machine."""

    left: Text | None = None
    """None: the baseline."""
    right: Text | None = None
    """None: the first of the others; where there is none, one model is shown."""
    opens_at: Duration = exactly(0, "duration")
    """After the start of the disruption."""
    port: Annotated[StrictInt, Field(ge=0, le=65535)] = 8765
    """0: any that is free."""
    open_browser: StrictBool = True
