"""The results page explains every metric, every column of every table, every figure."""

from __future__ import annotations

import inspect

import pytest
from tests.support.pages import cells, codes, page, table

from caresim.measure.metrics import REGISTRY, Metric
from caresim.tasks.compare.chosen import plotting
from caresim.tasks.compare.figures import FIGURES
from caresim.tasks.compare.sweep.result import Figures as SweepFigures
from caresim.tasks.explain.explanation import Explanation
from caresim.tasks.nowcast.nowcast import Nowcasted
from caresim.tasks.plan.result import Plan
from caresim.tasks.require.requirement import StaffNeeded
from caresim.tasks.sensitivity.result import Sensitivity
from caresim.tasks.story.story import Story


def listed(name: str) -> list[str]:
    return [column for row in table(page("results.md"), f"columns of {name}") for column in codes(row[0])]


def general(columns: list[str], desks: list[str]) -> set[str]:
    """Columns of one desk as the page writes them."""
    levels = ("on_duty", "busy", "waiting_live", "waiting_text")
    of_desk = {f"{level}_{desk}": f"{level}_<desk>" for level in levels for desk in desks}
    return {of_desk.get(name, name) for name in columns}


def row_of(metric: Metric) -> str:
    """The line of a metric in the table of metrics."""
    formula = metric.formula.replace("|", r"\|")
    return f"| `{metric.name}` | {metric.label} | {metric.unit} | {metric.better} | {metric.compare} | {formula} |"


def test_the_table_of_metrics_is_the_registry():
    part = page("results.md").split("\n## Metrics\n")[1].split("\n## ")[0]
    found = [line for line in part.splitlines() if line.startswith("| `")]
    wanted = [row_of(metric) for metric in REGISTRY.values()]
    wrong = [line for line in wanted if line not in found]
    assert found == wanted, (
        "put these rows into the table under Metrics of docs/results.md, in the order of REGISTRY"
        + ("\nwritten anew:\n" + "\n".join(wrong) + "\nthe whole table:\n" + "\n".join(wanted))
    )


@pytest.mark.parametrize("name", ["contacts", "passengers", "staff", "intervals", "curves"])
def test_every_column_is_listed_in_order(harbour, name):
    assert listed(name) == list(getattr(harbour, name).columns)


def test_columns_of_the_timeline(harbour):
    desks = [desk for model in harbour.experiment.staffing.values() for desk in model.desks]
    for name in ("timeline", "courses"):
        assert general(list(getattr(harbour, name).columns), desks) == set(listed("timeline"))


def test_columns_of_the_summary_and_the_comparison(harbour):
    assert listed("summary") == list(harbour.summary().columns)
    assert listed("comparison") == list(harbour.comparison().columns)


def test_columns_of_the_replications(harbour):
    assert list(harbour.replications.columns) == ["staffing", "replication", "draw", *REGISTRY]


def test_columns_of_a_sweep():
    from caresim.tasks.compare.sweep.choice import DRAWS
    from caresim.tasks.compare.sweep.sweep import COMPARED, JUDGED

    assert listed("sweep") == ["job", "headline", "against", *COMPARED.values(), *JUDGED, DRAWS]


def test_every_word_of_an_outcome_and_a_verdict_is_explained():
    from caresim.inference import verdict
    from caresim.model.codes import Outcome, Result, Status, names

    text = page("results.md")
    explained = [*names(Outcome), *names(Result), *names(Status), verdict.BETTER, verdict.WORSE, verdict.SAME]
    assert [word for word in (*explained, verdict.UNDECIDED) if word not in text] == []


def test_every_file_of_the_folder_is_named(harbour, tmp_path):
    from caresim.run.folder import write

    folder = write(harbour, tmp_path, draw=lambda results, place: None)
    named = {word.rstrip("/") for row in cells_of_the_folder() for word in codes(row[0])}
    # Of a replay, of three staffing models or more, of an experiment with observations.
    elsewhere = {"replay.csv", "beside_file.csv", "pairs.csv", "ranking.csv", "observations.csv"}
    elsewhere |= {"report.html", "results.xlsx"}  # what the command adds
    assert {path.name for path in folder.iterdir()} == named - elsewhere


def cells_of_the_folder() -> list[list[str]]:
    part = page("results.md").split("## The folder")[1].split("## ")[0]
    return [cells(line) for line in part.splitlines() if line.startswith("| `")]


def test_every_figure_is_named():
    from caresim.tasks.compare.figures import FIGURES

    assert [codes(row[0])[0] for row in table(page("results.md"), "figures")] == list(FIGURES)


def test_headline_metrics_are_those_of_the_study(harbour):
    paragraph = page("results.md").split("**Headline metrics**")[1].split("\n\n")[0]
    assert [word for word in codes(paragraph) if word in REGISTRY] == list(harbour.experiment.study.headline)


def parameters(function) -> str:
    return ", ".join(name for name in inspect.signature(function).parameters if name != "self")


def test_every_figure_of_a_notebook_is_listed_with_what_it_takes():
    owners = {"plan": Plan, "sensitivity": Sensitivity, "explanation": Explanation, "staff_needed": StaffNeeded}
    owners |= {"nowcast": Nowcasted, "story": Story, "sweep.plot": SweepFigures}
    found = [f"results.plot.{name}({parameters(plotting(figure, None))})" for name, figure in FIGURES.items()]
    for owner, kind in owners.items():
        names = [name for name in dir(kind) if name.startswith("plot") or (kind is SweepFigures and name[0] != "_")]
        found += [f"{owner}.{name}({parameters(getattr(kind, name))})" for name in names]
    rows = table(page("results.md"), "figures in a notebook")
    assert sorted(codes(row[0])[0] for row in rows) == sorted(found)
    for row in rows:
        assert ("page of its own" in row[1]) == (not codes(row[0])[0].endswith("ax)"))
