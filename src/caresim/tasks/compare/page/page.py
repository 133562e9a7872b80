"""report.html of one comparison: for a manager, and folded below it for an analyst."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caresim.config.labels import spoken_of
from caresim.report.page import document as written
from caresim.report.page import of_experiment
from caresim.report.page.document import Document, Picture, Section
from caresim.run.block import package_version
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
        of_experiment.reproduced(experiment, command),
    ]
    folded = [analyst.metrics(look), of_experiment.assumptions(experiment), analyst.files(drawn_in(folder))]
    return Document(
        title=f"{experiment.name}: {len(look.staffings)} staffing model{'s' if len(look.staffings) > 1 else ''}",
        question=str(experiment.question),
        answer=answer.sentences(results),
        sections=[section for section in sections if section is not None],
        analyst=[section for section in folded if section is not None],
        made_by=f"Made by caresim {package_version()}. Everything on this page comes from the run beside it.",
        durations=of_experiment.durations(results.durations, results.effort.get("processor_s", 0.0)),
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
