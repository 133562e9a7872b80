"""report.html of one comparison: for a manager, and folded below it for an analyst."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

from caresim.config.labels import spoken_of
from caresim.report.page import document as written
from caresim.report.page.document import Document, Paragraph, Part, Picture, Section, Words
from caresim.run.block import code_hash, content_hash, package_version
from caresim.tasks.compare import answer
from caresim.tasks.compare.page import analyst, evening, manager
from caresim.tasks.compare.page.lookup import Lookup
from caresim.tasks.compare.page.pictures import CHOSEN, DUTY, pictures
from caresim.tasks.compare.settings import NONE
from caresim.tasks.compare.what_matters import metrics_that_matter


def save(results: Any, folder: Path, command: str) -> None:
    """Write report.html into the folder of a run, whose figures are drawn already; `command` is what was typed."""
    with spoken_of(results.experiment):
        written.save(document(results, folder, command), folder)


def document(results: Any, folder: Path, command: str) -> Document:
    """The page of these results."""
    look = Lookup(results)
    names = metrics_that_matter(results)
    experiment = results.experiment
    shown = {} if experiment.setting("figures") == NONE else pictures(look, folder)
    sections = [
        manager.options(look),
        of_duty(shown.get(DUTY)),
        manager.comparison(look, names),
        manager.worlds(look),
        in_pictures([shown[name] for name in CHOSEN if name in shown]),
        evening.evening(results, leading(look), command),
        manager.payers(look),
        manager.overturned(look) if look.others else None,
        manager.left_out(look),
        reproduced(results, command),
    ]
    folded = [analyst.metrics(look), analyst.assumptions(results), analyst.files(drawn_in(folder))]
    return Document(
        title=f"{experiment.name}: {len(look.staffings)} staffing model{'s' if len(look.staffings) > 1 else ''}",
        question=str(experiment.question),
        answer=answer.sentences(results),
        sections=[section for section in sections if section is not None],
        analyst=[section for section in folded if section is not None],
        made_by=f"Made by caresim {package_version()}. Everything on this page comes from the run beside it.",
        durations=durations(results),
    )


def leading(look: Lookup) -> str:
    """The staffing model with the most headline metrics better, less those worse; the baseline where it is alone."""
    scores = {
        model: sum({"better": 1, "worse": -1}.get(look.verdict(model, name), 0) for name in look.headline)
        for model in look.others
    }
    return max(scores, key=scores.__getitem__) if scores else look.baseline


def of_duty(picture: Picture | None) -> Section | None:
    return None if picture is None else Section("Who is there, and when", [picture])


def in_pictures(shown: list[Picture]) -> Section | None:
    return None if not shown else Section(f"In {'pictures' if len(shown) > 1 else 'a picture'}", list(shown))


def drawn_in(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "figures").glob("*.png"))


def reproduced(results: Any, command: str) -> Section:
    """How to get the same numbers again."""
    parts: list[Part] = [
        Paragraph(
            "The same command, version and seed give the same tables on any machine, and with the same "
            "libraries this same page."
        ),
        Words(command),
        Paragraph(
            f"caresim {package_version()}, Python {platform.python_version()}, seed {results.experiment.seed}. "
            f"Inputs: {content_hash(results.experiment)[:12]}; code: {code_hash()[:12]}."
        ),
    ]
    return Section("How to reproduce it", parts)


def durations(results: Any) -> str:
    """What it took, in a line: all that differs between equal runs."""
    parts = [f"{name.removesuffix('_s')} {seconds:.1f} s" for name, seconds in results.durations.items()]
    if processor := results.effort.get("processor_s"):
        parts.append(f"{processor:.1f} CPU seconds")
    return f"It took: {', '.join(parts)}." if parts else ""
