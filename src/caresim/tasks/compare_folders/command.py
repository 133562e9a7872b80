"""What `task=compare_folders` does: print what differs and what came of it, and write both as tables."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.config.errors import known
from caresim.config.labels import spoken_of
from caresim.config.own_words import as_yaml
from caresim.report.console import Printer
from caresim.report.number_format import effect_span, effect_text
from caresim.report.verdicts import VERDICTS
from caresim.report.wording import level, quantity, readable
from caresim.run.attempt import DONE, complete
from caresim.run.folder import made, write_csv, write_manifest
from caresim.run.output_dir import final_path, unfinished
from caresim.run.probe import probe
from caresim.tasks.compare_folders import page
from caresim.tasks.compare_folders.answer import brief
from caresim.tasks.compare_folders.settings import words
from caresim.tasks.compare_folders.side_by_side import SideBySide, where

if TYPE_CHECKING:
    from rich.table import Table

    from caresim.tasks.job import Job
    from caresim.tasks.request import Request

MOST_KEYS = 12
"""Differing keys that are printed; differs.csv has all."""


def run(request: Request, jobs: Sequence[Job]) -> int:
    """The last line that is printed names the folder with comparison.csv, differs.csv and the page."""
    asked = words(request.overrides)
    if request.printing:
        print(as_yaml(asked), end="")
        return DONE
    probe(asked.output_dir)
    both = SideBySide.of(asked.one, asked.other)
    metrics = metrics_of(both, asked.metrics)
    with spoken_of(both.one.experiment):
        show(both, metrics, Printer())
        folder = write(both, metrics, Path(asked.output_dir), request.command)
    complete(folder)
    return DONE


def metrics_of(both: SideBySide, chosen: Sequence[str]) -> list[str]:
    """The metrics to print. BadInput for one that is not in both runs."""
    there = list(dict.fromkeys(both.table()["metric"]))
    for name in chosen:
        known(name, there, "metrics", "metric")
    return list(chosen) or [name for name in both.one.experiment.study.headline if name in there]


def show(both: SideBySide, metrics: Sequence[str], printer: Printer) -> None:
    """Print the two runs, where they differ, and a row for each staffing model and metric."""
    printer.line()
    for word, each in (("One", both.one), ("Other", both.other)):
        experiment, many = each.experiment, each.replications["replication"].nunique()
        printer.line(f"{word}: {where(each)} ({experiment.name}, {many} replications, seed {experiment.seed})")
    for line in both.warnings:
        print(f"caresim: {line}", file=sys.stderr)
    differs = both.differs()
    printer.line()
    printer.line("They differ in" if len(differs) else "Nothing that changes a run differs.", "bold")
    for row in differs.head(MOST_KEYS).itertuples():
        printer.line(f"{row.key}: {brief(row.one)} → {brief(row.other)}", indent=2)
    if len(differs) > MOST_KEYS:
        printer.line(f"{len(differs) - MOST_KEYS} more are in differs.csv", indent=2)
    printer.line()
    printer.console.print(table_of(both, metrics, printer))
    confidence = level(both.confidence)
    how = "in pairs of replications with the same luck" if both.paired else "as two samples, not in pairs"
    few = both.few_draws
    what = "" if few else f"; {confidence} intervals, luck and assumptions, of headline metrics all together"
    printer.line(f"Other less one, {how}{what}.", "dim")
    for line in (*both.answer(), *both.cautions):
        printer.line(line, "dim")


def table_of(both: SideBySide, metrics: Sequence[str], printer: Printer) -> Table:
    """A row for each staffing model and metric."""
    from rich import box
    from rich.table import Table

    from caresim.measure.metrics import REGISTRY

    made_table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold")
    for head in ("", "", "one", "other", "difference", "interval", "verdict"):
        made_table.add_column(head, overflow="fold")
    rows, hidden = both.table(), bool(both.few_draws)
    for name in both.staffings:
        for metric_name in metrics:
            metric = REGISTRY[metric_name]
            (row,) = rows[(rows["staffing"] == name) & (rows["metric"] == metric_name)].itertuples()
            ratio, look = metric.compare == "ratio", VERDICTS.get(row.verdict)
            cells = (
                readable(name) if metric_name == metrics[0] else "",
                metric.label,
                quantity(row.one, metric.unit),
                quantity(row.other, metric.unit),
                effect_text(row.difference, metric.unit, ratio),
                "" if hidden else effect_span(row.ci_low, row.ci_high, metric.unit, ratio),
            )
            verdict = printer.text(look.text, look.colour) if look else printer.text("")
            made_table.add_row(*map(printer.text, cells), verdict, end_section=metric_name == metrics[-1])
    return made_table


def write(both: SideBySide, metrics: Sequence[str], output_dir: Path, command: str) -> Path:
    """Write comparison.csv, differs.csv, manifest.json, the page and the workbook; returns their folder."""
    paths = [str(each.folder) for each in (both.one, both.other)]
    name = hashlib.sha256("\0".join(paths).encode()).hexdigest()[:6]
    with unfinished(output_dir, "compare_folders", name) as place:
        write_csv(both.table(), place / "comparison.csv")
        write_csv(both.differs(), place / "differs.csv")
        page.save(both, metrics, place, command)
        told = {
            "one": paths[0],
            "other": paths[1],
            "paired": both.paired,
            "answer": both.answer(),
            "warnings": both.warnings,
        }
        write_manifest({**told, **made({})}, place)
        return final_path(place)
