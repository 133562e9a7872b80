"""The comparison in the terminal, for a manager: what was asked, the table, and what its signs mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caresim.config.directions import lines_about_routes
from caresim.config.labels import spoken_of
from caresim.config.warnings.questions import lines_about
from caresim.model.spill import in_words
from caresim.report.console import Printer
from caresim.report.wording import readable
from caresim.tasks.compare import answer, ranking
from caresim.tasks.compare.comparison_table import Sheet, tables
from caresim.tasks.compare.footnotes import footnotes
from caresim.tasks.compare.input_summary import input_lines
from caresim.tasks.compare.settings import FULL

if TYPE_CHECKING:
    from rich.console import Console


def show(results: Any, console: Console | None = None) -> None:
    """Print the comparison. Without a console: to standard output, 120 columns wide where that is no terminal."""
    with spoken_of(results.experiment):
        _show(results, Printer(console))


def _show(results: Any, printer: Printer) -> None:
    full = results.experiment.setting("table") == FULL
    sheet = Sheet(results, printer, full)
    printer.line()
    printer.line(f"{results.experiment.name}: {results.experiment.question}", "bold")
    show_inputs(sheet, results)
    printer.line()
    sentences = answer.sentences(results)
    for sentence in sentences:
        printer.line(sentence)
    printer.line()
    for table in tables(sheet, printer.console.width):
        printer.console.print(table)
    for note in [*footnotes(sheet, results, " ".join(sentences)), *effort(results)]:
        printer.line(note, "dim")
    if full:
        ranking.show(results, printer.console)


def show_inputs(sheet: Sheet, results: Any) -> None:
    """Print what each staffing model changes, and what a queue or a replay was given."""
    models = getattr(results.experiment, "staffing", {})
    for name in sheet.staffings:
        if name in models:
            line = sheet.printer.text(f"{readable(name)}: ", "bold")
            sheet.printer.line(line.append(sheet.printer.text(str(models[name].differs), "not bold")), indent=2)
    lines = (*input_lines(results), *lines_about_routes(results.experiment), *lines_about(results.experiment))
    for sentence in lines:
        sheet.printer.line(sentence, indent=2)


def effort(results: Any) -> list[str]:
    """What the comparison took, in a line; none where it was not counted."""
    taken = results.effort
    if not taken:
        return []
    runs, events = len(results.replications), taken["events"]
    count = f"{events / 1e6:,.{0 if events >= 9.95e6 else 1}f} million" if events >= 1e6 else f"{events:,.0f}"
    seconds = f"{taken['processor_s']:.1f}" if taken["processor_s"] < 9.95 else f"{taken['processor_s']:,.0f}"
    line = f"{count} events in {runs} run{'s' if runs != 1 else ''}, {seconds} CPU seconds"
    if (peak := taken.get("peak_memory_bytes")) is not None:
        line += f", {in_words(peak)} of memory at most"
    return [f"{line}."]
