"""report.html of a backtest: which facts come out, which do not and why; and results.xlsx beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caresim.inference.observation_check import INSIDE, NOT_COMPUTED, OUTSIDE, PARTLY, SPREAD
from caresim.report.page import document as written
from caresim.report.page.document import (
    BETTER,
    OPEN,
    WORSE,
    Cell,
    Document,
    Items,
    Paragraph,
    Picture,
    Section,
    Table,
    Words,
    data_uri,
)
from caresim.report.page.of_experiment import durations
from caresim.report.verdicts import OBSERVED, PUT_IN
from caresim.report.wording import level
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.tasks.backtest.terminal import range_text, summary_text, value_text

LOOKS = {INSIDE: BETTER, PARTLY: OPEN, OUTSIDE: WORSE}


def save(tested: Any, folder: Path, command: str) -> None:
    """Write report.html and results.xlsx into the folder of a backtest, whose figures are drawn already."""
    written.save(document(tested, folder, command), folder)
    spreadsheet.write({"facts": tested.table, "values": tested.values}, folder / spreadsheet.WORKBOOK)


def document(tested: Any, folder: Path, command: str) -> Document:
    """The page of this backtest."""
    settings, facts = tested.backtest, tested.table.to_dict("records")
    pictures = [
        Picture(
            "Observed and simulated, fact by fact.",
            "Grey: the band that is tolerated. Mark and line: what was simulated, and its range.",
            data_uri(drawing),
            f"figures/{drawing.stem}.png",
        )
        for drawing in sorted((folder / "figures").glob("*.svg"))
    ]
    sections = [
        Section("Fact by fact", [table(facts), Paragraph(rule(settings.replications))]),
        Section("In pictures", pictures),
        reasons("What does not fit, and the likely reason", facts, (PARTLY, OUTSIDE)),
        reasons("What is left out, and why", facts, (NOT_COMPUTED,)),
        Section(
            "How to reproduce it",
            [
                Words(command),
                Paragraph(f"caresim {package_version()}, seed {settings.seed}, {settings.replications} replications."),
            ],
        ),
    ]
    return Document(
        title=f"{settings.name}: {len(facts)} facts about real desks",
        question=settings.question,
        answer=[f"{sentence.rstrip('.')}." for sentence in summary_text(tested.table).split(". ")],
        sections=[section for section in sections if section.parts],
        analyst=[
            Section("Where each fact is from", [sources(facts)]),
            *([Section("The models that are wrong on purpose", [wrong_models(facts)])] if settings.wrong else []),
        ],
        made_by=f"Made by caresim {package_version()}. Every value is in facts.csv and values.csv.",
        durations=durations(tested.durations),
    )


def rule(replications: int) -> str:
    """What the columns and verdicts mean."""
    return (
        "In small letters: of what was observed, the band that is tolerated; of what was simulated, the "
        f"{level(SPREAD)} range of {replications} replications, luck and assumptions together. Inside: the simulated "
        "middle lies in the band; partly: only some of its range does; outside: nothing of it does. "
        f"{PUT_IN} a number was set to this observation or with it in view, or it follows from what was put in: that "
        "it comes out is no evidence. The last column: would the fact have noticed a model that is wrong on purpose?"
    )


def table(facts: list[dict[str, Any]]) -> Table:
    """A row for each fact."""
    rows = []
    for row in facts:
        computed = row["verdict"] != NOT_COMPUTED
        simulated = Cell(
            value_text(row["simulated"], row["unit"]) if computed else "",
            range_text(row["low"], row["high"], row["unit"]) if computed else "",
        )
        band = range_text(row["band_low"], row["band_high"], row["unit"])
        rows.append(
            [
                f"{row['what']}{f' {PUT_IN}' if row['put_in'] else ''}",
                Cell(value_text(row["observed"], row["unit"]), band),
                simulated,
                Cell("", "", OBSERVED[row["verdict"]].text, LOOKS.get(row["verdict"], "same")),
                Cell(
                    row["wrong_noticed"],
                    value_text(row["wrong_simulated"], row["unit"]) if row["wrong_noticed"] else "",
                ),
            ]
        )
    return Table(
        "What was observed at real desks, and what comes out here.",
        ["Fact", "Observed", "Simulated", "Verdict", "A wrong model"],
        rows,
    )


def reasons(title: str, facts: list[dict[str, Any]], verdicts: tuple[str, ...]) -> Section:
    """The facts with one of these verdicts, each with its reason; without parts where there are none."""
    chosen = [(row["what"], row["reason"] or "no reason is known yet") for row in facts if row["verdict"] in verdicts]
    return Section(title, [Items(chosen)] if chosen else [])


def wrong_models(facts: list[dict[str, Any]]) -> Items:
    """What is wrong with the wrong model of each experiment."""
    return Items(list({row["experiment"]: row["wrong_model"] for row in facts if row["wrong_model"]}.items()))


def sources(facts: list[dict[str, Any]]) -> Table:
    rows = [[row["what"], row["source"], row["band_from"], row["experiment"] or ""] for row in facts]
    return Table("Sources, and where the bands come from.", ["Fact", "Source", "Band", "Experiment"], rows)
