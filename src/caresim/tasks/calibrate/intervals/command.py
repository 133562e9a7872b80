"""A calibration to an interval report: the folder that runs, what was found, and what keeps its prior."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from caresim.run.progress import Nobody, Watch
from caresim.tasks.calibrate import files
from caresim.tasks.calibrate.arrivals import to_come
from caresim.tasks.calibrate.coming import next_week
from caresim.tasks.calibrate.duty import PRIOR_PEOPLE
from caresim.tasks.calibrate.intervals.fit import ReportFit, contacts_of, fit
from caresim.tasks.calibrate.intervals.laws import FEWEST
from caresim.tasks.calibrate.intervals.report import read
from caresim.tasks.calibrate.settings import FILE, Calibrate
from caresim.tasks.calibrate.simulated import replicated

SHORT = 6
NO_ROSTER = (
    f"NO ROSTER: the report has no staff, and no waits and hang-ups that tell it, so {PRIOR_PEOPLE} people around the "
    "clock are assumed (prior). Waits and lost calls are those of so many people, not of yours."
)


@dataclass(frozen=True)
class CalibratedReport:
    """What came out, and what of the report the model gives again: shares and seconds."""

    settings: Calibrate
    fit: ReportFit
    durations: Mapping[str, float]


def calibrated(settings: Calibrate) -> CalibratedReport:
    """Fit to an interval report. BadInput where it cannot be used."""
    started = time.perf_counter()
    report = read(FILE, settings.contacts, settings.timezone, settings.format)
    report = report.between(settings.train_from, settings.train_to)
    was_read = time.perf_counter()
    found = fit(report)
    return CalibratedReport(settings, found, {"read_s": was_read - started, "fit_s": time.perf_counter() - was_read})


def write(found: CalibratedReport, watch: Watch | None = None) -> tuple[Path, list[str]]:
    """Write the folder; its path and what was found, in sentences. What the model gives again is played first."""
    from caresim.config.replay_files import digest
    from caresim.run.folder import made, write_manifest
    from caresim.run.output_dir import final_path, unfinished

    settings, fitted = found.settings, found.fit
    content = digest(settings.contacts)
    with unfinished(Path(settings.output_dir), f"calibrate_{settings.name}", content[:SHORT]) as place:
        final = final_path(place)
        luck = np.random.default_rng([settings.seed, 2])
        posterior = fitted.posterior(settings.draws, luck)
        to_play = {"intervals": contacts_of(fitted.report), "staff": fitted.staff()}
        files.write(place, final, settings.name, fitted, to_play, {}, posterior)
        if fitted.handling is not None:
            days = next_week(fitted.history)
            report, counts = to_come(fitted.history, days, settings.draws, np.random.default_rng([settings.seed, 3]))
            files.write(
                place, final, f"{settings.name}_next_week", fitted,
                {"intervals": report, "staff": fitted.staff_of(days)}, {},
                pd.concat([posterior, counts], ignore_index=True), "next_week_",
            )  # fmt: skip
        said = lines(found)
        (place / "found.txt").write_text("\n".join(said) + "\n", encoding="utf-8")
        manifest = {
            "calibration": settings.name,
            "contacts": content,
            "warnings": [NO_ROSTER] if fitted.people is None else [],
            **made(dict(found.durations)),
            "configuration": settings.model_dump(mode="json", exclude_defaults=True),
        }
        write_manifest(manifest, place)
    if fitted.handling is not None and fitted.patience is not None:
        said.append(_again(found, final, watch or Nobody()))
    return final, said


def _again(found: CalibratedReport, place: Path, watch: Watch) -> str:
    """The fitted intervals played again: hang-ups and waits beside those of the file."""
    settings, report = found.settings, found.fit.report
    watch.expect(settings.choosing)
    played = replicated(place, settings.name, settings.seed, settings.choosing, settings.workers, watch)
    lost = float(np.nanmean(played.hung_up))
    answered = np.where(played.hung_up == 0, played.wait_s, np.nan)
    known = ~np.isnan(report.abandoned)
    seen = float(report.abandoned[known].sum() / report.offered[known].sum())
    there = ~np.isnan(report.asa_s) & (np.nan_to_num(report.answered) > 0)
    asa = float((report.asa_s[there] * report.answered[there]).sum() / report.answered[there].sum())
    return (
        f"Played again ({settings.choosing} times): {100 * lost:.1f} % hang up and those who are answered wait "
        f"{np.nanmean(answered):.0f} s; the report says {100 * seen:.1f} % and {asa:.0f} s."
    )


def lines(found: CalibratedReport) -> list[str]:
    """What was found, and what keeps its prior."""
    fitted, report = found.fit, found.fit.report
    history = fitted.history
    days, kinds = history.days, history.kinds
    plural = "s" if len(kinds) != 1 else ""
    said = [
        f"An interval report: {len(history):,} contacts offered on {len(days)} days, {days[0]} to {days[-1]}; "
        f"{len(kinds)} channel{plural}."
    ]
    if fitted.handling is not None:
        known = zip(kinds, fitted.handling.mean, fitted.handling.cv, strict=True)
        told = ", ".join(f"{name} {mean:.1f} (cv {cv:.1f})" for name, mean, cv in known if mean > 0)
        said.append(f"Handling, mean in minutes: {told}. Its law is lognormal (prior), its spread that of the means.")
    if fitted.patience is not None:
        told = ", ".join(f"{name} {mean:.1f}" for name, mean in zip(kinds, fitted.patience.mean, strict=True))
        said.append(f"Patience, mean in minutes: {told}. Its law is exponential (prior).")
    people = fitted.people
    if people is not None:
        hours = float((people["people"] * people["width"]).sum()) / 60.0
        source = (
            "as the report says" if not np.isnan(report.staff).all() else "as many as leave customers waiting so long"
        )
        said.append(
            f"People at work: {hours:,.0f} hours in all, at most {people['people'].max():.1f} at a time ({source})."
        )
    return [*said, *notes(fitted), *report.notes]


def notes(fitted: ReportFit) -> list[str]:
    """What keeps its prior."""
    report, said = fitted.report, []
    if fitted.handling is None:
        said.append(f"Handling times keep their prior (exponential, 5 min): fewer than {FEWEST} are in aht_s.")
    if fitted.patience is None:
        lacking = [
            name
            for name, values in (("asa_s", report.asa_s), ("abandoned", report.abandoned), ("aht_s", report.handling_s))
            if np.isnan(values).all()
        ]
        why = f"no column {', '.join(lacking)}" if lacking else f"fewer than {FEWEST} hang up"
        said.append(f"Patience keeps its prior (nobody hangs up): {why}.")
    if fitted.people is None:
        said.append(NO_ROSTER)
    said.append(
        "An interval report does not tell and keeps priors of: the speed of each agent, who serves which channel "
        "(everybody serves all), whose turn is next (first come, first served), redials (they are in what is offered)."
    )
    if report.history.ignored:
        said.append(f"Columns that are not read: {', '.join(report.history.ignored)}.")
    return said
