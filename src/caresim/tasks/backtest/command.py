"""What `task=backtest` does: hold the simulated desks against a list of facts, show and write what comes out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import yaml

from caresim.config.errors import MISSING, BadInput
from caresim.run.attempt import DONE, attempt, complete
from caresim.tasks.backtest.forecasts import command as forecasts
from caresim.tasks.backtest.settings import GROUP, HISTORY, NONE, Backtest, load, words

if TYPE_CHECKING:
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Test the facts, or hold the model against a history; the last line that is printed names the folder."""
    if f"{GROUP}={HISTORY}" in request.overrides:
        from caresim.tasks.backtest.history.command import run as held_against_a_history

        return held_against_a_history(request)
    if forecasts.asked_for(request):
        return forecasts.run(request)
    settings = settings_of(request)
    if request.printing:
        print(as_yaml(settings), end="")
        return DONE
    from caresim.run.progress import Progress
    from caresim.tasks.backtest.backtest import backtest
    from caresim.tasks.jobs import warn_of

    warn_of(settings.workers)
    with attempt(settings.output_dir) as store:
        with Progress() as progress:
            backtested = backtest(settings, request.config_dir, progress)

        from caresim.tasks.backtest import terminal
        from caresim.tasks.backtest.figure import save_backtest
        from caresim.tasks.backtest.folder import write

        terminal.show(backtested)
        print("drawing the figure ...", file=sys.stderr)
        tell = None
        if settings.page != NONE:
            from caresim.tasks.backtest import page

            tell = partial(page.save, command=request.command)
        place = write(backtested, save_backtest, tell)
    complete(place, store)
    return DONE


def settings_of(request: Request) -> Backtest:
    """The backtest that a command line asks for."""
    settings = words(request.overrides)
    settings.pop("task")
    if GROUP not in settings:
        raise BadInput(GROUP, MISSING, "is required: backtest=stylised_facts or backtest=history")
    return load(str(settings.pop(GROUP)), settings, request.config_dir)


def as_yaml(settings: Backtest) -> str:
    """The backtest that would run."""
    return yaml.safe_dump(
        settings.model_dump(mode="json", exclude_defaults=True), sort_keys=False, allow_unicode=True, width=120
    )
