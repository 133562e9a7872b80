"""What `task=backtest backtest=history` does: calibrate, predict, score; show it and write the folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.config.own_words import as_yaml
from caresim.run.attempt import DONE, attempt, complete
from caresim.tasks.backtest.history.settings import NAME, words
from caresim.tasks.backtest.settings import NONE

if TYPE_CHECKING:
    from caresim.tasks.backtest.history.backtest import HeldAgainst
    from caresim.tasks.request import Request

SHORT = 6


def run(request: Request) -> int:
    """The last line that is printed names the folder."""
    settings = words(request.overrides)
    if request.printing:
        print(as_yaml(settings), end="")
        return DONE
    from caresim.run.progress import Progress
    from caresim.tasks.backtest.history.backtest import backtest
    from caresim.tasks.jobs import warn_of

    warn_of(settings.workers)
    with attempt(settings.output_dir) as store:
        with Progress() as progress:
            held = backtest(settings, progress)
        print("\n".join(lines(held)), flush=True)
        print("drawing the figures ...", file=sys.stderr)
        place = write(held, request.command)
    complete(place, store)
    return DONE


def lines(held: HeldAgainst) -> list[str]:
    """The answer, and what must be known of it."""
    from caresim.tasks.backtest.history.words import answer, caution, rules_in_words

    days = f"{held.days[0]} to {held.days[-1]}"
    return [
        f"Predicted and observed, {len(held.days)} days, {days}.",
        *answer(held),
        rules_in_words(held),
        *caution(held),
    ]


def write(held: HeldAgainst, command: str) -> Path:
    """Write scores.csv, cells.csv, candidates.csv, figures/, manifest.json and, unless asked not to, the page."""
    from caresim.run.folder import digest, made, write_csv, write_manifest
    from caresim.run.output_dir import final_path, unfinished
    from caresim.tasks.backtest.history import page
    from caresim.tasks.backtest.history.figure import save_all
    from caresim.tasks.calibrate.duty import roster_unknown

    settings = held.settings
    name = digest(held.scores)
    with unfinished(Path(settings.output_dir), NAME, name[:SHORT]) as place:
        for key, table in (("scores", held.scores), ("cells", held.cells), ("candidates", held.calibrated.candidates)):
            write_csv(table, place / f"{key}.csv")
        (place / "figures").mkdir()
        save_all(held, place / "figures")
        if settings.page != NONE:
            page.save(held, place, command)
        manifest = {
            "backtest": NAME,
            "seed": settings.seed,
            "replications": settings.replications,
            "digest": name,
            "warnings": [*filter(None, [roster_unknown(held.calibrated.fit.history)])],
            **made(held.durations),
            "configuration": settings.model_dump(mode="json", exclude_defaults=True),
        }
        write_manifest(manifest, place)
        return final_path(place)
