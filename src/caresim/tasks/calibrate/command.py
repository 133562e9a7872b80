"""What `task=calibrate` does: fit, write a folder that runs, and say what was found and what keeps its prior."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.config.own_words import as_yaml
from caresim.run.attempt import DONE, attempt, complete
from caresim.tasks.calibrate.settings import words

if TYPE_CHECKING:
    from caresim.tasks.calibrate.calibrate import Calibrated
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request

SHORT = 6


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Calibrate; the last line that is printed names the folder."""
    settings = words(request.overrides)
    if request.printing:
        print(as_yaml(settings), end="")
        return DONE
    from caresim.run.progress import Progress
    from caresim.tasks.calibrate.calibrate import calibrate
    from caresim.tasks.calibrate.intervals import command as of_report
    from caresim.tasks.calibrate.intervals.report import is_report
    from caresim.tasks.jobs import warn_of

    warn_of(settings.workers)
    handling: object | None
    with attempt(settings.output_dir) as store, Progress() as progress:
        if is_report(settings.contacts, settings.format):
            report = of_report.calibrated(settings)
            place, said = of_report.write(report, progress)
            handling = report.fit.handling
        else:
            found, _ = calibrate(settings, progress)
            place, handling = write(found), found.fit.handling
            said = lines(found, place)
    print("\n".join(said), flush=True)
    print(f"The training days again: python -m caresim --config-dir {place} experiment={settings.name}")
    if handling is not None:
        print(f"The week after them: python -m caresim --config-dir {place} experiment={settings.name}_next_week")
    complete(place, store)
    return DONE


def write(found: Calibrated) -> Path:
    """Write the folder: an experiment that runs, its files, the posterior, candidates, what was found, a manifest."""
    from caresim.config.replay_files import digest
    from caresim.run.folder import made, write_csv, write_manifest
    from caresim.run.output_dir import final_path, unfinished
    from caresim.tasks.calibrate.coming import next_week, write_coming
    from caresim.tasks.calibrate.desk_table import DESKS, table_of
    from caresim.tasks.calibrate.duty import roster_unknown
    from caresim.tasks.calibrate.given import write_given
    from caresim.tasks.calibrate.staffed_hours import staffed

    settings = found.settings
    content = digest(settings.contacts)
    with unfinished(Path(settings.output_dir), f"calibrate_{settings.name}", content[:SHORT]) as place:
        final = final_path(place)
        redials = found.fit.redials
        history, draws, seed = found.fit.history, settings.draws, settings.seed
        write_given(place, final, settings.name, found.fit, history, draws, seed, redials)
        if found.fit.handling is not None:
            days = next_week(found.fit.history)
            name = f"{settings.name}_next_week"
            rest_min = found.carried.rest_min
            write_coming(place, final, name, found.fit, days, draws, seed, rest_min, "next_week_", redials)
        write_csv(found.candidates, place / "candidates.csv")
        if found.fit.rules.desks:
            write_csv(table_of(found.fit.rules.desks), place / DESKS)
        (place / "found.txt").write_text("\n".join(lines(found, place)) + "\n", encoding="utf-8")
        manifest = {
            "calibration": settings.name,
            "contacts": content,
            "warnings": [*filter(None, [roster_unknown(found.fit.history)])],
            **staffed(found).written,
            **made(found.durations),
            "configuration": settings.model_dump(mode="json", exclude_defaults=True),
        }
        write_manifest(manifest, place)
        return final


def lines(found: Calibrated, place: Path | None = None) -> list[str]:
    """What was found, and what keeps its prior; with the folder that was written, which of its experiments have no
    overflow although the rules do.
    """
    from caresim.tasks.calibrate.carried import CARRIED, GIVEN, ROSTER
    from caresim.tasks.calibrate.staffed_hours import staffed

    fitted, history = found.fit, found.fit.history
    days = history.days
    said = [
        f"{len(history):,} contacts on {len(days)} days, {days[0]} to {days[-1]}; {len(history.agents)} agents, "
        f"{len(history.kinds)} kinds."
    ]
    if fitted.handling is not None:
        middle = {name: fitted.handling.mean[k] for k, name in enumerate(history.kinds)}
        told = ", ".join(f"{name} {mean:.1f}" for name, mean in middle.items() if not math.isnan(mean))
        said.append(f"Handling, minutes with {60 * fitted.away_min:.0f} s after the contact: {told}.")
        speeds = fitted.handling.speeds
        if len(speeds.mean):
            slow, quick = math.exp(speeds.mean.max()), math.exp(speeds.mean.min())
            said.append(f"Agents' handling takes {quick:.2f} to {slow:.2f} of the average.")
    if fitted.patience is not None:
        told = ", ".join(f"{n} {1 / h:.1f}" for n, h in zip(history.kinds, fitted.patience.hazard, strict=True))
        said.append(f"Patience, minutes waited for each who hangs up: {told}.")
    for roster, what in ((GIVEN, "Rules"), (CARRIED, "Roster of other days")):
        tried = found.candidates[found.candidates[ROSTER] == roster]
        if len(tried):
            row = tried[tried["chosen"]].iloc[0]
            said.append(
                f"{what}, the best of {len(tried)} on the last third (CRPS of the wait by hour "
                f"{row['crps_wait_s']:.1f} s): {row['rules']}."
            )
    said += staffed(found).said
    if place is not None and fitted.rules.desks:
        said += one_desk_in_words(place)
    return [*said, *found.notes]


def one_desk_in_words(place: Path) -> list[str]:
    """The experiments of a folder that have one desk although the rules have several."""
    from caresim.tasks.calibrate.files import desks_written, experiments_in
    from caresim.tasks.calibrate.layout import WHY_ONE_DESK

    return [
        f"experiment={name} has one desk for all, without the overflow: {WHY_ONE_DESK}."
        for name in experiments_in(place)
        if len(desks_written(place, name)) == 1
    ]
